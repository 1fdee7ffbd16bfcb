"""The process: started as `python -m scheduler`, it works and ends when it is told to."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from structlog.testing import capture_logs

from scheduler.catalogue import JOBS
from scheduler.main import MISUSED, SUCCESS, run_once
from tests.scheduler.shop import open_shop
from tests.support.partitions import settings_for_tests
from tests.support.postgres import fresh_schema


def environment(postgres: str, **schemas: str) -> Mapping[str, str]:
    """Return the environment of a process that works on partitions in these schemas."""
    key = settings_for_tests().key_encryption_key
    assert key is not None
    clean = {name: value for name, value in os.environ.items() if "TAKTSTOCK" not in name}
    partitions = {name: {"schema": schema} for name, schema in schemas.items()}
    return {
        **clean,
        "DATABASE_URL": postgres,
        "TAKTSTOCK_PARTITIONS": json.dumps(partitions),
        "TAKTSTOCK_KEY_ENCRYPTION_KEY": key.get_secret_value(),
    }


def entries(lines: Iterable[str]) -> Iterator[dict[str, Any]]:
    """Return the log lines of a process; each is one JSON object."""
    return (json.loads(line) for line in lines)


def runs_of(lines: Iterable[str], number: int) -> dict[tuple[str, str], Mapping[str, Any]]:
    """Read log lines until so many runs are done; return figures by partition and job."""
    found: dict[tuple[str, str], Mapping[str, Any]] = {}
    for entry in entries(lines):
        assert entry["level"] == "info", entry
        if entry["event"] == "run done":
            found[entry["partition"], entry["job"]] = entry["figures"]
        if len(found) == number:
            break
    return found


def test_it_works_and_ends_on_sigterm(postgres: str, schema: str) -> None:
    """It runs every job in every partition, ends on SIGTERM with code 0 and logs JSON only."""
    with fresh_schema(postgres) as empty, open_shop(postgres, schema) as shop:
        shop.place("1001")
        shop.count("north", 0)
        shop.fold()
        with subprocess.Popen(
            [sys.executable, "-m", "scheduler"],
            env=environment(postgres, main=schema, second=empty),
            stderr=subprocess.PIPE,
            text=True,
        ) as process:
            assert process.stderr is not None
            runs = runs_of(process.stderr, 2 * len(JOBS))
            process.send_signal(signal.SIGTERM)
            last = list(entries(process.stderr))[-1]
        assert process.returncode == 0
    assert last["event"] == "stopped"
    assert set(runs) == {(name, job.name) for name in ("main", "second") for job in JOBS}
    assert runs["main", "reroute_lost_reservations"]["rerouted"] == 1
    assert runs["main", "check_invariants"]["broken"] == 0


def test_unusable_settings_end_it_with_code_2(postgres: str, schema: str) -> None:
    """A mistake in the settings is told in one line that names the variable."""
    wrong = {**environment(postgres, main=schema), "TAKTSTOCK_POOL_MAX_SIZE": "many"}
    ended = subprocess.run(
        [sys.executable, "-m", "scheduler"], env=wrong, capture_output=True, text=True, check=False
    )
    assert ended.returncode == 2
    (entry,) = entries(ended.stderr.splitlines())
    assert "TAKTSTOCK_POOL_MAX_SIZE" in entry["detail"]


def test_one_job_is_run_by_hand(postgres: str, schema: str) -> None:
    """A job is run once, in the partition named; a partition that nobody knows is a mistake."""
    places = {"main": {"schema": schema}}
    settings = settings_for_tests(database_url=postgres, partitions=places)
    with capture_logs() as logs:
        assert run_once(settings, "check_invariants", partition="main") == SUCCESS
        assert run_once(settings, "check_invariants", partition="other") == MISUSED
    done, unknown = logs
    assert (done["event"], done["figures"]) == ("run done", {"checked": 4, "broken": 0})
    assert (unknown["event"], unknown["known"]) == ("no such partition", ["main"])
