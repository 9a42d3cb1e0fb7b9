"""Figures with an address, and the formulas over them."""

import hashlib
import json
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Self

from dexter.domain.filing import Basis, Grade

_KEY_LENGTH = 16


class EvidenceKind(StrEnum):
    """Where a figure comes from."""

    CELL = "cell"
    FACT = "fact"
    PRICE = "price"
    NEWS = "news"
    COMPUTED = "computed"
    PREDICTION = "prediction"


class Measure(StrEnum):
    """What kind of quantity a value is; decides how it may be rendered."""

    RUPEES = "rupees"
    RUPEES_PER_SHARE = "rupees_per_share"
    FRACTION = "fraction"
    CHANGE = "change"
    POINTS = "points"
    DEVIATIONS = "standard_deviations"
    PROBABILITY = "probability"
    SCORE = "score"
    PERCENTILE = "percentile"
    COUNT = "count"
    RATIO = "ratio"
    SESSIONS = "sessions"
    TEXT = "text"
    DATE = "date"


@dataclass(frozen=True, slots=True)
class Source:
    """Where a value stands: a cell, an XBRL fact, a dataset row, a price bar.

    ``bbox`` is ``[x0, top, x1, bottom]`` in PDF points, origin top left; ``row`` is a
    line label, a row number or a session date. ``person`` settled the cell by looking
    at the page, at ``settled_at``.
    """

    document: str
    sha256: str | None = None
    page: int | None = None
    bbox: tuple[float, float, float, float] | None = None
    row: str | None = None
    column: str | None = None
    context: str | None = None
    url: str | None = None
    # Out of the representation, which makes the ids of recorded runs.
    person: str | None = field(default=None, repr=False)
    settled_at: datetime | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Derivation:
    """A formula over other evidence, named by id, in the order of the formula."""

    formula: str
    inputs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Evidence:
    """One value, what it means, when it was public, and where it stands.

    Exactly one of ``value`` (numbers) and ``text`` (headlines, dates, labels) is set,
    or neither beside a ``reason``. ``name`` is the measure's name (``net_profit``,
    ``profit_yoy``, ``close``); fractions and changes are per one (0.206 is 20.6 %).
    """

    id: str
    kind: EvidenceKind
    name: str
    unit: Measure
    value: Decimal | None
    source: Source | Derivation
    symbol: str | None = None
    company: str | None = None
    period: str | None = None
    basis: Basis | None = None
    known_at: datetime | None = None
    grade: Grade | None = None
    text: str | None = None
    reason: str | None = None
    method: str | None = None

    def with_key(self) -> Self:
        """The same evidence under the id its content gives it."""
        facts = [
            self.kind,
            self.name,
            self.unit,
            str(self.value),
            self.text,
            self.symbol,
            self.period,
            self.basis,
            self.known_at.isoformat() if self.known_at else None,
            repr(self.source),
        ]
        if isinstance(self.source, Source) and self.source.settled_at:
            facts += [self.source.person, self.source.settled_at.isoformat()]
        digest = hashlib.sha256(json.dumps(facts).encode()).hexdigest()
        return replace(self, id=f"x{digest[:_KEY_LENGTH]}")

    @property
    def inputs(self) -> tuple[str, ...]:
        """Ids this value was computed from; empty for what was read."""
        return self.source.inputs if isinstance(self.source, Derivation) else ()
