"""A model's out-of-sample record as a table people read."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from dexter.ml.comparison import BASE_RATE, Comparison
from dexter.ml.evaluation import Metrics
from dexter.ml.judgement import Judged, Kind
from dexter.ml.verdict import edge_sentence, skill_sentence, spread

_HEAD = (
    "| Out of sample | Events | Upper circuits | Brier skill (95 %) | ROC AUC "
    "| Flagged | Of them right (95 %) | Return after cost (95 %) |\n"
    "|---|---:|---:|---:|---:|---:|---:|---:|"
)
_RIVALS = (
    "| Against | Its Brier skill | Skill gained (95 %) | ROC AUC gained (95 %) "
    "| PR AUC gained (95 %) |\n|---|---:|---:|---:|---:|"
)


@dataclass(frozen=True, slots=True)
class Walked:
    """How the seasons were walked through, for the words below the table."""

    seasons: int
    first: date
    last: date
    purged: int
    embargo: int


def evidence_table(judged: Judged, walked: Walked) -> str:
    """Markdown: the verdict, what was measured, by group and against rivals, and how.

    Args:
        judged: What was measured. Seasons are left to the report: this table travels
            with every alert.
        walked: How.
    """
    lines = [skill_sentence(judged), edge_sentence(judged), "", _HEAD]
    lines += [_line(name, metrics) for name, metrics in _groups(judged)]
    rivals = [c for c in judged.comparisons if c.rival != BASE_RATE]
    if rivals:
        lines += ["", _RIVALS, *map(_rival, rivals)]
    lines += ["", " ".join(_words(judged, walked))]
    return "\n".join(lines)


def _groups(judged: Judged) -> Iterator[tuple[str, Metrics]]:
    for group in judged.every:
        if group.kind is not Kind.SEASON and group.metrics is not None:
            yield group.name, group.metrics


def _words(judged: Judged, walked: Walked) -> Iterator[str]:
    yield (
        f"Walk-forward over {walked.seasons} seasons, {walked.first} to {walked.last}, "
        f"retrained before each, {walked.purged} overlapping labels purged, "
        f"{walked.embargo} sessions embargoed; intervals redraw sessions. Settings and "
        "inputs were chosen on all but the last four seasons, which flatters those "
        "before; the least coverage was set on all."
    )
    yield (
        f"Flagged from {judged.bounds.threshold:.1%} on, a bound that never looked at "
        "outcomes. Circuits are inferred from closes at the band; companies with "
        "futures have none."
    )
    few = [g for g in judged.every if g.metrics is None and g.kind is not Kind.SEASON]
    if few:
        told = ", ".join(f"{g.name} ({g.events} events, {g.hits} hits)" for g in few)
        yield f"Too few to measure: {told}."


def _line(name: str, metrics: Metrics) -> str:
    cells = [
        name,
        f"{metrics.events:,}",
        f"{metrics.hits:,} ({metrics.base_rate:.1%})",
        spread(metrics.skill, percent=True),
        "–" if metrics.roc_auc is None else f"{metrics.roc_auc.value:.2f}",
        f"{metrics.chosen:,}",
        spread(metrics.precision, percent=True, signed=False),
        spread(metrics.earned, percent=True),
    ]
    return f"| {' | '.join(cells)} |"


def _rival(found: Comparison) -> str:
    cells = [
        found.rival,
        f"{found.skill.theirs:.1%}",
        spread(found.skill.gain, percent=True),
        spread(found.roc_auc.gain, places=3),
        spread(found.pr_auc.gain, places=3),
    ]
    return f"| {' | '.join(cells)} |"
