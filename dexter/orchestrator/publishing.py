"""From sentences with references to the published answer; what fails is dropped."""

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass

from dexter.domain.evidence import Evidence
from dexter.domain.research import Answer, Claim
from dexter.orchestrator.claims import Sentence, check, rendered, sentences
from dexter.orchestrator.following import follow
from dexter.orchestrator.references import Sources

# Sentences code writes; a model may place them, nobody may reword them.
_SUE = (
    "Surprise here means SUE: the change of net profit from the same quarter a year "
    "before, measured in standard deviations of the company's own last eight such "
    "changes; it is not a comparison with analysts' consensus."
)
_BLOCKBUSTER = (
    "The blockbuster score is the mean of percentiles within the season: surprise, "
    "growth, margin and quality; parts that are not known lower its coverage."
)
_PROBABILITY = (
    "The probability is the champion model's calibrated estimate of a close at the "
    "upper price band within three sessions; its record stands in the alert."
)
_BASIS = (
    "Scores use figures of a single basis, standalone where it is known, as the "
    "champion model was trained on."
)
_VCP = (
    "A volatility contraction is a description of the price base before the results; "
    "no edge has been shown for it."
)
NOTES: tuple[tuple[str, str], ...] = (
    ("note_sue", _SUE),
    ("note_blockbuster", _BLOCKBUSTER),
    ("note_probability", _PROBABILITY),
    ("note_basis", _BASIS),
    ("note_vcp", _VCP),
)

# The values each note explains, by the beginning of their names.
_EXPLAINED = {
    "note_sue": ("sue",),
    "note_blockbuster": ("blockbuster",),
    "note_probability": ("probability",),
    "note_basis": ("blockbuster", "probability"),
    "note_vcp": ("vcp_",),
}


def notes_about(evidence: Iterable[Evidence]) -> tuple[tuple[str, str], ...]:
    """The notes that explain something in the evidence."""
    names = {e.name for e in evidence}
    return tuple(
        (note, text)
        for note, text in NOTES
        if any(name.startswith(_EXPLAINED[note]) for name in names)
    )


@dataclass(frozen=True, slots=True)
class Published:
    """The answer, and the sentences that were refused with their problems."""

    answer: Answer
    refused: tuple[Sentence, ...]


def examine(texts: Iterable[str], sources: Sources) -> list[Sentence]:
    """Every sentence of a draft, checked."""
    return [check(one, sources) for text in texts for one in sentences(text)]


async def publish(
    texts: Iterable[str],
    sources: Sources,
    again: Callable[[tuple[str, ...]], Awaitable[tuple[str, ...]]],
) -> Published:
    """Check a draft; send refused sentences back once; drop what fails twice.

    Args:
        texts: The draft.
        sources: What references may resolve to.
        again: Asks for the whole answer again, given the refused sentences with what
            was wrong with each.
    """
    checked = follow(examine(texts, sources))
    refused = [s for s in checked if s.problems]
    if refused:
        said = tuple(f"- “{s.text}”: {'; '.join(s.problems)}" for s in refused)
        second = follow(examine(await again(said), sources))
        # The second answer counts when it publishes at least as much.
        if _good(second) >= _good(checked):
            checked = second
    kept = [s for s in checked if not s.problems]
    dropped = tuple(s for s in checked if s.problems)
    return Published(_answer(kept, sources), dropped)


def _good(checked: Iterable[Sentence]) -> int:
    return sum(not s.problems for s in checked)


def _answer(kept: list[Sentence], sources: Sources) -> Answer:
    body = " ".join(rendered(s, sources, footnotes=True) for s in kept)
    return Answer(body, tuple(c for s in kept for c in _claims(s, sources)))


def _claims(sentence: Sentence, sources: Sources) -> Iterable[Claim]:
    """One claim per value a sentence shows; its value is its evidence's.

    A sentence that tells of figures only when they became public claims that. Sentences
    of code (absences, notes) and mere names claim no value.
    """
    said = rendered(sentence, sources)
    values = {r.id: r.evidence for r in sentence.references if r.is_value}
    values = values or {
        r.id: r.evidence for r in sentence.references if r.attribute == "known_at"
    }
    for identifier, evidence in values.items():
        if evidence is not None:
            yield Claim(
                text=sentence.text,
                rendered=said,
                value=evidence.value,
                unit=evidence.unit.value,
                evidence=(identifier,),
            )
