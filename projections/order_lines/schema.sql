CREATE TABLE {order_lines} (
    order_id text COLLATE "C" NOT NULL,
    line_id text COLLATE "C" NOT NULL,
    line_number integer NOT NULL,
    channel_id text COLLATE "C" NOT NULL,
    external_id text NOT NULL,
    placed_at timestamptz NOT NULL,
    item_id text COLLATE "C" NOT NULL,
    sku text NOT NULL,
    description text,
    currency text NOT NULL,
    list_price numeric NOT NULL,
    unit_price numeric NOT NULL,
    discount_amount numeric NOT NULL,
    amount numeric NOT NULL,
    tax_rate numeric NOT NULL,
    tax_amount numeric NOT NULL,
    status text NOT NULL,
    ordered numeric NOT NULL,
    unassigned numeric NOT NULL,
    backordered numeric NOT NULL,
    reserved numeric NOT NULL,
    shipped numeric NOT NULL,
    delivered numeric NOT NULL,
    cancelled numeric NOT NULL,
    position bigint NOT NULL,
    held text,
    groups jsonb NOT NULL,
    awaiting jsonb NOT NULL,
    stale boolean NOT NULL DEFAULT false,
    PRIMARY KEY (order_id, line_id)
) WITH (fillfactor = 80);
CREATE INDEX ON {order_lines} (item_id, placed_at);
CREATE INDEX ON {order_lines} (order_id) WHERE unassigned > 0;

-- views
CREATE OR REPLACE VIEW {schema}.order_lines AS
SELECT order_id, line_id, line_number, channel_id, external_id, placed_at, item_id, sku,
       description, currency, list_price, unit_price, discount_amount, amount, tax_rate,
       tax_amount, status, ordered, unassigned, backordered, reserved, shipped, delivered,
       cancelled, position, stale,
       CASE WHEN held IS NOT NULL AND unassigned > 0 THEN held
            WHEN awaiting <> '[]' AND awaiting = groups AND unassigned + backordered + reserved > 0
            THEN 'customer-choice' END AS routing_hold
FROM {order_lines};

COMMENT ON VIEW {schema}.order_lines IS 'Every line of every order.';
COMMENT ON COLUMN {schema}.order_lines.order_id IS 'The order.';
COMMENT ON COLUMN {schema}.order_lines.line_id IS 'The id of the line in its order.';
COMMENT ON COLUMN {schema}.order_lines.line_number IS 'Its place in the order, from 1.';
COMMENT ON COLUMN {schema}.order_lines.channel_id IS 'The channel that sent the order.';
COMMENT ON COLUMN {schema}.order_lines.external_id IS 'The order''s number in the channel.';
COMMENT ON COLUMN {schema}.order_lines.placed_at IS 'When the order was placed (business time).';
COMMENT ON COLUMN {schema}.order_lines.item_id IS 'The item.';
COMMENT ON COLUMN {schema}.order_lines.sku IS 'The SKU that it was ordered under.';
COMMENT ON COLUMN {schema}.order_lines.description IS 'What the channel called it.';
COMMENT ON COLUMN {schema}.order_lines.currency IS 'ISO 4217 code of the amounts.';
COMMENT ON COLUMN {schema}.order_lines.list_price IS 'Per unit, before anything was taken off.';
COMMENT ON COLUMN {schema}.order_lines.unit_price IS 'Per unit as sold, before discounts.';
COMMENT ON COLUMN {schema}.order_lines.discount_amount IS 'Discounts on the whole line.';
COMMENT ON COLUMN {schema}.order_lines.amount IS 'Charged for the whole line, after discounts.';
COMMENT ON COLUMN {schema}.order_lines.tax_rate IS 'As a share: 0.19.';
COMMENT ON COLUMN {schema}.order_lines.tax_amount IS 'Tax in or on the amount, as the channel computed it.';
COMMENT ON COLUMN {schema}.order_lines.status IS 'As of an order, for this line alone.';
COMMENT ON COLUMN {schema}.order_lines.ordered IS 'ordered = unassigned + backordered + reserved + shipped + cancelled.';
COMMENT ON COLUMN {schema}.order_lines.unassigned IS 'Neither held nor queued anywhere.';
COMMENT ON COLUMN {schema}.order_lines.backordered IS 'Waits for goods.';
COMMENT ON COLUMN {schema}.order_lines.reserved IS 'Held at a location, not shipped.';
COMMENT ON COLUMN {schema}.order_lines.shipped IS 'Left a location, whether delivered or not.';
COMMENT ON COLUMN {schema}.order_lines.delivered IS 'Reached the customer.';
COMMENT ON COLUMN {schema}.order_lines.cancelled IS 'Cancelled before it shipped.';
COMMENT ON COLUMN {schema}.order_lines.position IS 'The log position of its last change.';
COMMENT ON COLUMN {schema}.order_lines.stale IS 'True while a later event of the order could not be folded.';
COMMENT ON COLUMN {schema}.order_lines.routing_hold IS 'Why what is open of it is not routed: too-many-tries and nothing-left wait for a person, customer-choice for the customer of all its deliveries.';
