CREATE TABLE {capacity} (
    location_id text COLLATE "C" NOT NULL,
    day text COLLATE "C" NOT NULL,
    on_day date NOT NULL,
    booked bigint NOT NULL,
    position bigint NOT NULL,
    stale boolean NOT NULL DEFAULT false,
    PRIMARY KEY (location_id, day)
) WITH (fillfactor = 50);
CREATE INDEX ON {capacity} (on_day);

-- views
CREATE OR REPLACE VIEW {schema}.capacity AS
SELECT location_id, on_day AS day, booked, position, stale
FROM {capacity};

COMMENT ON VIEW {schema}.capacity IS 'Bookings of the working days of locations that have a capacity.';
COMMENT ON COLUMN {schema}.capacity.location_id IS 'The location; its capacity stands in locations.';
COMMENT ON COLUMN {schema}.capacity.day IS 'A working day on which goods leave or are ready, in the location''s zone.';
COMMENT ON COLUMN {schema}.capacity.booked IS 'Fulfilments booked: one for each delivery of an order.';
COMMENT ON COLUMN {schema}.capacity.position IS 'The log position of the last change.';
COMMENT ON COLUMN {schema}.capacity.stale IS 'True while a later event of the day could not be folded.';
