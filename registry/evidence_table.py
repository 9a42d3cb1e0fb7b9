"""A model's out-of-sample record as a table people read."""

from collections.abc import Mapping

from dexter.ml.evaluation import Metrics
from dexter.ml.intervals import Estimate
from dexter.ml.judgement import Judged
from dexter.ml.train import Walk

_HEAD = (
    "| Out of sample | Events | Upper circuits | Brier skill (95 %) | ROC AUC "
    "| Flagged | Of them right (95 %) | Edge after cost (95 %) |\n"
    "|---|---:|---:|---:|---:|---:|---:|---:|"
)


def evidence_table(
    judged: Judged, references: Mapping[str, Estimate], walk: Walk
) -> str:
    """Markdown: what was measured, by group, and how.

    Skill is against the base rate known when each season began; edge is the mean net
    return of the flagged events minus that of all, from the first tradable open to the
    close of the third session.
    """
    first, last = walk.evaluated[0].split, walk.evaluated[-1].split
    purged = sum(len(fold.split.purged) for fold in walk.evaluated)
    less = "; ".join(f"{n} {_spread(e, signed=True)}" for n, e in references.items())
    lines = [_HEAD, *(_line(name, metrics) for name, metrics in judged.groups)]
    lines.append(
        f"\nWalk-forward over {len(walk.evaluated)} seasons, {first.test_from} to "
        f"{last.test_to}, retrained before each, {purged} overlapping labels purged, "
        "three sessions embargoed; intervals resample announcement days. Flagged from "
        f"{judged.bounds.threshold:.1%} on, a bound that never looked at outcomes. "
        "Circuits are inferred from closes at the band; companies with futures have "
        "none. "
        f"Brier skill of the same trees on less: {less}."
    )
    return "\n".join(lines)


def _line(name: str, metrics: Metrics) -> str:
    cells = [
        name,
        f"{metrics.events:,}",
        f"{metrics.hits:,} ({metrics.base_rate:.1%})",
        _spread(metrics.skill, signed=True),
        f"{metrics.roc_auc:.2f}",
        f"{metrics.chosen:,}",
        _spread(metrics.chosen_rate),
        _spread(metrics.edge, signed=True),
    ]
    return f"| {' | '.join(cells)} |"


def _spread(estimate: Estimate | None, *, signed: bool = False) -> str:
    if estimate is None:
        return "none"
    sign = "+" if signed else ""
    low, high = f"{estimate.low:{sign}.1%}", f"{estimate.high:{sign}.1%}"
    return f"{estimate.value:{sign}.1%} ({low} to {high})"
