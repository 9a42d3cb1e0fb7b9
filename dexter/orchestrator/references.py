"""References in a model's words: {{e12}}, {{e12.period}}, {{e12|crore}}, {{a1}}."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from dexter.domain.evidence import Evidence
from dexter.orchestrator import wording

REFERENCE = re.compile(r"\{\{\s*([A-Za-z]\w*)(?:\.(\w+))?(?:\|(\w+))?\s*\}\}")


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


def clauses(text: str) -> list[tuple[int, int]]:
    """Spans of clauses, in order; separators inside references do not count."""
    masked = REFERENCE.sub(lambda m: "\x00" * len(m.group(0)), text)
    cuts = [m.span() for m in wording.CLAUSE.finditer(masked)]
    starts = [0, *(end for _, end in cuts)]
    ends = [*(start for start, _ in cuts), len(text)]
    return list(zip(starts, ends, strict=True))


def clause_of(text: str, reference: Reference) -> str:
    """The clause a reference stands in, its references emptied."""
    for start, end in clauses(text):
        if start <= reference.start < end:
            return REFERENCE.sub("{{}}", text[start:end])
    return text
