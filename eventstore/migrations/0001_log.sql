-- The log of one partition: events, the head row that orders writers, the commands, snapshots,
-- and, in a schema of its own so that backups of the log leave it out, the keys of persons.

CREATE TABLE {schema}.log_head (
    only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row)
);
INSERT INTO {schema}.log_head DEFAULT VALUES;
COMMENT ON TABLE {schema}.log_head IS
    'One row, locked by every append and never updated: it puts writers in commit order.';

-- Column names are those that the eventsourcing library reads.
CREATE TABLE {schema}.events (
    originator_id text COLLATE "C" NOT NULL,
    originator_version bigint NOT NULL,
    topic text COLLATE "C" NOT NULL,
    state bytea NOT NULL,
    notification_id bigint NOT NULL,
    event_id uuid NOT NULL,
    schema_version smallint NOT NULL,
    occurred_at timestamptz NOT NULL,
    recorded_at timestamptz NOT NULL,
    actor text NOT NULL,
    command_id uuid NOT NULL,
    correlation_id uuid NOT NULL,
    causation_id uuid NOT NULL,
    subject_id text,
    PRIMARY KEY (originator_id, originator_version)
) WITH (
    autovacuum_vacuum_insert_scale_factor = 0.05,
    autovacuum_analyze_scale_factor = 0.02
);
CREATE UNIQUE INDEX events_notification_id_idx ON {schema}.events (notification_id);

CREATE FUNCTION {schema}.refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the log is immutable: % on % is refused', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'integrity_constraint_violation';
END
$$;
CREATE TRIGGER events_are_immutable
    BEFORE UPDATE OR DELETE OR TRUNCATE ON {schema}.events
    FOR EACH STATEMENT EXECUTE FUNCTION {schema}.refuse_change();

CREATE VIEW {schema}.log AS
SELECT notification_id AS position,
       originator_id AS stream_id,
       originator_version AS stream_version,
       event_id,
       topic AS type,
       schema_version,
       occurred_at,
       recorded_at,
       actor,
       command_id,
       correlation_id,
       causation_id,
       subject_id,
       convert_from(state, 'UTF8')::jsonb AS payload
FROM {schema}.events;
COMMENT ON VIEW {schema}.log IS
    'Every event in commit order. Personal data in the payload is sealed.';
COMMENT ON COLUMN {schema}.log.position IS 'Place in the log, from 1, without gaps, in commit order.';
COMMENT ON COLUMN {schema}.log.occurred_at IS 'Business time, as the command gave it.';
COMMENT ON COLUMN {schema}.log.recorded_at IS 'Clock of the database at the append; never backwards.';

CREATE TABLE {schema}.snapshots (
    stream_id text COLLATE "C" NOT NULL,
    version bigint NOT NULL,
    state_version smallint NOT NULL,
    state bytea NOT NULL,
    PRIMARY KEY (stream_id, version)
);
COMMENT ON TABLE {schema}.snapshots IS 'States of long streams; may be dropped at any time.';

CREATE TABLE {schema}.commands (
    principal text COLLATE "C" NOT NULL,
    key text COLLATE "C" NOT NULL,
    digest bytea NOT NULL,
    command_id uuid NOT NULL,
    command_type text COLLATE "C" NOT NULL,
    refused boolean NOT NULL,
    outcome json NOT NULL,
    position bigint NOT NULL,
    recorded_at timestamptz NOT NULL,
    PRIMARY KEY (principal, key)
);
COMMENT ON TABLE {schema}.commands IS
    'What every command was answered, by principal and idempotency key; prunable.';

CREATE TABLE {keys}.subject_keys (
    subject_id text COLLATE "C" PRIMARY KEY,
    wrapped_key bytea,
    created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    destroyed_at timestamptz,
    CHECK ((wrapped_key IS NULL) = (destroyed_at IS NOT NULL))
);
COMMENT ON TABLE {keys}.subject_keys IS
    'A key for each person, wrapped by the key from settings; NULL once the person was erased.';
