"""Our own words for the tone of Indian disclosures and financial news.

A word ending in ``*`` is a stem: it stands for every word that begins so, the longest
stem first. A phrase goes before the words in it. Weights are 1 for a lean and 2 for a
plain verdict. The words were chosen by reading exchange announcements and market
reports, not taken from any list.
"""

import re
from functools import lru_cache

_GOOD = """
accelerat* accolade* achiev* appreciation award* beat beats beating benefit* best
boost* breakthrough bright* bullish buoyan* certificat* commenc* commend* commission*
confiden* deleverag* delight* encourag* enhanc* excellen* exceed* expan* favour*
favorabl* gain gains grew grow* healthy highest improv* inaugurat* increase* innovat*
jump* landmark launch* leap* milestone* momentum opportunit* optimis* outpac* patent*
pioneer* positiv* profitab* progress* prosper* rallied rally* ramp* rebound*
recognition recover* resilien* reviv* reward* rise rises rising robust* rose soar*
solid* stabilis* strength* strong* success* superior* surg* surpass* synerg* tripl*
upbeat upside upswing uptick upward* win wins winner winning won
"""
_VERY_GOOD = "upgrad* outperform* bagg* bags windfall turnaround"
_BAD = """
abandon* abeyan* accident* adverse* allegation* alleg* attach* bearish breach* burden*
ceas* challeng* clos* collaps* complain* contravent* crash* crisis damag* deadlock
declin* defect* defer* deficit* delay* deteriorat* disappoint* disclaim* discontinu*
dispute* disrupt* disqualif* distress* doubt* downside downtrend downward* dragged
dropped drops erod* erosion explosion fall falls fallen falling fell fined fire flood*
forfeit* freez* halt* headwind* hurt* impair* inabilit* irregularit* lapse* lawsuit*
layoff* litigation* lockout* loss losses lost lower* miss missed misses negativ*
penal* penalt* plea pledg* plung* poor* postpon* pressur* probe* prosecut* recall*
reject* resign* restat* revok* scrutin* seiz* setback* shortfall* shrink* shrank
shutdown* slid* slip* slow* sluggish* slump* stagna* strain* stress* strike strikes
struggl* summon* suspen* takedown tariff* terminat* theft threat* troubl* tumbl*
turmoil unable uncertain* underperform* unfavour* unpaid unrest violat* volatil*
vulnerab* warn* weak* withdraw* withdrew worr* worse* worst
"""
_VERY_BAD = """
arrest* bankrupt* blacklist* debarr* default* delist* downgrad* embezzl* fraud*
insolven* launder* liquidat* misappropriat* misstat* raid* scam* siphon* wilful*
"""
_SAYS_NOTHING = (
    "close closed closing closure cease lowering gainful attached attachment"
)

PHRASES: dict[str, int] = {
    "above estimates": 2,
    "all time high": 2,
    "beats estimates": 2,
    "better than expected": 2,
    "bonus issue": 1,
    "bonus shares": 1,
    "debt free": 2,
    "final dividend": 1,
    "in its favour": 2,
    "interim dividend": 1,
    "letter of award": 1,
    "lowest bidder": 1,
    "new order": 1,
    "order from": 1,
    "order win": 2,
    "order worth": 2,
    "orders contracts": 1,
    "outlook revised to positive": 2,
    "purchase order": 1,
    "receipt of order": 1,
    "record date": 0,
    "record high": 2,
    "reduction of debt": 1,
    "repaid in full": 1,
    "revised upward": 2,
    "special dividend": 1,
    "turned profitable": 2,
    "usfda approval": 2,
    "without any observation": 1,
    "action s initiated or orders passed": -1,
    "action s taken or orders passed": -1,
    "adverse opinion": -2,
    "adversely affect": -2,
    "auditor resign": -2,
    "below estimates": -2,
    "board meeting cancelled": -1,
    "board meeting postponed": -1,
    "cancellation of dividend": -2,
    "cessation of": 0,
    "corporate insolvency": -2,
    "cut in rating": -2,
    "delayed non submission": -1,
    "demand notice": -1,
    "enforcement directorate": -2,
    "fir against": -2,
    "fir registered": -2,
    "form 483": -1,
    "going concern": -1,
    "import alert": -2,
    "income tax search": -2,
    "insider trading": -1,
    "invocation of pledge": -2,
    "loss of share certificate": 0,
    "missed estimates": -2,
    "net loss": -1,
    "non compliance": -1,
    "non payment": -2,
    "one time settlement": -1,
    "outlook revised to negative": -2,
    "profit warning": -2,
    "qualified opinion": -2,
    "release of pledge": 1,
    "resolution professional": -1,
    "revised downward": -2,
    "sebi order": -2,
    "show cause notice": -2,
    "special mention account": -1,
    "tax demand": -1,
    "trading window": 0,
    "closure of trading window": 0,
    "warning letter": -2,
    "work stoppage": -1,
    "worse than expected": -2,
    "write off": -1,
}
NEGATIONS = frozenset(
    ("no", "not", "nor", "never", "without", "nil", "denies", "denied", "cannot")
)
REACH = 3
"""A negation turns the words up to so many after it."""

