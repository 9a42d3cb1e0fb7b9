"""Questions the rules will not or cannot plan, and the sentence that says so."""

import re

from dexter.domain.briefs import PlanningBrief
from dexter.domain.company import CompanyMatch
from dexter.domain.unanswered import Why
from dexter.llm.offline.clauses import capital
from dexter.llm.offline.intents import Intent, Reading
from dexter.llm.offline.market_plans import ranked_by
from dexter.llm.offline.unread import as_written
from dexter.llm.offline.vocabulary import PLAIN, TERMS

FORMS = (
    "Without a language model these forms can be asked: the results of a company, one "
    "figure of it, two quarters or two companies compared, who reported or surprised "
    "most in a week, month or season, scores and alerts, VCP setups, the results "
    "calendar, filings, headlines, and how the price reacted."
)
_ADVICE = re.compile(
    r"\b(?:should\s+(?:i|we|one|you)\b|(?:good|great|safe|right)\s+(?:buy|time|investment"
    r"|stock\s+to)|worth\s+(?:buying|holding|selling|investing)|buy\s+or\s+sell"
    r"|(?:to|can\s+i|shall\s+i|do\s+i|must)\s+(?:buy|sell|hold|invest|short)"
    r"|recommend\w*|stop[\s-]?loss|multi-?bagger|(?:buy|sell|hold)\s+(?:call|rating)"
    r"|an?\s+(?:(?:good|strong|clear)\s+)?(?:buy|sell|hold)\b(?!\s*-?\s*back)|(?:stock|share)\s+tips?|intraday\s+tips?"
    r"|invest(?:ing)?\s+in|^(?:buy|sell|short)\b|portfolio)\b",
    re.IGNORECASE,
)
_FORECAST = re.compile(
    r"\b(?:forecast\w*|price\s+targets?|target\s+prices?|guidance|consensus|street"
    r"|analysts?(?:['’])?\s+(?:estimates?|expect\w*)|estimates?\s+for"
    r"|expected\s+(?:eps|profit|revenue|growth|margin)"
    r"|will\s+(?:\S+\s+){0,4}(?:rise|fall|go\s+up|go\s+down|beat|miss|grow|crash|double"
    r"|rally|outperform|be\s+worth|earn|post)|where\s+will|what\s+will"
    r"|next\s+quarter['’]?s?\s+(?:profit|revenue|eps|results?\s+be)"
    r"|(?:profit|revenue|eps|margin)\s+(?:for\s+|in\s+)?(?:the\s+)?next\s+(?:quarter|year))\b",
    re.IGNORECASE,
)
_ELSEWHERE = re.compile(
    r"\b(?:ceo|cfo|chairman|founder|promoters?|headquarters?|address|phone|employees|poem"
    r"|joke|song|story\s+about|recipe|weather|cricket|football|movie|capital\s+of"
    r"|president|prime\s+minister|translate|bitcoin|crypto\w*|gold\s+price|ipo|mutual"
    r"\s+funds?|dividends?|bonus\s+issue|buy-?backs?|password|api\s+key|hello|hi"
    r"|system\s+prompt|meaning\s+of\s+life|favou?rite|horoscope|logo|colou?r)\b",
    re.IGNORECASE,
)
_NO_QUARTER = re.compile(r"\bQ\s?(?:[05-9]|[1-4]\d)(?=\b|FY)", re.IGNORECASE)
_SECTOR = re.compile(
    r"\b(?:banks?|banking|nbfcs?|insurers?|pharma\w*|autos?|automobile|fmcg|metals?"
    r"|cement|steel|textiles?|chemicals?|realty|infra\w*|energy|power|telecom|psus?"
    r"|it\s+(?:companies|stocks|firms|sector|majors)|sectors?|industr(?:y|ies)"
    r"|(?:large|mid|small)[\s-]?caps?|nifty|sensex)\b",
    re.IGNORECASE,
)
_ORDERS = (
    "by surprise, growth of revenue, net profit or EPS, net margin, score, "
    "probability, price reaction or VCP"
)
_LETTERS = re.compile(r"[^\W\d_]+")

_KINDS = (
    (_NO_QUARTER, "A fiscal year has the quarters Q1 to Q4 and no other."),
    (_ADVICE, "dexter gives no investment advice and never says buy, sell or hold."),
    (
        _FORECAST,
        (
            "dexter forecasts neither results nor prices and keeps no analysts' "
            "estimates; it reads what was published and scores it."
        ),
    ),
)


