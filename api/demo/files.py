"""Finds the demo's own data: the folder `examples` beside the package."""

from pathlib import Path

from api.demo.errors import FileUnreadableError

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"

DECEMBER = Path("uk-online-retail", "online_retail_2010-12.csv.gz")
LOCATIONS = Path("network", "locations.csv")
POSTAL_CODES = Path("network", "postal_codes.csv.gz")
HOLIDAYS = Path("network", "holidays.csv.gz")
CARRIERS = Path("carriers")


def example_file(name: Path, *, examples: Path = EXAMPLES) -> Path:
    """Return where a file or folder of the demo is; raise FileUnreadableError if missing."""
    path = examples / name
    if not path.exists():
        problem = "is missing; run from a whole clone of the repository"
        if name == DECEMBER:
            problem += ", or name a file with --file"
        raise FileUnreadableError(path, problem)
    return path
