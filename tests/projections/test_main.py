"""The process of its own: follows every partition, logs JSON, ends when told."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from threading import Event

import pytest
from structlog.testing import capture_logs

from eventstore.main import Log
from projections import main
from projections.waiting import wait_for
from tests.projections.story import received
from tests.projections.writing import append
from tests.support.partitions import place, settings_for_tests

ROOT = Path(__file__).parents[2]


def environment(log: Log) -> dict[str, str]:
    """Return the environment of a process on this log's partition."""
    key = settings_for_tests().key_encryption_key
    assert key is not None
    return {
        "PATH": os.environ["PATH"],
        "DATABASE_URL": log.datastore.conninfo,
        "TAKTSTOCK_PARTITIONS": json.dumps({"main": {"schema": log.datastore.schema}}),
        "TAKTSTOCK_KEY_ENCRYPTION_KEY": key.get_secret_value(),
    }


def test_the_process_follows_its_partition_and_ends_on_sigterm(bare_log: Log) -> None:
    """It makes the read models, folds what is there, and leaves with 0."""
    last = append(bare_log, received("mug", "A", 1))
    process = subprocess.Popen(
        [sys.executable, "-m", "projections"],
        cwd=ROOT,
        env=environment(bare_log),
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        _until_installed(bare_log)
        assert wait_for(bare_log.datastore, last, ["availability", "orders"], timeout=20)
        process.send_signal(signal.SIGTERM)
        _, written = process.communicate(timeout=20)
    finally:
        process.kill()
        process.wait()
    assert process.returncode == 0
    lines = [json.loads(line) for line in written.splitlines()]
    assert [line["event"] for line in lines] == ["started", "leads", "stopping", "stopped"]
    assert lines[2]["cause"] == "SIGTERM"


def _until_installed(log: Log) -> None:
    with log.datastore.get_connection() as connection:
        for _ in range(2000):
            row = connection.execute(
                "SELECT to_regclass(%s)", [f"{log.datastore.schema}.read_models"]
            ).fetchone()
            assert row is not None
            if row["to_regclass"] is not None:
                return
            connection.execute("SELECT pg_sleep(0.01)")
    raise AssertionError("no read models were made")


def test_wrong_settings_end_it_at_once() -> None:
    """The message names the variable, as JSON."""
    result = subprocess.run(
        [sys.executable, "-m", "projections"],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "TAKTSTOCK_PARTITONS": "{}"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == main.MISUSED
    assert "TAKTSTOCK_PARTITIONS" in json.loads(result.stderr)["detail"]


def test_a_broken_engine_begins_anew_after_ever_longer_pauses(
    postgres: str, schema: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever broke it is logged as an error; the process goes on."""
    stop = Event()
    breaks = iter([KeyError("lost"), RuntimeError("odd"), None])

    def follow(*_: object) -> None:
        error = next(breaks)
        if error is not None:
            raise error
        stop.set()

    monkeypatch.setattr(main, "follow", follow)
    monkeypatch.setattr(main, "FIRST_PAUSE", 0.01)
    with capture_logs() as logs:
        main.keep_following(place(postgres, schema), settings_for_tests(), stop)
    assert stop.is_set()
    assert [(entry["event"], entry["log_level"], entry["error"]) for entry in logs] == [
        ("engine broke", "error", "KeyError"),
        ("engine broke", "error", "RuntimeError"),
    ]
    assert [entry["again_in"] for entry in logs] == [0.01, 0.02]


def test_a_schema_that_is_too_new_ends_the_process(bare_log: Log) -> None:
    """No pause mends it: the engine is not tried again, and the exit code says so."""
    with bare_log.datastore.connect() as connection:
        connection.execute(
            bare_log.datastore.sql(
                "INSERT INTO {schema}.migrations (number, name, digest) "
                "VALUES (9999, '9999_later.sql', 'x')"
            )
        )
    result = subprocess.run(
        [sys.executable, "-m", "projections"],
        cwd=ROOT,
        env=environment(bare_log),
        capture_output=True,
        text=True,
        check=False,
        timeout=20,
    )
    lines = [json.loads(line) for line in result.stderr.splitlines()]
    assert result.returncode == main.FAILED
    assert [line["event"] for line in lines] == [
        "started",
        "stopping",
        "partition not followed",
        "stopped",
    ]
    assert lines[2]["error"] == "MigrationError"
