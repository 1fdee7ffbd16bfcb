CREATE TABLE {backlog} (
    location_id text COLLATE "C" PRIMARY KEY,
    name text,
    backlog_zone text,
    capacity_per_day bigint,
    suspended boolean NOT NULL,
    open_fulfilments bigint NOT NULL,
    units_allocated numeric NOT NULL,
    units_in_transit numeric NOT NULL,
    position bigint NOT NULL,
    moves_work boolean NOT NULL,
    suspended_at timestamptz,
    suspension uuid,
    suspended_position bigint,
    moved_orders bigint NOT NULL,
    moved_units numeric NOT NULL
) WITH (fillfactor = 50);

-- One row per order and location while anything of it is allocated or on its way.
CREATE TABLE {backlog_fulfilments} (
    order_id text COLLATE "C" NOT NULL,
    location_id text COLLATE "C" NOT NULL,
    units_allocated numeric NOT NULL,
    units_in_transit numeric NOT NULL,
    ship_by timestamptz,
    allocations jsonb NOT NULL,
    stays text,
    position bigint NOT NULL,
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

CREATE OR REPLACE VIEW {schema}.open_work AS
SELECT location_id, order_id, units_allocated, units_in_transit, ship_by, stays, position, stale
FROM {backlog_fulfilments};

COMMENT ON VIEW {schema}.open_work IS 'What each location has of each order, until it is delivered.';
COMMENT ON COLUMN {schema}.open_work.location_id IS 'The location.';
COMMENT ON COLUMN {schema}.open_work.order_id IS 'The order.';
COMMENT ON COLUMN {schema}.open_work.units_allocated IS 'Units allocated here and not shipped.';
COMMENT ON COLUMN {schema}.open_work.units_in_transit IS 'Units shipped from here and not delivered.';
COMMENT ON COLUMN {schema}.open_work.ship_by IS 'The earliest promise to ship of them.';
COMMENT ON COLUMN {schema}.open_work.stays IS 'Why the units could not move from a suspended location: no-other-place, too-many-tries, customer-choice or customer-waits; empty before a try.';
COMMENT ON COLUMN {schema}.open_work.position IS 'The log position of the last change of what is allocated.';
COMMENT ON COLUMN {schema}.open_work.stale IS 'True while a later event of the order could not be folded.';

CREATE OR REPLACE VIEW {schema}.location_moves AS
SELECT l.location_id, l.suspended, l.moves_work, l.suspended_at, l.suspension, l.suspended_position,
       l.moved_orders, l.moved_units, w.waiting_orders, w.waiting_units, w.staying, l.position
FROM {backlog} AS l
CROSS JOIN LATERAL (
    SELECT coalesce(sum(r.orders) FILTER (WHERE r.stays IS NULL), 0)::bigint AS waiting_orders,
           coalesce(sum(r.units) FILTER (WHERE r.stays IS NULL), 0) AS waiting_units,
           coalesce(jsonb_object_agg(r.stays, jsonb_build_object('orders', r.orders, 'units', r.units))
                    FILTER (WHERE r.stays IS NOT NULL), '{{}}') AS staying
    FROM (SELECT f.stays, count(*) AS orders, sum(f.units_allocated) AS units
          FROM {backlog_fulfilments} AS f
          WHERE f.location_id = l.location_id AND f.units_allocated > 0 AND l.moves_work
          GROUP BY f.stays) AS r
) AS w
WHERE l.suspended_at IS NOT NULL;

COMMENT ON VIEW {schema}.location_moves IS 'How far the work of each location has moved since it was last suspended.';
COMMENT ON COLUMN {schema}.location_moves.location_id IS 'The location.';
COMMENT ON COLUMN {schema}.location_moves.suspended IS 'True while it takes no new work.';
COMMENT ON COLUMN {schema}.location_moves.moves_work IS 'True while what it has not shipped is to move elsewhere.';
COMMENT ON COLUMN {schema}.location_moves.suspended_at IS 'When it was last suspended (business time).';
COMMENT ON COLUMN {schema}.location_moves.suspension IS 'The id of the event that suspended it.';
COMMENT ON COLUMN {schema}.location_moves.suspended_position IS 'The log position of that event.';
COMMENT ON COLUMN {schema}.location_moves.moved_orders IS 'Orders that have nothing left here to ship.';
COMMENT ON COLUMN {schema}.location_moves.moved_units IS 'Units that moved.';
COMMENT ON COLUMN {schema}.location_moves.waiting_orders IS 'Orders with units here that were not tried yet.';
COMMENT ON COLUMN {schema}.location_moves.waiting_units IS 'Units of them.';
COMMENT ON COLUMN {schema}.location_moves.staying IS 'What could not move, by reason: {{"no-other-place": {{"orders", "units"}}}}.';
COMMENT ON COLUMN {schema}.location_moves.position IS 'The log position of the last change of the location.';
