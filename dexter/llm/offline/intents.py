"""What a question is after, read from its words with names and dates set aside."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from dexter.domain.naming import Kind, Named, named_in
from dexter.domain.period import Quarter
from dexter.domain.phrases import Comparison, find_comparison, looks_ahead, strip_time
from dexter.llm.offline.unread import Unread, find_unread


class Intent(StrEnum):
    """The forms of question the rules can plan."""

    RESULTS = "results"
    FIGURE = "figure"
    COMPARE = "compare"
    SURPRISE = "surprise"
    GROWTH = "growth"
    REPORTED = "reported"
    CALENDAR = "calendar"
    SCORE = "score"
    VCP = "vcp"
    FILINGS = "filings"
    NEWS = "news"
    REACTION = "reaction"
    FEATURES = "features"


_REPORT = (
    r"(?:report(?:s|ing)?|results?|earnings|announc\w+|declar\w+|numbers|board meet\w*)"
)
_INTENTS: tuple[tuple[Intent, str], ...] = (
    (Intent.VCP, r"vcp|volatility contract\w*|contractions?|set-?ups?|coil\w*"),
    (
        Intent.FEATURES,
        r"features?|technicals?|indicators?",
    ),
    (
        Intent.REACTION,
        (
            r"^(?!.*(?:likel|probab|chance|odds|predict|will|could|score|alert))"
            r".*\b(?:hit|locked|closed|went)\b.*\bcircuits?"
        ),
    ),
    (
        Intent.SCORE,
        (
            r"blockbusters?|scores?|scor(?:ed|ing)|alerts?|probabilit\w+"
            r"|upper circuits?|predict\w*|chances?|odds|likel\w+"
        ),
    ),
    (
        Intent.REACTION,
        (
            r"react\w*|(?:stock|share)s?(?: prices?)? (?:mov\w+|do|did|fall|fell|ris\w+"
            r"|rose|jump\w*|drop\w*|respond\w*|go|went|gain\w*|los\w+)|prices?"
            r"|price action|market respon\w+|mov(?:e|ers|ed) (?:after|on)"
            r"|circuits?|shares?|stock"
        ),
    ),
    (
        Intent.FILINGS,
        (r"filings?|documents?|disclosures?|announcements?|pdfs?|submissions?"),
    ),
    (Intent.NEWS, r"news|headlines?|press|media|stories|coverage"),
    (
        Intent.SURPRISE,
        (
            r"surpris\w*|beats?|beaten|miss(?:es|ed)?|sue|disappoint\w*"
            r"|(?:better|worse) than expected|outperform\w*|underperform\w*"
            r"|unexpected\w*"
        ),
    ),
    (Intent.COMPARE, r"compar\w*|vs\.?|versus|against|difference|differ|side by side"),
    (
        Intent.GROWTH,
        (
            r"gr[eo]w\w*|growth|up|down|higher|lower|increas\w*|declin\w*|decreas\w*|fastest|chang\w*|trend\w*"
            r"|improv\w*|expan\w*|shr[aiu]nk\w*|rise|risen|fallen"
            r"|badh[aie]\w*|bad[ae]|gir[aie]|ghat[ie]"
        ),
    ),
)
_AHEAD_REPORT = re.compile(
    rf"\bwhen\s+(?:do|does|is|are|will)\b|\bwhen\b.*\b(?:due|expected)\b"
    rf"|\b(?:upcoming|coming|scheduled|expected|due|will)\b.*\b{_REPORT}"
    rf"|\b{_REPORT}\b.*\b(?:upcoming|ahead|due|scheduled|expected|calendar|date)\b"
    rf"|\b(?:results?|earnings)\s+(?:calendar|dates?|schedule)\b|\bcalendar\b"
    rf"|\bwho(?:\s+all)?\s+(?:(?:is|are)\s+)?report(?:s|ing)\b"
    rf"|\b(?:companies|stocks)\s+(?:(?:is|are)\s+)?report(?:ing)?\b(?!ed)"
    rf"|\b{_REPORT}\s+next\b|\bnext\s+{_REPORT}\b",
    re.IGNORECASE,
)
_PAST_REPORT = re.compile(
    r"\b(?:has|have|had|did|already|just)\b.*\breport\w*|\breported\b|\bdeclared\b"
    r"|\bannounced\b|\bcame\s+out\b|\bpublished\b|\bwhen\s+(?:did|was|were)\b"
    r"|\bkab\s+(?:aa?y[ae]|nikl[ae]|declare)\b",
    re.IGNORECASE,
)
_RESULTS = re.compile(
    r"\b(?:results?|earnings|quarter(?:ly)?|numbers|how\s+(?:did|is|was|has)|summar\w+"
    r"|overview|analy\w+|explain|perform\w*|financials?|report|tell\s+me\s+about"
    r"|update|figures|statement|p&l|income\s+statement)\b",
    re.IGNORECASE,
)
# “How did X do against last year” asks for the company, not for the comparison alone.
_HOW_DID = re.compile(
    r"\bhow\s+(?:did|has|have|is|are)\b.*\b(?:do|done|doing|fared?|perform\w*)\b"
    r"|\bkais[aei]\b|\bkya\s+(?:hua|hui|hue|raha|rahi|rahe)\b|\bkya\s+haal\b"
)
_WHOLE = re.compile(
    r"\b(?:summar\w+|overview|analy\w+|everything|full\s+(?:picture|story|results)"
    r"|results?\s+and|earnings\s+and)\b",
    re.IGNORECASE,
)
_MANY = re.compile(
    r"\b(?:who|whose|which|companies|stocks|names|everybody|everyone|all|any|top|best"
    r"|worst|biggest|largest|most|highest|lowest|fastest|strongest|weakest|rank\w*"
    r"|reporters|market|list|each|every|leaders?|laggards?|beats|misses|surprises"
    r"|setups|alerts|movers)\b",
    re.IGNORECASE,
)
_LOWEST = re.compile(
    r"\b(?:worst|miss(?:es|ed)?|disappoint\w*|weakest|lowest|slowest|laggards?|fell|fall"
    r"|declin\w+|shrank|negative|worse|losers?|underperform\w*|drop\w*|bottom|loss(?:es)?)\b",
    re.IGNORECASE,
)
_RANKED = re.compile(
    r"\b(?:top|best|worst|biggest|largest|most|highest|lowest|fastest|slowest|strongest"
    r"|weakest|rank\w*|leaders?|laggards?|misses|beats|surprises|movers)\b",
    re.IGNORECASE,
)
_COUNT = re.compile(
    r"\b(?:top|best|worst|biggest|largest|bottom|leading|strongest|weakest)\s+"
    r"(\d{1,2}|two|three|four|five|six|seven|eight|nine|ten|twenty)\b"
    r"|\b(\d{1,2}|two|three|four|five|ten)\s+(?:biggest|largest|best|worst|top|companies"
    r"|stocks|names)\b",
    re.IGNORECASE,
)
_CUE = re.compile(
    rf"(?:{'|'.join(pattern for _, pattern in _INTENTS if '.*' not in pattern)}"
    rf"|{_REPORT}|{_RESULTS.pattern}|{_MANY.pattern}|{_LOWEST.pattern}"
    rf"|{_RANKED.pattern})",
    re.IGNORECASE,
)
_COUNT_WORDS = {
    "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8,
    "nine": 9, "ten": 10, "twenty": 20,
}  # fmt: skip
_DEFAULT_TOP = 5
_MOST_TOP = 50


@dataclass(frozen=True, slots=True)
class Reading:
    """A question read for its intent.

    ``words`` is the question without names and time; ``measures`` and ``features`` are
    evidence names in the order asked, ``named`` the words that call them, ``unread``
    what nothing here answers, ``own_quarters`` the quarter said beside each measure
    where they differ; ``many`` is true when it is about a set of companies;
    ``lowest`` when the bottom of a ranking is wanted; ``ahead`` and ``past`` say which
    way a question about reporting looks, ``both`` that it looks both ways.
    """

    intent: Intent
    words: str
    measures: tuple[str, ...] = ()
    features: tuple[str, ...] = ()
    named: tuple[str, ...] = ()
    unread: tuple[Unread, ...] = ()
    own_quarters: Mapping[str, Quarter] = field(default_factory=dict)
    comparison: Comparison | None = None
    basis: str | None = None
    top: int = _DEFAULT_TOP
    many: bool = False
    ranked: bool = False
    lowest: bool = False
    ahead: bool = False
    past: bool = False
    both: bool = False
    recognised: bool = True


def read_question(question: str, names: Iterable[str] = ()) -> Reading:
    """Read the intent of a question; ``names`` are the mentions to look past."""
    text = without_names(question, names)
    said = strip_time(text).lower()
    words = said.replace("earnings per share", "eps")
    past = _PAST_REPORT.search(words) is not None
    due = _AHEAD_REPORT.search(text) is not None
    ahead = due and not past
    unread, known = find_unread(said, _is_cue)
    known = known.replace("earnings per share", "eps")
    named = named_in(known)
    measures = _names(named, Kind.LINE)
    features = _names(named, Kind.FEATURE)
    asked = _Asked(known, measures, features)
    intent, recognised = _intent(asked, ahead=ahead, past=past)
    comparison = find_comparison(text)
    return Reading(
        intent=intent,
        words=words,
        measures=measures,
        features=features,
        named=tuple(one.said for one in named),
        unread=unread,
        comparison=comparison,
        basis=_basis(words),
        top=_top(words),
        many=_MANY.search(words) is not None,
        ranked=_RANKED.search(words) is not None,
        lowest=_LOWEST.search(words) is not None,
        ahead=ahead or (looks_ahead(text) and not past),
        past=past,
        both=due and past,
        recognised=recognised or comparison is not None,
    )


@dataclass(frozen=True, slots=True)
class _Asked:
    """The words that are understood, and what they call by name."""

    words: str
    measures: tuple[str, ...]
    features: tuple[str, ...]


def _names(named: Iterable[Named], kind: Kind) -> tuple[str, ...]:
    """Evidence names of a kind, each once, by place in the words."""
    found = (name for one in named if one.kind is kind for name in one.names)
    return tuple(dict.fromkeys(found))


def _is_cue(word: str) -> bool:
    """Whether the word alone says what is asked for."""
    return _CUE.fullmatch(word) is not None


def without_names(question: str, names: Iterable[str]) -> str:
    """The question with company mentions taken out, so that none is read as a word."""
    for name in sorted(filter(None, names), key=len, reverse=True):
        question = re.sub(
            rf"(?<!\w){re.escape(name)}(?:['’]s)?(?!\w)",
            " ",
            question,
            flags=re.IGNORECASE,
        )
    return " ".join(question.split())


def _intent(asked: _Asked, *, ahead: bool, past: bool) -> tuple[Intent, bool]:
    words, measures = asked.words, asked.measures
    if ahead and not past:
        return Intent.CALENDAR, True
    if _WHOLE.search(words) or (not measures and _HOW_DID.search(words)):
        return Intent.RESULTS, True
    for intent, pattern in _INTENTS:
        named = intent is Intent.FEATURES and asked.features
        if named or re.search(rf"\b(?:{pattern})(?!\w)", words):
            return intent, True
    if measures or past:
        return (Intent.FIGURE if measures else Intent.REPORTED), True
    return Intent.RESULTS, _RESULTS.search(words) is not None


def _basis(words: str) -> str | None:
    for basis in ("standalone", "consolidated"):
        if re.search(rf"\b{basis}\b", words):
            return basis
    return None


def _top(words: str) -> int:
    found = _COUNT.search(words)
    if found is None:
        return _DEFAULT_TOP
    said = found[1] or found[2]
    count = int(said) if said.isdigit() else _COUNT_WORDS[said]
    return min(max(count, 1), _MOST_TOP)
