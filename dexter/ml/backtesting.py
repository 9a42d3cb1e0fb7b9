"""What a frozen model said of dated results, and what came of it, summed up.

Everything is counted: an event the model refused, one whose outcome is not known and
one nobody could have bought each has its place, so that no rate hides a denominator.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

import numpy as np

from dexter.domain.alert import Confidence, Demonstrated, Priority
from dexter.ml.evaluation import (
    FEWEST_SESSIONS,
    Metrics,
    demonstrated,
    evaluate,
)
from dexter.ml.intervals import Mask, Whole
from dexter.ml.sample import OutOfSample
from dexter.ml.spreads import Sessions, Spread, rate

_NUMBER = re.compile(r"(?<!\w)\d+(?:[.,]\d+)*(?!\w)")
_COMPANY = re.compile(r"^No probability for \S+: ")


@dataclass(frozen=True, slots=True)
class Frozen:
    """The model held to the events: what its manifest says.

    ``edge`` is the verdict of its own record; ``seed`` that of every draw of sessions.
    """

    version: str
    label: str
    trained_until: date
    base_rate: float
    threshold: float
    seed: int
    edge: Demonstrated


@dataclass(frozen=True, slots=True)
class Rows:
    """One results event a row, by publication.

    Attributes:
        sample: Probability and raw score are NaN where the model refused, the label
            where it is not known.
        published_day: The day each came out, as days since 1970.
        refusal: Why there is no probability, in the model's words; null where there is.
        unknown: Why there is no label; null where there is.
        confidence: Null where there is no probability.
        priority: By the rule of alerts.
        locked: Whether the open of session 0 was locked at the upper limit.
    """

    sample: OutOfSample
    published_day: Whole
    refusal: tuple[str | None, ...]
    unknown: tuple[str | None, ...]
    confidence: tuple[Confidence | None, ...]
    priority: tuple[Priority, ...]
    locked: Mask

    def __len__(self) -> int:
        """Number of events."""
        return len(self.sample)

    @property
    def scored(self) -> Mask:
        """Which events have a probability."""
        return np.isfinite(self.sample.probability)

    @property
    def labelled(self) -> Mask:
        """Which events have a known outcome."""
        return np.isfinite(self.sample.label)


class Kind(StrEnum):
    """What the events of a group have in common."""

    ALL = "all"
    PRIORITY = "priority"
    CONFIDENCE = "confidence"


@dataclass(frozen=True, slots=True)
class Group:
    """Some of the events and what came of them.

    Attributes:
        events: How many, on ``sessions`` sessions 0.
        labelled: Of them those whose outcome is known; ``hits`` of these are 1.
        rate: Hits per labelled event with Wilson's interval, ``clustered`` with that
            of whole sessions redrawn.
        traded: Those somebody could have bought and whose return is known.
        earned: Their mean return after cost from the first tradable price, per one.
        moved: Mean move of the window less the market's, part of it before anybody
            could have bought.
        locked: Those whose first open was locked at the upper limit.
    """

    kind: Kind
    name: str
    events: int
    sessions: int
    labelled: int
    hits: int
    rate: Spread | None
    clustered: Spread | None
    traded: int
    earned: Spread | None
    moved: Spread | None
    locked: int


@dataclass(frozen=True, slots=True)
class Summary:
    """A backtest in numbers.

    Attributes:
        model: What was held to the events.
        events: Every dated results event published in the range.
        scored: Those the model spoke about; ``refused`` counts the others by reason.
        unknown: Events without an outcome, by reason.
        in_sample: Events published by the day the model was trained until.
        groups: All events first, then by priority and by confidence.
        metrics: Of the scored with a known outcome; null where ``unmeasured`` says why.
        fresh: The same of those published after the model was trained; only they can
            show skill or edge.
    """

    model: Frozen
    events: int
    scored: int
    refused: tuple[tuple[str, int], ...]
    unknown: tuple[tuple[str, int], ...]
    in_sample: int
    groups: tuple[Group, ...]
    metrics: Metrics | None
    unmeasured: str | None
    fresh: Metrics | None

    @property
    def skill(self) -> Demonstrated:
        """Whether Brier skill against the base rate lies above 0 out of sample here."""
        return demonstrated(self.fresh.skill if self.fresh else None)

    @property
    def edge(self) -> Demonstrated:
        """Whether the flagged earned above 0 after cost out of sample here."""
        return demonstrated(self.fresh.earned if self.fresh else None)

    def of(self, kind: Kind) -> tuple[Group, ...]:
        """The groups of one kind."""
        return tuple(group for group in self.groups if group.kind is kind)


def summarise(rows: Rows, model: Frozen) -> Summary:
    """Count and measure a backtest; the same rows give the same summary."""
    until = np.datetime64(model.trained_until, "D").astype(np.int64)
    learned = rows.published_day <= until
    measured = rows.scored & rows.labelled
    metrics = fresh = _metrics(rows.sample, measured, model)
    if (learned & measured).any():
        fresh = _metrics(rows.sample, measured & ~learned, model)
    return Summary(
        model=model,
        events=len(rows),
        scored=int(rows.scored.sum()),
        refused=_counted(rows.refusal),
        unknown=_counted(rows.unknown),
        in_sample=int(learned.sum()),
        groups=tuple(_groups(rows, model.seed)),
        metrics=metrics,
        unmeasured=_unmeasured(rows.sample, measured),
        fresh=fresh,
    )


def kind_of(reason: str) -> str:
    """A reason without the company and numbers that make it one event's own."""
    return _NUMBER.sub("…", _COMPANY.sub("", reason).rstrip("."))


