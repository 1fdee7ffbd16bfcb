CREATE TABLE {order_status} (
    order_id text COLLATE "C" PRIMARY KEY,
    channel_id text COLLATE "C" NOT NULL,
    external_id text NOT NULL,
    placed_at timestamptz NOT NULL,
    status text NOT NULL,
    words text NOT NULL,
    ship_by timestamptz,
    deliver_by timestamptz,
    promises jsonb NOT NULL,
    lines jsonb NOT NULL,
    parcels jsonb NOT NULL,
    position bigint NOT NULL,
    changed_at timestamptz NOT NULL,
    choices jsonb NOT NULL,
    groups jsonb NOT NULL,
    stale boolean NOT NULL DEFAULT false
) WITH (fillfactor = 70);

-- views
CREATE OR REPLACE VIEW {schema}.order_status AS
SELECT order_id, channel_id, external_id, placed_at, status, words, ship_by, deliver_by, promises,
       lines, parcels, position, changed_at, stale, choices
FROM {order_status};

COMMENT ON VIEW {schema}.order_status IS 'What a customer may know of an order.';
COMMENT ON COLUMN {schema}.order_status.order_id IS 'The order.';
COMMENT ON COLUMN {schema}.order_status.channel_id IS 'The channel that sent it.';
COMMENT ON COLUMN {schema}.order_status.external_id IS 'Its number in the channel.';
COMMENT ON COLUMN {schema}.order_status.placed_at IS 'When it was placed (business time).';
COMMENT ON COLUMN {schema}.order_status.status IS 'open, backordered, partly-shipped, shipped, delivered, cancelled or closed.';
COMMENT ON COLUMN {schema}.order_status.words IS 'The same for people.';
COMMENT ON COLUMN {schema}.order_status.ship_by IS 'The latest promise to ship of its deliveries.';
COMMENT ON COLUMN {schema}.order_status.deliver_by IS 'The latest promise to deliver of its deliveries.';
COMMENT ON COLUMN {schema}.order_status.promises IS 'By delivery: {{"id": {{"ship_by", "deliver_by", "first_ship_by", "first_deliver_by"}}}}.';
COMMENT ON COLUMN {schema}.order_status.lines IS 'In the order''s sequence: [{{"line_id", "sku", "description", "status", "words", "ordered", "unassigned", "backordered", "reserved", "shipped", "delivered", "cancelled"}}].';
COMMENT ON COLUMN {schema}.order_status.parcels IS 'As they left: [{{"shipment_id", "tracking", "shipped_at", "lines": [{{"line_id", "quantity"}}]}}].';
COMMENT ON COLUMN {schema}.order_status.position IS 'The log position of its last change.';
COMMENT ON COLUMN {schema}.order_status.changed_at IS 'When the last change was recorded.';
COMMENT ON COLUMN {schema}.order_status.stale IS 'True while a later event of the order could not be folded.';
COMMENT ON COLUMN {schema}.order_status.choices IS 'Deliveries whose customer has to choose how they go on, and why: {{"id": "refused" or "suspended"}}.';
