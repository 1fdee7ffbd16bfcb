CREATE TABLE {routing_policies} (
    policy_id text COLLATE "C" NOT NULL,
    version bigint NOT NULL,
    active boolean NOT NULL,
    markets text[] NOT NULL,
    channels text[] NOT NULL,
    customer_groups text[] NOT NULL,
    services text[] NOT NULL,
    decides_by text NOT NULL,
    criteria text[] NOT NULL,
    content text NOT NULL,
    document jsonb NOT NULL,
    policy jsonb NOT NULL,
    published_at timestamptz NOT NULL,
    published_by text NOT NULL,
    position bigint NOT NULL,
    retired_at timestamptz,
    retired_by text,
    retired_because text,
    retired_position bigint,
    stale boolean NOT NULL DEFAULT false,
    PRIMARY KEY (policy_id, version)
);

-- views
CREATE OR REPLACE VIEW {schema}.routing_policies AS
SELECT policy_id, version, active, markets, channels, customer_groups, services, decides_by,
       criteria, content, document, policy, published_at, published_by, position, retired_at,
       retired_by, retired_because, retired_position, stale
FROM {routing_policies};

COMMENT ON VIEW {schema}.routing_policies IS 'Every version of every routing policy; the active ones decide where new orders are sent from.';
COMMENT ON COLUMN {schema}.routing_policies.policy_id IS 'The id of the policy.';
COMMENT ON COLUMN {schema}.routing_policies.version IS 'The version; versions rise and never change.';
COMMENT ON COLUMN {schema}.routing_policies.active IS 'Whether it is in force: the newest version of a policy that is not retired.';
COMMENT ON COLUMN {schema}.routing_policies.markets IS 'ISO 3166-1 codes of the destinations it is for; empty: all.';
COMMENT ON COLUMN {schema}.routing_policies.channels IS 'The channels it is for; empty: all.';
COMMENT ON COLUMN {schema}.routing_policies.customer_groups IS 'The customer groups it is for; empty: everybody.';
COMMENT ON COLUMN {schema}.routing_policies.services IS 'The services it is for; empty: all.';
COMMENT ON COLUMN {schema}.routing_policies.decides_by IS 'priority: criteria one after the other; money: their weighted sum.';
COMMENT ON COLUMN {schema}.routing_policies.criteria IS 'The criteria in their order.';
COMMENT ON COLUMN {schema}.routing_policies.content IS 'SHA-256 of the document as canonical JSON; decisions name it.';
COMMENT ON COLUMN {schema}.routing_policies.document IS 'The policy as it is written, defaults left out.';
COMMENT ON COLUMN {schema}.routing_policies.policy IS 'The policy as the engine reads it, every value written out.';
COMMENT ON COLUMN {schema}.routing_policies.published_at IS 'When it was published.';
COMMENT ON COLUMN {schema}.routing_policies.published_by IS 'Who published it.';
COMMENT ON COLUMN {schema}.routing_policies.position IS 'The log position at which it was published.';
COMMENT ON COLUMN {schema}.routing_policies.retired_at IS 'When the policy was retired at this version.';
COMMENT ON COLUMN {schema}.routing_policies.retired_by IS 'Who retired it.';
COMMENT ON COLUMN {schema}.routing_policies.retired_because IS 'Why it was retired.';
COMMENT ON COLUMN {schema}.routing_policies.retired_position IS 'The log position at which it was retired.';
COMMENT ON COLUMN {schema}.routing_policies.stale IS 'True while a later event of the policy could not be folded.';
