"""The tables of a model's evaluation, for a terminal and for a page alike."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from dexter.console.plots import LARGEST
from dexter.ml.comparison import Comparison
from dexter.ml.drift import MOVED, SHIFTED, level
from dexter.ml.evaluation import FEWEST_SESSIONS, Metrics
from dexter.ml.intervals import Estimate
from dexter.ml.judgement import (
    FEWEST_EVENTS,
    FEWEST_HITS_IN_GROUP,
    Group,
    Kind,
)
from dexter.ml.report import ModelReport
from dexter.ml.sample import VOLATILITY
from dexter.ml.verdict import number, spread

TOO_FEW = "too few"
_LAKH = 100_000


@dataclass(frozen=True, slots=True)
class Section:
    """A titled table; its first ``left`` columns are words, the others figures.

    ``folded`` ones are shown when asked for, where a face can.
    """

    title: str
    words: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    pictures: tuple[str, ...] = ()
    left: int = 1
    folded: bool = False


@dataclass(frozen=True, slots=True)
class Measure:
    """A column of a table of groups."""

    name: str
    cell: Callable[[Metrics], str]


def _percent(estimate: Estimate | None, *, signed: bool = False) -> str:
    return spread(estimate, percent=True, signed=signed)


def _plain(estimate: Estimate | None, places: int = 2) -> str:
    return spread(estimate, signed=False, places=places)


PROBABILITIES = (
    Measure("skill", lambda m: spread(m.skill)),
    Measure("ROC AUC", lambda m: _plain(m.roc_auc)),
    Measure("PR AUC", lambda m: _plain(m.pr_auc)),
)
LIKELIEST = (
    Measure("lift at 10%", lambda m: _plain(m.lift, 1)),
    Measure("seen / expected", lambda m: _plain(m.ratio)),
    Measure("return after cost", lambda m: _percent(m.earned, signed=True)),
)
FLAGGED = (
    Measure("flagged", lambda m: f"{m.chosen:,}"),
    Measure("precision", lambda m: _percent(m.precision)),
    Measure("recall", lambda m: _percent(m.recall)),
    Measure("F1", lambda m: _plain(m.f1)),
)
ERRORS = (
    Measure("Brier", lambda m: _plain(m.brier, 4)),
    Measure("log loss", lambda m: _plain(m.log_loss, 3)),
    Measure("slope", lambda m: _plain(m.mended.slope if m.mended else None)),
)
FIRST, FURTHER = (*PROBABILITIES, *LIKELIEST), (*FLAGGED, *ERRORS)

_TITLES = {
    Kind.SEASON: "By season",
    Kind.TURNOVER: "By liquidity",
    Kind.BAND: "By price band",
    Kind.COHORT: "By cohort",
}


def rivals(report: ModelReport) -> Section:
    """The model against simpler ones on the same events."""
    found = report.judged.comparisons
    return Section(
        title="Against simpler models",
        words="On the same events; gained is how far this model is better, both "
        "compared within each redrawing of sessions.",
        head=("against", "measure", "this model", "the other", "gained (95%)", ""),
        rows=tuple(row for one in found for row in _against(one)),
        pictures=("precision_recall", "roc"),
        left=2,
    )


def _against(found: Comparison) -> Iterator[tuple[str, ...]]:
    measures = (
        ("Brier skill", found.skill),
        ("ROC AUC", found.roc_auc),
        ("PR AUC", found.pr_auc),
        ("log loss", found.log_loss),
    )
    for place, (name, both) in enumerate(measures):
        clear = "better" if both.better else "worse" if both.worse else "not clear"
        figures = (number(value, places=3) for value in (both.ours, both.theirs))
        rival = "" if place else found.rival
        yield rival, name, *figures, spread(both.gain, places=3), clear


def measures(report: ModelReport) -> Section:
    """Every measure of all events, beside what knowing nothing would give."""
    found = report.overall
    share = number(found.chosen / found.events, percent=True)
    base = number(found.base_rate, percent=True)
    mended = found.mended
    rows = (
        ("Brier skill", spread(found.skill), "0"),
        (
            "Brier score",
            _plain(found.brier, 4),
            number(found.brier_reference, places=4),
        ),
        (
            "log loss, nats",
            _plain(found.log_loss, 3),
            number(found.log_loss_reference, places=3),
        ),
        ("ROC AUC", _plain(found.roc_auc, 3), "0.5"),
        ("PR AUC", _plain(found.pr_auc, 3), number(found.base_rate, places=3)),
        ("lift at 10%", _plain(found.lift), "1"),
        ("hits seen / expected, likeliest tenth", _plain(found.ratio), "1"),
        ("calibration slope", _plain(mended.slope if mended else None), "1"),
        ("calibration intercept", spread(mended.intercept if mended else None), "0"),
        (f"precision of {found.chosen:,} flagged", _percent(found.precision), base),
        ("recall of the flagged", _percent(found.recall), share),
        ("F1 of the flagged", _plain(found.f1), "–"),
        (
            f"return after cost of {found.traded:,} flagged",
            _percent(found.earned, signed=True),
            "0",
        ),
        ("the same less that of all events", _percent(found.edge, signed=True), "0"),
        (
            "move of the flagged less the market's",
            _percent(found.moved, signed=True),
            "0",
        ),
    )
    return Section(
        title="Out of sample",
        words=f"{found.events:,} events with {found.hits:,} hits on "
        f"{found.sessions:,} sessions, {found.first} to {found.last}. The move less "
        "the market's counts from before the results: part of it nobody could buy.",
        head=("measure", "value (95%)", "knowing nothing"),
        rows=rows,
    )


def groups(
    report: ModelReport, kinds: Sequence[Kind], measures: Sequence[Measure], title: str
) -> Section:
    """Groups of events side by side, all events above them."""
    judged = report.judged
    wanted = [*judged.of(Kind.ALL), *judged.of(Kind.RECENT)]
    wanted += [group for kind in kinds for group in judged.of(kind)]
    words = (
        f"Fewer than {FEWEST_EVENTS} events, {FEWEST_HITS_IN_GROUP} hits or "
        f"{FEWEST_SESSIONS} sessions are too few to measure."
        if any(group.metrics is None for group in wanted)
        else ""
    )
    return Section(
        title=title,
        words=words,
        head=("", "events", "hits", *(measure.name for measure in measures)),
        rows=tuple(_group(group, measures) for group in wanted),
        pictures=("seasons",) if Kind.SEASON in kinds else (),
    )


def every_group(report: ModelReport) -> Iterator[Section]:
    """Two tables a kind of group, which together have every measure."""
    for kind, title in _TITLES.items():
        yield groups(report, (kind,), FIRST, title)
        further = groups(report, (kind,), FURTHER, f"{title}: further measures")
        yield replace(further, words="", pictures=(), folded=True)


def _group(group: Group, measures: Sequence[Measure]) -> tuple[str, ...]:
    counts = group.label, f"{group.events:,}", f"{group.hits:,}"
    if group.metrics is None:
        return *counts, TOO_FEW, *[""] * (len(measures) - 1)
    return *counts, *(measure.cell(group.metrics) for measure in measures)


def reliability(report: ModelReport) -> Section:
    """What was said, and what happened."""
    rows = (
        (
            f"{_share(part.low)} to {_share(part.high)}",
            f"{part.events:,}",
            f"{part.hits:,}",
            _share(part.mean),
            _percent(part.rate),
        )
        for part in report.overall.bins
    )
    return Section(
        title="Reliability",
        words="Events of neighbouring probability: the mean of what was said beside "
        "what happened.",
        head=("said", "events", "hits", "mean said", "happened (95%)"),
        rows=tuple(rows),
        pictures=("reliability", "deciles"),
    )


def contributions(report: ModelReport) -> Section:
    """The inputs that move predictions most."""
    every = report.facts.importances
    shown = every[:LARGEST]
    return Section(
        title="What it looks at",
        words="Mean absolute contribution of an input to a prediction's log-odds "
        f"(SHAP); the largest {len(shown)} of {len(every)}.",
        head=("input", "log-odds"),
        rows=tuple((name, number(value, places=3)) for name, value in shown),
        pictures=("contributions",),
    )


def drift(report: ModelReport) -> Section:
    """How far inputs moved since training."""
    ordered = sorted(report.facts.drift.items(), key=lambda one: (-one[1], one[0]))
    moved = sum(psi >= MOVED for _, psi in ordered)
    shifted = sum(SHIFTED <= psi < MOVED for _, psi in ordered)
    return Section(
        title="Drift",
        words=f"Population stability index of the latest seasons against those before: "
        f"of {len(ordered)} inputs {moved} moved (from {MOVED} on), {shifted} shifted "
        f"(from {SHIFTED} on).",
        head=("input", "PSI", ""),
        rows=tuple((n, number(v), level(v).value) for n, v in ordered[:LARGEST]),
        pictures=("drift",),
    )


def decided(report: ModelReport) -> Section:
    """How many settings were tried, and what was decided how."""
    facts, bounds, found = report.facts, report.judged.bounds, report.overall
    seasons = len(report.judged.of(Kind.SEASON))
    lakh = 10**bounds.minimum_turnover / _LAKH
    rows = (
        ("settings tried", _told(facts.trials)),
        ("chosen among them", _told(facts.selection)),
        ("split", _told(facts.split)),
        ("sessions embargoed", _told(facts.embargo)),
        ("out of sample", f"{seasons} seasons, {found.first} to {found.last}"),
        ("intervals", "95%, whole sessions redrawn; seeded"),
        (
            "flagged",
            (
                f"from {_share(bounds.threshold)} on: the highest twentieth of what "
                "was said, outcomes not looked at"
            ),
        ),
        ("noted", f"from {_share(bounds.medium_from)} on: the highest fifth"),
        (
            "silent",
            (
                f"below {bounds.minimum_coverage:.0%} of inputs known or "
                f"₹{lakh:,.0f} lakh of turnover a day"
            ),
        ),
        (
            "skill: demonstrated",
            (
                "when Brier skill against the base rate and against "
                f"{VOLATILITY} both lie above 0 with their intervals"
            ),
        ),
        (
            "edge: demonstrated",
            "when the mean return after cost from the first tradable price does",
        ),
    )
    return Section("How it was decided", "", ("", ""), rows, left=2)


def identity(report: ModelReport) -> Section:
    """What model this is, down to its hashes."""
    facts = report.facts
    members = ", ".join(f"{kind} {share:.0%}" for kind, share in facts.members)
    rows = (
        ("version", facts.version),
        ("label", facts.label),
        ("figures", facts.basis),
        ("learned from", f"{facts.events:,} events with {facts.hits:,} hits"),
        ("known until", str(facts.trained_until)),
        ("members", members),
        ("inputs", str(facts.inputs)),
        ("parameters", ", ".join(f"{n} {v}" for n, v in facts.parameters.items())),
        ("seed", str(facts.seed)),
        ("software", ", ".join(f"{n} {v}" for n, v in facts.software.items())),
        *((f"hash of {name}", told) for name, told in facts.hashes.items()),
    )
    return Section("The model", "", ("", ""), rows, left=2)


def _told(fact: str | int | None) -> str:
    return "not recorded" if fact is None else str(fact)


def _share(value: float) -> str:
    return number(value, percent=True)
