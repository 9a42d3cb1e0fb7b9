"""References in a model's words: {{e12}}, {{e12.period}}, {{e12|crore}}, {{a1}}."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from dexter.domain.evidence import Evidence
from dexter.orchestrator import wording

REFERENCE = re.compile(r"\{\{\s*([A-Za-z]\w*)(?:\.(\w+))?(?:\|(\w+))?\s*\}\}")
HOLE = "\x00"


@dataclass(frozen=True, slots=True)
class Sources:
    """What references may resolve to: evidence by id, and texts written by code.

    ``passages`` are absences (a1), conflicts (c1) and notes (note_sue).
    """

    evidence: Mapping[str, Evidence]
    passages: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Reference:
    """One reference as written, resolved; ``evidence`` is none for passages."""

    text: str
    id: str
    attribute: str | None
    form: str | None
    start: int
    end: int
    evidence: Evidence | None

    @property
    def is_value(self) -> bool:
        """Whether it renders the value itself, not a name or date beside it."""
        return self.evidence is not None and self.attribute is None


@dataclass(frozen=True, slots=True)
class Cited:
    """A reference to a value, with the evidence it stands for."""

    text: str
    start: int
    end: int
    evidence: Evidence


@dataclass(frozen=True)
class Wording:
    """A sentence as it is checked: its words with a hole for every reference.

    Positions in ``masked`` are positions in ``text``.
    """

    text: str
    references: tuple[Reference, ...]

    @classmethod
    def of(cls, text: str, sources: Sources) -> "Wording":
        """The sentence with its references resolved where they can be."""
        return cls(text, tuple(references_in(text, sources)))

    @cached_property
    def masked(self) -> str:
        """The words; nothing of a reference is left but its length."""
        return REFERENCE.sub(lambda m: HOLE * len(m.group(0)), self.text)

    @cached_property
    def words(self) -> str:
        """The words, blanks where references stood."""
        return self.masked.replace(HOLE, " ")

    @cached_property
    def values(self) -> tuple[Cited, ...]:
        """The references that show a value."""
        return tuple(
            Cited(r.text, r.start, r.end, r.evidence)
            for r in self.references
            if r.evidence is not None and r.attribute is None
        )

    @cached_property
    def clauses(self) -> tuple[tuple[int, int], ...]:
        """Spans of clauses, in order; separators inside references do not count."""
        cuts = [m.span() for m in wording.CLAUSE.finditer(self.masked)]
        starts = [0, *(end for _, end in cuts)]
        ends = [*(start for start, _ in cuts), len(self.text)]
        return tuple(zip(starts, ends, strict=True))

    def clause(self, at: int) -> tuple[int, int]:
        """The clause a position lies in."""
        return next(
            ((s, e) for s, e in self.clauses if s <= at < e), (0, len(self.text))
        )

    def inside(self, span: tuple[int, int]) -> tuple[Cited, ...]:
        """The values within a span."""
        start, end = span
        return tuple(v for v in self.values if start <= v.start < end)

    def before(self, at: int) -> str:
        """The words of a clause up to a position."""
        start, _ = self.clause(at)
        return self.masked[start:at]


def references_in(text: str, sources: Sources) -> Iterator[Reference]:
    """Every reference in the order written, resolved where it can be."""
    for found in REFERENCE.finditer(text):
        identifier, attribute_name, form = found.groups()
        yield Reference(
            text=found.group(0),
            id=identifier,
            attribute=attribute_name,
            form=form,
            start=found.start(),
            end=found.end(),
            evidence=sources.evidence.get(identifier),
        )
