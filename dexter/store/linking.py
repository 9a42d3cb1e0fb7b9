"""Finding companies in free text: tickers, names said loosely, nicknames, typos.

Rules, strongest first. A ticker counts when written as one (capitals), or in lower
case when it has three letters and is not an ordinary word. A name counts from its
beginning (``hcl tech``, ``Reliance``, ``tata steel``), its words whole, cut short or
with a slip of the pen. One word alone must be distinctive: not an ordinary word and
not one that many names share (``bank``, ``energy``). The longest mention wins; equally
good companies of one mention come back together.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from rapidfuzz.distance import OSA

from dexter.domain.company import Company, CompanyMatch
from dexter.store.lexicon import (
    ACRONYMS,
    COMMON,
    GENERIC,
    LEGAL,
    NICKNAMES,
    OPENING,
    WEAK,
)

MOST_AMBIGUOUS = 12
_TOKEN = re.compile(r"[A-Za-z0-9]+(?:['’.&-][A-Za-z0-9]+)*|&")
_POSSESSIVE = re.compile(r"['’]s$", re.IGNORECASE)
_SHORTEST_TICKER = 3
_SCRIP_CODE = 6
_SHORTEST_CUT = 3
_SHORTEST_TYPO = 6
_TWO_SLIPS_FROM = 9
_PERCENT = {"full": 100, "weak": 94, "part": 90, "cut": 2, "slip": 6}


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a question: as compared, as written, and which token it is of."""

    plain: str
    written: str
    origin: int

    @property
    def capital(self) -> bool:
        """Whether it was written with a capital or a digit first."""
        return not self.written[:1].islower()


@dataclass(frozen=True, slots=True)
class Hit:
    """A company found at a place: words consumed and how well they fit (0–100)."""

    length: int
    score: int
    company: Company


def plain_words(text: str) -> list[str]:
    """Words of a name as compared: lower case, no points, ``&`` as ``and``."""
    found: list[str] = []
    for token in _TOKEN.findall(text):
        found.extend(_plain(token))
    return found


def plain_name(text: str) -> str:
    """A company name without its legal form, as compared."""
    words = plain_words(text)
    if words[:1] == ["the"]:
        words = words[1:]
    while len(words) > 1 and words[-1] in LEGAL:
        words = words[:-1]
    return " ".join(words)


class Linker:
    """The names of every company, arranged for finding them in text."""

    def __init__(self, companies: Iterable[Company]) -> None:
        self.companies = tuple(companies)
        self._tickers: dict[str, Company] = {}
        self._names: dict[str, list[tuple[tuple[str, ...], Company]]] = defaultdict(
            list
        )
        for company in self.companies:
            self._add(company)
        for company in self.companies:
            self._tickers[company.symbol] = company
            self._tickers.setdefault(company.bse_code or company.symbol, company)
        self._slippable = [
            first
            for first in self._names
            if len(first) >= _SHORTEST_TYPO and first not in GENERIC | COMMON
        ]

    def _add(self, company: Company) -> None:
        names = {plain_name(company.name)} if company.name != company.symbol else set()
        for alias in company.aliases:
            if alias.isupper() and " " not in alias:
                self._tickers.setdefault(alias, company)
            else:
                names.add(plain_name(alias))
        for name in sorted(names - {""}):
            words = tuple(name.split())
            self._names[words[0]].append((words, company))

    def ticker(self, text: str) -> Company | None:
        """The company of a ticker, latest or former."""
        return self._tickers.get(text.strip().upper())

    def mentions(self, question: str) -> tuple[tuple[CompanyMatch, ...], ...]:
        """Companies a question mentions, in its order; ties of one mention together."""
        words = _words(question)
        shouting = question.isupper()
        found: list[tuple[CompanyMatch, ...]] = []
        seen: set[tuple[str, ...]] = set()
        place = 0
        while place < len(words):
            hits = self._at(words, place, shouting=shouting)
            if not hits:
                place += 1
                continue
            length = hits[0].length
            text = _said(words[place : place + length])
            matches = tuple(CompanyMatch(h.company, h.score, text) for h in hits)
            key = tuple(match.company.symbol for match in matches)
            if key not in seen:
                seen.add(key)
                found.append(matches[:MOST_AMBIGUOUS])
            place += length
        return tuple(found)

    def _at(self, words: Sequence[Word], place: int, *, shouting: bool) -> list[Hit]:
        """The best hits that begin at a word: longest, then best fitting."""
        hits = [
            *self._ticker_hits(words, place, shouting=shouting),
            *self._nickname_hits(words, place),
            *self._name_hits(words, place),
        ]
        if not hits:
            return []
        best = max((hit.length, hit.score) for hit in hits)
        held = {
            hit.company.symbol: hit for hit in hits if (hit.length, hit.score) == best
        }
        return [held[symbol] for symbol in sorted(held)]

    def _ticker_hits(
        self, words: Sequence[Word], place: int, *, shouting: bool
    ) -> Iterator[Hit]:
        word = words[place]
        if place and words[place - 1].origin == word.origin:
            return
        company = self._tickers.get(word.written.upper())
        if company is None or word.written.upper() in ACRONYMS:
            return
        number = word.written.isdigit() and len(word.written) != _SCRIP_CODE
        ordinary = number or word.written.lower() in COMMON | GENERIC
        capitals = word.written.isupper() and not shouting
        long_enough = len(word.written) >= _SHORTEST_TICKER
        shouted = capitals and len(word.written) > 1
        if not shouted and (not long_enough or ordinary):
            return
        length = sum(w.origin == word.origin for w in words[place:])
        yield Hit(length, _PERCENT["full"], company)

    def _nickname_hits(self, words: Sequence[Word], place: int) -> Iterator[Hit]:
        for length in (1, 2, 3):
            said = " ".join(w.plain for w in words[place : place + length])
            company = self._tickers.get(NICKNAMES.get(said, ""))
            if company is not None and len(words) >= place + length:
                yield Hit(length, _PERCENT["full"], company)

    def _name_hits(self, words: Sequence[Word], place: int) -> Iterator[Hit]:
        first = words[place]
        for start, slips in self._firsts(first):
            for name, company in self._names[start]:
                hit = _fit(words[place:], name, company, slips)
                if hit is not None:
                    yield hit

    def _firsts(self, word: Word) -> Iterator[tuple[str, int]]:
        plain = word.plain
        if plain in self._names:
            yield plain, 0
            return
        if len(plain) < _SHORTEST_TYPO or _ordinary(plain):
            return
        for first in self._slippable:
            if first[0] == plain[0] and _slipped(plain, first):
                yield first, 1


