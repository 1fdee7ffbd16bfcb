"""Every policy can be written as a document that is read as the same policy."""

from typing import Final, Literal

from hypothesis import given, settings
from hypothesis import strategies as st

from domain.routing.policy import (
    CRITERIA,
    Audience,
    Constraints,
    Criterion,
    CriterionName,
    Packing,
    Policy,
)
from domain.routing.policy_content import content_hash, document_of
from domain.routing.policy_document import read_policy

OTHERS: Final[list[CriterionName]] = [name for name in CRITERIA if name != "unfilled"]
MEASURES: Final = st.decimals(0, 1_000_000, places=6)
SHARES: Final = st.decimals(0, 1, places=3)
WHOLE: Final = st.integers(1, 1_000_000)
CODES: Final = st.from_regex(r"\A[A-Za-z0-9][A-Za-z0-9._\-]{0,9}\Z")
SORTED_CODES: Final = st.sets(CODES, max_size=3).map(lambda names: tuple(sorted(names)))
SORTED_COUNTRIES: Final = st.sets(st.sampled_from(["AT", "CH", "DE", "NO"]), max_size=3).map(
    lambda names: tuple(sorted(names))
)


@st.composite
def policies(draw: st.DrawFn) -> Policy:
    """Draw any policy that can be written."""
    others = draw(st.permutations(OTHERS))
    names: tuple[CriterionName, ...] = (
        "unfilled",
        *others[: draw(st.integers(0, len(others)))],
    )
    order: Literal["priority", "money"] = draw(st.sampled_from(["priority", "money"]))
    if order == "money":
        criteria = tuple(Criterion(name, weight=draw(MEASURES)) for name in names)
    else:
        criteria = (
            Criterion("unfilled"),
            *(Criterion(name, draw(MEASURES), draw(SHARES)) for name in names[1:]),
        )
    return Policy(
        draw(CODES),
        draw(WHOLE),
        criteria,
        order=order,
        currency=draw(st.sampled_from(["EUR", "CHF"])),
        constraints=Constraints(
            require=tuple(draw(st.sets(st.sampled_from(["hazardous", "bulky", "export"])))),
            bulky_radius_km=draw(st.none() | MEASURES),
            domestic=draw(SORTED_COUNTRIES),
            most_fulfilments=draw(st.none() | WHOLE),
            transfers=draw(st.booleans()),
            transfer_days=draw(st.integers(0, 30)),
        ),
        packing=Packing(draw(WHOLE), draw(st.none() | WHOLE), draw(WHOLE), draw(WHOLE)),
        scarcity_days=draw(st.integers(1, 365)),
        daily_work=draw(WHOLE),
        applies_to=Audience(
            draw(SORTED_COUNTRIES), draw(SORTED_CODES), draw(SORTED_CODES), draw(SORTED_CODES)
        ),
        priorities=tuple(
            sorted(draw(st.dictionaries(CODES, st.integers(0, 9), max_size=3)).items())
        ),
    )


@settings(max_examples=50)
@given(policies())
def test_a_policy_is_read_from_its_own_document(policy: Policy) -> None:
    """Nothing is lost and nothing added, so content and hash stand for the whole policy."""
    read = read_policy(document_of(policy))
    assert read == policy
    assert content_hash(read) == content_hash(policy)
