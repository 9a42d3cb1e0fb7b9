"""Quantiles of what results were worth, over those of the 90 days before each day."""

from collections.abc import Sequence
from datetime import date, timedelta

import numpy as np

from dexter.domain.filing import Basis
from dexter.features.columns import Array
from dexter.features.figures import figures_of
from dexter.features.known import Asked, Sources, see
from dexter.features.market_days import QUANTILES
from dexter.features.moments import day_number, day_of, ist_days
from dexter.features.standing import DAYS, FEWEST, measures
from dexter.features.stories import stories_of
from dexter.store.database import Database
from dexter.store.filings import every_candidate
from dexter.store.keeping import Row
from pipelines.featurize import end_of
from pipelines.panel import Panel

WINDOW = timedelta(days=DAYS)

_FIGURES = timedelta(days=3 * 366)
"""Quarters that ended so long before the first result asked for are not read: market
cap and the change on the year reach back five, whatever is published late."""

_DIGITS = 9


def ranked(database: Database, panel: Panel, asked: Asked, first: date) -> list[Row]:
    """Quantiles of each day from one on that has results of companies with bars.

    Args:
        database: The home, for its figures.
        panel: Its bars, back to the price before the first event and to those its
            figures of a year before were published by.
        asked: Events from 90 days before the first day on, numbered as the panel.
        first: The first day wanted.
    """
    if not len(asked):
        return []
    day = ist_days(asked.moment)
    order = np.argsort(day, kind="stable")
    day, found = day[order], _measured(database, panel, asked)
    columns = {name: values[order] for name, values in found.items()}
    rows: list[Row] = []
    for one in np.unique(day[day >= day_number(first)]):
        start, end = np.searchsorted(day, [one - DAYS + 1, one + 1])
        told = {n: _quantiles(values[start:end]) for n, values in columns.items()}
        rows.append({"day": day_of(one), **told})
    return rows


def _measured(database: Database, panel: Panel, asked: Asked) -> dict[str, Array]:
    days = ist_days(asked.moment)
    first, last = day_of(int(days.min())), day_of(int(days.max()))
    since = first - _FIGURES
    with database.read() as connection:
        versions = every_candidate(connection, end_of(last), since=since)
    sources = Sources(
        bars=panel.bars,
        indices={},
        market=None,
        figures=figures_of(
            [versions.get(symbol, []) for symbol in panel.symbols], Basis.STANDALONE
        ),
        stories=stories_of([()] * len(panel.symbols)),
    )
    known = see(sources, asked)
    return {name: column.values for name, column in measures(known).items()}


def _quantiles(values: Array) -> Sequence[float]:
    there = values[np.isfinite(values)]
    if len(there) < FEWEST:
        return []
    return [round(float(one), _DIGITS) for one in np.quantile(there, QUANTILES)]
