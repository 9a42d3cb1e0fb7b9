"""How the share took the company's earlier results.

A reaction is the return over sessions 0, 1 and 2 of a quarter, from the last close
before its first publication; only windows that had closed before the moment count.
"""

from dataclasses import dataclass

import numpy as np

from dexter.domain.evidence import Measure
from dexter.features.bars import STALE_DAYS, Bars
from dexter.features.columns import Array, Column, ratio
from dexter.features.known import Known
from dexter.features.moments import ist_days
from dexter.features.places import Told, days_zero, oldest, told_of
from dexter.features.quarters import counted, row_sum
from dexter.features.spec import Category, FeatureSpec
from dexter.features.surprises import known_of

SESSIONS = 3
QUARTERS = 4
MINIMUM = 2


def _spec(name: str, unit: Measure, about: str, formula: str) -> FeatureSpec:
    alone = name == "reaction_last"
    return FeatureSpec(
        name,
        unit,
        Category.EARNINGS,
        about,
        formula,
        inputs=("close", "base", "band", "known_at", "published_at")
        if name == "past_circuits_4"
        else ("close", "base", "known_at", "published_at"),
        look_back="2 quarters" if alone else "5 quarters",
        absent="the window is not known whole" if alone else "fewer than 2 known",
    )


_RETURN = (
    "close of session 2 / last close before first publication - 1, session 0 the first "
    "that closed at or after first publication"
)
SPECS: tuple[FeatureSpec, ...] = (
    _spec(
        "reaction_last",
        Measure.CHANGE,
        "return over three sessions of the quarter before",
        f"{_RETURN}; of the quarter before",
    ),
    _spec(
        "reaction_mean_4",
        Measure.CHANGE,
        "mean return over three sessions of the four quarters before",
        f"mean of those known of the 4 quarters before: {_RETURN}",
    ),
    _spec(
        "reaction_positive_share_4",
        Measure.FRACTION,
        "share of the four quarters before whose three sessions rose",
        f"share above 0 of those known of the 4 quarters before: {_RETURN}",
    ),
    _spec(
        "past_circuits_4",
        Measure.COUNT,
        "earlier results followed by an upper-circuit close",
        "how many of the windows of 3 sessions of the 4 quarters before, of those "
        "known, held a close at the upper band",
    ),
    _spec(
        "reaction_size_4",
        Measure.FRACTION,
        "mean size of the first session's move after the four results before",
        "mean of |close of session 0 / last close before first publication - 1| of the "
        "4 quarters before, of those whose 3 sessions are known; session 0 the first "
        "that closed at or after first publication",
    ),
)


@dataclass(frozen=True, slots=True)
class _Windows:
    """A window of three sessions per version of figures; ``end`` -1 where none."""

    before: Array
    end: Array
    change: Array
    first: Array
    circuit: Array


def compute(known: Known) -> dict[str, Column]:
    """Reactions to the four quarters before."""
    changes, firsts, circuits = _past(known)
    there, told = known_of(changes), known_of(circuits)
    count, tellable = counted(there), counted(told)
    few = f"fewer than {MINIMUM} of the last {QUARTERS} results have a whole window"
    untold = f"circuits of fewer than {MINIMUM} earlier results can be told"
    total = row_sum(np.where(there, changes, 0.0))
    risen = counted(changes > 0)
    return {
        "reaction_last": Column.of(
            changes[:, 0],
            *known.no_bars,
            (~there[:, 0], "no whole window after the results of the quarter before"),
        ),
        "reaction_mean_4": Column.of(
            ratio(total, count), *known.no_bars, (count < MINIMUM, few)
        ),
        "reaction_positive_share_4": Column.of(
            ratio(risen, count), *known.no_bars, (count < MINIMUM, few)
        ),
        "past_circuits_4": Column.of(
            row_sum(np.where(told, circuits, 0.0)),
            *known.no_bars,
            (tellable < MINIMUM, untold),
        ),
        "reaction_size_4": Column.of(
            ratio(row_sum(np.where(there, np.abs(firsts), 0.0)), count),
            *known.no_bars,
            (count < MINIMUM, few),
        ),
    }


def _past(known: Known) -> tuple[Array, Array, Array]:
    """Return, first move and circuit of each earlier window, NaN where not visible."""
    version = known.quarters.version[:, 1 : QUARTERS + 1]
    told = told_of(known.sources.figures, version)
    if not len(known.bars) or not len(told):
        nothing = np.full(version.shape, np.nan)
        return nothing, nothing, nothing
    windows, place = _windows(known.bars, told), told.place(version)
    inside = (
        (version >= 0)
        & (windows.end[place] >= 0)
        & (windows.end[place] <= known.end[:, None])
        & (windows.before[place] >= oldest(known)[:, None])
    )
    change, first, circuit = (
        np.where(inside, column[place], np.nan)
        for column in (windows.change, windows.first, windows.circuit)
    )
    return change, first, circuit


def _windows(bars: Bars, told: Told) -> _Windows:
    zero, published = days_zero(bars, told)
    first, after = bars.starts[told.company], bars.starts[told.company + 1]
    day = ist_days(published)
    whole = (zero > first) & (zero + SESSIONS <= after)
    safe = np.where(whole, zero, 1)
    safe = np.clip(safe, 1, max(1, len(bars) - SESSIONS))
    rows = np.minimum(safe[:, None] + np.arange(SESSIONS), len(bars) - 1)
    last = rows[:, -1]
    near = (day - bars.day[safe - 1] <= STALE_DAYS) & (
        bars.day[last] - day <= STALE_DAYS
    )
    # A base of another day or share makes it no return.
    near &= np.isfinite(bars.move[rows]).all(axis=1)
    held = (bars.band[rows] > 0).any(axis=1)
    untold = np.isnan(bars.band[rows]).any(axis=1) & ~held
    return _Windows(
        before=safe - 1.0,
        end=np.where(whole & near, safe + SESSIONS, -1).astype(np.float64),
        change=ratio(bars.close[last], bars.close[safe - 1]) - 1,
        first=ratio(bars.close[rows[:, 0]], bars.close[safe - 1]) - 1,
        circuit=np.where(untold, np.nan, held.astype(np.float64)),
    )
