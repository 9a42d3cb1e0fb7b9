"""Evidence, absences and tools as lines of a prompt; untrusted text is withheld."""

import json
import re
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from typing import Any

from dexter.domain.conversation import ToolSpec
from dexter.domain.evidence import Derivation, Evidence, EvidenceKind, Measure, Source
from dexter.domain.moment import IST
from dexter.domain.research import Absence, Conflict
from dexter.domain.statement import Check

NOTHING = "(none)"
_CRORE = Decimal(10_000_000)
_HUNDRED = Decimal(100)
_CENT = Decimal("0.01")
# A file is named by whoever filed it: nothing in its name can be read as a sentence.
_ODD = re.compile(r"[^\w.-]+")
_LONGEST_NAME = 80
# Computed values whose formula says what their name leaves out.
_TELLING = frozenset({"rank", "reaction"})

_VALUES: Mapping[Measure, Callable[[Decimal], str]] = {
    Measure.RUPEES: lambda v: f"{_short(v / _CRORE)} crore",
    Measure.RUPEES_PER_SHARE: lambda v: f"{_short(v)} rupees",
    Measure.FRACTION: lambda v: f"{_short(v * _HUNDRED)}%",
    Measure.PROBABILITY: lambda v: f"{_short(v * _HUNDRED)}%",
    Measure.CHANGE: lambda v: f"change {_short(v * _HUNDRED, signed=True)}%",
    Measure.POINTS: lambda v: f"{_short(v * _HUNDRED, signed=True)} percentage points",
    Measure.DEVIATIONS: lambda v: f"{_short(v, signed=True)} standard deviations",
}


def lines(items: Iterable[str]) -> str:
    """One line each, or a word for none."""
    return "\n".join(items) or NOTHING


def value(evidence: Evidence) -> str:
    """A value with its unit, short enough to weigh; free text is withheld."""
    if evidence.value is not None:
        write = _VALUES.get(evidence.unit, _short)
        return write(evidence.value)
    if evidence.unit is Measure.DATE:
        return evidence.text or "unknown"
    if evidence.kind is EvidenceKind.NEWS and evidence.name == "headline":
        when = evidence.known_at
        day = when.astimezone(IST).date().isoformat() if when else "unknown date"
        return f"of {day} [words of a third party, quoted by code]"
    return evidence.text or f"absent: {evidence.reason}"


def _short(number: Decimal, *, signed: bool = False) -> str:
    rounded = number.quantize(_CENT).normalize()
    return f"{rounded:+f}" if signed else f"{rounded:f}"


def evidence_lines(evidence: Iterable[Evidence], *, ids: bool = True) -> str:
    """Values under a heading for each company, period and basis.

    A value that several tasks brought back is shown once. ``ids`` are left out for
    agents that cannot refer to them.
    """
    evidence = tuple(evidence)
    known = {e.id: e for e in evidence}
    groups: dict[str, dict[str, str]] = {}
    for item in evidence:
        group = groups.setdefault(_heading(item), {})
        said = f"{item.name} {value(item)}{_beside(item, known)}"
        group.setdefault(said, f"{item.id} | {said}" if ids else said)
    return lines(
        line for heading, group in groups.items() for line in (heading, *group.values())
    )


def _heading(evidence: Evidence) -> str:
    who = f"{evidence.company} ({evidence.symbol})" if evidence.symbol else "General"
    basis = evidence.basis.value if evidence.basis else None
    return f"# {', '.join(filter(None, (who, evidence.period, basis)))}"


def _beside(evidence: Evidence, known: Mapping[str, Evidence]) -> str:
    if evidence.name == "filing" and isinstance(evidence.source, Source):
        return f" {_ODD.sub('_', evidence.source.document)[:_LONGEST_NAME]}"
    if not isinstance(evidence.source, Derivation):
        return ""
    if evidence.name.endswith("_versus"):
        others = [known[i].symbol for i in evidence.inputs[1:2] if i in known]
        return "".join(f" against {symbol}" for symbol in others)
    return f" ({evidence.source.formula})" if evidence.name in _TELLING else ""


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
    """Each tool as a signature: ``name(needed, optional = default): what it does``."""
    return lines(f"- {s.name}({_signature(s.schema)}): {s.description}" for s in specs)


def _signature(schema: Mapping[str, Any]) -> str:
    needed = schema.get("required", ())
    said = []
    for name, field in schema.get("properties", {}).items():
        kind = _kind(field, schema.get("$defs", {}))
        default = json.dumps(field.get("default")).strip('"')
        said.append(
            f"{name}: {kind}" if name in needed else f"{name}: {kind} = {default}"
        )
    return ", ".join(said)


def _kind(field: Mapping[str, Any], named: Mapping[str, Any]) -> str:
    """A field's type in a few words: ``date``, ``a|b``, ``1 to 50``, ``text``."""
    if "$ref" in field:
        return _kind(named[field["$ref"].rpartition("/")[2]], named)
    if "anyOf" in field:
        return "|".join(_kind(option, named) for option in field["anyOf"])
    if "enum" in field:
        return "|".join(field["enum"])
    if "maximum" in field and "minimum" in field:
        return f"{field['minimum']} to {field['maximum']}"
    plain = str(field.get("format") or field.get("type", "any"))
    return "text" if plain == "string" else plain
