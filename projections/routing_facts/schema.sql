CREATE TABLE {routing_facts} (
    item_id text COLLATE "C" PRIMARY KEY,
    attributes jsonb,
    components text[] NOT NULL,
    location_ids text[] NOT NULL,
    free bigint[] NOT NULL,
    on_hand bigint[] NOT NULL,
    reserved bigint[] NOT NULL,
    safety_stock bigint[] NOT NULL,
    queued bigint[] NOT NULL,
    daily_demand bigint[] NOT NULL,
    expected jsonb NOT NULL,
    attributes_position bigint NOT NULL,
    position bigint NOT NULL,
    stale boolean NOT NULL DEFAULT false
) WITH (fillfactor = 70);

CREATE TABLE {routing_skus} (
    sku_key text COLLATE "C" PRIMARY KEY,
    item_id text COLLATE "C" NOT NULL
);

-- views
CREATE OR REPLACE VIEW {schema}.routing_facts AS
SELECT item_id, attributes, components, location_ids, free, on_hand, reserved, safety_stock,
       queued, daily_demand, expected, attributes_position, position, stale
FROM {routing_facts};

COMMENT ON VIEW {schema}.routing_facts IS
    'What routing knows of an item: its attributes, and parallel arrays over the locations that have held it. Quantities are whole ten-thousandths of the item''s unit, so that they are exact and quick to read; for people there is the view availability.';
COMMENT ON COLUMN {schema}.routing_facts.item_id IS 'The stable id of the item.';
COMMENT ON COLUMN {schema}.routing_facts.attributes IS 'The item''s attributes as in its last event; empty while only its stock is known.';
COMMENT ON COLUMN {schema}.routing_facts.components IS 'The item ids that a kit is made of.';
COMMENT ON COLUMN {schema}.routing_facts.location_ids IS 'The locations, in the order of the arrays.';
COMMENT ON COLUMN {schema}.routing_facts.free IS 'What new demand may have, never below 0.';
COMMENT ON COLUMN {schema}.routing_facts.on_hand IS 'Sellable units in the building.';
COMMENT ON COLUMN {schema}.routing_facts.reserved IS 'Held for orders and other purposes.';
COMMENT ON COLUMN {schema}.routing_facts.safety_stock IS 'Kept from being promised.';
COMMENT ON COLUMN {schema}.routing_facts.queued IS 'Backordered.';
COMMENT ON COLUMN {schema}.routing_facts.daily_demand IS 'What is forecast to be asked for a day, on average.';
COMMENT ON COLUMN {schema}.routing_facts.expected IS 'Open announcements by location: {{"location": {{"id": ["due instant", quantity]}}}}, in the item''s unit.';
COMMENT ON COLUMN {schema}.routing_facts.attributes_position IS 'The log position of the last change of the attributes.';
COMMENT ON COLUMN {schema}.routing_facts.position IS 'The log position of the last change.';
COMMENT ON COLUMN {schema}.routing_facts.stale IS 'True while a later event of any of it could not be folded.';

CREATE OR REPLACE VIEW {schema}.routing_skus AS
SELECT sku_key, item_id FROM {routing_skus};

COMMENT ON VIEW {schema}.routing_skus IS 'Which item a SKU or alias names.';
COMMENT ON COLUMN {schema}.routing_skus.sku_key IS 'The SKU as it is compared: case-folded, NFC.';
COMMENT ON COLUMN {schema}.routing_skus.item_id IS 'The item that it names.';
