"""Percentile ranks among the results of a season that were known at a moment.

The percentile of a value among ``k`` peers is ``100 × (below + ties / 2) / k`` (the
mid-rank), its peers being results of the same cohort that were public by then, the
company's own left out: those of the same season, or where fewer than a minimum of them
tell the measure those of the season before instead, never both together.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

import numpy as np

from dexter.features.columns import Array, Whole
from dexter.features.compiled import kernel

NEITHER = -1
"""``Ranks.back`` where no season has enough peers."""

_SPAN = 16_384
"""More quarters than there will be: keeps cohort and season apart in one key."""


@dataclass(frozen=True, slots=True)
class Peers:
    """Results to rank among, a row each, by cohort, season and publication.

    ``group`` is cohort and season in one number; ``moment`` is microseconds since 1970
    and ``company`` any number of its own, shape ``(m,)``. ``measures`` are columns by
    name, NaN where a result does not tell one.
    """

    group: Whole
    moment: Whole
    company: Whole
    measures: Mapping[str, Array]

    @classmethod
    def of(
        cls,
        measures: Mapping[str, Array],
        cohort: Whole,
        season: Whole,
        moment: Whole,
        company: Whole,
    ) -> Self:
        """Results in any order, one a company and season.

        Args:
            measures: Columns of shape ``(m,)``; NaN where not known.
            cohort: A small number a cohort, shape ``(m,)`` as all that follow.
            season: ``quarter_number`` of the quarter reported.
            moment: When the result became public.
            company: Whose it is.
        """
        group = cohort * _SPAN + season
        order = np.lexsort((moment, group))
        return cls(
            group=np.ascontiguousarray(group[order]),
            moment=np.ascontiguousarray(moment[order]),
            company=np.ascontiguousarray(company[order]),
            measures={name: _floats(one[order]) for name, one in measures.items()},
        )


@dataclass(frozen=True, slots=True)
class Asked:
    """Whose values are ranked, and as of when; columns as of ``Peers.of``, ``(n,)``."""

    cohort: Whole
    season: Whole
    moment: Whole
    company: Whole

    def rows(self, chosen: Whole) -> Self:
        """The chosen events, in that order."""
        return type(self)(
            self.cohort[chosen],
            self.season[chosen],
            self.moment[chosen],
            self.company[chosen],
        )


@dataclass(frozen=True, slots=True)
class Ranks:
    """Percentiles of one measure, and what they were taken among.

    Attributes:
        percentile: 0–100, NaN where the value or enough peers are missing; ``(n,)``.
        back: Seasons back the peers are of: 0, 1 or ``NEITHER``; ``(n,)``.
        counts: Peers telling the measure in the season, and in the one before where
            those were too few (else 0); ``(n, 2)``.
    """

    percentile: Array
    back: Whole
    counts: Whole


def ranks(name: str, values: Array, asked: Asked, peers: Peers, minimum: int) -> Ranks:
    """Rank values of a measure among the peers of each.

    Args:
        name: The measure, one of ``peers.measures``.
        values: Shape ``(n,)``, NaN where not known.
        asked: Cohort, season, moment and company of each value.
        peers: May hold what was published later and the asked results themselves.
        minimum: Fewest peers a percentile is taken among; at least one is needed.
    """
    least = max(minimum, 1)
    own = _counts(name, values, asked, peers, 0)
    enough = own[:, 0] >= least
    before = np.zeros_like(own)
    few = np.flatnonzero(~enough)
    before[few] = _counts(name, values[few], asked.rows(few), peers, 1)
    some = enough | (before[:, 0] >= least)
    total, below, level = np.where(enough[:, None], own, before).T
    told = some & ~np.isnan(values)
    nothing = np.full(len(values), np.nan)
    return Ranks(
        percentile=np.divide(100 * (below + level / 2), total, where=told, out=nothing),
        back=np.where(enough, 0, np.where(some, 1, NEITHER)),
        counts=np.column_stack([own[:, 0], before[:, 0]]),
    )


def _counts(name: str, values: Array, asked: Asked, peers: Peers, back: int) -> Whole:
    group = asked.cohort * _SPAN + asked.season - back
    rows = np.column_stack(
        [
            asked.moment,
            asked.company,
            np.searchsorted(peers.group, group, side="left"),
            np.searchsorted(peers.group, group, side="right"),
        ]
    )
    theirs = peers.measures[name]
    return _count(_floats(values), rows, theirs, peers.moment, peers.company)


def _floats(values: Array) -> Array:
    return np.ascontiguousarray(values, dtype=np.float64)


@kernel
def _count(
    value: Array,
    rows: Whole,
    peer_value: Array,
    peer_moment: Whole,
    peer_company: Whole,
) -> Whole:
    """Of each row how many peers there are, below it and level with it; ``(n, 3)``.

    A season has some thousand results, so each row simply looks at all of its own.

    Args:
        value: Shape ``(n,)``.
        rows: Moment, company, first peer and the one after the last; ``(n, 4)``.
        peer_value: Shape ``(m,)`` as all that follow.
        peer_moment: Ascending from a row's first peer to its last.
        peer_company: Whose each is.
    """
    counts = np.zeros((len(value), 3), dtype=np.int64)
    for row in range(len(value)):
        moment, company = rows[row, 0], rows[row, 1]
        first, last = rows[row, 2], rows[row, 3]
        end = first
        while end < last and peer_moment[end] <= moment:
            end += 1
        mine, total, below, level = value[row], 0, 0, 0
        for peer in range(first, end):
            theirs = peer_value[peer]
            counted = (not np.isnan(theirs)) & (peer_company[peer] != company)
            total += counted
            below += counted & (theirs < mine)
            level += counted & (theirs == mine)
        counts[row, 0], counts[row, 1], counts[row, 2] = total, below, level
    return counts
