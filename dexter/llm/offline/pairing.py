"""Which quarter belongs to which company or measure, where a question says several."""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from itertools import pairwise

from dexter.domain.naming import Kind, named_in
from dexter.domain.period import Quarter
from dexter.domain.phrases import place_quarters

_Place = tuple[int, str]


def by_company(
    question: str, mentions: Iterable[tuple[str, str]], today: date
) -> Mapping[str, Quarter]:
    """The quarter said beside each company; empty unless each has its own.

    Args:
        question: As asked.
        mentions: Pairs of a company's words in the question and its symbol.
        today: The day the words are read on.
    """
    places = [
        (found.start(), symbol)
        for text, symbol in mentions
        for found in _whole(text).finditer(question)
    ]
    return _paired(places, question, today)


def by_measure(question: str, today: date) -> Mapping[str, Quarter]:
    """The quarter said beside each line of a statement; empty unless all have one."""
    places = [
        (one.start, name)
        for one in named_in(question)
        if one.kind is Kind.LINE
        for name in one.names[:1]
    ]
    return _paired(places, question, today)


def _whole(text: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w){re.escape(text)}(?!\w)", re.IGNORECASE)


def _paired(
    places: Sequence[_Place], question: str, today: date
) -> Mapping[str, Quarter]:
    quarters = place_quarters(question, today)
    marks = [(at, True) for at, _ in places] + [(at, False) for at, _ in quarters]
    # One beside the other all the way, whichever comes first of each pair.
    alternate = all(left[1] is not right[1] for left, right in pairwise(sorted(marks)))
    if not alternate or len(places) != len(quarters):
        return {}
    keys = [key for _, key in sorted(places)]
    said = [quarter for _, quarter in quarters]
    if len(set(keys)) != len(keys) or len(set(said)) < 2:  # noqa: PLR2004 - two differ
        return {}
    return dict(zip(keys, said, strict=True))
