"""Routing policies: what a plan must keep and what makes one plan better than another."""

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final, Literal, get_args

from domain.location.events import Capability

CriterionName = Literal[
    "unfilled",
    "fulfilments",
    "parcels",
    "promise",
    "shipping-cost",
    "handling-cost",
    "distance",
    "backlog",
    "zone-backlog",
    "scarcity",
    "priority",
]
CRITERIA: Final[tuple[CriterionName, ...]] = get_args(CriterionName)

UNITS: Final[dict[CriterionName, str]] = {
    "unfilled": "units that no location sends",
    "fulfilments": "locations that send; one that sends to the store of a pick-up counts twice",
    "parcels": "parcels, by the packing rule",
    "promise": "days until the last parcel arrives",
    "shipping-cost": "the carriers' prices, in the policy's currency",
    "handling-cost": "the locations' handling costs, in the policy's currency",
    "distance": "kilometres, summed over the locations",
    "backlog": "days of open work at the locations, summed",
    "zone-backlog": "days of open work in the locations' backlog zones, summed",
    "scarcity": "units taken from stock that other demand needs, by how much it does",
    "priority": "the locations' priorities, summed",
}
"""What each criterion counts; less is better in all."""


@dataclass(frozen=True, slots=True)
class Criterion:
    """A criterion in its place.

    In order of priority, plans within `tolerance` (in the criterion's unit) or within `share`
    of the best (0.1: ten per cent) count as equal. Weighed in money, `weight` is what one unit
    costs in the policy's currency.
    """

    name: CriterionName
    tolerance: Decimal = Decimal(0)
    share: Decimal = Decimal(0)
    weight: Decimal = Decimal(1)


@dataclass(frozen=True, slots=True)
class Constraints:
    """What every plan keeps.

    `require` are capabilities that goods or their way may call for; one that is left out is
    not asked for. `domestic` countries send to one another without export. With `transfers`
    other locations may send to the store where goods are collected, in so many weekdays as
    `transfer_days` where no carriers are known.
    """

    require: tuple[Capability, ...] = ("hazardous", "bulky", "oversize")
    bulky_radius_km: Decimal | None = None
    domestic: tuple[str, ...] = ()
    most_fulfilments: int | None = None
    transfers: bool = False
    transfer_days: int = 2


@dataclass(frozen=True, slots=True)
class Packing:
    """How a fulfilment becomes parcels: by greatest weight and volume, spread evenly.

    An item longer than `oversize_mm` needs the capability. An item without a weight counts
    as `unknown_grams`.
    """

    greatest_grams: int = 30_000
    greatest_cm3: int | None = None
    oversize_mm: int = 1_200
    unknown_grams: int = 0


@dataclass(frozen=True, slots=True)
class Audience:
    """Whom a policy is for; an empty list is everybody.

    A market is the country that a delivery group goes to.
    """

    markets: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    customer_groups: tuple[str, ...] = ()
    services: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Policy:
    """An immutable version of a policy.

    `order`: by `priority` the criteria decide one after the other, in `money` their weighted
    sum does. `scarcity_days`: stock that covers so many days of its own demand is not scarce.
    `daily_work`: fulfilments a day of a location that states no capacity. `priorities`:
    (customer group, least priority of its orders). Events keep policies: a field that is added
    has a default, and a default never changes.
    """

    policy_id: str
    version: int
    criteria: tuple[Criterion, ...]
    order: Literal["priority", "money"] = "priority"
    currency: str = "EUR"
    constraints: Constraints = field(default_factory=Constraints)
    packing: Packing = field(default_factory=Packing)
    scarcity_days: int = 7
    daily_work: int = 100
    applies_to: Audience = field(default_factory=Audience)
    priorities: tuple[tuple[str, int], ...] = ()

    @property
    def name(self) -> str:
        """Return how a decision names its policy: `nearest/3`."""
        return f"{self.policy_id}/{self.version}"


DEFAULT_POLICY: Final = Policy(
    "default", 1, (Criterion("unfilled"), Criterion("fulfilments"), Criterion("distance"))
)
"""Most units, then fewest fulfilments, then least distance: where no published policy applies."""
