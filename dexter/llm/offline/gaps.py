"""What an answer lacks: sources that disagree, and what was looked for in vain."""

import re
from collections.abc import Sequence

from dexter.domain.briefs import SynthesisBrief
from dexter.domain.research import Absence
from dexter.llm.offline import market_prose
from dexter.llm.offline.book import Book
from dexter.llm.offline.clauses import GROWN
from dexter.llm.offline.intents import Intent, Reading

_MOST_ABSENT = 3
_LIKELY = re.compile(r"\b(?:probab\w*|chances?|odds|likel\w+|circuits?|predict\w*)\b")


def conflicts(brief: SynthesisBrief) -> list[str]:
    """Sources that disagree, each by its reference."""
    return [
        f"Sources disagree, and neither is preferred here: {{{{c{index}}}}}"
        for index, _ in enumerate(brief.conflicts, 1)
    ]


def absences(
    brief: SynthesisBrief, book: Book, reading: Reading, body: Sequence[str]
) -> list[str]:
    """What was looked for and is not there; all of it when there is nothing else."""
    if reading.intent is Intent.CALENDAR and not body and book.symbols:
        return []
    numbered = list(enumerate(brief.absences, 1))
    ranked = market_prose.ranked_by(book) or len(book.symbols) > 1
    wanted = _sought(book, reading)
    if brief.unmet and not body:
        numbered = [(i, a) for i, a in numbered if a in brief.unmet]
    elif body and wanted:
        numbered = [
            (i, a) for i, a in numbered if a in brief.unmet or _is_about(a, wanted)
        ]
    most = max(_MOST_ABSENT if body else 2 * _MOST_ABSENT, len(brief.unmet))
    # The same measure may be missing for two tools; it is missed once.
    once = {a.what if ranked else a.what.split(" of ")[0]: i for i, a in numbered[::-1]}
    kept = [i for i, _ in numbered if i in once.values()]
    # Without a full stop: the reason may bring its own, and code adds a missing one.
    return [f"Not available: {{{{a{index}}}}}" for index in kept[:most]]


def _sought(book: Book, reading: Reading) -> frozenset[str]:
    """Names of measures whose absence matters to the question; empty for any."""
    ranked = market_prose.ranked_by(book)
    if ranked:
        return frozenset({ranked})
    if reading.intent is Intent.FEATURES:
        words = frozenset(reading.words.replace("/", "").split())
        return frozenset(reading.features) or words
    if reading.intent is Intent.SCORE and _LIKELY.search(reading.words):
        return frozenset({"probability", "prediction"})
    grown = {
        f"{GROWN[name]}_{suffix}"
        for name in reading.measures
        if name in GROWN
        for suffix in ("yoy", "qoq", "versus")
    }
    return frozenset({*reading.measures, *grown})


def _is_about(absence: Absence, names: frozenset[str]) -> bool:
    """Whether an absence is of a measure sought, or of a whole statement."""
    what = absence.what.lower()
    if {"results", "comparison", "task"} & set(what.split()):
        return True
    return any(what.startswith(name) for name in names)
