"""Nouns for measures, and whether a figure stands behind the noun it belongs to."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from dexter.domain.evidence import Measure
from dexter.orchestrator.references import Cited, Wording

# Nouns, longer ones before those they contain, and the evidence names (by prefix) each
# may stand before. No names: nothing dexter knows is called that.
MEASURES: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("diluted (?:eps|earnings per share)", ("eps_diluted",)),
    (
        "basic (?:eps|earnings per share)",
        ("eps_basic", "eps_yoy", "eps_qoq", "eps_versus"),
    ),
    ("earnings per share|eps|loss(?:es)? per share", ("eps",)),
    (
        r"earnings surprises?|surpris\w+|sue|standardi[sz]ed unexpected earnings",
        ("sue", "surprise", "rank"),
    ),
    ("revenue from operations|revenues?|sales|turnover|top[ -]?line", ("revenue",)),
    ("other income", ("other_income",)),
    ("total income", ("total_income",)),
    (
        "finance costs?|interest (?:costs?|expenses?|expended)",
        ("finance_costs", "interest_expended"),
    ),
    ("employee costs?|staff costs?|wage bills?", ("employee_cost",)),
    ("total expenses|expenses|expenditure|costs?", ("total_expenses", "employee")),
    ("depreciation(?: and amorti[sz]ation)?", ("depreciation",)),
    ("provisions?|provisioning", ("provisions",)),
    ("exceptional (?:items?|gains?|loss(?:es)?)", ("exceptional",)),
    ("gross npas?|gross non-performing assets", ("gross_npa",)),
    ("net npas?|net non-performing assets", ("net_npa",)),
    ("npas?|bad loans", ("gross_npa", "net_npa")),
    (
        "operating profits?|operating income|pre-provision profits?",
        ("operating_profit",),
    ),
    (
        "profits? before tax|pre-?tax profits?|pbt|profits? before exceptional items",
        ("profit_before",),
    ),
    ("(?:gross|operating|ebitda|ebit) (?:profits?|margins?)|ebitda|ebit", ()),
    ("net interest (?:income|margins?)|nii|nim", ()),
    ("net margin|net profit margins?|profit margins?|margins?", ("net_margin",)),
    (
        (
            r"(?:net )?profits?(?: after tax)?|bottom[ -]?line|pat|net income|earn\w*"
            r"|(?:net )?loss(?:es)?"
        ),
        (
            *("net_profit", "profit_yoy", "profit_qoq", "profit_versus"),
            "share_of_associates",
        ),
    ),
    ("interest earned|interest income", ("interest_earned",)),
    ("tax(?:es)?", ("tax", "current_tax", "deferred_tax")),
    (r"market (?:share|value|cap\w*)|share capital", ("paid_up_capital",)),
    (
        "(?:upper )?price bands?|upper (?:bands?|circuits?)|circuits?",
        ("circuit", "probability", "base_rate"),
    ),
    (
        "share prices?|stocks?|shares?|clos(?:e|es|ed|ing)|reactions?|prices?",
        ("close", "reaction", "vcp_pivot"),
    ),
    ("headlines?|announcements?", ("headline",)),
    ("pivot|contractions?|tightenings?|template|dry-up|vcp", ("vcp_",)),
    (
        "blockbuster(?: score)?|score",
        ("blockbuster", "surprise_", "growth_", "quality_", "margin_"),
    ),
    ("growth(?= at percentile| percentile)", ("growth_",)),
    ("quality", ("quality",)),
    ("base rate", ("base_rate",)),
    ("probability|likelihood|chance|odds", ("probability", "base_rate")),
    ("volumes?", ("vcp_volume", "volume")),
    (
        (
            r"cash flows?|cash|debts?|borrowings|deposits?|advances|loan book|loans"
            r"|dividends?|order books?|orders?|headcount|employees|workforce|capex"
            r"|capital expenditure|assets|liabilities|net worth|receivables|payables"
            r"|inventor(?:y|ies)|subscribers|customers|royalt\w+|fees|aum"
        ),
        (),
    ),
)
_NOUN = re.compile(
    "|".join(rf"(?P<m{i}>\b(?:{nouns})\b)" for i, (nouns, _) in enumerate(MEASURES)),
    re.IGNORECASE,
)
_KNOWN = tuple(name for _, names in MEASURES for name in names)
# “Surprise in net profit”, “margin of profit”: the first of the two is meant.
_HEADS = frozenset({"surprise", "margin", "probability", "base rate", "likelihood"})
_JOINT = re.compile(r"\s+(?:in|of|on)\s+(?:the |its |their )?", re.IGNORECASE)
# “Net profit, unlike revenue, rose”: the aside is not what rose.
_ASIDE = re.compile(
    r"\b(?:unlike|like|alongside|besides|as (?:with|did))(?: the| its)?\s+$",
    re.IGNORECASE,
)
_OTHER_ODDS = re.compile(
    r"\b(?:probability|likelihood|chances?|odds) (?:of|that|for|to)\b"
    r"(?!\s*\x00|[^\x00,;]{0,40}\b(?:circuit|band)\b)",
    re.IGNORECASE,
)
_OF_REVENUE = re.compile(
    r"\s+of (?:its |the )?(?:revenues?|sales|turnover|total income)\b", re.IGNORECASE
)
_RANKING = re.compile(
    r"\b(?:place|rank\w*|position|number|spot|comes?|came|stands?|stood)"
    r"(?: (?:in|at|is|was|of))?\s*$",
    re.IGNORECASE,
)
LOSS_NOUN = re.compile(r"\bloss", re.IGNORECASE)
# Units that do not say by themselves what was measured.
_NAMELESS = frozenset(
    {
        Measure.RUPEES,
        Measure.RUPEES_PER_SHARE,
        Measure.FRACTION,
        Measure.PROBABILITY,
        Measure.CHANGE,
        Measure.POINTS,
    }
)
_OWN_WORD_LENGTH = 3


@dataclass(frozen=True, slots=True)
class Noun:
    """A measure named in the words, and the evidence names it may stand before."""

    text: str
    names: tuple[str, ...]
    start: int

    def fits(self, name: str) -> bool:
        """Whether evidence of that name is what the noun says."""
        return bool(self.names) and name.startswith(self.names)

    @property
    def loss(self) -> bool:
        """Whether it names a loss, so that more of it is less profit."""
        return bool(LOSS_NOUN.search(self.text))


def nouns(text: str, start: int, end: int) -> list[Noun]:
    """The measures named in a stretch of text, heads of “surprise in profit” only."""
    found: list[Noun] = []
    for match in _NOUN.finditer(text, start, end):
        if _ASIDE.search(text, start, match.start()) or (
            found and _heads(text, found[-1], match)
        ):
            continue
        index = int((match.lastgroup or "m0")[1:])
        found.append(Noun(match.group(0), MEASURES[index][1], match.start()))
    return found


def _heads(text: str, last: Noun, match: re.Match[str]) -> bool:
    gap = text[last.start + len(last.text) : match.start()]
    joined = _JOINT.fullmatch(gap) is not None
    return joined and last.text.lower().rstrip("s") in _HEADS


def noun_before(wording: Wording, at: int) -> Noun | None:
    """The last measure named before a position in the sentence."""
    found = nouns(wording.masked, 0, at)
    return found[-1] if found else None


def noun_of(wording: Wording, value: Cited) -> Noun | None:
    """The noun a value stands behind; in a clause without one, the noun behind it."""
    start, end = wording.clause(value.start)
    before = nouns(wording.masked, start, value.start)
    if before:
        return before[-1]
    later = next((v.start for v in wording.values if v.start > value.start), end)
    after = nouns(wording.masked, value.end, min(end, later))
    fitting = [n for n in after if n.fits(value.evidence.name)]
    if fitting:
        return fitting[0]
    anywhere = nouns(wording.masked, 0, len(wording.masked))
    return noun_before(wording, value.start) or (anywhere[0] if anywhere else None)


def misplaced(wording: Wording) -> Iterator[str]:
    """Figures that stand behind another measure's name, or behind none."""
    for value in wording.values:
        problem = _problem(wording, value)
        if problem:
            yield f"{value.text} {problem}"


