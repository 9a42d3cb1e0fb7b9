"""Sentences about features: each by a name without digits, its value by reference."""

import re

from dexter.domain.evidence import Evidence
from dexter.domain.naming import without_named
from dexter.llm.offline.book import Book
from dexter.llm.offline.clauses import attr, capital, ref
from dexter.llm.offline.intents import Reading
from dexter.llm.offline.vocabulary import PLAIN

_MOST = 8
# Names whose digits or words would mislead once the digits are gone.
_LABELS = {
    "rsi_14": "relative strength index (RSI)",
    "atr_14": "average true range (ATR)",
    "adx_14": "average directional index (ADX)",
    "sma_50": "shorter moving average (SMA)",
    "sma_200": "longer moving average (SMA)",
    "close_to_sma_50": "close against the shorter moving average (SMA)",
    "close_to_sma_200": "close against the longer moving average (SMA)",
    "bollinger_upper": "bollinger band, top line",
    "bollinger_middle": "bollinger band, middle line",
    "bollinger_lower": "bollinger band, bottom line",
    "return_5": "return over a week of sessions",
    "return_20": "return over a month of sessions",
    "return_60": "return over a season of sessions",
    "market_return_20": "market return over a month of sessions",
    "market_return_60": "market return over a season of sessions",
    "upper_band_closes_60": "closes at the price band over a season of sessions",
    "upper_band_closes_250": "closes at the price band over a year of sessions",
    "pe_ttm": "price to earnings",
    "pb": "price to book",
    "roe_ttm": "return on equity",
    "sue": "earnings surprise (SUE)",
    "sur": "surprise of revenue",
    "volume_dry_up": "drying of volume",
    "turnover_surge": "turnover against its average",
    "exceptional_share": "exceptional items of the quarter",
    "profit_z_12": "profit against its last years",
    "zero_volume_share_60": "sessions without trading",
    "rs_rating": "relative strength rating",
    "vcp_first_depth": "vcp opening depth",
}


def features(book: Book, symbol: str, reading: Reading) -> list[str]:
    """The features the question names; a handful where it asks for them at large."""
    found = book.where(
        lambda e: e.symbol == symbol and e.value is not None and e.name != "rank"
    )
    named = [e for name in reading.features for e in found if e.name == name]
    words = {
        word
        for word in re.findall(r"[a-z]+", without_named(reading.words))
        if len(word) > 2 and word not in PLAIN  # noqa: PLR2004 - "at" is no ATR
    }
    asked = [*named, *(e for e in found if _is_named(e, words) and e not in named)]
    if not asked and reading.features:
        return []
    return [_line(e) for e in (asked or found)[:_MOST]]


def _is_named(evidence: Evidence, words: set[str]) -> bool:
    parts = set(evidence.name.split("_")) | set(label(evidence.name).lower().split())
    return any(word in parts or word.rstrip("s") in parts for word in words)


def _line(evidence: Evidence) -> str:
    # The value stands before its name, so that no noun in the name claims it.
    who = attr(evidence, "company") if evidence.company else "the company"
    said = f"{who} stood at {ref(evidence)} on the feature “{label(evidence.name)}”."
    if evidence.known_at is None:
        return capital(said)
    return f"As of {attr(evidence, 'known_at')}, {said}"


def label(name: str) -> str:
    """A feature's name in words, without the digits only references may carry."""
    if name in _LABELS:
        return _LABELS[name]
    words = "".join(c for c in name.replace("_", " ") if not c.isdigit())
    return " ".join(words.split())
