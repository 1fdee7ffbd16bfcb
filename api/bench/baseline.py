"""The baseline: pgbench with one client, writing what one order of the same run writes."""

import re
import subprocess
import tempfile
from pathlib import Path
from typing import Final

from api.bench.shop import Shop
from eventstore.datastore import Datastore
from eventstore.migrate import migrate

_TPS: Final = re.compile(r"tps = ([0-9.]+)")
_SCHEMA: Final = "baseline"
_EVENT: Final = """
INSERT INTO {schema}.events (notification_id, originator_id, originator_version, topic, state,
  event_id, schema_version, occurred_at, recorded_at, actor, command_id, correlation_id,
  causation_id, subject_id)
VALUES (nextval('{schema}.positions'), 'order/' || gen_random_uuid(), 1,
  '{topic}', convert_to(repeat('x', {size}), 'UTF8'), gen_random_uuid(), 1, now(), now(), 'bench',
  gen_random_uuid(), gen_random_uuid(), gen_random_uuid(), NULL);
"""
_COMMAND: Final = """
INSERT INTO {schema}.commands (principal, key, digest, command_id, command_type, refused, outcome,
  position, recorded_at)
VALUES ('bench', gen_random_uuid()::text, '', gen_random_uuid(), 'PlaceOrder', false,
  to_json(repeat('x', {size})), 1, now());
"""


def transactions_per_second(shop: Shop, *, seconds: float) -> float:
    """Return the transactions per second of one client, with rows sized as in the shop's log."""
    script = _script(shop)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "order.sql"
        file.write_text(script)
        done = subprocess.run(  # noqa: S603 - a program of the server that we started
            [
                shop.server.programs / "pgbench",
                "--no-vacuum",
                "--protocol=prepared",
                "--client=1",
                f"--time={max(1, round(seconds))}",
                f"--file={file}",
                shop.place.conninfo,
            ],
            capture_output=True,
            text=True,
            check=False,
        )
    match = _TPS.search(done.stdout)
    if match is None:
        msg = f"pgbench said no tps: {done.stdout} {done.stderr}"
        raise RuntimeError(msg)
    return round(float(match[1]), 1)


def _script(shop: Shop) -> str:
    store = Datastore(shop.place.conninfo, _SCHEMA)
    migrate(store)
    with shop.partition.datastore.connect() as connection:
        connection.execute(f"CREATE SEQUENCE IF NOT EXISTS {_SCHEMA}.positions")
        last = connection.execute(
            shop.partition.datastore.sql(
                "SELECT e.topic, length(e.state) FROM {schema}.events AS e "
                "WHERE e.command_id = (SELECT command_id FROM {schema}.commands "
                "WHERE command_type = 'PlaceOrder' AND NOT refused LIMIT 1)"
            )
        ).fetchall()
        outcome = connection.execute(
            shop.partition.datastore.sql(
                "SELECT length(outcome::text) FROM {schema}.commands "
                "WHERE command_type = 'PlaceOrder' AND NOT refused LIMIT 1"
            )
        ).fetchone()
    store.close()
    inserts = [
        _EVENT.format(schema=_SCHEMA, topic=topic, size=size).replace("\n", " ").strip()
        for topic, size in last
    ]
    command = _COMMAND.format(schema=_SCHEMA, size=outcome[0] if outcome else 0)
    return "\n".join(
        [
            "BEGIN;",
            f"SELECT FROM {_SCHEMA}.log_head FOR UPDATE;",
            *inserts,
            command.replace("\n", " ").strip(),
            "COMMIT;",
        ]
    )
