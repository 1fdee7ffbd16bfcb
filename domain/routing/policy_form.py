"""A policy as people write it: one closed form."""

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Annotated, Final, Literal, TypeVar

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    field_validator,
    model_validator,
)
from pydantic_core import PydanticCustomError

from domain.base.country import CountryCode
from domain.base.money import Currency
from domain.base.text import Code
from domain.location.events import Capability
from domain.routing.policy import Audience, Constraints, Criterion, CriterionName, Packing, Policy


def dashed(name: str) -> str:
    """Return a field's name as it is written: `most-fulfilments`."""
    return name.replace("_", "-")


_FORM = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True, alias_generator=dashed)


def _spelt_plainly(value: object) -> object:
    """Refuse texts that Python reads as numbers and people do not: `1_0`, digits of other scripts.

    Raises:
        ValueError: naming what may be written.
    """
    if isinstance(value, str) and not _NUMBER.fullmatch(value):
        raise ValueError("write a number in digits, such as 2.5")
    return value


_NUMBER: Final = re.compile(r"[-+]?[0-9]+(\.[0-9]+)?")
_Spelt = BeforeValidator(_spelt_plainly)

Whole = Annotated[int, Field(strict=True, gt=0, le=1_000_000)]
Version = Annotated[int, Field(strict=True, gt=0, le=2_000_000_000)]
"""Wide enough for a day as a number, such as 20260302, and for all that follow it."""
Grams = Annotated[int, Field(strict=True, gt=0, le=10_000_000)]
Volume = Annotated[int, Field(strict=True, gt=0, le=10_000_000_000)]
Measure = Annotated[
    Decimal, Field(ge=0, le=1_000_000_000, allow_inf_nan=False, decimal_places=6), _Spelt
]
OrderPriority = Annotated[int, Field(strict=True, ge=0, le=9)]
Share = Annotated[Decimal, Field(ge=0, le=1, allow_inf_nan=False, decimal_places=3), _Spelt]


def _sorted(names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(sorted(set(names)))


MOST_NAMES: Final = 500

Name = TypeVar("Name", bound=str)
Sorted = Annotated[tuple[Name, ...], Field(max_length=MOST_NAMES), AfterValidator(_sorted)]
"""Names in any order, each once."""


class CriterionSettings(BaseModel):
    """A tolerance in the criterion's unit, or as a share of the best; or a weight."""

    model_config = _FORM

    tolerance: Measure = Decimal(0)
    share: Share = Decimal(0)
    weight: Measure | None = None


class CriterionForm(CriterionSettings):
    """A criterion with its settings."""

    name: CriterionName


def _named(value: object) -> object:
    """Accept `distance` for a criterion without more, and `distance: {tolerance: 10}`.

    Raises:
        PydanticCustomError: it is neither, nor a mapping with a name.
    """
    if isinstance(value, str):
        return {"name": value}
    if not isinstance(value, Mapping) or "name" in value:
        return value
    settings = next(iter(value.values())) if len(value) == 1 else None
    if not isinstance(settings, Mapping):
        raise _mistake(
            "write one criterion for each entry, as distance or distance: {share: 0.1}", at=()
        )
    return {"name": next(iter(value)), **settings}


Written = CriterionName | dict[CriterionName, CriterionSettings] | CriterionForm
"""How a criterion may be written."""


class ConstraintsForm(BaseModel):
    """What every plan keeps."""

    model_config = _FORM

    require: tuple[Capability, ...] = ("hazardous", "bulky", "oversize")
    bulky_radius_km: Measure | None = None
    domestic: tuple[CountryCode, ...] = ()
    most_fulfilments: Whole | None = None
    transfers: Annotated[bool, Field(strict=True)] = False
    transfer_days: Annotated[int, Field(strict=True, ge=0, le=30)] = 2


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
    version: Version
    criteria: Annotated[
        tuple[Annotated[CriterionForm, BeforeValidator(_named, Written)], ...],
        Field(min_length=1),
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
        for number, criterion in enumerate(self.criteria):
            tolerant = criterion.tolerance or criterion.share
            if self.order == "money" and (criterion.weight is None or tolerant):
                raise _mistake(
                    f"{criterion.name!r}: where money decides, each criterion has a weight in the "
                    "currency per unit, and no tolerance",
                    at=("criteria", number),
                )
            if criterion.name == "unfilled" and criterion.weight == 0:
                raise _mistake(
                    "'unfilled': with the weight 0 sending nothing would be best",
                    at=("criteria", number),
                )
            if self.order == "priority" and criterion.weight is not None:
                raise _mistake(
                    f"{criterion.name!r}: a weight counts only where the order is money",
                    at=("criteria", number),
                )
        first = self.criteria[0]
        if self.order == "priority" and (
            first.name != "unfilled" or first.tolerance or first.share
        ):
            raise _mistake(
                "by priority, 'unfilled' comes first and has no tolerance", at=("criteria", 0)
            )
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


def _mistake(message: str, *, at: tuple[str | int, ...]) -> PydanticCustomError:
    return PydanticCustomError("policy", "{message}", {"message": message, "at": at})
