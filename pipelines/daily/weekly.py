"""What alerts came to, in lines for a notice: rates with intervals, none left out."""

from collections.abc import Sequence

from dexter.domain.ledger import OutcomeState
from dexter.domain.moment import AsOf
from dexter.ml.ledger import Group
from dexter.ml.spreads import Spread
from dexter.store.database import Database
from pipelines.alert_outcomes import score

_TOLD = {"all", "made", "priority"}


def lines_of(database: Database, as_of: AsOf) -> Sequence[str]:
    """Every alert's outcomes by now, kept, and a line for each group and horizon.

    Raises:
        StoreError: database or prices do not read.
    """
    summary = score(database, as_of)
    return [_line(one) for one in summary.groups if one.kind in _TOLD]


def _line(group: Group) -> str:
    ours, theirs, states = group.alerts, group.everyone, dict(group.states)
    many = "1 session" if group.horizon == 1 else f"{group.horizon} sessions"
    who = group.name if group.kind == "all" else f"{group.kind} {group.name}"
    if not ours.labelled and not ours.traded:
        return f"{many}, {who}: nothing is known yet of {ours.events}"
    said = [f"{ours.hits} of {ours.labelled} at the upper limit ({_share(ours.rate)})"]
    if theirs.rate is not None:
        said[0] += f", {theirs.rate.value:.1%} of all results of those days"
    said.append(f"{_earned(ours.earned)} after cost over {ours.traded}")
    unknown = sum(
        states[state] for state in OutcomeState if state is not OutcomeState.KNOWN
    )
    if unknown:
        said.append(f"no return of {unknown} yet, or ever")
    return f"{many}, {who}: {'; '.join(said)}"


def _share(value: Spread | None) -> str:
    if value is None:
        return "not known"
    if value.low is None or value.high is None:
        return f"{value.value:.1%}"
    return f"{value.value:.1%}, {value.low:.1%} to {value.high:.1%}"


def _earned(value: Spread | None) -> str:
    if value is None:
        return "a return not known"
    if value.low is None or value.high is None:
        return f"{value.value:+.1%} (too few sessions for an interval)"
    return f"{value.value:+.1%} ({value.low:+.1%} to {value.high:+.1%})"
