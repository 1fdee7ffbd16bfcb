"""Why a command on a routing policy is refused."""

from domain.base.errors import Conflict, Invalid, NotFound


class UnknownPolicy(NotFound):
    """No policy with that id was published."""

    code = "unknown-policy"
    title = "Unknown policy"


class PolicyVersionTaken(Conflict):
    """Versions are immutable and rise: that version, or a later one, was published before."""

    code = "policy-version-taken"
    title = "The version was published before"


class PolicyIsRetired(Conflict):
    """The policy is out of force already."""

    code = "policy-retired"
    title = "The policy is retired already"


class ReservedPolicy(Invalid):
    """The id means something else: `default` is the engine's own policy, `schema` an address."""

    code = "reserved-policy"
    title = "The id is taken"
