"""Words for what routing counts and decides: plain English, numbers with their units."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Final

from domain.handlers.explaining.shape import CriterionValue, Named, Sent
from domain.routing.explain import CANDIDATE_ORDER, MONEY
from domain.routing.plan import FulfilmentMode, RoutingCause

MOST_NAMED: Final = 5
"""Locations that a sentence names; of more it says how many."""

CAUSES: Final[Mapping[RoutingCause, str]] = {
    "placed": "when it was placed",
    "unassigned": "again, because some of it had no stock",
    "refused": "again, because a location refused it",
    "suspended": "again, because a location was suspended",
    "changed": "again, because it was changed",
}

MODES: Final[Mapping[FulfilmentMode, str]] = {
    "ship-from-warehouse": "ships from the warehouse",
    "ship-from-store": "ships from the store",
    "dropship": "is shipped by the partner",
    "pickup": "is picked up there",
    "reserve": "is reserved there",
    "transfer": "travels to the store first",
}

REASONS: Final[Mapping[str, str]] = {
    "unknown-location": "not registered when this was decided",
    "suspended": "suspended",
    "channel-not-served": "do not serve the channel",
    "capability-missing": "cannot handle what the goods or the delivery call for",
    "country-not-served": "do not send to the country",
    "no-export": "do not export",
    "too-far-for-bulky-goods": "too far away for bulky goods",
    "closed": "no free working day in sight",
    "no-carrier": "no carrier takes the goods from there to the destination",
    "carrier-in-another-currency": "carriers there charge in another currency than the policy's",
    "refused-before": "refused this order before",
    "rest-is-elsewhere": "the rest of the order is elsewhere, and the channel never splits",
}

NAMES: Final[Mapping[str, str]] = {
    "unfilled": "unfilled units",
    "fulfilments": "the number of fulfilments",
    "transfers": "goods that must travel to the store first",
    "parcels": "the number of parcels",
    "promise": "the day of arrival",
    "shipping-cost": "shipping cost",
    "handling-cost": "handling cost",
    "distance": "distance",
    "unknown-distances": "distances that nobody knows",
    "backlog": "open work",
    "zone-backlog": "open work in the zone",
    "scarcity": "scarce stock",
    "priority": "location priority",
    MONEY: "cost in all",
    CANDIDATE_ORDER: "the channel's order of locations",
}

_UNITS: Final[Mapping[str, tuple[str, str]]] = {
    "unfilled": ("unit", "units"),
    "fulfilments": ("fulfilment", "fulfilments"),
    "transfers": ("location", "locations"),
    "parcels": ("parcel", "parcels"),
    "promise": ("day", "days"),
    "distance": ("km", "km"),
    "unknown-distances": ("location", "locations"),
    "backlog": ("day", "days"),
    "zone-backlog": ("day", "days"),
    "scarcity": ("unit", "units"),
    "priority": ("", ""),
}

_AMOUNTS: Final[Mapping[str, str]] = {
    "unfilled": "{amount} unfilled",
    "transfers": "{amount} that must send to the store first",
    "promise": "{amount} until the last arrival",
    "shipping-cost": "{amount} for shipping",
    "handling-cost": "{amount} for handling",
    "unknown-distances": "{amount} at a distance that nobody knows",
    "backlog": "{amount} of open work",
    "zone-backlog": "{amount} of open work in the zone",
    "scarcity": "{amount} from scarce stock",
    "priority": "location priority {amount}",
    MONEY: "{amount} in all",
}


def unit_of(criterion: str, currency: str | None) -> str:
    """Return the unit of a criterion's values, in the plural; money is in the currency."""
    known = _UNITS.get(criterion)
    return (currency or "") if known is None else known[1]


def number(value: Decimal) -> str:
    """Return a number with at most three decimals and no zeros at the end."""
    text = f"{value:.3f}" if value != value.to_integral_value() else f"{value:.0f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def measure(criterion: str, value: Decimal, unit: str) -> str:
    """Return a value with its unit: `1 parcel`, `12.4 km`, `4.90 EUR`."""
    known = _UNITS.get(criterion)
    if known is None:
        return f"{value:.2f} {unit}".rstrip()
    if criterion == "distance":
        return f"{value:.1f} km"
    return f"{number(value)} {known[0] if value == 1 else known[1]}".rstrip()


def amount(figure: CriterionValue) -> str:
    """Return a value in words: `0 units unfilled`, `2 days until the last arrival`."""
    told = measure(figure.criterion, figure.value, figure.unit)
    return _AMOUNTS.get(figure.criterion, "{amount}").format(amount=told)


def why_excluded(name: str) -> str:
    """Return the words for a reason; an unknown one as it is, without dashes."""
    return REASONS.get(name, name.replace("-", " "))


def plural(count: int, noun: str) -> str:
    """Return a count with its noun: `1 location`, `3 locations`."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def label(location: Named) -> str:
    """Return a location by name and id: `Leicester Depot (LEI)`."""
    if location.name == location.location_id:
        return location.name
    return f"{location.name} ({location.location_id})"


def labels(locations: Sequence[Named], most: int = MOST_NAMED) -> str:
    """Return locations as a list in words, cut off after `most`."""
    shown = [label(one) for one in locations[:most]]
    left = len(locations) - len(shown)
    if left == 1 and most > 1:
        shown.append(label(locations[most]))
    elif left:
        shown.append(f"{left} more")
    return listed(shown)


def listed(parts: Sequence[str]) -> str:
    """Return parts as a list in words: `a, b and c`."""
    if len(parts) < 2:  # noqa: PLR2004 - nothing to join
        return "".join(parts)
    return f"{', '.join(parts[:-1])} and {parts[-1]}"


def goods(sent: Sent) -> str:
    """Return a quantity of goods: `3 × MUG-WHITE`, `2.5 metre of ROPE`."""
    joint = "×" if sent.unit == "each" else f"{sent.unit} of"
    return f"{number(sent.quantity)} {joint} {sent.sku}"


def day(value: date) -> str:
    """Return a date as people write it: `27 Nov 2026`."""
    return f"{value.day} {value:%b %Y}"
