"""`taktstock reference`: loading, listing and converting from the command line."""

import json
from pathlib import Path

from tests.api.cli.conftest import Taktstock
from tests.api.reference.test_rate_sheets import SHEET
from tests.api.reference.test_zone_charts import EXCEPTIONS, RATES, ZONES
from tests.support.reference import HOLIDAYS, carrier_folder

CODES = "country,postal_code,latitude,longitude\nDE,10115,52.5,13.4\n"


def test_sets_are_loaded_and_listed(taktstock: Taktstock, tmp_path: Path) -> None:
    """Of each kind the one loaded last is in use; the list says rows and sources."""
    taktstock("migrate")
    codes, days = tmp_path / "codes.csv", tmp_path / "days.csv"
    codes.write_text(CODES)
    days.write_text(HOLIDAYS)
    taktstock("reference", "load", "postal-codes", str(codes), "--source", "GeoNames, CC BY 4.0")
    taktstock("reference", "load", "holidays", str(days))
    loaded = taktstock(
        *("reference", "load", "holidays", "--countries", "de, nl", "--years", "2026", "--json")
    )
    kept = json.loads(loaded.stdout)
    told = taktstock("reference", "load", "carriers", str(carrier_folder(tmp_path / "post")))
    assert told.stdout.startswith("carriers in use: 5 rows, ")
    found = json.loads(taktstock("reference", "list", "--json").stdout)
    assert [(one["kind"], one["rows"], one["in_use"]) for one in found] == [
        ("carriers", 5, True),
        ("holidays", 2, False),
        ("holidays", kept["rows"], True),
        ("postal_codes", 1, True),
    ]
    assert found[2]["hash"] == kept["hash"]
    assert found[2]["source"].startswith("holidays ")
    assert found[3]["source"] == "GeoNames, CC BY 4.0"
    table = taktstock("reference", "list").stdout.splitlines()
    assert table[0].split() == ["kind", "hash", "rows", "loaded", "in", "use", "source"]
    assert len(table) == 5


def test_what_cannot_be_loaded_is_told_and_nothing_is_kept(
    taktstock: Taktstock, tmp_path: Path
) -> None:
    """A missing file, a mistake in a table, words that contradict each other."""
    taktstock("migrate")
    folder = carrier_folder(tmp_path / "post", {"rates.csv": ("4.90", "cheap")})
    days = tmp_path / "days.csv"
    for words, problem in (
        (("carriers", str(folder)), "rates.csv, line 2, price: 'cheap' is no number"),
        (("carriers", str(tmp_path / "none")), "none: is no folder"),
        (("postal-codes", str(days)), "days.csv: is missing"),
        (("holidays",), "name either a file, or --countries"),
        (("holidays", str(days), "--countries", "DE", "--years", "2026"), "name either a file"),
        (("holidays", "--countries", "DE"), "name either a file, or --countries"),
        (("holidays", "--countries", "XX", "--years", "2026"), "'XX' is no country of the"),
    ):
        failed = taktstock("reference", "load", *words, code=1)
        assert problem in str(failed.exception)
    assert json.loads(taktstock("reference", "list", "--json").stdout) == []


def test_a_rate_sheet_is_converted_and_loaded(taktstock: Taktstock, tmp_path: Path) -> None:
    """Into a folder that is not overwritten."""
    taktstock("migrate")
    sheet, folder = tmp_path / "karl.csv", tmp_path / "karl"
    sheet.write_text(SHEET)
    words = ("reference", "convert", "rate-sheet", str(sheet), "--carrier", "Karl")
    rest = ("--to", str(folder), "--level", "DAY=express", "--days", "1")
    taktstock(*words, "--origin", "de", *rest)
    taktstock("reference", "load", "carriers", str(folder))
    again = taktstock(*words, "--origin", "DE", *rest, code=1)
    assert "services.csv: is there already" in str(again.exception)
    wrong = taktstock(*words, "--origin", "Germany", *rest, code=1)
    assert "--origin 'Germany' is no country code" in str(wrong.exception)
    wrong = taktstock(*words, "--origin", "DE", "--to", str(folder), "--level", "DAY", code=1)
    assert "--level 'DAY' should be SERVICE=..." in str(wrong.exception)


def test_a_zone_chart_is_converted_and_loaded(taktstock: Taktstock, tmp_path: Path) -> None:
    """With its exceptions and prices."""
    taktstock("migrate")
    for name, text in (("z", ZONES), ("e", EXCEPTIONS), ("r", RATES)):
        (tmp_path / name).write_text(text)
    words = ["reference", "convert", "zone-chart", "--zones", str(tmp_path / "z")]
    words += ["--exceptions", str(tmp_path / "e"), "--rates", str(tmp_path / "r")]
    words += ["--to", str(tmp_path / "usps")]
    taktstock(*words, "--days", "Ground=5")
    told = taktstock("reference", "load", "carriers", str(tmp_path / "usps"))
    assert told.stdout.startswith("carriers in use: 9 rows, ")
    wrong = taktstock(*words, "--days", "Ground=some", code=1)
    assert "--days 'some' is no whole number" in str(wrong.exception)
