CREATE TABLE {basket_holds} (
    channel_id text COLLATE "C" NOT NULL,
    hold_id text COLLATE "C" NOT NULL,
    status text NOT NULL,
    held_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    ended_at timestamptz,
    order_id text COLLATE "C",
    customer_group text,
    lines jsonb NOT NULL,
    reservations jsonb NOT NULL,
    lost jsonb NOT NULL,
    position bigint NOT NULL,
    changed_at timestamptz NOT NULL,
    stale boolean NOT NULL DEFAULT false,
    PRIMARY KEY (channel_id, hold_id)
) WITH (fillfactor = 70);
CREATE INDEX ON {basket_holds} (expires_at, channel_id, hold_id) WHERE status = 'held';

-- views
CREATE OR REPLACE VIEW {schema}.basket_holds AS
SELECT channel_id, hold_id, status, held_at, expires_at, ended_at, order_id, customer_group,
       lines, reservations, lost, position, changed_at, stale
FROM {basket_holds};

COMMENT ON VIEW {schema}.basket_holds IS 'Baskets whose stock is or was held for some minutes.';
COMMENT ON COLUMN {schema}.basket_holds.channel_id IS 'The channel that asked for it.';
COMMENT ON COLUMN {schema}.basket_holds.hold_id IS 'Its id in the channel.';
COMMENT ON COLUMN {schema}.basket_holds.status IS 'held, released, expired or placed; held until the job has ended it, though its time may be over.';
COMMENT ON COLUMN {schema}.basket_holds.held_at IS 'Since when it is held (business time).';
COMMENT ON COLUMN {schema}.basket_holds.expires_at IS 'Until when it can be placed.';
COMMENT ON COLUMN {schema}.basket_holds.ended_at IS 'When it was released, expired or placed (business time).';
COMMENT ON COLUMN {schema}.basket_holds.order_id IS 'The order that took it over.';
COMMENT ON COLUMN {schema}.basket_holds.customer_group IS 'The customer group that it was routed for.';
COMMENT ON COLUMN {schema}.basket_holds.lines IS 'The basket: [{{"line_id", "item_id", "sku", "quantity"}}].';
COMMENT ON COLUMN {schema}.basket_holds.reservations IS 'What was held, and where: [{{"reservation_id", "line_id", "group_id", "location_id", "quantity"}}].';
COMMENT ON COLUMN {schema}.basket_holds.lost IS 'What counts took of it: [{{"reservation_id", "item_id", "location_id", "quantity"}}].';
COMMENT ON COLUMN {schema}.basket_holds.position IS 'The log position of its last change.';
COMMENT ON COLUMN {schema}.basket_holds.changed_at IS 'When the last change was recorded.';
COMMENT ON COLUMN {schema}.basket_holds.stale IS 'True while a later event of the hold could not be folded.';
