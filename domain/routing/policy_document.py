"""A policy as people write it: one closed form, refused with the place of the mistake."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Annotated, Any, Final, Literal, TypeVar

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    field_validator,
    model_validator,
)

from domain.base.country import CountryCode
from domain.base.money import Currency
from domain.base.text import Code
from domain.location.events import Capability
from domain.routing.policy import Audience, Constraints, Criterion, CriterionName, Packing, Policy


def _dashed(name: str) -> str:
    return name.replace("_", "-")


_FORM = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True, alias_generator=_dashed)

Whole = Annotated[int, Field(strict=True, gt=0, le=1_000_000)]
Grams = Annotated[int, Field(strict=True, gt=0, le=10_000_000)]
Volume = Annotated[int, Field(strict=True, gt=0, le=10_000_000_000)]
Measure = Annotated[Decimal, Field(ge=0, le=1_000_000_000, allow_inf_nan=False, decimal_places=6)]
OrderPriority = Annotated[int, Field(strict=True, ge=0, le=9)]
Share = Annotated[Decimal, Field(ge=0, le=1, allow_inf_nan=False, decimal_places=3)]


def _sorted(names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(sorted(set(names)))


MOST_NAMES: Final = 500

Name = TypeVar("Name", bound=str)
Sorted = Annotated[tuple[Name, ...], Field(max_length=MOST_NAMES), AfterValidator(_sorted)]
"""Names in any order, each once."""


class BadPolicy(ValueError):
    """A policy document is not valid; `path` leads to the mistake, from the outermost key."""

    def __init__(self, path: tuple[str | int, ...], message: str) -> None:
        """State what is wrong, and where."""
        where = ".".join(str(step) for step in path) or "the document"
        super().__init__(f"{where}: {message}")
        self.path = path
        self.message = message


class CriterionForm(BaseModel):
    """A criterion, with a tolerance in its unit or as a share of the best, or with a weight."""

    model_config = _FORM

    name: CriterionName
    tolerance: Measure = Decimal(0)
    share: Share = Decimal(0)
    weight: Measure | None = None


def _named(value: object) -> object:
    """Accept `distance` for a criterion without more, and `distance: {tolerance: 10}`."""
    if isinstance(value, str):
        return {"name": value}
    if isinstance(value, Mapping) and len(value) == 1 and "name" not in value:
        name, settings = next(iter(value.items()))
        if isinstance(settings, Mapping):
            return {"name": name, **settings}
    return value


class ConstraintsForm(BaseModel):
    """What every plan keeps."""

    model_config = _FORM

    require: tuple[Capability, ...] = ("hazardous", "bulky", "oversize")
    bulky_radius_km: Measure | None = None
    domestic: tuple[CountryCode, ...] = ()
    most_fulfilments: Whole | None = None


class PackingForm(BaseModel):
    """How a fulfilment becomes parcels."""

    model_config = _FORM

    greatest_grams: Grams = 30_000
    greatest_cm3: Volume | None = None
    oversize_mm: Whole = 1_200
    unknown_grams: Annotated[int, Field(strict=True, ge=0, le=10_000_000)] = 0


class AudienceForm(BaseModel):
    """Whom a policy is for; what is left out is everybody."""

    model_config = _FORM

    markets: Sorted[CountryCode] = ()
    channels: Sorted[Code] = ()
    customer_groups: Sorted[Code] = ()
    services: Sorted[Code] = ()


class PolicyForm(BaseModel):
    """A version of a policy."""

    model_config = _FORM

    policy: Code
    version: Whole
    criteria: Annotated[
        tuple[Annotated[CriterionForm, BeforeValidator(_named)], ...], Field(min_length=1)
    ]
    order: Literal["priority", "money"] = "priority"
    currency: Currency = "EUR"
    constraints: ConstraintsForm = ConstraintsForm()
    packing: PackingForm = PackingForm()
    scarcity_days: Annotated[int, Field(strict=True, gt=0, le=365)] = 7
    daily_work: Whole = 100
    applies_to: AudienceForm = AudienceForm()
    priorities: Annotated[Mapping[Code, OrderPriority], Field(max_length=MOST_NAMES)] = {}

    @field_validator("criteria")
    @classmethod
    def _once_each(cls, criteria: tuple[CriterionForm, ...]) -> tuple[CriterionForm, ...]:
        names = [criterion.name for criterion in criteria]
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            raise ValueError(f"{twice[0]!r} stands twice; leave one out")
        if "unfilled" not in names:
            raise ValueError("'unfilled' is missing; without it sending nothing would be best")
        return criteria

    @model_validator(mode="after")
    def _fits_order(self) -> "PolicyForm":
        for number, criterion in enumerate(self.criteria, start=1):
            tolerant = criterion.tolerance or criterion.share
            if self.order == "money" and (criterion.weight is None or tolerant):
                raise ValueError(
                    f"criterion {number} ({criterion.name}): where money decides, each has a "
                    "weight in the currency per unit, and no tolerance"
                )
            if self.order == "priority" and criterion.weight is not None:
                raise ValueError(
                    f"criterion {number} ({criterion.name}): a weight counts only where the "
                    "order is money"
                )
        first = self.criteria[0]
        if self.order == "priority" and (
            first.name != "unfilled" or first.tolerance or first.share
        ):
            raise ValueError("by priority, 'unfilled' comes first and has no tolerance")
        return self

    def to_policy(self) -> Policy:
        """Return the policy that the engine reads."""
        return Policy(
            policy_id=self.policy,
            version=self.version,
            criteria=tuple(
                Criterion(
                    one.name,
                    one.tolerance,
                    one.share,
                    Decimal(1) if one.weight is None else one.weight,
                )
                for one in self.criteria
            ),
            order=self.order,
            currency=self.currency,
            constraints=Constraints(**dict(self.constraints)),
            packing=Packing(**dict(self.packing)),
            scarcity_days=self.scarcity_days,
            daily_work=self.daily_work,
            applies_to=Audience(**dict(self.applies_to)),
            priorities=tuple(sorted(self.priorities.items())),
        )


def read_policy(document: Any) -> Policy:
    """Return the policy of a document as read from YAML or JSON.

    Raises:
        BadPolicy: with the path of the first mistake.
    """
    try:
        return PolicyForm.model_validate(document).to_policy()
    except ValidationError as refused:
        first = refused.errors(include_url=False, include_input=False)[0]
        message = first["msg"].removeprefix("Value error, ")
        raise BadPolicy(tuple(first["loc"]), message) from refused


def policy_schema() -> dict[str, Any]:
    """Return the JSON schema of a policy document."""
    return PolicyForm.model_json_schema()
