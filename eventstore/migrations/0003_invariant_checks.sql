-- What the scheduler found when it last checked each thing that must always hold.

CREATE TABLE {schema}.invariant_checks (
    invariant text COLLATE "C" PRIMARY KEY,
    holds boolean NOT NULL,
    checked_at timestamptz NOT NULL,
    broken_since timestamptz,
    head bigint NOT NULL,
    figures jsonb NOT NULL,
    CHECK (holds = (broken_since IS NULL))
);
COMMENT ON TABLE {schema}.invariant_checks IS
    'The last check of each invariant; nothing is mended by checking.';
COMMENT ON COLUMN {schema}.invariant_checks.invariant IS 'The name of what must hold.';
COMMENT ON COLUMN {schema}.invariant_checks.holds IS 'Whether it held.';
COMMENT ON COLUMN {schema}.invariant_checks.broken_since IS
    'The first of the checks in a row that found it broken.';
COMMENT ON COLUMN {schema}.invariant_checks.head IS 'The last position of the log at the check.';
COMMENT ON COLUMN {schema}.invariant_checks.figures IS 'What was looked at and what was found.';
