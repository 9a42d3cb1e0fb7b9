"""What alerts came to, in lines for a notice: rates with intervals, none left out."""

from collections.abc import Sequence

from dexter.domain.ledger import OutcomeState
from dexter.domain.moment import AsOf
from dexter.ml.ledger import Group
from dexter.ml.spreads import Spread
from dexter.store.database import Database
from pipelines.alert_outcomes import score


def lines_of(database: Database, as_of: AsOf) -> Sequence[str]:
    """Every alert's outcomes by now, kept, and a line for each group and horizon.

    Raises:
        StoreError: database or prices do not read.
    """
    summary = score(database, as_of)
    return [_line(one) for one in summary.groups if one.kind in {"all", "priority"}]


def _line(group: Group) -> str:
    ours, states = group.alerts, dict(group.states)
    waiting = sum(
        states[state] for state in OutcomeState if state is not OutcomeState.KNOWN
    )
    return (
        f"{group.horizon} sessions, {group.name}: {ours.events} alerts, "
        f"{ours.hits} of {ours.labelled} closed at the upper limit "
        f"({_percent(ours.rate)}); after cost {_percent(ours.earned)} over "
        f"{ours.traded} with a price; {waiting} without one yet or ever"
    )


def _percent(value: Spread | None) -> str:
    if value is None:
        return "not known"
    if value.low is None or value.high is None:
        return f"{value.value:+.1%}, too few sessions for an interval"
    return f"{value.value:+.1%}, {value.low:+.1%} to {value.high:+.1%}"
