"""From outcomes of the identities to a grade and a verdict."""

from collections.abc import Iterable

from dexter.domain.filing import Grade, Review
from dexter.extraction.proof.identities import Outcome


def judge(outcomes: Iterable[Outcome]) -> tuple[Grade, Review, str | None]:
    """Grade A when every needed identity is exact, B within rounding, else review.

    No outcome at all proves nothing and is a review.
    """
    needed = [one for one in outcomes if one.needed]
    if not needed:
        return Grade.C, Review.REVIEW, "no identity could be checked"
    failed = [one for one in needed if not one.ok]
    if failed:
        one = failed[0]
        return Grade.C, Review.REVIEW, f"{one.name} does not hold: {one.detail}"
    exact = all(one.exact for one in needed if one.allowed)
    return (Grade.A if exact else Grade.B), Review.ACCEPTED, None
