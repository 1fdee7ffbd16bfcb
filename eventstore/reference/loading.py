"""Loading carriers and holidays: all of it is read and found good before any of it is kept."""

from collections.abc import Sequence
from pathlib import Path

import orjson

from domain.routing.reference import Service
from eventstore.datastore import Datastore
from eventstore.errors import BadReferenceData
from eventstore.reference.calendars import COLUMNS, read_calendars
from eventstore.reference.carriers import TABLES, read_carriers
from eventstore.reference.sets import Draft, hash_of, keeping
from eventstore.reference.tables import read_rows, read_text


def load_carriers(datastore: Datastore, folders: Sequence[Path], source: str = "") -> Draft:
    """Keep the bundles of these folders as one set and use it; their order is kept.

    Raises:
        BadReferenceData: a table cannot be used, or two bundles list one service.
    """
    bundles = [_tables(folder) for folder in folders]
    services = _joined(bundles, [f"{folder}/" for folder in folders])
    content = orjson.dumps(bundles)
    prices = sum(len(bands) for service in services for bands in service.rates.values())
    draft = Draft("carriers", hash_of(content), prices, source, content)
    with keeping(datastore, draft):
        return draft


def load_holidays(datastore: Datastore, text: str, file: str, source: str = "") -> Draft:
    """Keep a CSV text (`country,subdivision,date,name`) and use it; `file` stands in errors.

    Raises:
        BadReferenceData: a row cannot be understood.
    """
    calendars = read_calendars(text, file)
    if not calendars:
        raise BadReferenceData("names no day; add some", file=file)
    content = text.encode()
    days = sum(1 for _ in read_rows(text, file, COLUMNS[:3]))
    draft = Draft("holidays", hash_of(content), days, source, content)
    with keeping(datastore, draft):
        return draft


def parse_carriers(content: bytes) -> tuple[Service, ...]:
    """Return the services of a kept set."""
    bundles = orjson.loads(content)
    return _joined(bundles, [""] * len(bundles))


def _tables(folder: Path) -> dict[str, str]:
    """Return a folder's tables by name; in this order, so that the same have one hash."""
    if not folder.is_dir():
        raise BadReferenceData(f"is no folder; name one with {', '.join(TABLES)}", file=str(folder))
    found = {}
    for name in TABLES:
        path = next((one for one in (folder / name, folder / f"{name}.gz") if one.is_file()), None)
        if path is not None:
            found[name] = read_text(path)
    return found


def _joined(bundles: Sequence[dict[str, str]], folders: Sequence[str]) -> tuple[Service, ...]:
    services: dict[tuple[str, str], Service] = {}
    for tables, folder in zip(bundles, folders, strict=True):
        for service in read_carriers(tables, folder):
            name = service.carrier, service.name
            if name in services:
                problem = f"{' '.join(name)} is in another bundle too; load it once"
                raise BadReferenceData(problem, file=f"{folder}services.csv")
            services[name] = service
    return tuple(services.values())
