"""A policy as people write it: one closed form, refused with the place of the mistake."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from difflib import get_close_matches
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
from pydantic_core import ErrorDetails, PydanticCustomError

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
LONGEST_SHOWN: Final = 60

Name = TypeVar("Name", bound=str)
Sorted = Annotated[tuple[Name, ...], Field(max_length=MOST_NAMES), AfterValidator(_sorted)]
"""Names in any order, each once."""


class BadPolicy(ValueError):
    """A policy document is not valid; `path` leads to the mistake, from the outermost key.

    `in_key` says that the last key itself is the mistake, and not what it stands for.
    """

    def __init__(self, path: tuple[str | int, ...], message: str, *, in_key: bool = False) -> None:
        """State what is wrong, and where."""
        super().__init__(f"{place_of(path)}: {message}")
        self.path = path
        self.message = message
        self.in_key = in_key


def place_of(path: tuple[str | int, ...]) -> str:
    """Return a path as people read it: `criteria.1.tolerance`."""
    return ".".join(_short(str(step)) for step in path) or "the document"


def _short(text: str) -> str:
    text = text if text.isprintable() else ascii(text)
    return text if len(text) <= LONGEST_SHOWN else f"{text[:LONGEST_SHOWN]}…"


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
    """Accept `distance` for a criterion without more, and `distance: {tolerance: 10}`."""
    if isinstance(value, str):
        return {"name": value}
    if isinstance(value, Mapping) and len(value) == 1 and "name" not in value:
        name, settings = next(iter(value.items()))
        if isinstance(settings, Mapping):
            return {"name": name, **settings}
    return value


Written = CriterionName | dict[CriterionName, CriterionSettings] | CriterionForm
"""How a criterion may be written."""


class ConstraintsForm(BaseModel):
    """What every plan keeps."""

    model_config = _FORM

    require: tuple[Capability, ...] = ("hazardous", "bulky", "oversize")
    bulky_radius_km: Measure | None = None
    domestic: tuple[CountryCode, ...] = ()
    most_fulfilments: Whole | None = None
    transfers: bool = False
    transfer_days: Annotated[int, Field(ge=0, le=30)] = 2


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


def read_policy(document: Any) -> Policy:
    """Return the policy of a document as read from YAML or JSON.

    Raises:
        BadPolicy: with the path of the first mistake.
    """
    return read_form(document).to_policy()


def read_form(document: Any) -> PolicyForm:
    """Return a document as a valid form.

    Raises:
        BadPolicy: with the path of the first mistake.
    """
    try:
        return PolicyForm.model_validate(document)
    except ValidationError as refused:
        raise _bad(refused.errors(include_url=False)[0]) from None


def _mistake(message: str, *, at: tuple[str | int, ...]) -> PydanticCustomError:
    return PydanticCustomError("policy", "{message}", {"message": message, "at": at})


def _bad(error: ErrorDetails) -> BadPolicy:
    """Return what pydantic found in our words, with the nearest word that is known."""
    path = (*error["loc"], *error.get("ctx", {}).get("at", ()))
    message = error["msg"].removeprefix("Value error, ")
    if error["type"] == "extra_forbidden":
        known = [_dashed(name) for name in _form_at(path).model_fields]
        message = f"{_short(str(path[-1]))!r} is no key here{_nearest(path[-1], known)}"
    elif error["type"] == "literal_error":
        known = str(error["ctx"]["expected"]).replace(" or ", ", ").replace("'", "").split(", ")
        message = f"{message}{_nearest(error['input'], known)}"
    return BadPolicy(path, message, in_key=error["type"] == "extra_forbidden")


def _form_at(path: tuple[str | int, ...]) -> type[BaseModel]:
    return _PARTS.get(path[0], PolicyForm) if len(path) > 1 else PolicyForm


def _nearest(word: object, known: Sequence[str]) -> str:
    """Return `; did you mean 'distance'?` where a known word is near."""
    found = get_close_matches(_short(str(word)), known, n=1)
    return f"; did you mean {found[0]!r}?" if found else ""


_PARTS: Final[Mapping[str | int, type[BaseModel]]] = {
    "criteria": CriterionForm,
    "constraints": ConstraintsForm,
    "packing": PackingForm,
    "applies-to": AudienceForm,
}


def policy_schema() -> dict[str, Any]:
    """Return the JSON schema of a policy document."""
    return PolicyForm.model_json_schema()
