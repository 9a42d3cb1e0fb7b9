"""Sentences after one another: “its profit” is of the company last named."""

import re
from collections.abc import Iterable
from dataclasses import replace

from dexter.orchestrator.claims import Sentence
from dexter.orchestrator.references import Wording

_IT = re.compile(
    r"\b(?:it|its|they|their|the (?:company|bank|lender|firm|group|stock|shares?))\b",
    re.IGNORECASE,
)


def follow(checked: Iterable[Sentence]) -> list[Sentence]:
    """The sentences, those refused whose figures belong to nobody named before them.

    A sentence that names its company is judged alone. One that names none speaks of the
    only company named so far or, with “it” or “the company”, of those named last.
    """
    out: list[Sentence] = []
    ever: set[str] = set()
    last: set[str] = set()
    for sentence in checked:
        named, mine = _named(sentence), _whose(sentence)
        about = ever if len(ever) == 1 else last if _IT.search(sentence.text) else set()
        if sentence.problems or named or not about or mine <= about:
            out.append(sentence)
        else:
            others = ", ".join(sorted(mine - about))
            problem = f"it names no company, and its figures are of {others}"
            out.append(replace(sentence, problems=(problem,)))
        if named and not sentence.problems:
            last = named
            ever |= named
    return out


def _named(sentence: Sentence) -> set[str]:
    """Companies a sentence names, by reference or by a word of their own."""
    words = Wording(sentence.text, sentence.references).words
    found = set()
    for reference in sentence.references:
        evidence = reference.evidence
        if evidence is None or not evidence.symbol:
            continue
        first = (evidence.company or evidence.symbol).split()[0]
        own = rf"\b(?:{re.escape(first)}|{re.escape(evidence.symbol)})\b"
        typed = re.search(own, words)
        if reference.attribute in {"company", "symbol"} or typed:
            found.add(evidence.symbol)
    return found


def _whose(sentence: Sentence) -> set[str]:
    """Companies whose figures a sentence shows."""
    return {
        r.evidence.symbol
        for r in sentence.references
        if r.evidence is not None and r.is_value and r.evidence.symbol
    }
