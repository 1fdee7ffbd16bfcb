CREATE TABLE {locations} (
    location_id text COLLATE "C" PRIMARY KEY,
    name text,
    kind text,
    country text,
    region text,
    postal_code text,
    city text,
    street text,
    latitude double precision,
    longitude double precision,
    time_zone text,
    backlog_zone text,
    capabilities text[] NOT NULL,
    capacity_per_day bigint,
    handling_cost numeric,
    channels text[] NOT NULL,
    countries text[] NOT NULL,
    closed_on text[] NOT NULL,
    attributes jsonb,
    suspended boolean NOT NULL,
    suspended_reason text,
    position bigint NOT NULL,
    changed_at timestamptz,
    stale boolean NOT NULL DEFAULT false
);

-- views
CREATE OR REPLACE VIEW {schema}.locations AS
SELECT location_id, name, kind, country, region, postal_code, city, street, latitude, longitude,
       time_zone, backlog_zone, capabilities, capacity_per_day, handling_cost, channels,
       attributes, suspended, suspended_reason, position, changed_at, stale, countries,
       closed_on::date[] AS closed_on
FROM {locations}
WHERE attributes IS NOT NULL;

COMMENT ON VIEW {schema}.locations IS 'Warehouses, stores and dropship partners.';
COMMENT ON COLUMN {schema}.locations.location_id IS 'The id of the location.';
COMMENT ON COLUMN {schema}.locations.name IS 'What people call it.';
COMMENT ON COLUMN {schema}.locations.kind IS 'warehouse, store or dropship.';
COMMENT ON COLUMN {schema}.locations.country IS 'ISO 3166-1 code.';
COMMENT ON COLUMN {schema}.locations.region IS 'State, county or region.';
COMMENT ON COLUMN {schema}.locations.postal_code IS 'As written there.';
COMMENT ON COLUMN {schema}.locations.city IS 'Town.';
COMMENT ON COLUMN {schema}.locations.street IS 'Street of the business.';
COMMENT ON COLUMN {schema}.locations.latitude IS 'Degrees north.';
COMMENT ON COLUMN {schema}.locations.longitude IS 'Degrees east.';
COMMENT ON COLUMN {schema}.locations.time_zone IS 'IANA time zone.';
COMMENT ON COLUMN {schema}.locations.backlog_zone IS 'Where it is counted in the backlog.';
COMMENT ON COLUMN {schema}.locations.capabilities IS 'What it can do: ship, pickup, hazardous, bulky, oversize, export.';
COMMENT ON COLUMN {schema}.locations.capacity_per_day IS 'Fulfilments per working day; empty: no limit.';
COMMENT ON COLUMN {schema}.locations.handling_cost IS 'Per fulfilment.';
COMMENT ON COLUMN {schema}.locations.channels IS 'Channels it serves; empty: all.';
COMMENT ON COLUMN {schema}.locations.attributes IS 'Everything known of it, as in its last event.';
COMMENT ON COLUMN {schema}.locations.suspended IS 'True while it takes no new work.';
COMMENT ON COLUMN {schema}.locations.suspended_reason IS 'Why it is suspended.';
COMMENT ON COLUMN {schema}.locations.position IS 'The log position of the last change.';
COMMENT ON COLUMN {schema}.locations.changed_at IS 'When the last change was recorded.';
COMMENT ON COLUMN {schema}.locations.stale IS 'True while a later event of the location could not be folded.';
COMMENT ON COLUMN {schema}.locations.countries IS 'ISO 3166-1 codes it sends to; empty: all.';
COMMENT ON COLUMN {schema}.locations.closed_on IS 'Single days without work, beside weekdays and holidays.';
