CREATE TABLE {items} (
    item_id text COLLATE "C" PRIMARY KEY,
    sku text NOT NULL,
    sku_key text COLLATE "C" NOT NULL,
    name text NOT NULL,
    aliases text[] NOT NULL,
    kind text NOT NULL,
    unit text NOT NULL,
    step numeric NOT NULL,
    weight_grams bigint,
    length_mm bigint,
    width_mm bigint,
    height_mm bigint,
    hazard_class text,
    bulky boolean NOT NULL,
    category text,
    tax_category text,
    return_class text,
    components jsonb NOT NULL,
    substitutes text[] NOT NULL,
    position bigint NOT NULL,
    changed_at timestamptz,
    stale boolean NOT NULL DEFAULT false
);
CREATE INDEX ON {items} (sku_key, item_id);

CREATE TABLE {item_skus} (
    sku_key text COLLATE "C" PRIMARY KEY,
    sku text NOT NULL,
    item_id text COLLATE "C" NOT NULL,
    stale boolean NOT NULL DEFAULT false
);
CREATE INDEX ON {item_skus} (item_id);

-- views
CREATE OR REPLACE VIEW {schema}.items AS
SELECT item_id, sku, sku_key, name, aliases, kind, unit, step, weight_grams, length_mm, width_mm,
       height_mm, hazard_class, bulky, category, tax_category, return_class, components,
       substitutes, position, changed_at, stale
FROM {items};

COMMENT ON VIEW {schema}.items IS 'What is sold: simple items and kits.';
COMMENT ON COLUMN {schema}.items.item_id IS 'The stable id; SKUs may change.';
COMMENT ON COLUMN {schema}.items.sku IS 'The SKU now.';
COMMENT ON COLUMN {schema}.items.sku_key IS 'The SKU as it is compared: case-folded, NFC.';
COMMENT ON COLUMN {schema}.items.name IS 'What people call it.';
COMMENT ON COLUMN {schema}.items.aliases IS 'Other codes that name it.';
COMMENT ON COLUMN {schema}.items.kind IS 'simple or kit.';
COMMENT ON COLUMN {schema}.items.unit IS 'The unit that quantities count.';
COMMENT ON COLUMN {schema}.items.step IS 'It is sold in multiples of this.';
COMMENT ON COLUMN {schema}.items.weight_grams IS 'Grams per unit.';
COMMENT ON COLUMN {schema}.items.length_mm IS 'Millimetres.';
COMMENT ON COLUMN {schema}.items.width_mm IS 'Millimetres.';
COMMENT ON COLUMN {schema}.items.height_mm IS 'Millimetres.';
COMMENT ON COLUMN {schema}.items.hazard_class IS 'Dangerous goods class, if any.';
COMMENT ON COLUMN {schema}.items.bulky IS 'Whether it needs bulky transport.';
COMMENT ON COLUMN {schema}.items.category IS 'Product category.';
COMMENT ON COLUMN {schema}.items.tax_category IS 'Tax category.';
COMMENT ON COLUMN {schema}.items.return_class IS 'How it may be returned.';
COMMENT ON COLUMN {schema}.items.components IS 'Of a kit: [{{"item_id", "quantity", "price_share"}}].';
COMMENT ON COLUMN {schema}.items.substitutes IS 'Item ids that may stand in for it.';
COMMENT ON COLUMN {schema}.items.position IS 'The log position of the last change.';
COMMENT ON COLUMN {schema}.items.changed_at IS 'When the last change was recorded.';
COMMENT ON COLUMN {schema}.items.stale IS 'True while a later event of the item could not be folded.';

CREATE OR REPLACE VIEW {schema}.item_skus AS
SELECT sku_key, sku, item_id, stale FROM {item_skus};

COMMENT ON VIEW {schema}.item_skus IS 'Which item a SKU or alias names.';
COMMENT ON COLUMN {schema}.item_skus.sku_key IS 'The SKU or alias as it is compared: case-folded, NFC.';
COMMENT ON COLUMN {schema}.item_skus.sku IS 'As it is written.';
COMMENT ON COLUMN {schema}.item_skus.item_id IS 'The item that it names.';
COMMENT ON COLUMN {schema}.item_skus.stale IS 'True while a later event of the SKU could not be folded.';