_DAMPING = 1.0
_INFORMED = re.compile(r"^.{0,140}?\binform(?:ed|s)?\b.{0,30}?\bexchanges?\b")
_WORD = re.compile(r"[a-z][a-z0-9]*")
_STEM_FROM = 2


def _weights() -> tuple[dict[str, int], dict[str, int]]:
    whole: dict[str, int] = {}
    stems: dict[str, int] = {}
    for text, weight in ((_GOOD, 1), (_VERY_GOOD, 2), (_BAD, -1), (_VERY_BAD, -2)):
        for word in text.split():
            if word.endswith("*"):
                stems[word[:-1]] = weight
            else:
                whole[word] = weight
    return whole | dict.fromkeys(_SAYS_NOTHING.split(), 0), stems


_WHOLE, _STEMS = _weights()
_ANY_PHRASE = re.compile(
    r"\b(?:" + "|".join(sorted(PHRASES, key=len, reverse=True)) + r")\w*"
)


@lru_cache(maxsize=100_000)
def weight_of(word: str) -> int:
    """What a word in lower case says: −2 to 2, 0 for nothing."""
    if word in _WHOLE:
        return _WHOLE[word]
    for length in range(len(word), _STEM_FROM, -1):
        if word[:length] in _STEMS:
            return _STEMS[word[:length]]
    return 0


def words_of(text: str) -> list[str]:
    """The words of a text in lower case, without who informed which exchange."""
    return _WORD.findall(_INFORMED.sub(" ", text.lower()))


def tone_of(words: list[str]) -> float:
    """Tone of a text, −1 to 1.

    (good − bad) / (good + bad + 1), each the sum of the weights of phrases and words;
    after a negation a word, within ``REACH``, counts for the other side. Rounded to
    thousandths.
    """
    good, bad = 0.0, 0.0
    said, denied = _without_phrases(" ".join(words))
    for weight in said:
        good, bad = good + max(weight, 0), bad + max(-weight, 0)
    since = REACH + 1
    for word in denied:
        if word in NEGATIONS:
            since = 0
            continue
        since += 1
        weight = weight_of(word) * (-1 if since <= REACH else 1)
        good, bad = good + max(weight, 0), bad + max(-weight, 0)
    return round((good - bad) / (good + bad + _DAMPING), 3)


def _without_phrases(text: str) -> tuple[list[int], list[str]]:
    """Weights of the phrases in a text, and the words that are left."""
    found = [_phrase_weight(match) for match in _ANY_PHRASE.findall(text)]
    return found, (_ANY_PHRASE.sub(" ", text) if found else text).split()


def _phrase_weight(match: str) -> int:
    """The weight of the longest phrase a match begins with (its end may be bent)."""
    return next(PHRASES[p] for p in _BY_LENGTH if match.startswith(p))


_BY_LENGTH = sorted(PHRASES, key=len, reverse=True)
