"""Unit, basis and audit, only ever from words printed above or in the header."""

import re
from collections.abc import Sequence

from dexter.domain.filing import Basis
from dexter.domain.statement import Unit
from dexter.extraction.pages.levels import Line, beside

_UNITS = (
    (Unit.LAKH, r"lakhs?|lacs?|lakh's|lac's"),
    (Unit.CRORE, r"crores?|crs?\.?"),
    (Unit.MILLION, r"millions?|mn\.?|mio"),
    (Unit.THOUSAND, r"thousands?|'?000s?"),
)
_RUN = 2.0
_QUOTES = r"[\s\"'“”‘’*:]*"
_CURRENCY = r"(?:rs\.?|inr|rupees?|₹|`|re\.?|amounts?|figures?|all\s+amounts?)"


def unit(header: Sequence[Line]) -> Unit | None:
    """The unit printed above a table; ``None`` when absent or contradictory."""
    found = set()
    for line in header:
        text = line.text.lower()
        for one, words in _UNITS:
            stated = (
                rf"\bin{_QUOTES}(?:{_CURRENCY}\s*\.?{_QUOTES})?(?:{words})(?![a-z])"
            )
            valued = rf"{_CURRENCY}\s*\.?\s*(?:in\s*)?(?:{words})(?![a-z])"
            alone = rf"[^a-z0-9]*(?:{words})[^a-z0-9]*"
            if (
                re.search(stated, text)
                or re.search(valued, text)
                or any(re.fullmatch(alone, run) for run in _runs(line))
            ):
                found.add(one)
        if re.search(r"\bin\s+(?:actual\s+|whole\s+)?(?:rupees|rs\.?|inr)\s*\)", text):
            found.add(Unit.RUPEE)
    return found.pop() if len(found) == 1 else None


def _runs(line: Line) -> list[str]:
    """Stretches of a line between wide gaps, in lower case."""
    runs: list[list[str]] = []
    last = None
    for word in line.words:
        if last is None or not beside(last, word, _RUN):
            runs.append([])
        runs[-1].append(word.text.lower())
        last = word
    return [" ".join(run) for run in runs]


def basis(header: Sequence[Line]) -> Basis | None:
    """Standalone or consolidated as printed; both or neither is ``None``."""
    text = re.sub(r"[^a-z]", "", " ".join(line.text for line in header).lower())
    alone = "standalone" in text
    group = "consolidated" in text.replace("nonconsolidated", "standalone")
    if alone == group:
        return None
    return Basis.STANDALONE if alone else Basis.CONSOLIDATED


def audited(column: str, header: Sequence[Line]) -> bool | None:
    """Whether the column says audited; else the title; else unknown."""
    for text in (column, " ".join(line.text for line in header)):
        plain = re.sub(r"[^a-z]", "", text.lower())
        no = "unaudited" in plain or "reviewed" in plain
        yes = "audited" in plain.replace("unaudited", "")
        if no != yes:
            return yes
    return None
