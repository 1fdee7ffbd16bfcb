"""`docs/api.md` says what is so."""

import re
from pathlib import Path

from api.http.problem_types import KINDS, problem_types
from domain.base.errors import Refusal
from tests.api.shop import Shop

DOCS = Path(__file__).parents[2] / "docs" / "api.md"


def test_every_problem_type_stands_in_the_table() -> None:
    """The table is that of the program, row by row."""
    rows = [
        f"| {kind.status} | `/problems/{kind.code}` | {kind.meaning} |" for kind in problem_types()
    ]
    table = DOCS.read_text(encoding="utf-8").partition("|---|---|---|\n")[2]
    assert table.splitlines() == rows


def test_codes_are_distinct_and_every_refusal_has_its_own() -> None:
    """No two types share a code, and none is left at its family's."""
    codes = [kind.code for kind in problem_types()]
    assert len(set(codes)) == len(codes)
    assert not {family.code for family in KINDS} & set(codes)
    assert Refusal.code not in codes


def test_every_address_in_the_docs_exists(shop: Shop) -> None:
    """Each address of the tour and the conventions is one of the OpenAPI document."""
    paths = shop.client.get("/openapi.json").json()["paths"]
    patterns = [re.compile(re.sub(r"\{\w+\}", "[^/]+", path)) for path in paths]
    named = set(re.findall(r"(/(?:v1|health)/[\w/:-]+\w)", DOCS.read_text(encoding="utf-8")))
    assert len(named) >= 15
    unknown = {name for name in named if not any(p.fullmatch(name) for p in patterns)}
    assert unknown <= {"/v1/stock"}
