CREATE TABLE {order_timeline} (
    order_id text COLLATE "C" NOT NULL,
    position bigint NOT NULL,
    type text NOT NULL,
    words text NOT NULL,
    occurred_at timestamptz NOT NULL,
    recorded_at timestamptz NOT NULL,
    actor text NOT NULL,
    event_id uuid NOT NULL,
    stale boolean NOT NULL DEFAULT false,
    PRIMARY KEY (order_id, position)
);

-- views
CREATE OR REPLACE VIEW {schema}.order_timeline AS
SELECT order_id, position, type, words, occurred_at, recorded_at, actor, event_id, stale
FROM {order_timeline};

COMMENT ON VIEW {schema}.order_timeline IS 'What happened to every order, one row per event.';
COMMENT ON COLUMN {schema}.order_timeline.order_id IS 'The order.';
COMMENT ON COLUMN {schema}.order_timeline.position IS 'The log position of the event.';
COMMENT ON COLUMN {schema}.order_timeline.type IS 'The type of the event.';
COMMENT ON COLUMN {schema}.order_timeline.words IS 'What happened.';
COMMENT ON COLUMN {schema}.order_timeline.occurred_at IS 'When it happened (business time).';
COMMENT ON COLUMN {schema}.order_timeline.recorded_at IS 'When it was recorded.';
COMMENT ON COLUMN {schema}.order_timeline.actor IS 'Who or what did it.';
COMMENT ON COLUMN {schema}.order_timeline.event_id IS 'The id of the event.';
COMMENT ON COLUMN {schema}.order_timeline.stale IS 'True while a later event of the order could not be folded.';
