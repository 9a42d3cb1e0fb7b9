"""Time as people say it: fiscal quarters, stretches of days, comparison markers."""

import re
from datetime import date

from dexter.domain.phrases.comparisons import (
    Comparison,
    comparison_spans,
    find_comparison,
)
from dexter.domain.phrases.quarters import (
    find_quarters,
    names_latest,
    place_quarters,
    quarter_hits,
)
from dexter.domain.phrases.scan import looks_ahead
from dexter.domain.phrases.seasons import season_of, season_on
from dexter.domain.phrases.windows import find_windows, window_hits

__all__ = [
    "Comparison",
    "find_comparison",
    "find_quarters",
    "find_windows",
    "looks_ahead",
    "names_latest",
    "place_quarters",
    "season_of",
    "season_on",
    "strip_time",
]

# Which words are time does not depend on the day; any day serves.
_ANY_DAY = date(2024, 8, 15)
_LOOSE_ENDS = re.compile(
    r"(?:\b(?:in|on|for|of|during|from|over|since|the|by|as)\s+)*\x00",
    re.IGNORECASE,
)


def strip_time(text: str) -> str:
    """A text without its time phrases, for finding names in what is left."""
    quarters, claims = quarter_hits(text, _ANY_DAY, None)
    windows = window_hits(text, _ANY_DAY, claims)
    spans = comparison_spans(text)
    spans += [(hit.start, hit.end) for hit in quarters]
    spans += [(hit.start, hit.end) for hit in windows]
    for start, end in sorted(spans, reverse=True):
        text = f"{text[:start]} \x00 {text[end:]}"
    return " ".join(_LOOSE_ENDS.sub(" ", text).split())