def _problem(wording: Wording, value: Cited) -> str:
    evidence = value.evidence
    if evidence.unit is Measure.DATE:
        return ""
    if evidence.name == "rank":
        ranked = _RANKING.search(wording.before(value.start))
        return "" if ranked else "is a rank; write “place” before it"
    if evidence.unit is Measure.PROBABILITY and _OTHER_ODDS.search(wording.masked):
        return "is the probability of an upper circuit, of nothing else"
    if not evidence.name.startswith(_KNOWN) and _calls(wording, evidence.name):
        return ""
    return _behind_noun(wording, value)


def _behind_noun(wording: Wording, value: Cited) -> str:
    evidence = value.evidence
    noun = noun_of(wording, value)
    if noun is None:
        nameless = evidence.unit in _NAMELESS and evidence.name.startswith(_KNOWN)
        return f"stands without its name; say it is {evidence.name}" if nameless else ""
    share = evidence.name == "net_margin" and _OF_REVENUE.match(
        wording.masked, value.end
    )
    if noun.fits(evidence.name) or share:
        return ""
    return f"is {evidence.name}, not “{noun.text}”"


def _calls(wording: Wording, name: str) -> bool:
    """Whether a sentence says a word of a measure's own name, or calls it a feature."""
    low = wording.words.lower()
    own = [w for w in name.split("_") if len(w) >= _OWN_WORD_LENGTH and w.isalpha()]
    return "on the feature “" in low or any(word in low for word in own)
