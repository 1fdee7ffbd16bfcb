CREATE TABLE {channels} (
    channel_id text COLLATE "C" PRIMARY KEY,
    name text NOT NULL,
    currency text NOT NULL,
    prices text NOT NULL,
    time_zone text NOT NULL,
    sources text[] NOT NULL,
    countries text[] NOT NULL,
    capture_mode text NOT NULL,
    backorders boolean NOT NULL,
    split text NOT NULL,
    payment_methods text[] NOT NULL,
    dispatch_hours bigint NOT NULL,
    position bigint NOT NULL,
    changed_at timestamptz NOT NULL,
    stale boolean NOT NULL DEFAULT false
);

-- views
CREATE OR REPLACE VIEW {schema}.channels AS
SELECT channel_id, name, currency, prices, time_zone, sources, countries, capture_mode, backorders,
       split, payment_methods, dispatch_hours, position, changed_at, stale
FROM {channels};

COMMENT ON VIEW {schema}.channels IS 'Where orders come from, and the rules they come under.';
COMMENT ON COLUMN {schema}.channels.channel_id IS 'The id of the channel.';
COMMENT ON COLUMN {schema}.channels.name IS 'What people call it.';
COMMENT ON COLUMN {schema}.channels.currency IS 'ISO 4217 code of its orders.';
COMMENT ON COLUMN {schema}.channels.prices IS 'gross or net: whether amounts include tax.';
COMMENT ON COLUMN {schema}.channels.time_zone IS 'IANA time zone.';
COMMENT ON COLUMN {schema}.channels.sources IS 'The locations that it sells from.';
COMMENT ON COLUMN {schema}.channels.countries IS 'ISO 3166-1 codes it sells to; empty: everywhere.';
COMMENT ON COLUMN {schema}.channels.capture_mode IS 'ask: what is short is refused; told: it is sold already.';
COMMENT ON COLUMN {schema}.channels.backorders IS 'Whether what is short may wait for goods.';
COMMENT ON COLUMN {schema}.channels.split IS 'How a delivery may be split over locations: quantities, lines, never.';
COMMENT ON COLUMN {schema}.channels.payment_methods IS 'Payment methods it takes.';
COMMENT ON COLUMN {schema}.channels.dispatch_hours IS 'Hours from acceptance to the promised hand-over.';
COMMENT ON COLUMN {schema}.channels.position IS 'The log position of the last change.';
COMMENT ON COLUMN {schema}.channels.changed_at IS 'When the last change was recorded.';
COMMENT ON COLUMN {schema}.channels.stale IS 'True while a later event of the channel could not be folded.';
