"""Small carrier bundles and holidays, written into a test's folder."""

from collections.abc import Mapping
from pathlib import Path
from typing import Final

HOLIDAYS: Final = (
    "country,subdivision,date,name\nDE,,2026-12-25,Christmas Day\nDE,BY,2026-01-06,Epiphany\n"
)

BUNDLE: Final[Mapping[str, str]] = {
    "services.csv": (
        "carrier,service,level,currency,cut_off,delivers_on,divisor,greatest_mm,hazardous,"
        "unknown_zone\n"
        "Post,Parcel,standard,EUR,14:30,123456,5000,1200x600x600,no,far\n"
        "Post,Express,express,EUR,,,,,yes,\n"
    ),
    "rates.csv": (
        "carrier,service,zone,up_to_grams,price\n"
        "Post,Parcel,near,1000,4.90\n"
        "Post,Parcel,near,5000,6.90\n"
        "Post,Parcel,far,5000,14.90\n"
        "Post,Express,near,2000,12.50\n"
        "Post,Express,far,2000,25\n"
    ),
    "transit.csv": (
        "carrier,service,zone,days\n"
        "Post,Parcel,near,1-2\n"
        "Post,Parcel,far,5\n"
        "Post,Express,near,1\n"
        "Post,Express,far,2\n"
    ),
    "zones.csv": (
        "carrier,service,origin_country,origin_prefix,country,first_prefix,last_prefix,zone\n"
        "Post,,DE,,DE,,,near\n"
        "Post,,DE,,DE,18,18,far\n"
        "Post,,DE,,AT,,,far\n"
    ),
}
"""A carrier with two services from Germany: islands (18...) and Austria are far."""


def carrier_folder(folder: Path, changes: Mapping[str, tuple[str, str]] | None = None) -> Path:
    """Write the bundle, with a text of a table replaced by another, and return its folder."""
    folder.mkdir(exist_ok=True)
    for name, text in BUNDLE.items():
        old, new = (changes or {}).get(name, ("", ""))
        assert old in text
        (folder / name).write_text(text.replace(old, new) if old else text)
    return folder
