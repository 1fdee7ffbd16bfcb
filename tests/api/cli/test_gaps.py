"""Carrier tables and policies with mistakes: told at the command line, and nothing is used."""

import json
from pathlib import Path

import pytest

from tests.api.cli.conftest import Taktstock
from tests.support.reference import carrier_folder


@pytest.mark.parametrize(
    ("table", "old", "new", "problem"),
    [
        ("rates.csv", "Post,Parcel,near,1000", "Pots,Parcel,near,1000", "Pots"),
        ("transit.csv", "Post,Parcel,near,1-2\n", "", "near"),
        ("rates.csv", "Post,Parcel,near,1000,4.90", "Post,Parcel,near,1000,7.90", "6.90"),
        ("zones.csv", "DE,18,18,far", "DE,18,18,moon", "moon"),
    ],
    ids=["unknown carrier", "no transit days", "price falls", "zone without rates"],
)
def test_a_hole_in_carrier_tables_is_told_and_nothing_is_kept(
    taktstock: Taktstock, tmp_path: Path, table: str, old: str, new: str, problem: str
) -> None:
    """The table and what is wrong are named; no set is in use afterwards."""
    taktstock("migrate")
    folder = carrier_folder(tmp_path / "post", {table: (old, new)})
    said = taktstock("reference", "load", "carriers", str(folder), code=1)
    assert ".csv" in str(said.exception)
    assert problem in str(said.exception)
    assert json.loads(taktstock("reference", "list", "--json").stdout) == []


def test_a_bad_policy_is_told_with_its_line(taktstock: Taktstock, tmp_path: Path) -> None:
    """No traceback: file, line and column."""
    path = tmp_path / "bad.yaml"
    path.write_text("policy: near\nversion: 1\ncriteria:\n  - unfilled\n  - cheapness\n")
    said = taktstock("routing", "policy", "check", str(path), code=1)
    assert f"{path}: line 5" in str(said.exception)
