CREATE TABLE {orders} (
    order_id text COLLATE "C" PRIMARY KEY,
    channel_id text COLLATE "C" NOT NULL,
    external_id text NOT NULL,
    customer_id text COLLATE "C",
    subject_id text COLLATE "C",
    status text COLLATE "C" NOT NULL,
    placed_at timestamptz NOT NULL,
    priority integer NOT NULL,
    country text COLLATE "C",
    currency text NOT NULL,
    prices text NOT NULL,
    goods_amount numeric NOT NULL,
    charges_amount numeric NOT NULL,
    tax_amount numeric NOT NULL,
    total_amount numeric NOT NULL,
    line_count integer NOT NULL,
    ordered numeric NOT NULL,
    unassigned numeric NOT NULL,
    backordered numeric NOT NULL,
    reserved numeric NOT NULL,
    shipped numeric NOT NULL,
    delivered numeric NOT NULL,
    cancelled numeric NOT NULL,
    ship_by timestamptz,
    deliver_by timestamptz,
    promises jsonb NOT NULL,
    placed_position bigint NOT NULL,
    position bigint NOT NULL,
    changed_at timestamptz NOT NULL,
    held text,
    awaiting jsonb NOT NULL,
    exclusions jsonb NOT NULL,
    stale boolean NOT NULL DEFAULT false
) WITH (fillfactor = 80);
CREATE INDEX ON {orders} (held, placed_at) WHERE held IS NOT NULL;
CREATE INDEX ON {orders} (placed_at, placed_position);
CREATE INDEX ON {orders} (channel_id, placed_at, placed_position);
CREATE INDEX ON {orders} (status, placed_at, placed_position);
CREATE INDEX ON {orders} (channel_id, status, placed_at, placed_position);
CREATE INDEX ON {orders} (customer_id, placed_at, placed_position) WHERE customer_id IS NOT NULL;

CREATE TABLE {orders_locations} (
    order_id text COLLATE "C" NOT NULL,
    location_id text COLLATE "C" NOT NULL,
    status text COLLATE "C" NOT NULL,
    placed_at timestamptz NOT NULL,
    placed_position bigint NOT NULL,
    PRIMARY KEY (order_id, location_id)
);
CREATE INDEX ON {orders_locations} (location_id, placed_at, placed_position);
CREATE INDEX ON {orders_locations} (location_id, status, placed_at, placed_position);

-- One row per delivery group that is collected, until its customer has to choose how it goes on.
CREATE TABLE {orders_collected} (
    order_id text COLLATE "C" NOT NULL,
    group_id text COLLATE "C" NOT NULL,
    location_id text COLLATE "C" NOT NULL,
    status text COLLATE "C" NOT NULL,
    PRIMARY KEY (order_id, group_id)
) WITH (fillfactor = 80);
CREATE INDEX ON {orders_collected} (location_id, status);

CREATE TABLE {orders_erased} (
    subject_id text COLLATE "C" PRIMARY KEY,
    erased_at timestamptz NOT NULL
);

-- views
CREATE OR REPLACE VIEW {schema}.orders AS
SELECT o.order_id, o.channel_id, o.external_id, o.customer_id, o.status, o.placed_at, o.priority,
       o.country, o.currency, o.prices, o.goods_amount, o.charges_amount, o.tax_amount,
       o.total_amount, o.line_count, o.ordered, o.unassigned, o.backordered, o.reserved,
       o.shipped, o.delivered, o.cancelled, o.ship_by, o.deliver_by,
       e.subject_id IS NOT NULL AS erased, o.placed_position, o.position, o.changed_at, o.stale,
       CASE WHEN o.held IS NOT NULL AND o.unassigned > 0 THEN o.held
            WHEN o.awaiting <> '[]' AND o.unassigned + o.backordered + o.reserved > 0
            THEN 'customer-choice' END AS routing_hold,
       CASE WHEN o.unassigned > 0 THEN o.exclusions ELSE '{{}}' END AS routing_exclusions
FROM {orders} AS o
LEFT JOIN {orders_erased} AS e ON e.subject_id = o.subject_id;

