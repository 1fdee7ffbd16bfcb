-- Where each read model stands, and what it could not fold. Made before any read model's tables.
-- It may run again on what an earlier version of it made.

CREATE TABLE IF NOT EXISTS {schema}.read_models (
    name text COLLATE "C" NOT NULL,
    generation text COLLATE "C" NOT NULL,
    version integer NOT NULL,
    state text NOT NULL CHECK (state IN ('building', 'live', 'retired')),
    position bigint NOT NULL DEFAULT 0,
    changed_position bigint NOT NULL DEFAULT 0,
    parked integer NOT NULL DEFAULT 0,
    tables text[] NOT NULL,
    PRIMARY KEY (name, generation)
) WITH (fillfactor = 50);
CREATE UNIQUE INDEX IF NOT EXISTS read_models_live_idx
    ON {schema}.read_models (name) WHERE state = 'live';
COMMENT ON COLUMN {schema}.read_models.position IS
    'Every event up to here is folded, parked, or of no use to the read model.';
COMMENT ON COLUMN {schema}.read_models.changed_position IS
    'The last event that the read model used.';
COMMENT ON COLUMN {schema}.read_models.parked IS 'How many events are parked.';
COMMENT ON COLUMN {schema}.read_models.tables IS 'The tables, so that any version can drop them.';

CREATE TABLE IF NOT EXISTS {schema}.parked_events (
    name text COLLATE "C" NOT NULL,
    generation text COLLATE "C" NOT NULL,
    position bigint NOT NULL,
    stream_id text COLLATE "C" NOT NULL,
    type text NOT NULL,
    error text NOT NULL,
    parked_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (name, generation, position)
);
COMMENT ON TABLE {schema}.parked_events IS
    'Events that a read model could not fold, and the later ones of their streams.';

CREATE OR REPLACE FUNCTION {schema}.grant_views_to(role_name text) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    view_name text;
BEGIN
    EXECUTE format('GRANT USAGE ON SCHEMA %I TO %I', {schema_text}, role_name);
    FOR view_name IN
        SELECT c.relname FROM pg_class AS c
        JOIN pg_namespace AS n ON n.oid = c.relnamespace
        WHERE n.nspname = {schema_text} AND c.relkind = 'v' AND c.relname <> 'log'
    LOOP
        EXECUTE format('GRANT SELECT ON %I.%I TO %I', {schema_text}, view_name, role_name);
    END LOOP;
END
$$;
COMMENT ON FUNCTION {schema}.grant_views_to(text) IS
    'Lets a role read the views of all read models of this partition, and nothing else.';
