"""Names a model may not type: companies, months, indices; code writes them."""

import re
from collections.abc import Iterable, Iterator

from dexter.domain.evidence import Evidence
from dexter.orchestrator.measures import nouns
from dexter.orchestrator.moves import DIRECTION
from dexter.orchestrator.references import Sources, Wording

_CAPITAL = re.compile(r"(?<![\w'’-])[A-Z][\w&.'’-]*")
_TERMS_TEXT = """
SUE EPS VCP RSI MACD ATR ADX SMA EMA PAT PBT NPA NPAs GNPA NNPA NSE BSE IST YoY QoQ
YOY QOQ PDF XBRL PE PB ROE ROCE TTM NBFC
"""
_TERMS = frozenset(_TERMS_TEXT.split())
# Words that open a sentence or a heading; whatever else has a capital is a name.
_PLAIN_TEXT = """
a about above according across additionally after against all alongside also although
among an analysts and announced another any as at audited away back base basic basis
because before behind below beside besides beyond blockbuster board both bottom but by
calculated champion close closes comparable compared comparing comparison conflict
conflicting consequently consolidated costs counted counting coverage diluted
directors documents during each earlier earnings either elsewhere employee even every
evidence exceptional excluding expenses far few figures filing filings finally finance
following for from further gross group growth half headline headlines here hence how
however if in including income indeed instead interest it its just last later latest
like likewise losses loss management margin margins market meanwhile measured model
more moreover most much neither net news next no none nor not note nothing notably now
of on once only operating other others otherwise our over overall part per pre-tax
previous price prices pricing probability profit profitability profits provisions
published public put quarterly quarter ranked ranking rather reaction relative
reported reporting reports results return revenue revenues sales scores score second-
placed seen separately sequentially share shareholders shares similarly since so some
source sources standalone still stock surprise surprises table taken tax that the
their then there these they this those though through thus to together top total
trading turnover unaudited under undated underlying unlike unless until up upper
usually volume was were what when where whereas whether which while who with within
without year yearly yet
"""
_PLAIN = frozenset(_PLAIN_TEXT.split())
_MONTHS_TEXT = """
january february march april may june july august september october november december
monday tuesday wednesday thursday friday saturday sunday diwali
"""
_MONTHS = frozenset(_MONTHS_TEXT.split())
_PREDICATE = re.compile(
    r"(?:['’]s?)?\s+(?:report\w*|post\w*|earn\w*|made|makes?|saw|sees?|record(?:ed|s)"
    r"|deliver\w*|had|has|have|publish\w*|announc\w*|book(?:ed|s)|clos(?:ed|es)|is|was"
    r"|were|are|beat|beats|missed|rose|fell|grew|gained|lost|did|does|came|stood|turned"
    r"|led|ranks?|ranked|surprised|swung|outp\w+|lagg\w+|trail\w+|and)\b|['’]s?\s"
)


def typed(wording: Wording, sources: Sources) -> Iterator[str]:
    """Names in the words that are not those of the company the figures belong to."""
    cited = [r.evidence for r in wording.references if r.evidence is not None]
    own = _own_words(cited)
    for found in _CAPITAL.finditer(wording.words):
        word = re.sub(r"(?:['’]s?)?[.'’-]*$", "", found.group(0))
        if word in own or word in _TERMS or _is_plain(found, word, wording.words):
            continue
        yield (
            f"it types a name (“{word}”); companies, months and periods need "
            "references, such as {{e12.company}}"
        )
    yield from _foreign(wording.words, cited, sources.evidence.values())


def _own_words(cited: list[Evidence]) -> frozenset[str]:
    """Words of the one company a sentence is about; of several, none may be typed."""
    symbols = {e.symbol for e in cited if e.symbol}
    if len(symbols) != 1:
        return frozenset()
    said = " ".join(f"{e.company or ''} {e.symbol or ''}" for e in cited)
    return frozenset(word.rstrip(".,") for word in said.split())


def _is_plain(found: re.Match[str], word: str, words: str) -> bool:
    low = word.lower()
    if low in _MONTHS:
        return False
    if not words[: found.start()].strip(" (“"):
        # Opening a sentence any word has a capital; as its subject it is a name.
        shouted = len(word) > 1 and word.isupper()
        subject = _PREDICATE.match(words, found.start() + len(word))
        return low in _PLAIN or _common(low) or not (shouted or subject)
    return all(part in _PLAIN or _common(part) for part in low.split("-"))


def _common(word: str) -> bool:
    """Whether a word is one for a measure or a direction, whatever its capital."""
    return bool(nouns(word, 0, len(word)) or DIRECTION.fullmatch(word))


def _foreign(
    words: str, cited: list[Evidence], evidence: Iterable[Evidence]
) -> Iterator[str]:
    """Full names of other companies in any spelling of capitals."""
    symbols = {e.symbol for e in cited if e.symbol}
    low = words.lower()
    for name in sorted({(e.company or "").lower() for e in cited} - {""}, key=len):
        low = low.replace(name, " ")
    others = {e.company for e in evidence if e.company and e.symbol not in symbols}
    for name in sorted(others):
        if symbols and name.lower() in low:
            yield f"it names {name}, but its figures are another company's"
