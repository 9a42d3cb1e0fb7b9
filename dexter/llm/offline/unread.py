"""What a question asks for and nothing here reads, so that it is never passed over."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from dexter.domain.naming import without_named
from dexter.domain.unanswered import Why
from dexter.llm.offline.vocabulary import PLAIN, QUALIFIERS, TERMS

_YEARS = r"(?:\d{1,2}|two|three|four|five|six|seven|eight|nine|ten)"
CURRENCY = re.compile(
    r"\b(?:in|to|into|as) (?:u\.?s\.? )?(?:dollars?|usd|euros?|eur|pounds?|gbp|yen|\$)"
    r"(?: terms)?(?!\w)"
)
_PHRASES: tuple[tuple[re.Pattern[str], Why], ...] = (
    (CURRENCY, Why.CURRENCY),
    (
        re.compile(r"\b(?:dollar|usd) (?:terms|revenues?|profits?|growth)\b"),
        Why.CURRENCY,
    ),
    (
        re.compile(
            r"\b(?:(?:over|in|for|during|across|since|of) )?(?:the )?"
            rf"(?:last|past|previous|these)?\s*{_YEARS}[ -]years?(?: cagr)?"
            r"(?! (?:ago|back))\b"
            r"|\b\d{1,2}\s?y(?:rs?)?\b|\bc\.?a\.?g\.?r\b"
            r"|\b(?:ttm|ltm|ytd|trailing (?:twelve|12) months|year to date)\b"
            r"|\b(?:full[ -]year|yearly|annual)\b(?! (?:growth|change|rise|increase"
            r"|decline|results))"
        ),
        Why.SPAN,
    ),
    (
        re.compile(
            r"\b(?:above|below|over|under|exceed(?:s|ed|ing)?|at least|at most|between"
            r"|(?:more|less|greater|higher|lower) than|upwards of|crossed)"
            r"\s+(?:rs\.?|inr|₹)?\s*\d[\d,.]*\s*(?:%|per ?cent|crores?|cr|lakhs?"
            r"|bn|billion|mn|million)?(?!\w)"
        ),
        Why.PICKED,
    ),
    (
        re.compile(
            r"\b(?:ebitda|ebit|ebidta|gross|contribution|nopat)"
            r"(?: (?:profits?|margins?))?(?! npas?)\b"
            r"|\b(?:nims?|nii|net interest (?:income|margins?))\b"
            r"|\b(?:aum|assets? under management|loan ?books?|advances|deposits?"
            r"|borrowings|debts?(?![ /-]*(?:to[ -])?equity)|(?<!on )net ?worth"
            r"|book value|(?<!on )assets|liabilit(?:y|ies)"
            r"|inventor(?:y|ies)|receivables|payables|working capital|cash flows?|cash"
            r"|fcf|capex|capital expenditure|market cap\w*|roce|roic"
            r"|returns? on (?:capital|invest\w+)(?: employed)?|ev/ebitda)\b"
            r"|\b(?:order ?books?|orders?|order (?:inflows?|wins?|backlog)|deal wins?"
            r"|tcv|attrition|head ?counts?|workforce|utili[sz]ation|subscribers?|arpu"
            r"|customers?|users|volumes?|tonnage|production|dispatch(?:es)?|capacity"
            r"|market share|royalt(?:y|ies)|premiums?|solvency|combined ratio|vnb"
            r"|embedded value|credit costs?|slippages?|provision coverage|pcr|casa"
            r"|capital adequacy|occupancy|realisations?|realizations?|gmv|guidance)\b"
        ),
        Why.FIGURE,
    ),
    (
        re.compile(
            r"\bsegment(?:al|s|[- ]wise)?\b|\bper (?!share\b|cent\b)[a-z]+"
            r"|\b(?:break-?(?:up|down)|splits?|revenue mix)\b"
        ),
        Why.PART,
    ),
)
_WORD = r"[a-z][a-z&-]+"
_BEFORE = re.compile(rf"({_WORD}) (?=\x00)")
_BEHIND = re.compile(
    rf"\x00 ((?:from|in|of|excluding|ex|without|before|after|per|by) "
    rf"(?:the |its |their )?({_WORD})(?: {_WORD})?)"
)


@dataclass(frozen=True, slots=True)
class Unread:
    """A phrase of the question nothing answers, and why."""

    said: str
    why: Why


def as_written(said: str, question: str) -> str:
    """A phrase with the capitals the question has."""
    found = re.search(re.escape(said), question, re.IGNORECASE)
    return found.group() if found else said


def find_unread(
    words: str, is_cue: Callable[[str], bool]
) -> tuple[tuple[Unread, ...], str]:
    """What nothing here answers, by place, and the words with it blanked out.

    Args:
        words: The question without names and time, in lower case.
        is_cue: Whether a word is one the rules understand by themselves.
    """
    found: list[tuple[int, Unread]] = []
    for pattern, why in _PHRASES:
        found += [
            (match.start(), Unread(match.group().strip(), why))
            for match in pattern.finditer(words)
        ]
        words = pattern.sub(lambda match: " " * len(match.group()), words)
    found += _qualified(words, is_cue)
    return tuple(one for _, one in sorted(found, key=lambda pair: pair[0])), words


def _qualified(
    words: str, is_cue: Callable[[str], bool]
) -> Iterator[tuple[int, Unread]]:
    """Words right at a measure that narrow it in a way nobody here knows."""
    masked = without_named(words)

    def known(word: str) -> bool:
        return word in PLAIN | TERMS | QUALIFIERS or is_cue(word)

    for match in _BEFORE.finditer(masked):
        if not known(match[1]):
            end = len(masked[match.end() :]) - len(masked[match.end() :].lstrip("\x00"))
            said = words[match.start() : match.end() + end]
            yield match.start(), Unread(said.strip(), Why.PART)
    for match in _BEHIND.finditer(masked):
        if not known(match[2]):
            yield match.start(), Unread(match[1].strip(), Why.PART)
