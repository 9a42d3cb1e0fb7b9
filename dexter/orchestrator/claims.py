"""The claim check: what a model wrote is published only where every part resolves.

A sentence is refused when it types a digit, a number word or a name, leaves a reference
unresolved, uses a direction word that the figures beside it contradict or do not
support, stands a figure behind another measure, basis, quarter or company, gives a
cause or advice. Fail closed: a sentence that cannot be checked is not published.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from dexter.domain.evidence import Evidence, Measure
from dexter.orchestrator import directions, names, signs, wording
from dexter.orchestrator.belonging import borrowed
from dexter.orchestrator.measures import misplaced
from dexter.orchestrator.moves import DIRECTION
from dexter.orchestrator.pairs import ill_spanned
from dexter.orchestrator.references import (
    HOLE,
    REFERENCE,
    Cited,
    Reference,
    Sources,
    Wording,
)
from dexter.orchestrator.rendering import (
    ATTRIBUTES,
    FORMATS,
    attribute,
    quiet,
    render,
)

_SENTENCE_END = re.compile(r"(?<=[.!?])\s+(?=[A-Z{“\"'])")
_HYPHENS = str.maketrans({"\u2010": "-", "\u2011": "-"})
# What may stand right before and right behind a number, so that it stays the number.
_OPENING = ("", " ", "(")
_TWO_STOPS = re.compile(r"(?<!\.)\.\.(?!\.)")
_CLOSING = re.compile(rf"$|[ )]|[.,;:!?](?:[ )]|$)|['’](?!{HOLE})")
_OF_A_QUARTER = {Measure.RUPEES, Measure.RUPEES_PER_SHARE, Measure.FRACTION}
_OWN_UNITS = {
    "points": {Measure.SCORE, Measure.PERCENTILE},
    "times": {Measure.RATIO, Measure.COUNT},
    "sessions": {Measure.SESSIONS, Measure.COUNT},
}


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence with its references and the problems found; none: publishable."""

    text: str
    references: tuple[Reference, ...]
    problems: tuple[str, ...]


def sentences(text: str) -> list[str]:
    """Split what a model wrote into sentences."""
    flat = " ".join(text.translate(_HYPHENS).split())
    return [part for part in _SENTENCE_END.split(flat) if part]


def check(text: str, sources: Sources) -> Sentence:
    """Check one sentence; every problem is said in words a model can act on."""
    said = Wording.of(text, sources)
    problems = [
        *_unresolved(said, sources),
        *_typed_numbers(said),
        *_glued(said),
        *names.typed(said, sources),
        *_unfounded(said),
    ]
    if not problems:
        problems += [
            *directions.contradictions(said),
            *misplaced(said),
            *borrowed(said),
            *ill_spanned(said),
        ]
    return Sentence(text, said.references, tuple(dict.fromkeys(problems)))


def rendered(sentence: Sentence, sources: Sources, *, footnotes: bool = False) -> str:
    """A checked sentence with code's numbers in place of its references."""
    said = Wording(sentence.text, sentence.references)
    shown = {v.start: v for v in said.values}
    out, at = [], 0
    for reference in sentence.references:
        out.append(sentence.text[at : reference.start])
        out.append(_resolve(said, reference, shown.get(reference.start), sources))
        if footnotes and reference.is_value:
            out.append(f"[^{reference.id}]")
        at = reference.end
    out.append(sentence.text[at:])
    # A name that ends in a full stop ends the sentence too.
    whole = _TWO_STOPS.sub(".", "".join(out))
    return whole if whole.endswith((".", "!", "?", "”")) else f"{whole}."


def _resolve(
    said: Wording, reference: Reference, value: Cited | None, sources: Sources
) -> str:
    if reference.evidence is None:
        return quiet(sources.passages[reference.id])
    if reference.attribute or value is None:
        return attribute(reference.evidence, reference.attribute or "") or ""
    bare = signs.bare(said, value)
    return render(reference.evidence, reference.form, bare=bare)


def _unresolved(said: Wording, sources: Sources) -> Iterator[str]:
    left = REFERENCE.sub("", said.text)
    if "{{" in left or "}}" in left:
        yield "a reference is malformed; write {{e12}}, {{e12.period}} or {{e12|crore}}"
    if not said.references:
        yield "it stands on no reference; every sentence needs at least one"
    for reference in said.references:
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
    return _without_value(evidence) or _misformed(reference, evidence)


def _without_value(evidence: Evidence) -> str:
    absent = evidence.value is None and evidence.text is None
    if absent or (evidence.value is not None and not evidence.value.is_finite()):
        return f"has no value: {evidence.reason or 'absent'}"
    return ""


def _misformed(reference: Reference, evidence: Evidence) -> str:
    if reference.form and evidence.unit not in FORMATS.get(reference.form, ()):
        return f"cannot be shown as {reference.form}: it is {evidence.unit.value}"
    return ""


def _typed_numbers(said: Wording) -> Iterator[str]:
    odd = wording.untypable(said.masked)
    if odd:
        yield (
            f"it types digits, signs or markup ({' '.join(odd)}); names, periods and "
            "dates need references too"
        )
    for word in dict.fromkeys(w.lower() for w in wording.number_words(said.words)):
        yield f"it states a number or period in words (“{word}”); use a reference"


def _glued(said: Wording) -> Iterator[str]:
    """References that touch something that would change what they say."""
    values = said.values
    for reference in said.references:
        before = said.masked[: reference.start][-1:]
        free = before in _OPENING
        if not free or not _CLOSING.match(said.masked, reference.end):
            yield f"{reference.text} touches a letter or sign; leave a blank"
    for value in values:
        unit = wording.UNIT_AFTER.match(said.masked, value.end)
        if unit and value.evidence.unit not in _OWN_UNITS.get(unit[1].lower(), set()):
            yield f"{value.text} brings its own unit; leave “{unit[1]}” out"
    for one, other in pairwise(values):
        if not said.masked[one.end : other.start].strip():
            yield f"{one.text} and {other.text} stand side by side as if they were one"


def _unfounded(said: Wording) -> Iterator[str]:
    """Advice, causes, outlook and superlatives: nothing that was found shows them."""
    words = wording.LABEL.sub(" ", said.words)
    advice = wording.ADVICE.search(words)
    if advice:
        yield f"it reads as advice (“{advice[0]}”)"
    cause = wording.CAUSE.search(words)
    if cause and said.values:
        yield f"it gives a cause (“{cause[0]}”), which no evidence shows"
    dated = any(v.evidence.unit is Measure.DATE for v in said.values)
    ahead = wording.OUTLOOK.search(words)
    if ahead and not dated:
        yield f"it speaks of what lies ahead (“{ahead[0]}”), which no evidence shows"
    best = wording.SUPERLATIVE.search(words)
    if best and not any(v.evidence.name == "rank" for v in said.values):
        yield f"it says “{best[0]}”, which needs a reference to a rank"
    span = wording.SPAN.search(words)
    if span and any(v.evidence.unit in _OF_A_QUARTER for v in said.values):
        yield f"it says “{span[0]}”, but figures are of a quarter"
    yield from _expected(said, dated=dated)


def _expected(said: Wording, *, dated: bool) -> Iterator[str]:
    """Words about forecasts: nothing here knows what anybody expected."""
    found = wording.EXPECTED.search(said.words)
    if found is None or dated or wording.DISCLAIMED.search(said.words[: found.start()]):
        return
    if DIRECTION.search(said.words) or said.values:
        yield f"it speaks of “{found[0]}”, which is not known here"
