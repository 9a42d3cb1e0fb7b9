"""Evidence, absences and tools as lines of a prompt; untrusted text is withheld."""

import json
from collections.abc import Iterable

from dexter.domain.conversation import ToolSpec
from dexter.domain.evidence import Derivation, Evidence, Measure
from dexter.domain.research import Absence, Conflict
from dexter.domain.statement import Check

NOTHING = "(none)"


def lines(items: Iterable[str]) -> str:
    """One line each, or a word for none."""
    return "\n".join(items) or NOTHING


def value(evidence: Evidence) -> str:
    """A value with its unit; free text is withheld, dates are ours."""
    if evidence.value is not None:
        return f"{evidence.value} {evidence.unit.value}"
    if evidence.unit is Measure.DATE:
        return evidence.text or "unknown"
    if evidence.kind.value == "news" and evidence.name == "headline":
        return "[text of a third party, quoted by code]"
    return evidence.text or f"absent: {evidence.reason}"


def evidence_lines(evidence: Iterable[Evidence]) -> str:
    """``id | what | company | period | basis | value`` (and how it was computed)."""
    return lines(
        f"{e.id} | {e.name} | {e.company or '-'} ({e.symbol or '-'}) "
        f"| {e.period or '-'} | {e.basis.value if e.basis else '-'} | {value(e)}"
        + (f" | = {e.source.formula}" if isinstance(e.source, Derivation) else "")
        for e in evidence
    )


def absence_lines(absences: Iterable[Absence]) -> str:
    """``a1 | what: reason``, numbered as synthesis may reference them."""
    return lines(f"a{i} | {a.what}: {a.reason}" for i, a in enumerate(absences, 1))


def conflict_lines(conflicts: Iterable[Conflict]) -> str:
    """``c1 | what (ids)``."""
    return lines(
        f"c{i} | {c.what} ({', '.join(c.values)})" for i, c in enumerate(conflicts, 1)
    )


def check_lines(checks: Iterable[Check]) -> str:
    """Failed checks in full; the passed ones as a count."""
    checks = tuple(checks)
    failed = [f"FAILED {c.name}: {c.detail}" for c in checks if not c.ok]
    return "\n".join([*failed, f"{len(checks) - len(failed)} passed"])


def tool_lines(specs: Iterable[ToolSpec]) -> str:
    """Each tool with the JSON Schema of its arguments."""
    return lines(
        f"- {s.name}: {s.description}\n  arguments: "
        f"{json.dumps(s.schema.get('properties', {}), ensure_ascii=False)}"
        for s in specs
    )
