"""A back-test from what was asked to its outcome."""

from dataclasses import dataclass, replace

from api.backtest.history import History
from api.backtest.replay import Mode, Outcome, Replay, Stage, replay
from api.backtest.sources import Kept, ReferenceSource
from api.backtest.window import Window
from domain.routing.policy import DEFAULT_POLICY, Policy
from domain.routing.replay.measuring import measuring_policy
from domain.routing.replay.rules import RuleStrategy
from domain.routing.replay.strategy import PolicyStrategy, Strategy
from eventstore.datastore import Datastore
from eventstore.reader import LogReader


@dataclass(frozen=True, slots=True)
class Asked:
    """What is to be compared with what was really done; at least one policy or rule."""

    window: Window
    mode: Mode
    reference: Kept
    policies: tuple[Policy, ...]
    rules: tuple[str, ...]

    @property
    def leading(self) -> Policy:
        """Return the first policy asked for, else the default.

        All is measured in its currency by its packing rule; rules keep its hard constraints.
        """
        return self.policies[0] if self.policies else DEFAULT_POLICY

    @property
    def names(self) -> tuple[str, ...]:
        """Return the names of all that is compared, in their order."""
        return (*(policy.name for policy in self.policies), *self.rules)

    def strategies(self) -> tuple[Strategy, ...]:
        """Return what decides, in the order asked for."""
        bare = replace(self.leading, criteria=DEFAULT_POLICY.criteria, order="priority")
        return (
            *(PolicyStrategy(policy) for policy in self.policies),
            *(RuleStrategy(rule, bare) for rule in self.rules),
        )

    def counts_work(self) -> bool:
        """Say whether any policy looks at open work."""
        names = {one.name for policy in self.policies for one in policy.criteria}
        return bool(names & {"backlog", "zone-backlog"})


def run(datastore: Datastore, reader: LogReader, asked: Asked, stage: Stage) -> Outcome:
    """Walk the log once and return what every strategy comes to.

    Raises:
        NothingToReplay: nothing was routed in the window.
        UnknownReferenceData: a decision names reference data that are not kept here.
    """
    walk = Replay(
        History(reader, counts_work=asked.counts_work()),
        ReferenceSource(datastore, asked.reference),
        asked.window,
        asked.mode,
        asked.strategies(),
        measuring_policy(asked.leading.packing, asked.leading.currency),
    )
    return replay(reader, walk, stage)
