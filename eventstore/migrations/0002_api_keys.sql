-- Keys of the HTTP API. Only the SHA-256 of a secret is kept; a secret has 256 random bits.

CREATE TABLE {schema}.api_keys (
    key_id text COLLATE "C" PRIMARY KEY,
    secret_sha256 bytea NOT NULL CHECK (octet_length(secret_sha256) = 32),
    name text COLLATE "C" NOT NULL,
    role text COLLATE "C" NOT NULL CHECK (role IN ('administrator', 'channel')),
    channels text[] COLLATE "C" NOT NULL,
    locations text[] COLLATE "C" NOT NULL,
    created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    revoked_at timestamptz,
    CHECK (role <> 'channel' OR cardinality(channels) > 0)
);
COMMENT ON TABLE {schema}.api_keys IS
    'Who may call the HTTP API: role, channels and locations; a revoked key stays, and opens nothing.';