def _fit(
    words: Sequence[Word], name: tuple[str, ...], company: Company, slips: int
) -> Hit | None:
    """How far a name goes along with the words, or none when that says nothing."""
    length, cuts = 1, 0
    while length < min(len(name), len(words)):
        likeness = _likeness(words[length].plain, name[length])
        if likeness is None:
            break
        cuts += likeness == "cut"
        slips += likeness == "slip"
        length += 1
    if name[length - 1] in {"and", "of"}:
        length -= 1
    formal = length == len(name) and _at(words, length) in LEGAL
    if not formal and not _telling(words[:length], name[length:]):
        return None
    score = _score(name[length:]) - _PERCENT["cut"] * cuts - _PERCENT["slip"] * slips
    while length < len(words) and words[length].plain in LEGAL:
        length += 1
    return Hit(length, score, company)


def _at(words: Sequence[Word], place: int) -> str:
    return words[place].plain if place < len(words) else ""


def _likeness(said: str, called: str) -> str | None:
    """How a word is said: whole, cut short, with a slip, or not at all."""
    if said == called:
        return "whole"
    if len(said) >= _SHORTEST_CUT and called.startswith(said):
        return "cut"
    return "slip" if _slipped(said, called) and not _ordinary(said) else None


def _score(unsaid: Sequence[str]) -> int:
    """What a mention is worth when these words of the name were not said."""
    left = [word for word in unsaid if word not in LEGAL]
    if not left:
        return _PERCENT["full"]
    return _PERCENT["weak" if all(word in WEAK for word in left) else "part"]


def _telling(said: Sequence[Word], unsaid: Sequence[str]) -> bool:
    """Whether words say which company is meant, rather than what kind.

    One distinctive word does. Ordinary words do together: written with capitals
    ("Indian Bank" is a company, "an indian bank" is not), with the number of the name
    ("Sector 7"), or as a whole name nobody would say otherwise ("coal india").
    """
    plain = [word.plain for word in said]
    if any(not _ordinary(word) for word in plain):
        return any(len(w) >= _SHORTEST_CUT or _has_digit(w) for w in plain)
    if len(said) < 2:  # noqa: PLR2004 - one ordinary word alone
        return False
    capitals = all(word.capital for word in said if word.plain not in {"of", "and"})
    if capitals or any(word.isdigit() for word in plain):
        return True
    return plain[0] in OPENING and all(word in WEAK for word in unsaid)


def _ordinary(word: str) -> bool:
    if word in COMMON or word.isdigit() or word.upper() in ACRONYMS:
        return True
    for ending in ("s", "es", "ed", "ing", "ly", "er"):
        if word.endswith(ending) and word[: -len(ending)] in COMMON:
            return True
    return word in GENERIC


def _slipped(said: str, called: str) -> bool:
    """One slip of the pen (two in a long word), not a different word."""
    if min(len(said), len(called)) < _SHORTEST_TYPO:
        return False
    allowed = 2 if len(called) >= _TWO_SLIPS_FROM else 1
    return OSA.distance(said, called, score_cutoff=allowed) <= allowed


def _has_digit(word: str) -> bool:
    return any(letter.isdigit() for letter in word)


def _plain(written: str) -> list[str]:
    if written == "&":
        return ["and"]
    bare = _POSSESSIVE.sub("", written).lower()
    bare = re.sub(r"['’.]", "", bare).replace("&", " and ").replace("-", " ")
    return bare.split()


def _words(question: str) -> list[Word]:
    found: list[Word] = []
    for index, token in enumerate(_TOKEN.findall(question)):
        written = _POSSESSIVE.sub("", token)
        found.extend(Word(plain, written, index) for plain in _plain(token))
    return found


def _said(words: Sequence[Word]) -> str:
    tokens: dict[int, str] = {word.origin: word.written for word in words}
    return " ".join(tokens.values())
