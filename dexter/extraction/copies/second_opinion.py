"""A reading mended where a model's copy of a page settles what OCR could not."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from dexter.domain.filing import DocumentKind, Review
from dexter.domain.statement import Statement
from dexter.extraction.pages.sheet import Sheet
from dexter.extraction.proof.agreement import Said, agree
from dexter.extraction.proof.reading import Draft
from dexter.extraction.result import Extraction, verdict

_REFUSED = {
    DocumentKind.NEWSPAPER,
    DocumentKind.INTIMATION,
    DocumentKind.PRESENTATION,
    DocumentKind.NOT_A_DOCUMENT,
}
MOST_LOOKS = 12


@dataclass(frozen=True, slots=True)
class Opinion:
    """What came of showing one page to a model: statements, or why there are none.

    ``asked``: the page was worth showing; ``over_budget``: it was not shown, because
    that could have passed a ceiling.
    """

    page: int
    statements: tuple[Statement, ...] = ()
    reason: str | None = None
    flags: tuple[str, ...] = ()
    asked: bool = True
    over_budget: bool = False


def pages_in_doubt(extraction: Extraction) -> tuple[int, ...]:
    """The pages worth a second opinion, at most twelve.

    Those with a statement in review; where OCR found no statement at all, the first
    pages. None in a file that is plainly something else.
    """
    if extraction.kind in _REFUSED:
        return ()
    waiting = [
        one.page
        for one in extraction.statements
        if one.status is Review.REVIEW and one.page is not None
    ]
    if not extraction.statements and extraction.pages:
        waiting = list(range(1, extraction.pages + 1))
    return tuple(dict.fromkeys(waiting))[:MOST_LOOKS]


def mended(extraction: Extraction, opinions: Sequence[Opinion]) -> Extraction:
    """The reading with the opinions in it.

    A statement in review gives way to the copy of its page where the copy was accepted,
    or where only the copy has figures to propose; otherwise it keeps its reason and
    gains the copy's. What was accepted before stays, and a copy that contradicts it
    sends both to review.
    """
    by_page = {one.page: one for one in opinions}
    kept = [_kept(one, by_page) for one in extraction.statements]
    fresh = [one for opinion in opinions for one in _fresh(extraction, opinion)]
    drafts = [Draft(s, Sheet(s.page or 1)) for s in (*kept, *fresh) if s is not None]
    statements = _named(agree(drafts, b"", Said("", "")), extraction.statements)
    flags = (*extraction.text_flags, *(f for one in opinions for f in one.flags))
    told = replace(extraction, text_flags=tuple(dict.fromkeys(flags)))
    if not statements:
        said = [f"page {one.page}: {one.reason}" for one in opinions if one.reason]
        whole = "; ".join(filter(None, (extraction.reason, *said)))
        return replace(told, reason=whole or None)
    status, reason = verdict(statements)
    kind = DocumentKind.RESULTS
    return replace(told, kind=kind, status=status, reason=reason, statements=statements)


def _kept(one: Statement, opinions: Mapping[int, Opinion]) -> Statement | None:
    opinion = opinions.get(one.page or 0)
    if opinion is None or one.status is not Review.REVIEW:
        return one
    if _replaces(opinion, one):
        return None
    why = opinion.reason or "; ".join(
        dict.fromkeys(s.reason for s in opinion.statements if s.reason)
    )
    return replace(one, reason=f"{one.reason}; {why}") if why else one


def _replaces(opinion: Opinion, one: Statement) -> bool:
    accepted = any(
        s.status is Review.ACCEPTED and _may_be(s, one) for s in opinion.statements
    )
    proposes = any(s.columns and _may_be(s, one) for s in opinion.statements)
    return accepted or (proposes and not one.columns)


def _may_be(copy: Statement, one: Statement) -> bool:
    """Whether a copy may be of the same statement: what both say does not differ."""
    pairs = ((copy.basis, one.basis), (copy.period_end, one.period_end))
    return all(a is None or b is None or a == b for a, b in pairs)


def _fresh(extraction: Extraction, opinion: Opinion) -> Iterable[Statement]:
    """The copies that stand for themselves: accepted, or all there is to propose."""
    rivals = [one for one in extraction.statements if one.page == opinion.page]
    for copy in opinion.statements:
        told = any(_may_be(copy, one) and one.columns for one in rivals)
        if copy.status is Review.ACCEPTED or not told:
            yield copy


def _named(
    statements: Sequence[Statement], before: Sequence[Statement]
) -> tuple[Statement, ...]:
    """With the symbol and ISIN the rest of the filing goes by, if there is one each."""
    symbols = {one.symbol for one in before if one.symbol}
    isins = {one.isin for one in before if one.isin}
    return tuple(
        replace(
            one,
            symbol=one.symbol or (min(symbols) if len(symbols) == 1 else None),
            isin=one.isin or (min(isins) if len(isins) == 1 else None),
        )
        for one in statements
    )
