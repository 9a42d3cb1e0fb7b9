"""What alerts came to, beside every event of the same days; nothing is left out."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from dexter.domain.alert import Priority
from dexter.domain.ledger import AlertOutcome, AlertRecord, OutcomeState
from dexter.features.columns import Array, Mask, Whole
from dexter.ml.spreads import Sessions, Spread, rate

SEED = 20180401
NO_MODEL = "no model"
IN_TIME, LATE = "in time", "late"


@dataclass(frozen=True, slots=True)
class Followed:
    """Alerts and what became of them at one horizon, a row each.

    ``day0`` is session 0 of each as days since 1970, -1 where it is not known; ``late``
    whether an alert was made after the open it is held to.
    """

    horizon: int
    records: tuple[AlertRecord, ...]
    outcomes: tuple[AlertOutcome, ...]
    day0: Whole
    late: Mask


@dataclass(frozen=True, slots=True)
class Everyone:
    """All events of the days alerts were of, at one horizon; NaN where not known."""

    day0: Whole
    hit: Array
    net_return: Array
    abnormal: Array


@dataclass(frozen=True, slots=True)
class Came:
    """Events and what came of them.

    ``labelled`` have a known hit or miss, ``traded`` a known return. ``rate`` has
    Wilson's interval, ``clustered``, ``earned`` and ``moved`` that of whole sessions
    redrawn.
    """

    events: int
    labelled: int
    hits: int
    rate: Spread | None
    clustered: Spread | None
    traded: int
    earned: Spread | None
    moved: Spread | None


@dataclass(frozen=True, slots=True)
class Group:
    """Some alerts at a horizon, and all events of their days.

    ``states`` counts alerts by what is known of them, in the order of ``OutcomeState``;
    together they are all alerts. ``late`` were made after the open they are held to.
    """

    horizon: int
    kind: str
    name: str
    states: tuple[tuple[OutcomeState, int], ...]
    late: int
    alerts: Came
    everyone: Came


@dataclass(frozen=True, slots=True)
class LedgerSummary:
    """Every group, and the alerts whose return is not known, by name."""

    groups: tuple[Group, ...]
    unknown: tuple[AlertOutcome, ...]


def summarise(
    followed: Sequence[Followed], everyone: Sequence[Everyone]
) -> LedgerSummary:
    """Count and measure alerts at each horizon beside the events of the same days."""
    groups = [
        group
        for mine, theirs in zip(followed, everyone, strict=True)
        for group in _groups(mine, theirs)
    ]
    unknown = tuple(
        one
        for mine in followed
        for one in mine.outcomes
        if one.state is not OutcomeState.KNOWN
    )
    return LedgerSummary(tuple(groups), unknown)


def _groups(mine: Followed, theirs: Everyone) -> Iterator[Group]:
    ours = Everyone(
        day0=mine.day0,
        hit=_column([one.hit for one in mine.outcomes]),
        net_return=_column([one.net_return for one in mine.outcomes]),
        abnormal=_column([one.abnormal for one in mine.outcomes]),
    )
    drawn = Sessions.of(ours.day0, SEED)
    drawn_all = Sessions.of(theirs.day0, SEED)
    for kind, name, chosen in _parts(mine):
        states = [one.state for one in _those(mine.outcomes, chosen)]
        same_days = np.isin(theirs.day0, ours.day0[chosen & drawn.begun])
        yield Group(
            horizon=mine.horizon,
            kind=kind,
            name=name,
            states=tuple((state, states.count(state)) for state in OutcomeState),
            late=int((mine.late & chosen).sum()),
            alerts=_came(ours, drawn, chosen),
            everyone=_came(theirs, drawn_all, same_days),
        )


def _parts(mine: Followed) -> Iterator[tuple[str, str, Mask]]:
    records = mine.records
    yield "all", "all alerts", np.ones(len(records), dtype=np.bool_)
    if mine.late.any():
        yield "made", IN_TIME, ~mine.late
        yield "made", LATE, mine.late
    for priority in Priority:
        told = [record.priority is priority for record in records]
        if any(told):
            yield "priority", priority.value, np.array(told, dtype=np.bool_)
    models = [record.model_version or NO_MODEL for record in records]
    for model in sorted(set(models)):
        chosen = np.array([one == model for one in models], dtype=np.bool_)
        yield "model", model, chosen


def _came(events: Everyone, drawn: Sessions, chosen: Mask) -> Came:
    labelled = chosen & np.isfinite(events.hit)
    traded = chosen & np.isfinite(events.net_return)
    hits, trials = int(events.hit[labelled].sum()), int(labelled.sum())
    return Came(
        events=int(chosen.sum()),
        labelled=trials,
        hits=hits,
        rate=rate(hits, trials),
        clustered=drawn.mean(events.hit, labelled),
        traded=int(traded.sum()),
        earned=drawn.mean(events.net_return, traded),
        moved=drawn.mean(events.abnormal, chosen & np.isfinite(events.abnormal)),
    )


def _column(values: Sequence[float | None]) -> Array:
    return np.array([np.nan if v is None else float(v) for v in values], np.float64)


def _those(outcomes: Sequence[AlertOutcome], chosen: Mask) -> Iterator[AlertOutcome]:
    return (one for one, here in zip(outcomes, chosen, strict=True) if here)
