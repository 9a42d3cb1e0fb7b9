"""What a PDF is: results, or one of the things that look like results."""

import re
from collections.abc import Sequence

from dexter.domain.filing import DocumentKind
from dexter.extraction.pages.classes import PageText

_NEWSPAPER = re.compile(
    r"newspaper(?:s)?(?:advertis|publication|clipping|cutting|copies|copy|advt)|"
    r"cop(?:y|ies)of(?:the)?newspaper|publicnotice|pressadvertisement|"
    r"advertisementspublished"
)
_PUBLISHED = re.compile(r"publishedin(?:the)?(?:following)?newspaper")
_MEETING = re.compile(
    r"outcomeof(?:the)?(?:board)?meeting|boardmeetingoutcome|outcomeofboard"
)
_OUTCOME = re.compile(
    rf"{_MEETING.pattern}|(?:un)?auditedfinancialresultsfor|"
    r"statementof(?:un)?auditedfinancial|submissionof(?:un)?audited|"
    r"financialresultsforthe(?:quarter|period|year|half)"
)
_TRANSCRIPT = re.compile(
    r"transcriptof|earnings(?:conference)?call|conferencecalltranscript|"
    r"moderator:|concalltranscript"
)
_PRESENTATION = re.compile(
    r"investorpresentation|earningspresentation|resultspresentation|"
    r"corporatepresentation|analystpresentation|investorupdate"
)
_INTIMATION = re.compile(
    r"intimationof(?:the)?boardmeeting|noticeof(?:the)?boardmeeting|tradingwindow|"
    r"meetingoftheboardofdirectors.{0,80}(?:isscheduled|willbeheld|tobeheld)|"
    r"boardmeetingintimation|priorintimation|closureoftrading"
)
_EXTRACT = re.compile(r"extracts?of.{0,80}(?:results|statement)|regulation47\b")
_COVER = 2
_TOP = 1500

_KEYWORDS = (
    "particulars",
    "quarterended|threemonthsended|3monthsended",
    "revenuefromoperations|incomefromoperation|netsales|interestearned",
    "otherincome",
    "totalincome|totalrevenue",
    "totalexpenses|totalexpenditure|operatingexpenses",
    "employeebenefit|employeescost|staffcost",
    "financecost|interest",
    "depreciation",
    "beforetax",
    "taxexpense|currenttax",
    "deferredtax",
    "profitfortheperiod|profitaftertax|netprofit|profit/lossfortheperiod|aftertax",
    "paidup|paid-up",
    "facevalue",
    "earningspershare|earningpershare|earningperequityshare|eps",
    "basic",
    "diluted",
)
_ENOUGH = 9
_SOME = 4
_MUCH_TEXT = 600
_NUMBERS = 20


def squeeze(text: str) -> str:
    """Lower case without white space: what keyword rules look at."""
    return "".join(text.lower().split())


def statement_score(page: PageText) -> int:
    """How many of the 18 words of a results statement a page has."""
    if len(re.findall(r"\d[\d,]*\.?\d*", page.text)) < _NUMBERS:
        return 0
    text = squeeze(page.text)
    return sum(bool(re.search(word, text)) for word in _KEYWORDS)


def is_candidate(page: PageText) -> bool:
    """Whether a page's text may hold a results statement."""
    return statement_score(page) >= _ENOUGH


def may_hold_statement(page: PageText) -> bool:
    """Whether a scan is worth reading, by its hidden text where it has much of it."""
    if len(page.text) < _MUCH_TEXT:
        return True
    text = squeeze(page.text)
    return sum(bool(re.search(word, text)) for word in _KEYWORDS) >= _SOME


def is_extract(page: PageText) -> bool:
    """A newspaper extract says so in its heading."""
    return bool(_EXTRACT.search(squeeze(page.text[:_TOP])))


def kind_of(
    pages: Sequence[PageText], *, statements: bool, unread: bool
) -> DocumentKind:
    """The kind of a PDF from its words.

    Args:
        pages: with the text a believed reader saw.
        statements: whether a statement page was seen.
        unread: whether there are pages nobody could read.
    """
    cover = squeeze(" ".join(page.text for page in pages[:_COVER]))
    everything = squeeze(" ".join(page.text for page in pages[:6]))
    outcome = bool(_OUTCOME.search(cover)) and statements
    spoken = _TRANSCRIPT.search(cover) or _PRESENTATION.search(cover)
    if spoken and not outcome:
        return DocumentKind.PRESENTATION
    # Outcome letters also say that results will be published in newspapers.
    if _NEWSPAPER.search(cover) and not (outcome and _MEETING.search(cover)):
        return DocumentKind.NEWSPAPER
    if _PUBLISHED.search(cover) and not outcome:
        return DocumentKind.NEWSPAPER
    if _INTIMATION.search(cover) and not statements:
        return DocumentKind.INTIMATION
    if statements or (unread and _OUTCOME.search(everything)):
        return DocumentKind.RESULTS
    return DocumentKind.OTHER