def _counted(reasons: Iterable[str | None]) -> tuple[tuple[str, int], ...]:
    counts = Counter(kind_of(reason) for reason in reasons if reason is not None)
    return tuple(sorted(counts.items(), key=lambda one: (-one[1], one[0])))


def _unmeasured(sample: OutOfSample, chosen: Mask) -> str | None:
    sessions = len(np.unique(sample.day[chosen]))
    if sessions < FEWEST_SESSIONS:
        return (
            f"{int(chosen.sum()):,} events with a probability and a known outcome, on "
            f"{sessions} sessions; {FEWEST_SESSIONS} are needed"
        )
    return None


def _metrics(sample: OutOfSample, chosen: Mask, model: Frozen) -> Metrics | None:
    if _unmeasured(sample, chosen):
        return None
    return evaluate(sample.take(chosen), model.threshold, model.seed)


def _groups(rows: Rows, seed: int) -> Iterator[Group]:
    sessions = Sessions.of(rows.sample.day, seed)
    for kind, name, chosen in _parts(rows):
        yield _group(rows, sessions, (kind, name), chosen)


def _parts(rows: Rows) -> Iterator[tuple[Kind, str, Mask]]:
    yield Kind.ALL, "all events", np.ones(len(rows), dtype=np.bool_)
    yield Kind.ALL, "scored", rows.scored
    for priority in Priority:
        yield Kind.PRIORITY, priority.value, _equal(rows.priority, priority)
    for confidence in reversed(Confidence):
        yield Kind.CONFIDENCE, confidence.value, _equal(rows.confidence, confidence)
    yield Kind.CONFIDENCE, "none", ~rows.scored


def _equal(values: Sequence[object], wanted: object) -> Mask:
    return np.array([value is wanted for value in values], dtype=np.bool_)


def _group(
    rows: Rows, sessions: Sessions, called: tuple[Kind, str], chosen: Mask
) -> Group:
    sample = rows.sample
    labelled = chosen & rows.labelled
    traded = chosen & np.isfinite(sample.net_return)
    hits, trials = int(sample.label[labelled].sum()), int(labelled.sum())
    return Group(
        kind=called[0],
        name=called[1],
        events=int(chosen.sum()),
        sessions=sessions.count(chosen),
        labelled=trials,
        hits=hits,
        rate=rate(hits, trials),
        clustered=sessions.mean(sample.label, labelled),
        traded=int(traded.sum()),
        earned=sessions.mean(sample.net_return, traded),
        moved=sessions.mean(sample.abnormal, chosen & np.isfinite(sample.abnormal)),
        locked=int((chosen & rows.locked).sum()),
    )
