"""Strength in the template is the one the market is measured by, limits included."""

from dataclasses import replace

import numpy as np

from dexter.features import pattern
from dexter.features.breadth import LONGEST, SPREAD, WITHIN_DAYS, relative_strength
from dexter.features.strength import raw_strength
from dexter.features.windows import View
from tests.features.making_prices import bars_of, every_row, history, last_rows, walk


def test_it_is_the_market_s_at_every_session() -> None:
    bars = bars_of(history(walk(300, 3)), history(walk(400, 4)))
    known = every_row(bars)
    found = raw_strength(View.of(known))
    long = known.sessions > LONGEST
    assert np.isnan(found[~long]).all()
    assert (found[long] == relative_strength(bars.close, known.end[long])).all()
    assert long.sum() == 300 + 400 - 2 * LONGEST


def test_a_past_spread_over_much_more_than_a_year_is_none() -> None:
    bars = bars_of(history(walk(LONGEST + 1, 5)))
    span = int(bars.day[-1] - bars.day[0])
    for days, known in ((WITHIN_DAYS, True), (WITHIN_DAYS + 1, False)):
        moved = bars.day.copy()
        moved[0] -= days - span
        rare = replace(bars, day=moved)
        view = View.of(last_rows(rare))
        assert np.isfinite(raw_strength(view)[0]) == known
        column = pattern.compute(last_rows(rare))["strength_raw"]
        assert column.reason(0) == (None if known else SPREAD)
