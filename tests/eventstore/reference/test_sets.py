"""Sets of reference data: kept by content, never changed, one of each kind in use."""

from pathlib import Path
from typing import Final

import psycopg
import pytest
from psycopg.sql import SQL, Identifier

from eventstore.datastore import Datastore
from eventstore.errors import BadReferenceData, UnknownReferenceData
from eventstore.migrate import FOLDER, migrate
from eventstore.reference.loading import load_carriers, load_holidays
from eventstore.reference.postal_codes import load_postal_codes
from eventstore.reference.sets import all_sets, hashes_in_use, select
from eventstore.reference.shelf import ReferenceShelf
from tests.support.reference import HOLIDAYS, carrier_folder

CODES: Final = "country,postal_code,latitude,longitude\nGB,LS1,53.8,-1.55\nNL,5928,51.4,6.1\n"
MORE_DAYS: Final = HOLIDAYS + "AT,,2026-10-26,National Day\n"


def uses(datastore: Datastore) -> int:
    """Return how often a set came into use."""
    [(count,)] = select(datastore, "SELECT count(*) FROM {schema}.reference_uses", [])
    return int(count)


def test_the_same_content_is_kept_once_and_used_once(datastore: Datastore, tmp_path: Path) -> None:
    """Loading it again changes nothing, whatever is said of its source."""
    path = tmp_path / "codes.csv"
    path.write_text(CODES)
    first = load_postal_codes(datastore, path, "GeoNames, CC BY 4.0")
    assert load_postal_codes(datastore, path).hash == first.hash
    [kept] = all_sets(datastore)
    assert (kept.kind, kept.hash, kept.row_count) == ("postal_codes", first.hash, 2)
    assert (kept.source, kept.in_use) == ("GeoNames, CC BY 4.0", True)
    assert uses(datastore) == 1
    assert select(datastore, "SELECT count(*) FROM {schema}.postal_codes", []) == [(2,)]


def test_the_set_loaded_last_is_in_use_and_an_older_one_can_return(datastore: Datastore) -> None:
    """Going back is loading the old content again: it is not kept twice, only used again."""
    old = load_holidays(datastore, HOLIDAYS, "days.csv")
    new = load_holidays(datastore, MORE_DAYS, "days.csv")
    assert [(one.hash, one.in_use) for one in all_sets(datastore)] == [
        (old.hash, False),
        (new.hash, True),
    ]
    load_holidays(datastore, HOLIDAYS, "days.csv")
    assert [(one.hash, one.in_use) for one in all_sets(datastore)] == [
        (old.hash, True),
        (new.hash, False),
    ]
    history = [hashes_in_use(datastore, number)["holidays"] for number in (1, 2, 3)]
    assert history == [old.hash, new.hash, old.hash]


def test_kinds_do_not_disturb_one_another(datastore: Datastore, tmp_path: Path) -> None:
    """Of each kind the last one is in use."""
    carriers = load_carriers(datastore, [carrier_folder(tmp_path)])
    days = load_holidays(datastore, HOLIDAYS, "days.csv")
    assert hashes_in_use(datastore, 2) == {"carriers": carriers.hash, "holidays": days.hash}
    counts = {one.kind: one.row_count for one in all_sets(datastore)}
    assert counts == {"carriers": 5, "holidays": 2}


@pytest.mark.parametrize("table", ["reference_sets", "reference_uses", "postal_codes"])
def test_the_database_refuses_to_change_a_set(datastore: Datastore, table: str) -> None:
    """Whoever tries, and however."""
    load_holidays(datastore, HOLIDAYS, "days.csv")
    name = Identifier(datastore.schema, table)
    column = Identifier("set_number" if table == "postal_codes" else "number")
    with datastore.connect() as connection:
        for statement in (
            SQL("UPDATE {} SET {} = 9").format(name, column),
            SQL("DELETE FROM {}").format(name),
            SQL("TRUNCATE {} CASCADE").format(name),
        ):
            with pytest.raises(psycopg.IntegrityError, match="reference data is immutable"):
                connection.execute(statement)


def test_what_is_not_kept_is_told_by_its_kind_and_hash(datastore: Datastore) -> None:
    """An explanation of a decision whose reference data were never loaded here stops."""
    shelf = ReferenceShelf(datastore)
    with pytest.raises(UnknownReferenceData, match="no carriers are kept under abc"):
        shelf.reference({"carriers": "abc"})
    with pytest.raises(UnknownReferenceData, match="no postal_codes are kept under abc"):
        shelf.coordinates({"postal_codes": "abc"}, [("DE", "10115")])
    assert shelf.coordinates({}, [("DE", "10115")]) == {}


