"""The tables in the docs are tables that can be loaded."""

import re
from pathlib import Path
from typing import Final

from eventstore.reference import carriers
from eventstore.reference.carriers import read_carriers

DOCS: Final = Path(__file__).parents[3] / "docs" / "reference-data.md"


def test_the_documented_bundle_is_a_bundle() -> None:
    """And does what the page says of it: exceptions first, the upper end of a range."""
    text = DOCS.read_text(encoding="utf-8")
    tables = dict(re.findall(r"^`(\w+\.csv)`: .*?```csv\n(.*?)```", text, re.MULTILINE | re.DOTALL))
    assert set(tables) == set(carriers.TABLES)
    parcel, express = read_carriers(tables)
    assert parcel.transit_days == {"near": 2, "world": 14}
    assert parcel.zone(("DE", "10115"), ("DE", "80331")) == "near"
    assert parcel.zone(("DE", "10115"), ("DE", "25980")) is None
    assert parcel.zone(("DE", "10115"), ("US", "10001")) == "world"
    assert express.zone(("DE", "10115"), ("US", "10001")) is None


def test_every_column_is_documented() -> None:
    """Those that must be there and those that may."""
    text = DOCS.read_text(encoding="utf-8")
    for column in (*carriers.SERVICE_COLUMNS, *carriers.SERVICE_OPTIONS):
        assert re.search(rf"^\|.*`{column}`.*\|", text, re.MULTILINE), column
