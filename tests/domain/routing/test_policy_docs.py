"""`docs/routing-policies.md` says what policies are made of."""

from pathlib import Path
from typing import Final

from domain.routing.policy import UNITS
from domain.routing.policy_document import policy_schema

DOCS: Final = (Path(__file__).parents[3] / "docs" / "routing-policies.md").read_text("utf-8")


def test_every_criterion_stands_with_its_unit() -> None:
    """Row by row as the program says."""
    assert all(f"| `{name}` | {unit} |" in DOCS for name, unit in UNITS.items())


def test_every_key_is_explained() -> None:
    """Those of the document, and of its parts with the part before them."""
    schema = policy_schema()
    parts = {"constraints": "ConstraintsForm", "packing": "PackingForm"}
    keys = {f"`{key}`" for key in schema["properties"] if key not in parts}
    for part, form in parts.items():
        keys |= {f"`{part}.{key}`" for key in schema["$defs"][form]["properties"]}
    keys |= {f"`{key}`" for key in schema["$defs"]["AudienceForm"]["properties"]}
    assert {key for key in keys if key not in DOCS} == set()
