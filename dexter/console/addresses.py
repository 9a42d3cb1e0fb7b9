"""Evidence as lines people read: the value, and the address it stands at."""

from dexter.domain.evidence import Derivation, Evidence, Source
from dexter.domain.moment import IST
from dexter.orchestrator.rendering import render

_MOST_INPUTS = 4
_LONGEST_NAME = 30
_KEPT = 14


def value_of(evidence: Evidence) -> str:
    """The rendered value, or why there is none."""
    if evidence.value is None and evidence.text is None:
        return f"absent ({evidence.reason})"
    return render(evidence, None)


def what_of(evidence: Evidence) -> str:
    """Measure, quarter and basis, in words."""
    parts = [evidence.name.replace("_", " ")]
    if evidence.period:
        parts.append(evidence.period)
    if evidence.basis:
        parts.append(evidence.basis.value)
    return " ".join(parts)


def address_of(evidence: Evidence) -> str:
    """Where a value stands: file, page, row; or the formula and its inputs."""
    source = evidence.source
    if isinstance(source, Derivation):
        inputs = f" from {', '.join(source.inputs)}" if source.inputs else ""
        return f"= {source.formula}{inputs}"
    return _place(source)


def known_of(evidence: Evidence) -> str:
    """Since when it was public."""
    if evidence.known_at is None:
        if isinstance(evidence.source, Derivation):
            return ""
        return f"publication time unknown: {evidence.reason or 'not told'}"
    return f"public {evidence.known_at.astimezone(IST):%d %b %Y %H:%M} IST"


def hand_of(evidence: Evidence) -> str:
    """Who settled a value by looking at its page, and when; empty for what was read."""
    source = evidence.source
    if not isinstance(source, Source) or source.settled_at is None:
        return ""
    return f"person {source.person}, {source.settled_at.astimezone(IST):%d %b %Y}"


def short(evidence: Evidence) -> str:
    """The address in one line of a screen; the whole of it is in ``runs why``."""
    source = evidence.source
    if isinstance(source, Derivation):
        inputs = ", ".join(i[1:] for i in source.inputs[:_MOST_INPUTS])
        more = " …" if len(source.inputs) > _MOST_INPUTS else ""
        return f"computed from {inputs}{more}" if inputs else source.formula
    folder, _, name = source.document.rpartition("/")
    if folder == "prices":
        name = "daily bars"
    if len(name) > _LONGEST_NAME:
        name = f"{name[:_KEPT]}…{name[-_KEPT:]}"
    page = f"page {source.page}" if source.page is not None else ""
    return ", ".join(filter(None, [name, page, source.row]))


def _place(source: Source) -> str:
    parts = [source.document]
    if source.page is not None:
        parts.append(f"page {source.page}")
    if source.row:
        parts.append(f"“{source.row}”")
    if source.column:
        parts.append(source.column)
    if source.context:
        parts.append(f"context {source.context}")
    return ", ".join(parts)