def test_older_coordinates_stay_readable(datastore: Datastore, tmp_path: Path) -> None:
    """A decision's postal codes are found by its hash after newer ones came into use."""
    path = tmp_path / "codes.csv"
    path.write_text(CODES)
    first = load_postal_codes(datastore, path)
    path.write_text(CODES.replace("53.8", "53.9"))
    second = load_postal_codes(datastore, path)
    shelf = ReferenceShelf(datastore)
    there = ("GB", "ls1 4ap")
    for loaded, latitude in ((first, 53.8), (second, 53.9), (first, 53.8)):
        found = shelf.coordinates({"postal_codes": loaded.hash}, [there, ("GB", "XX1")])
        assert found == {there: (latitude, -1.55)}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (CODES.splitlines()[0], r"codes\.csv: names no postal code; add some"),
        ("country,postal_code\nGB,LS1\n", r"codes\.csv: has no column 'latitude'; it needs"),
        (CODES + "DE,10115,north,13.4\n", r"line 4, latitude: 'north' is not in degrees"),
        (CODES + "DE,10115,95,13.4\n", r"line 4, latitude: '95' is not in degrees"),
        (CODES + "Germany,10115,52,13.4\n", r"line 4, country: 'GERMANY' is no country code"),
        (CODES + "DE,,52,13.4\n", r"line 4, postal_code: is blank"),
        (CODES + "DE,10115,52\n", r"line 4: has 3 fields where the header has 4"),
        (CODES + 'DE,"10115,52\n', r"line 4: is not readable as CSV"),
    ],
)
def test_bad_postal_codes_are_refused_whole(
    datastore: Datastore, tmp_path: Path, text: str, message: str
) -> None:
    """File, line and column are named, and nothing is kept."""
    path = tmp_path / "codes.csv"
    path.write_text(text)
    with pytest.raises(BadReferenceData, match=message):
        load_postal_codes(datastore, path)
    assert all_sets(datastore) == []


def test_files_that_cannot_be_read_are_named(datastore: Datastore, tmp_path: Path) -> None:
    """Missing, cut short, or not UTF-8."""
    with pytest.raises(BadReferenceData, match=r"none\.csv: is missing"):
        load_postal_codes(datastore, tmp_path / "none.csv")
    cut = tmp_path / "cut.csv.gz"
    cut.write_bytes(b"\x1f\x8b\x08\x00")
    with pytest.raises(BadReferenceData, match=r"cut\.csv\.gz: cannot be read"):
        load_postal_codes(datastore, cut)
    latin = tmp_path / "latin.csv"
    latin.write_bytes("country,postal_code\nDE,K\xf6ln\n".encode("latin-1"))
    with pytest.raises(BadReferenceData, match=r"latin\.csv: is not UTF-8 at byte"):
        load_postal_codes(datastore, latin)


def test_postal_codes_of_before_are_kept_by_the_migration(
    postgres: str, schema: str, tmp_path: Path
) -> None:
    """Where they stood among the read models, sets and rows stay, with their hashes."""
    for step in sorted(FOLDER.glob("000[1-3]_*.sql")):
        (tmp_path / step.name).write_text(step.read_text())
    datastore = Datastore(postgres, schema)
    migrate(datastore, tmp_path)
    with datastore.connect() as connection:
        connection.execute(
            datastore.sql(
                "CREATE TABLE {schema}.postal_code_sets (hash text PRIMARY KEY, number integer, "
                "codes integer, loaded_at timestamptz DEFAULT clock_timestamp());"
                "CREATE TABLE {schema}.postal_codes (set_number integer, country text, "
                "postal_code text, latitude float8, longitude float8);"
                "INSERT INTO {schema}.postal_code_sets VALUES ('aa', 1, 1), ('bb', 2, 1);"
                "INSERT INTO {schema}.postal_codes VALUES (1, 'NL', '5928', 51.4, 6.1), "
                "(2, 'NL', '5928', 51.5, 6.2)"
            )
        )
    assert migrate(datastore)[0] == "0004_reference.sql"
    assert hashes_in_use(datastore, 2) == {"postal_codes": "bb"}
    shelf = ReferenceShelf(datastore)
    place = ("NL", "5928")
    assert shelf.coordinates({"postal_codes": "aa"}, [place]) == {place: (51.4, 6.1)}
    assert shelf.coordinates({"postal_codes": "bb"}, [place]) == {place: (51.5, 6.2)}
    datastore.close()
