"""Loading a file: it reconciles, and a start after SIGKILL loses nothing and doubles nothing."""

import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from api.demo import month
from api.demo.figures import count
from eventstore.places import Place
from projections.catalogue import READ_MODELS
from projections.main import catch_up
from projections.verify import verify
from tests.support.partitions import place, settings_for_tests

HEADER = "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n"
LOADER = """
import sys
from pathlib import Path
from api.demo import month
from tests.support.partitions import place, settings_for_tests
path = Path(sys.argv[3])
month.catch_up = lambda partition: None
with month.open_demo(place(sys.argv[1], sys.argv[2]), settings_for_tests()) as partition:
    month.load(partition, path, month.survey_file(path), lambda words, steps: lambda: None)
"""


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """Return a file of 120 invoices of three lines, a charge each fourth, a credit each tenth."""
    rows = [HEADER]
    for number in range(120):
        at = f"2010-12-{number // 12 + 1:02} 10:{number % 12:02}:00"
        for line in range(3):
            sku = f"{84000 + (number * 7 + line * 3) % 40}"
            rows.append(f"{536000 + number},{sku},THING {sku},{line + 1},{at},1.25,12346,Germany\n")
        if number % 4 == 0:
            rows.append(f"{536000 + number},POST,POSTAGE,1,{at},18.00,12346,Germany\n")
        if number % 10 == 0:
            rows.append(f"C{536000 + number},22000,THING 22000,-1,{at},1.25,12346,Germany\n")
    path = tmp_path / "small.csv"
    path.write_text("".join(rows))
    return path


@pytest.fixture(autouse=True)
def _no_process_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let read models catch up in this process where the demo waits for another."""
    monkeypatch.setattr(month, "catch_up", lambda one: catch_up(one.datastore, one.reader))


def silent(words: str, steps: int) -> month.Advance:
    """Show nothing."""
    del words, steps
    return lambda: None


def finish(where: Place, path: Path) -> None:
    """Load the file to the end and check that everything agrees with it."""
    found = month.survey_file(path)
    with month.open_demo(where, settings_for_tests()) as partition:
        month.load(partition, path, found, silent)
        assert month.is_loaded(partition, found)
        catch_up(partition.datastore, partition.reader)
        figures = count(partition.datastore)
        verified = verify(partition.datastore, partition.reader, READ_MODELS)
    assert figures.orders_placed == found.reconciliation.orders == 120
    assert figures.units_ordered == found.reconciliation.units == 720
    assert figures.units_reserved == 720 * 97 // 100
    assert figures.units_reserved + figures.units_backordered == 720
    assert figures.oversold_units == 0
    assert len(verified) == len(READ_MODELS)
    assert all(one.clean for one in verified)


def test_a_file_reconciles(postgres: str, schema: str, small: Path) -> None:
    """Every unit is reserved or waits, none is oversold, and the read models agree."""
    finish(place(postgres, schema), small)


def test_a_second_start_does_nothing_more(postgres: str, schema: str, small: Path) -> None:
    """Loading again appends no event."""
    finish(place(postgres, schema), small)
    with month.open_demo(place(postgres, schema), settings_for_tests()) as partition:
        head = partition.reader.head()
        done = month.load(partition, small, month.survey_file(small), silent)
        assert (done.orders.accepted, partition.reader.head()) == (120, head)


def test_nothing_is_lost_or_doubled_by_sigkill(postgres: str, schema: str, small: Path) -> None:
    """Killed at three moments while it loads, the next start finishes and all agrees."""
    for events in (60, 250, 500):
        loader = subprocess.Popen(
            [sys.executable, "-c", LOADER, postgres, schema, str(small)],
            cwd=Path(__file__).parents[3],
        )
        with month.open_demo(place(postgres, schema), settings_for_tests()) as partition:
            deadline = time.monotonic() + 30
            while partition.reader.head() < events and loader.poll() is None:
                assert time.monotonic() < deadline
                time.sleep(0.002)
        loader.send_signal(signal.SIGKILL)
        assert loader.wait() == -signal.SIGKILL
    finish(place(postgres, schema), small)


def test_a_file_without_orders_is_refused(postgres: str, schema: str, tmp_path: Path) -> None:
    """A file of credits alone is named."""
    path = tmp_path / "credits.csv"
    path.write_text(HEADER + "C536000,22000,THING,-1,2010-12-01 10:00:00,1.25,12346,Germany\n")
    with (
        month.open_demo(place(postgres, schema), settings_for_tests()) as partition,
        pytest.raises(month.NothingToOrderError, match=r"credits\.csv"),
    ):
        month.load(partition, path, month.survey_file(path), silent)
