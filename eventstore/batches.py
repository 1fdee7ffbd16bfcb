"""The key of a batch of commands, bound to the first body that came under it."""

from uuid import UUID

from eventstore.datastore import Datastore
from eventstore.errors import KeyReused

BATCH = "Batch"


def bind_batch(
    datastore: Datastore, *, principal: str, key: str, digest: bytes, command_id: UUID
) -> None:
    """Take an idempotency key for a batch; its lines go under keys of their own.

    The batch becomes a row among the commands, so that no single command can have its key
    either. Inserted under the lock of the log: no append is disturbed.

    Raises:
        KeyReused: the key came before with something else.
    """
    find = datastore.sql(
        'SELECT digest FROM {schema}.commands WHERE principal = %s COLLATE "C" '
        'AND key = %s COLLATE "C"'
    )
    with datastore.get_connection() as connection, connection.transaction():
        row = connection.execute(find, [principal, key]).fetchone()
        if row is None:
            connection.execute(datastore.sql("SELECT FROM {schema}.log_head FOR UPDATE"))
            connection.execute(
                datastore.sql(
                    "INSERT INTO {schema}.commands (principal, key, digest, command_id, "
                    "command_type, refused, outcome, position, recorded_at) "
                    "SELECT %s, %s, %s, %s, %s, false, '{{}}', "
                    "coalesce(max(notification_id), 0), clock_timestamp() FROM {schema}.events "
                    "ON CONFLICT DO NOTHING"
                ),
                [principal, key, digest, command_id, BATCH],
            )
            row = connection.execute(find, [principal, key]).fetchone()
    if row is None or bytes(row["digest"]) != digest:
        msg = f"the key {key!r} was used for another body"
        raise KeyReused(msg)
