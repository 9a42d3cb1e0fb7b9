"""Giving evidence its published ids: e1, e2, … in the order of the plan.

Tools key evidence by content, because parallel tasks end in any order; the numbers are
given once all have ended, so they never depend on who was faster.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace

from dexter.domain.alert import Alert, Blockbuster, VolatilityContraction
from dexter.domain.evidence import Derivation, Evidence
from dexter.domain.research import Conflict, Finding, TaskOutcome

_NATURAL = re.compile(r"(\d+)")


def numbered(
    outcomes: Iterable[TaskOutcome],
) -> tuple[tuple[TaskOutcome, ...], dict[str, Evidence]]:
    """The outcomes with published ids, and the evidence by id.

    Args:
        outcomes: In the order of the plan.

    Returns:
        The same outcomes with every id replaced, and all evidence, each once.
    """
    outcomes = tuple(outcomes)
    ids: dict[str, str] = {}
    for outcome in outcomes:
        for evidence in outcome.finding.evidence:
            ids.setdefault(evidence.id, f"e{len(ids) + 1}")
    renamed = tuple(replace(o, finding=_finding(o.finding, ids)) for o in outcomes)
    book = {e.id: e for o in renamed for e in o.finding.evidence}
    return renamed, dict(sorted(book.items(), key=lambda pair: natural(pair[0])))


def natural(identifier: str) -> tuple[object, ...]:
    """A sort key under which e2 comes before e10."""
    parts = _NATURAL.split(identifier)
    return tuple(int(p) if p.isdecimal() else p for p in parts)


def _finding(finding: Finding, ids: Mapping[str, str]) -> Finding:
    return replace(
        finding,
        evidence=tuple(_evidence(e, ids) for e in finding.evidence),
        conflicts=tuple(
            Conflict(c.what, _ids(c.values, ids)) for c in finding.conflicts
        ),
        blockbuster=_blockbuster(finding.blockbuster, ids),
        vcp=_vcp(finding.vcp, ids),
        alerts=tuple(_alert(a, ids) for a in finding.alerts),
    )


def _ids(old: Iterable[str], ids: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(ids[i] for i in old if i in ids)


def _evidence(evidence: Evidence, ids: Mapping[str, str]) -> Evidence:
    source = evidence.source
    if isinstance(source, Derivation):
        source = Derivation(source.formula, _ids(source.inputs, ids))
    return replace(evidence, id=ids[evidence.id], source=source)


def _blockbuster(
    score: Blockbuster | None, ids: Mapping[str, str]
) -> Blockbuster | None:
    if score is None:
        return None
    components = {
        name: replace(part, evidence=_ids(part.evidence, ids))
        for name, part in score.components.items()
    }
    return replace(score, components=components)


def _vcp(
    pattern: VolatilityContraction | None, ids: Mapping[str, str]
) -> VolatilityContraction | None:
    if pattern is None:
        return None
    return replace(pattern, evidence=_ids(pattern.evidence, ids))


def _alert(alert: Alert, ids: Mapping[str, str]) -> Alert:
    blockbuster = _blockbuster(alert.blockbuster, ids) or alert.blockbuster
    return replace(
        alert,
        evidence=_ids(alert.evidence, ids),
        blockbuster=blockbuster,
        vcp=_vcp(alert.vcp, ids),
    )
