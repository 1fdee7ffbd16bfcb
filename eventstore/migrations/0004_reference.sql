-- Reference data in sets named by their content: where postal codes lie, carriers, holidays. It
-- cannot be rebuilt from the log, and decisions name it by hash: a set stays as it was loaded.

CREATE TABLE {schema}.reference_sets (
    number integer PRIMARY KEY,
    kind text COLLATE "C" NOT NULL CHECK (kind IN ('postal_codes', 'carriers', 'holidays')),
    hash text COLLATE "C" NOT NULL,
    row_count integer NOT NULL,
    source text NOT NULL,
    content bytea,
    loaded_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    UNIQUE (kind, hash),
    CHECK ((content IS NULL) = (kind = 'postal_codes'))
);
COMMENT ON TABLE {schema}.reference_sets IS
    'Every set of reference data that was ever loaded, by the SHA-256 of its content.';
COMMENT ON COLUMN {schema}.reference_sets.source IS 'Where it comes from, and whom to credit.';
COMMENT ON COLUMN {schema}.reference_sets.content IS
    'The tables as they were given; rows of postal codes stand in postal_codes.';

CREATE TABLE {schema}.reference_uses (
    number integer PRIMARY KEY,
    set_number integer NOT NULL REFERENCES {schema}.reference_sets,
    used_from timestamptz NOT NULL DEFAULT clock_timestamp()
);
COMMENT ON TABLE {schema}.reference_uses IS
    'Which set came into use when: of each kind the last one is in use.';

-- Databases that kept postal codes among the read models have this table: it stays as it is.
CREATE TABLE IF NOT EXISTS {schema}.postal_codes (
    set_number integer NOT NULL,
    country text COLLATE "C" NOT NULL,
    postal_code text COLLATE "C" NOT NULL,
    latitude double precision NOT NULL,
    longitude double precision NOT NULL,
    PRIMARY KEY (set_number, country, postal_code)
);
COMMENT ON TABLE {schema}.postal_codes IS
    'Where postal codes lie, in degrees; codes are normalised.';

DO $$
BEGIN
    IF to_regclass('{schema}.postal_code_sets') IS NOT NULL THEN
        INSERT INTO {schema}.reference_sets (number, kind, hash, row_count, source, loaded_at)
        SELECT number, 'postal_codes', hash, codes, '', loaded_at FROM {schema}.postal_code_sets;
        INSERT INTO {schema}.reference_uses (number, set_number, used_from)
        SELECT number, number, loaded_at FROM {schema}.postal_code_sets;
        DROP TABLE {schema}.postal_code_sets;
    END IF;
END
$$;

CREATE FUNCTION {schema}.refuse_change_of_reference() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'reference data is immutable: % on % is refused', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'integrity_constraint_violation';
END
$$;
CREATE TRIGGER reference_sets_are_immutable
    BEFORE UPDATE OR DELETE OR TRUNCATE ON {schema}.reference_sets
    FOR EACH STATEMENT EXECUTE FUNCTION {schema}.refuse_change_of_reference();
CREATE TRIGGER reference_uses_are_immutable
    BEFORE UPDATE OR DELETE OR TRUNCATE ON {schema}.reference_uses
    FOR EACH STATEMENT EXECUTE FUNCTION {schema}.refuse_change_of_reference();
CREATE TRIGGER postal_codes_are_immutable
    BEFORE UPDATE OR DELETE OR TRUNCATE ON {schema}.postal_codes
    FOR EACH STATEMENT EXECUTE FUNCTION {schema}.refuse_change_of_reference();
