CREATE TABLE {availability} (
    item_id text COLLATE "C" NOT NULL,
    location_id text COLLATE "C" NOT NULL,
    on_hand numeric NOT NULL,
    damaged numeric NOT NULL,
    quarantine numeric NOT NULL,
    reserved numeric NOT NULL,
    safety_stock numeric NOT NULL,
    queued numeric NOT NULL,
    shortfall numeric NOT NULL,
    expected numeric NOT NULL,
    available numeric NOT NULL,
    expected_receipts jsonb NOT NULL,
    position bigint NOT NULL,
    changed_at timestamptz,
    stale boolean NOT NULL DEFAULT false,
    PRIMARY KEY (item_id, location_id)
) WITH (fillfactor = 80);
CREATE INDEX ON {availability} (location_id, item_id);

CREATE TABLE {availability_items} (
    item_id text COLLATE "C" PRIMARY KEY,
    sku text NOT NULL,
    step numeric NOT NULL,
    components integer NOT NULL
);
CREATE TABLE {availability_components} (
    kit_id text COLLATE "C" NOT NULL,
    item_id text COLLATE "C" NOT NULL,
    quantity numeric NOT NULL,
    PRIMARY KEY (kit_id, item_id)
);
CREATE INDEX ON {availability_components} (item_id);

CREATE TABLE {availability_sources} (
    channel_id text COLLATE "C" NOT NULL,
    location_id text COLLATE "C" NOT NULL,
    PRIMARY KEY (channel_id, location_id)
);
CREATE TABLE {availability_locations} (
    location_id text COLLATE "C" PRIMARY KEY,
    channels text[] NOT NULL,
    delivers boolean NOT NULL,
    suspended boolean NOT NULL
);

-- views
CREATE OR REPLACE VIEW {schema}.availability AS
SELECT i.sku, a.item_id, a.location_id, false AS kit, a.available, a.on_hand, a.reserved,
       a.safety_stock, a.queued, a.expected, a.shortfall, a.damaged, a.quarantine,
       a.expected_receipts, a.position, a.changed_at, a.stale
FROM {availability} AS a
LEFT JOIN {availability_items} AS i ON i.item_id = a.item_id
UNION ALL
SELECT k.sku, k.item_id, a.location_id, true,
       floor(min(a.available / nullif(c.quantity, 0)) / nullif(k.step, 0)) * k.step,
       NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL,
       max(a.position), max(a.changed_at), bool_or(a.stale)
FROM {availability_items} AS k
JOIN {availability_components} AS c ON c.kit_id = k.item_id
JOIN {availability} AS a ON a.item_id = c.item_id
GROUP BY k.item_id, a.location_id
HAVING count(*) = k.components;

COMMENT ON VIEW {schema}.availability IS
    'Stock of every item at every location that has held it. A kit has rows where all of its components have been; its available quantity is made of theirs, so do not add kits to components.';
COMMENT ON COLUMN {schema}.availability.sku IS 'The item''s SKU now.';
COMMENT ON COLUMN {schema}.availability.item_id IS 'The stable id of the item.';
COMMENT ON COLUMN {schema}.availability.location_id IS 'The location.';
COMMENT ON COLUMN {schema}.availability.kit IS 'True for a kit, which has no stock of its own: the figures but available are empty.';
COMMENT ON COLUMN {schema}.availability.available IS 'What new demand may have: on hand less reserved, safety stock and queued; never below 0. Backorders that wait at other locations do not draw on it.';
COMMENT ON COLUMN {schema}.availability.on_hand IS 'Sellable units in the building; below 0 where more was sold than was known of.';
COMMENT ON COLUMN {schema}.availability.reserved IS 'Held for orders and other purposes, and still in the building.';
COMMENT ON COLUMN {schema}.availability.safety_stock IS 'Kept from being promised.';
COMMENT ON COLUMN {schema}.availability.queued IS 'Backordered: waits for goods, and has them first.';
COMMENT ON COLUMN {schema}.availability.expected IS 'Announced and not yet received.';
COMMENT ON COLUMN {schema}.availability.shortfall IS 'By how much less is on hand than is held or was sold; 0 when all is well.';
COMMENT ON COLUMN {schema}.availability.damaged IS 'In the building, damaged.';
COMMENT ON COLUMN {schema}.availability.quarantine IS 'In the building, waiting for a decision.';
COMMENT ON COLUMN {schema}.availability.expected_receipts IS 'Open announcements: {{"id": ["due instant", quantity]}}.';
COMMENT ON COLUMN {schema}.availability.position IS 'The log position of the last change.';
COMMENT ON COLUMN {schema}.availability.changed_at IS 'When the last change was recorded.';
COMMENT ON COLUMN {schema}.availability.stale IS 'True while a later event of this stock could not be folded.';

CREATE OR REPLACE VIEW {schema}.availability_by_channel AS
SELECT s.channel_id, a.sku, a.item_id, a.kit, sum(a.available) AS available,
       count(*) FILTER (WHERE a.available > 0) AS locations,
       max(a.position) AS position, bool_or(a.stale) AS stale
FROM {availability_sources} AS s
JOIN {schema}.availability AS a ON a.location_id = s.location_id
JOIN {availability_locations} AS l ON l.location_id = s.location_id
WHERE l.delivers AND NOT l.suspended
  AND (l.channels = '{{}}' OR s.channel_id = ANY(l.channels))
GROUP BY s.channel_id, a.sku, a.item_id, a.kit;

COMMENT ON VIEW {schema}.availability_by_channel IS
    'What each channel can sell of each item: the sum over its source locations that serve it, can ship or be called at, and are not suspended.';
COMMENT ON COLUMN {schema}.availability_by_channel.channel_id IS 'The channel.';
COMMENT ON COLUMN {schema}.availability_by_channel.sku IS 'The item''s SKU now.';
COMMENT ON COLUMN {schema}.availability_by_channel.item_id IS 'The stable id of the item.';
COMMENT ON COLUMN {schema}.availability_by_channel.kit IS 'True for a kit.';
COMMENT ON COLUMN {schema}.availability_by_channel.available IS 'Sum of what is available at each location, none of which counts below 0.';
COMMENT ON COLUMN {schema}.availability_by_channel.locations IS 'How many of the locations have any.';
COMMENT ON COLUMN {schema}.availability_by_channel.position IS 'The log position of the last change of any of it.';
COMMENT ON COLUMN {schema}.availability_by_channel.stale IS 'True while a later event of any of it could not be folded.';
