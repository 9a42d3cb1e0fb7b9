"""Category ``seasonality``: when results come, by clock, company and season."""

import numpy as np

from dexter.domain.evidence import Measure
from dexter.features import season
from dexter.features.columns import Array, Column, Mask, Whole
from dexter.features.figures import LAGS
from dexter.features.known import Known
from dexter.features.moments import (
    DAY,
    IST_AHEAD,
    MINUTE,
    NEVER,
    ist_days,
    quarter_end_days,
)
from dexter.features.quarters import counted
from dexter.features.spec import Category, FeatureSpec

OPENS, CLOSES = 9 * 60 + 15, 15 * 60 + 30
"""Minutes of the Indian day."""

DUE_DAYS, DUE_DAYS_OF_YEAR = 45, 60
"""Calendar days after a quarter's, a year's end by which results are due."""

FEWEST_LAGS = 4
_LAST = 4  # the fiscal year's last quarter
_SATURDAY = 5
_NEVER_ABSENT = "never"
_RULE = "SEBI LODR 2015, regulation 33(3)"
_NO_LAGS = f"fewer than {FEWEST_LAGS} earlier quarters with a known publication"
_NO_YEAR = "no known publication of the same quarter a year before"


def _spec(  # noqa: PLR0913, PLR0917 - a declaration has many parts
    name: str,
    unit: Measure,
    about: str,
    formula: str,
    inputs: tuple[str, ...] = ("published_at",),
    look_back: str = "none",
    absent: str = _NEVER_ABSENT,
    source: str = "",
) -> FeatureSpec:
    return FeatureSpec(
        name=name,
        unit=unit,
        category=Category.SEASONALITY,
        about=about,
        formula=formula,
        inputs=inputs,
        look_back=look_back,
        absent=absent,
        source=source,
    )


_DATED = ("published_at", "quarter")

SPECS: tuple[FeatureSpec, ...] = (
    _spec(
        "fiscal_quarter",
        Measure.COUNT,
        "Fiscal quarter",
        "1 for April to June, to 4 for January to March",
        ("quarter",),
    ),
    _spec(
        "annual_results",
        Measure.COUNT,
        "Whether the year's results come with the quarter's",
        "1 for the fourth quarter, else 0",
        ("quarter",),
    ),
    _spec(
        "days_since_quarter_end",
        Measure.COUNT,
        "How long the results took",
        "calendar days from the quarter's end to publication",
        _DATED,
    ),
    _spec(
        "late",
        Measure.COUNT,
        "Whether the results are past their due date",
        "1 when days_since_quarter_end > 45 (60 for the fourth quarter), else 0",
        _DATED,
        source=_RULE,
    ),
    _spec(
        "lag_against_own",
        Measure.COUNT,
        "Earlier or later than the company is wont to report",
        "days_since_quarter_end − its median over the quarters before, at least 4",
        _DATED,
        "13 quarters",
        _NO_LAGS,
    ),
    _spec(
        "lag_against_last_year",
        Measure.COUNT,
        "Earlier or later than a year before",
        "days_since_quarter_end − the same of the quarter four before",
        _DATED,
        "5 quarters",
        _NO_YEAR,
    ),
    _spec(
        "published_in_session",
        Measure.COUNT,
        "Whether results came while shares were traded",
        "1 from 09:15:00 to 15:30:00 IST, Monday to Friday, else 0",
    ),
    _spec(
        "published_before_open",
        Measure.COUNT,
        "Whether results came in the morning before trading",
        "1 before 09:15:00 IST, Monday to Friday, else 0",
    ),
    _spec(
        "publication_hour",
        Measure.COUNT,
        "Time of day of the publication",
        "minutes since Indian midnight / 60",
    ),
    _spec(
        "day_of_week",
        Measure.COUNT,
        "Day of the week of the publication",
        "0 for Monday to 6 for Sunday",
    ),
    _spec(
        "days_to_month_end",
        Measure.COUNT,
        "How near the end of the month the results came",
        "calendar days from publication to the month's last day",
    ),
    *season.SPECS,
)


def compute(known: Known) -> dict[str, Column]:
    """Every feature of the category."""
    number = known.asked.quarter % _LAST + 1
    lag = known.day - quarter_end_days(known.asked.quarter)
    annual = number == _LAST
    due = np.where(annual, DUE_DAYS_OF_YEAR, DUE_DAYS)
    told = {
        "fiscal_quarter": number,
        "annual_results": annual,
        "days_since_quarter_end": lag,
        "late": lag > due,
        **_clock(known),
    }
    found = {n: Column.of(v.astype(np.float64)) for n, v in told.items()}
    return found | _lags(known, lag) | season.compute(known)


def _clock(known: Known) -> dict[str, Whole | Mask | Array]:
    since = (known.asked.moment + IST_AHEAD) % DAY
    weekday = (known.day + 3) % 7  # 1970 began on a Thursday
    working = weekday < _SATURDAY
    months = known.day.astype("datetime64[D]").astype("datetime64[M]")
    month_end = (months + 1).astype("datetime64[D]").astype(np.int64) - 1
    return {
        "published_in_session": (
            working & (since >= OPENS * MINUTE) & (since <= CLOSES * MINUTE)
        ),
        "published_before_open": working & (since < OPENS * MINUTE),
        "publication_hour": known.minute / 60,
        "day_of_week": weekday,
        "days_to_month_end": month_end - known.day,
    }


def _middle(ranked: Array, told: Whole) -> Array:
    """The median of each row's first values; NaN where there is none."""
    row, last = np.arange(len(told)), np.maximum(told - 1, 0)
    found: Array = (ranked[row, last // 2] + ranked[row, (last + 1) // 2]) / 2
    return found


def _lags(known: Known, lag: Whole) -> dict[str, Column]:
    """Against the company's own days from quarter end to first publication."""
    quarters = known.quarters
    first = np.minimum(quarters.published_at(), quarters.known_at())
    ends = quarter_end_days(known.asked.quarter[:, None] - np.arange(LAGS))
    earlier = np.where(first == NEVER, np.nan, ist_days(first) - ends)[:, 1:]
    year = earlier[:, _LAST - 1]
    told, ranked = counted(np.isfinite(earlier)), np.sort(earlier, axis=1)
    own = lag - _middle(ranked, told.astype(np.int64))
    few = told < FEWEST_LAGS
    against: Array = lag.astype(np.float64) - year
    return {
        "lag_against_own": Column.of(own, (few, _NO_LAGS)),
        "lag_against_last_year": Column.of(against, (np.isnan(year), _NO_YEAR)),
    }