COMMENT ON VIEW {schema}.orders IS 'Every order, one row each. Quantities are summed over lines, whatever their units.';
COMMENT ON COLUMN {schema}.orders.order_id IS 'The id of the order, and the stream of its events in the log.';
COMMENT ON COLUMN {schema}.orders.channel_id IS 'The channel that sent it.';
COMMENT ON COLUMN {schema}.orders.external_id IS 'Its number in the channel.';
COMMENT ON COLUMN {schema}.orders.customer_id IS 'The channel''s number of the customer; empty for guests.';
COMMENT ON COLUMN {schema}.orders.status IS 'open, backordered, partly-shipped, shipped, delivered, cancelled or closed (nothing to deliver).';
COMMENT ON COLUMN {schema}.orders.placed_at IS 'When it was placed (business time).';
COMMENT ON COLUMN {schema}.orders.priority IS 'Higher is served first.';
COMMENT ON COLUMN {schema}.orders.country IS 'ISO 3166-1 code of the first delivery.';
COMMENT ON COLUMN {schema}.orders.currency IS 'ISO 4217 code of all amounts.';
COMMENT ON COLUMN {schema}.orders.prices IS 'gross or net: whether amounts of lines and charges include tax.';
COMMENT ON COLUMN {schema}.orders.goods_amount IS 'Charged for all lines, after discounts.';
COMMENT ON COLUMN {schema}.orders.charges_amount IS 'Charges for the order as a whole.';
COMMENT ON COLUMN {schema}.orders.tax_amount IS 'Tax on lines and charges.';
COMMENT ON COLUMN {schema}.orders.total_amount IS 'What the customer pays, tax included.';
COMMENT ON COLUMN {schema}.orders.line_count IS 'How many lines.';
COMMENT ON COLUMN {schema}.orders.ordered IS 'ordered = unassigned + backordered + reserved + shipped + cancelled.';
COMMENT ON COLUMN {schema}.orders.unassigned IS 'Neither held nor queued anywhere.';
COMMENT ON COLUMN {schema}.orders.backordered IS 'Waits for goods.';
COMMENT ON COLUMN {schema}.orders.reserved IS 'Held at a location, not shipped.';
COMMENT ON COLUMN {schema}.orders.shipped IS 'Left a location, whether delivered or not.';
COMMENT ON COLUMN {schema}.orders.delivered IS 'Reached the customer.';
COMMENT ON COLUMN {schema}.orders.cancelled IS 'Cancelled before it shipped.';
COMMENT ON COLUMN {schema}.orders.ship_by IS 'The latest promise to ship of its deliveries.';
COMMENT ON COLUMN {schema}.orders.deliver_by IS 'The latest promise to deliver of its deliveries.';
COMMENT ON COLUMN {schema}.orders.erased IS 'True when the customer''s personal data was erased.';
COMMENT ON COLUMN {schema}.orders.placed_position IS 'The log position of its placing; with placed_at the order of lists.';
COMMENT ON COLUMN {schema}.orders.position IS 'The log position of its last change.';
COMMENT ON COLUMN {schema}.orders.changed_at IS 'When the last change was recorded.';
COMMENT ON COLUMN {schema}.orders.stale IS 'True while a later event of the order could not be folded.';
COMMENT ON COLUMN {schema}.orders.routing_hold IS 'Why what is open is not routed: too-many-tries and nothing-left wait for a person, customer-choice for the customer.';
COMMENT ON COLUMN {schema}.orders.routing_exclusions IS 'While anything is unassigned: how many locations the last routing left out, by reason: {{"refused-before": 2}}.';

CREATE OR REPLACE VIEW {schema}.orders_by_location AS
SELECT location_id, order_id, status, placed_at, placed_position FROM {orders_locations};

COMMENT ON VIEW {schema}.orders_by_location IS
    'At which locations any part of an order has been held or queued.';
COMMENT ON COLUMN {schema}.orders_by_location.location_id IS 'The location.';
COMMENT ON COLUMN {schema}.orders_by_location.order_id IS 'The order.';
COMMENT ON COLUMN {schema}.orders_by_location.status IS 'The status of the order as a whole.';
COMMENT ON COLUMN {schema}.orders_by_location.placed_at IS 'When the order was placed (business time).';
COMMENT ON COLUMN {schema}.orders_by_location.placed_position IS 'The log position of its placing.';

CREATE OR REPLACE VIEW {schema}.orders_to_collect AS
SELECT location_id, order_id, group_id, status FROM {orders_collected};

COMMENT ON VIEW {schema}.orders_to_collect IS
    'At which stores customers collect, but for groups whose customer has to choose or waits.';
COMMENT ON COLUMN {schema}.orders_to_collect.location_id IS 'The store.';
COMMENT ON COLUMN {schema}.orders_to_collect.order_id IS 'The order.';
COMMENT ON COLUMN {schema}.orders_to_collect.group_id IS 'The delivery group.';
COMMENT ON COLUMN {schema}.orders_to_collect.status IS 'The status of the order as a whole.';
