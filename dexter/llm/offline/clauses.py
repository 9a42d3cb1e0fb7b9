"""Pieces of sentences with references; direction words follow the sign beside them."""

from collections.abc import Sequence
from dataclasses import dataclass

from dexter.domain.evidence import Evidence
from dexter.domain.filing import Basis

NOUNS = {
    "revenue_from_operations": "revenue",
    "interest_earned": "interest earned",
    "total_income": "total income",
    "total_expenses": "total expenses",
    "other_income": "other income",
    "profit_before_tax": "profit before tax",
    "net_profit": "net profit",
    "eps_basic": "basic EPS",
    "eps_diluted": "diluted EPS",
    "net_margin": "net margin",
    "employee_cost": "employee cost",
    "finance_costs": "finance costs",
    "interest_expended": "interest expended",
    "depreciation": "depreciation",
    "provisions": "provisions",
    "exceptional_items": "exceptional items",
    "profit_before_exceptional_items": "profit before exceptional items",
    "operating_profit_before_provisions": "operating profit before provisions",
    "gross_npa_ratio": "gross NPAs",
    "net_npa_ratio": "net NPAs",
    "tax": "tax",
}
# The change that belongs to a line, without its suffix (yoy, qoq).
GROWN = {
    "revenue_from_operations": "revenue",
    "interest_earned": "interest_earned",
    "total_income": "total_income",
    "total_expenses": "total_expenses",
    "profit_before_tax": "profit_before_tax",
    "net_profit": "profit",
    "eps_basic": "eps",
    "eps_diluted": "eps_diluted",
    "operating_profit_before_provisions": "operating_profit_before_provisions",
}


@dataclass(frozen=True, slots=True)
class Moves:
    """Words for a change above, below and at nothing."""

    up: str
    down: str
    flat: str

    def of(self, change: Evidence) -> str:
        """The word the sign of a change asks for."""
        value = change.value or 0
        if value > 0:
            return self.up
        return self.down if value < 0 else self.flat


ROSE = Moves("rose", "fell", "moved by")
UP = Moves("up", "down", "moved by")


def ref(evidence: Evidence, form: str | None = None) -> str:
    """A reference to a value."""
    return f"{{{{{evidence.id}|{form}}}}}" if form else f"{{{{{evidence.id}}}}}"


def attr(evidence: Evidence, name: str) -> str:
    """A reference to what belongs to a value: its company, period, basis, known_at."""
    return f"{{{{{evidence.id}.{name}}}}}"


def moved(noun: str, change: Evidence, moves: Moves = ROSE) -> str:
    """Such as "net profit rose {{e4}}"."""
    return f"{noun} {moves.of(change)} {ref(change)}"


def listed(parts: Sequence[str]) -> str:
    """Parts as a list in prose."""
    if len(parts) < 2:  # noqa: PLR2004 - a list has two
        return "".join(parts)
    return f"{', '.join(parts[:-1])} and {parts[-1]}"


def period(evidence: Evidence) -> str:
    """Such as " for {{e1.period}}", where the value has a period."""
    return f" for {attr(evidence, 'period')}" if evidence.period else ""


def provenance(evidence: Evidence) -> str:
    """Such as " (standalone, from a filing public since …)", where they are known."""
    parts = []
    if evidence.basis:
        parts.append(attr(evidence, "basis"))
    if evidence.known_at:
        parts.append(f"from a filing public since {attr(evidence, 'known_at')}")
    return f" ({', '.join(parts)})" if parts else ""


def on_basis(evidence: Evidence, expected: Basis | None) -> str:
    """Such as " on standalone figures", where the rest stands on another basis."""
    if evidence.basis is None or evidence.basis is expected:
        return ""
    return f" on {attr(evidence, 'basis')} figures"


def capital(text: str) -> str:
    """The text with its opening letter as a capital."""
    return text[:1].upper() + text[1:]
