CREATE TABLE {backlog} (
    location_id text COLLATE "C" PRIMARY KEY,
    name text,
    backlog_zone text,
    capacity_per_day bigint,
    suspended boolean NOT NULL,
    open_fulfilments bigint NOT NULL,
    units_allocated numeric NOT NULL,
    units_in_transit numeric NOT NULL,
    position bigint NOT NULL
) WITH (fillfactor = 50);

-- One row per order and location while anything of it is allocated or on its way.
CREATE TABLE {backlog_fulfilments} (
    order_id text COLLATE "C" NOT NULL,
    location_id text COLLATE "C" NOT NULL,
    units_allocated numeric NOT NULL,
    units_in_transit numeric NOT NULL,
    ship_by timestamptz,
    allocations jsonb NOT NULL,
    stale boolean NOT NULL DEFAULT false,
    PRIMARY KEY (order_id, location_id)
) WITH (fillfactor = 80);
CREATE INDEX ON {backlog_fulfilments} (location_id, ship_by) WHERE units_allocated > 0;

-- views
CREATE OR REPLACE VIEW {schema}.backlog AS
SELECT l.location_id, l.name, l.backlog_zone, l.suspended, l.open_fulfilments, l.units_allocated,
       l.units_in_transit, l.capacity_per_day,
       round(l.open_fulfilments::numeric / nullif(l.capacity_per_day, 0), 2) AS days_of_work,
       (SELECT min(f.ship_by) FROM {backlog_fulfilments} AS f
        WHERE f.location_id = l.location_id AND f.units_allocated > 0) AS oldest_ship_by,
       l.position
FROM {backlog} AS l;

COMMENT ON VIEW {schema}.backlog IS 'What each location has to do and has on the way.';
COMMENT ON COLUMN {schema}.backlog.location_id IS 'The location.';
COMMENT ON COLUMN {schema}.backlog.name IS 'Its name.';
COMMENT ON COLUMN {schema}.backlog.backlog_zone IS 'Where it is counted in the backlog.';
COMMENT ON COLUMN {schema}.backlog.suspended IS 'True while it takes no new work.';
COMMENT ON COLUMN {schema}.backlog.open_fulfilments IS 'Orders with anything allocated here and not shipped.';
COMMENT ON COLUMN {schema}.backlog.units_allocated IS 'Units allocated here and not shipped.';
COMMENT ON COLUMN {schema}.backlog.units_in_transit IS 'Units shipped from here and not delivered.';
COMMENT ON COLUMN {schema}.backlog.capacity_per_day IS 'Fulfilments per working day; empty: no limit.';
COMMENT ON COLUMN {schema}.backlog.days_of_work IS 'Open fulfilments by capacity; empty without a limit.';
COMMENT ON COLUMN {schema}.backlog.oldest_ship_by IS 'The earliest promise to ship that is still open.';
COMMENT ON COLUMN {schema}.backlog.position IS 'The log position of the last change.';