_QUARTERS_IN_YEAR = 4


def refusal(brief: PlanningBrief, reading: Reading) -> str | None:
    """Why the question cannot be planned, or none when it can."""
    for rule in (_by_kind, _by_names, _by_measure, _by_subject):
        sentence = rule(brief, reading)
        if sentence:
            return f"{sentence} {FORMS}"
    return None


def strangers(brief: PlanningBrief) -> list[tuple[str, tuple[str, ...]]]:
    """Name-like mentions that match nobody and are no term of the trade."""
    return [
        (text, nearest)
        for text, nearest in brief.unknown
        if not all(word in TERMS or word in PLAIN for word in _letters(text))
    ]


def _letters(text: str) -> list[str]:
    return [word.lower() for word in re.findall(r"\w+", text)]


def _by_kind(brief: PlanningBrief, reading: Reading) -> str | None:
    question = brief.question
    if not _LETTERS.search(question):
        return "There is no question here."
    if brief.problems:
        problems = "; ".join(brief.problems)
        return f"The plan these rules make for this question does not hold: {problems}."
    for pattern, sentence in _KINDS:
        if pattern.search(question):
            return sentence
    if _of_a_whole_year(brief, reading):
        return "Figures of a whole year are not read here, only those of quarters."
    if _ELSEWHERE.search(reading.words):
        return "This is not a question about published quarterly results."
    return None


def _of_a_whole_year(brief: PlanningBrief, reading: Reading) -> bool:
    """A figure of a fiscal year, which its four quarters need not add up to."""
    one_year = len({quarter.fiscal_year for quarter in brief.quarters}) == 1
    whole = one_year and len(brief.quarters) == _QUARTERS_IN_YEAR
    by_quarter = re.search(r"quarter|\bq[1-4]", brief.question, re.IGNORECASE)
    return whole and not by_quarter and reading.intent is Intent.FIGURE


def _by_names(brief: PlanningBrief, _: Reading) -> str | None:
    if brief.ambiguous:
        return " ".join(_choices(matches) for matches in brief.ambiguous)
    unknown = strangers(brief)
    if unknown and len(brief.companies) <= 1:
        return " ".join(_nobody(text, nearest) for text, nearest in unknown)
    return None


def _choices(matches: tuple[CompanyMatch, ...]) -> str:
    names = [f"{match.company.name} ({match.company.symbol})" for match in matches]
    return f"“{matches[0].text}” could be {_or(names)}: ask again with the symbol."


def _or(names: list[str]) -> str:
    if len(names) == 1:
        return names[0]
    return f"{', '.join(names[:-1])} or {names[-1]}"


def _nobody(text: str, nearest: tuple[str, ...]) -> str:
    near = f"; the nearest are {_or(list(nearest))}" if nearest else ""
    return f"No company called “{text}” is known here{near}."


def _by_measure(brief: PlanningBrief, reading: Reading) -> str | None:
    """Nothing asked for can be told, or companies cannot be ordered by it."""
    numbers = reading.intent in {Intent.FIGURE, Intent.GROWTH, Intent.COMPARE}
    plain = numbers or not reading.recognised
    if plain and reading.unread and not reading.measures:
        said = {as_written(u.said, brief.question): u.why for u in reading.unread}
        return " ".join(
            f"“{phrase}” cannot be told: {why.sentence}."
            for phrase, why in said.items()
        )
    timed = bool(brief.windows or brief.quarters)
    if brief.companies or not (timed or reading.many):
        return None
    picked = any(one.why is Why.PICKED for one in reading.unread)
    if picked or (reading.measures and numbers and ranked_by(reading) is None):
        return f"{capital(Why.PICKED.sentence)}: {_ORDERS}."
    return None


def _by_subject(brief: PlanningBrief, reading: Reading) -> str | None:
    if not brief.companies and _SECTOR.search(reading.words):
        return "Companies cannot be picked by sector, size or index here."
    timed = bool(brief.windows or brief.quarters)
    if brief.companies:
        if reading.recognised or not _subjects(reading.words):
            return None
        return "This does not read as a question about published quarterly results."
    if not reading.recognised and not (timed and not _subjects(reading.words)):
        return "This does not read as a question about published quarterly results."
    if timed or reading.many or reading.ahead:
        return None
    return "The question names neither a company nor a stretch of time."


def _subjects(words: str) -> list[str]:
    known = PLAIN | {"standalone", "consolidated"}
    return [word for word in _LETTERS.findall(words) if word not in known]
