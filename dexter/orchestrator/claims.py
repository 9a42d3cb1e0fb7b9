"""The claim check: what a model wrote is published only where every part resolves.

A sentence is refused when it types a digit or a number word, leaves a reference
unresolved, uses a direction word that the figures beside it contradict or do not
support, names a measure, basis or company other than its references', or gives advice.
Fail closed: a sentence that cannot be checked is not published.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from dexter.domain.filing import Basis
from dexter.orchestrator import wording
from dexter.orchestrator.directions import contradictions
from dexter.orchestrator.references import (
    REFERENCE,
    Reference,
    Sources,
    clause_of,
    clauses,
    references_in,
)
from dexter.orchestrator.rendering import ATTRIBUTES, FORMATS, attribute, render

_SENTENCE_END = re.compile(r"(?<=[.!?])\s+(?=[A-Z{“\"'])")


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence with its references and the problems found; none: publishable."""

    text: str
    references: tuple[Reference, ...]
    problems: tuple[str, ...]


def sentences(text: str) -> list[str]:
    """Split what a model wrote into sentences."""
    flat = " ".join(text.split())
    return [part for part in _SENTENCE_END.split(flat) if part]


def check(text: str, sources: Sources) -> Sentence:
    """Check one sentence; every problem is said in words a model can act on."""
    references = tuple(references_in(text, sources))
    problems = [
        *_unresolved(text, references, sources),
        *_typed_numbers(text),
        *_advice(text),
    ]
    if not problems:
        problems += [
            *contradictions(text, references),
            *_measures(text, references),
            *_bases(text, references),
            *_companies(text, references, sources),
        ]
    return Sentence(text, references, tuple(problems))


def rendered(sentence: Sentence, sources: Sources, *, footnotes: bool = False) -> str:
    """A checked sentence with code's numbers in place of its references."""
    out, at = [], 0
    for reference in sentence.references:
        out.append(sentence.text[at : reference.start])
        out.append(_resolve(sentence.text, reference, sources))
        if footnotes and reference.is_value:
            out.append(f"[^{reference.id}]")
        at = reference.end
    out.append(sentence.text[at:])
    said = "".join(out)
    return said if said.endswith((".", "!", "?", "”")) else f"{said}."


def _resolve(text: str, reference: Reference, sources: Sources) -> str:
    if reference.evidence is None:
        return sources.passages[reference.id]
    if reference.attribute:
        return attribute(reference.evidence, reference.attribute) or ""
    clause = clause_of(text, reference)
    bare = any(not m["loss"] for m in wording.DIRECTION.finditer(clause))
    return render(reference.evidence, reference.form, bare=bare)


def _unresolved(
    text: str, references: tuple[Reference, ...], sources: Sources
) -> Iterator[str]:
    if "{{" in REFERENCE.sub("", text) or "}}" in REFERENCE.sub("", text):
        yield "a reference is malformed; write {{e12}}, {{e12.period}} or {{e12|crore}}"
    if not references:
        yield "it stands on no reference; every sentence needs at least one"
    for reference in references:
        problem = _problem(reference, sources)
        if problem:
            yield f"{reference.text} {problem}"


def _problem(reference: Reference, sources: Sources) -> str:
    evidence = reference.evidence
    if evidence is None:
        known = reference.id in sources.passages
        bare = reference.attribute is None and reference.form is None
        return "" if known and bare else "does not resolve to anything found"
    if reference.attribute:
        if reference.attribute not in ATTRIBUTES:
            return f"has no such attribute; there are {', '.join(ATTRIBUTES)}"
        return "" if attribute(evidence, reference.attribute) else "is not known"
    if evidence.value is None and evidence.text is None:
        return f"has no value: {evidence.reason or 'absent'}"
    if reference.form and evidence.unit not in FORMATS.get(reference.form, ()):
        return f"cannot be shown as {reference.form}: it is {evidence.unit.value}"
    return ""


def _typed_numbers(text: str) -> Iterator[str]:
    words = REFERENCE.sub(" ", text)
    typed = {c for c in words if unicodedata.numeric(c, None) is not None}
    if typed:
        said = " ".join(sorted(typed))
        yield f"it types digits ({said}); names, periods and dates need references too"
    for word in dict.fromkeys(w.lower() for w in wording.number_words(words)):
        yield f"it states a number in words (“{word}”); use a reference"


def _advice(text: str) -> Iterator[str]:
    found = wording.ADVICE.search(REFERENCE.sub(" ", text))
    if found:
        yield f"it reads as advice (“{found.group(0)}”)"


def _measures(text: str, references: tuple[Reference, ...]) -> Iterator[str]:
    for start, end in clauses(text):
        for reference in references:
            if not (start <= reference.start < end) or not reference.is_value:
                continue
            before = REFERENCE.sub(" ", text[start : reference.start])
            noun = wording.measure_before(before)
            name = reference.evidence.name if reference.evidence else ""
            if noun and not name.startswith(noun[1]):
                yield f"{reference.text} is {name}, not “{noun[0]}”"


def _bases(text: str, references: tuple[Reference, ...]) -> Iterator[str]:
    words = REFERENCE.sub(" ", text).lower()
    cited = {r.evidence.basis for r in references if r.evidence and r.evidence.basis}
    for basis in Basis:
        if basis.value in words and cited and basis not in cited:
            yield f"it says {basis.value}, but its figures are not"


def _companies(
    text: str, references: tuple[Reference, ...], sources: Sources
) -> Iterator[str]:
    words = REFERENCE.sub(" ", text)
    cited = {r.evidence.symbol for r in references if r.evidence and r.evidence.symbol}
    if not cited:
        return
    known = {(e.company, e.symbol) for e in sources.evidence.values() if e.symbol}
    for company, symbol in sorted(known, key=str):
        named = (company and company in words) or re.search(rf"\b{symbol}\b", words)
        if named and symbol not in cited:
            yield f"it names {company or symbol}, but its figures are another company's"
