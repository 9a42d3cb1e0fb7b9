"""How a matched phrase becomes a stretch of days; the patterns are in ``windows``."""

import re
from dataclasses import replace
from datetime import date, timedelta

from dexter.domain.period import Window
from dexter.domain.phrases.days import (
    LooseDay,
    month_window,
    month_year,
    read_day,
    read_month,
    read_number,
    read_weekday,
    read_year,
    shift_month,
)
from dexter.domain.phrases.scan import Setting
from dexter.domain.phrases.seasons import season_of, season_on

_WEEK = 7
_FORTNIGHT = 14
_UNIT_DAYS = {"day": 1, "week": _WEEK, "fortnight": _FORTNIGHT, "month": 30.4}
_LONGEST = 3_660
_NEAR_WORDS = {
    "today": (0, 0), "tonight": (0, 0), "yesterday": (-1, -1), "tomorrow": (1, 1),
    "day before yesterday": (-2, -2), "day after tomorrow": (2, 2),
}  # fmt: skip
_BACK = {"last", "previous", "past"}
_STEPS = {"": 0, "last": -1, "previous": -1, "this": 0, "current": 0, "next": 1,
          "coming": 1, "upcoming": 1, "ongoing": 0, "latest": 0}  # fmt: skip
_AHEAD_DAYS = 14
_LEADING = re.compile(r"^(?:in|on|for|of|over|during|the)\s+", re.IGNORECASE)


def window(start: date, end: date, found: re.Match[str]) -> Window:
    """A window, never inverted, labelled by the words that named it."""
    label = _LEADING.sub("", " ".join(found.group().split()))
    return Window(min(start, end), max(start, end), label)


def near(found: re.Match[str], setting: Setting) -> Window:
    """For "today" and its neighbours."""
    word = " ".join(found["word"].lower().split())
    first, last = _NEAR_WORDS[word]
    shift = timedelta(days=1)
    return window(setting.today + first * shift, setting.today + last * shift, found)


def week(found: re.Match[str], setting: Setting) -> Window:
    """For "this week": Monday to Sunday; "past week" counts back from today."""
    word = found["which"].lower()
    if word == "past":
        return window(setting.today - timedelta(days=_WEEK), setting.today, found)
    monday = setting.today - timedelta(days=setting.today.weekday())
    monday += timedelta(days=_WEEK * _STEPS[word])
    return window(monday, monday + timedelta(days=_WEEK - 1), found)


def week_of(found: re.Match[str], setting: Setting) -> Window | None:
    """The week a day lies in."""
    day = _day(found["day"], setting)
    if day is None:
        return None
    monday = day - timedelta(days=day.weekday())
    return window(monday, monday + timedelta(days=_WEEK - 1), found)


def relative_month(found: re.Match[str], setting: Setting) -> Window:
    """For "last month"; "past month" counts back from today."""
    word = found["which"].lower()
    if word == "past":
        return window(setting.today - timedelta(days=30), setting.today, found)
    year, month = shift_month(setting.today, _STEPS[word])
    return window(*month_window(year, month), found)


def relative_year(found: re.Match[str], setting: Setting) -> Window:
    """For "this year": calendar years."""
    year = setting.today.year + _STEPS[found["which"].lower()]
    return window(date(year, 1, 1), date(year, 12, 31), found)


def several(found: re.Match[str], setting: Setting) -> Window | None:
    """For "last 10 days"."""
    unit = found["unit"].lower().removesuffix("s")
    count = read_number(found["count"] or "one")
    days = round(count * _UNIT_DAYS[unit])
    if not 0 < days <= _LONGEST:
        return None
    span = timedelta(days=days)
    if found["which"].lower() in {*_BACK, "recent", "latest"}:
        return window(setting.today - span, setting.today, found)
    return window(setting.today, setting.today + span, found)


def _day(text: str, setting: Setting) -> date | None:
    loose = read_day(text)
    return loose.resolve(setting.today, ahead=setting.ahead) if loose else None


def one_day(found: re.Match[str], setting: Setting) -> Window | None:
    """A date."""
    day = _day(found["day"], setting)
    return window(day, day, found) if day else None


def two_days(found: re.Match[str], setting: Setting) -> Window | None:
    """Between two dates."""
    first, last = read_day(found["first"]), read_day(found["last"])
    return _range(first, last, found, setting)


def days_of_month(found: re.Match[str], setting: Setting) -> Window | None:
    """For "1-15 July"."""
    month, year = read_month(found["month"]), read_year(found["year"])
    days = [re.sub(r"\D", "", found[name]) for name in ("a", "b")]
    first, last = (LooseDay(year, month, int(day)) for day in days)
    return _range(first, last, found, setting)


def _range(
    first: LooseDay | None,
    last: LooseDay | None,
    found: re.Match[str],
    setting: Setting,
) -> Window | None:
    if first is None or last is None:
        return None
    year_of_end_unsaid = last.year is None
    if last.year is None and first.year is not None:
        last = replace(last, year=first.year)
    end = last.resolve(setting.today, ahead=setting.ahead)
    if end is None and first.year is None:
        return None
    start = first.of(end.year) if end else None
    if start is None or end is None:
        return None
    if start > end and first.year is None:
        start = first.of(end.year - 1)
    elif start > end and year_of_end_unsaid:
        end = replace(last, year=None).of(start.year + 1) or end
    return window(start, end, found) if start else None


def whole_month(found: re.Match[str], setting: Setting) -> Window:
    """A calendar month."""
    month = read_month(found["month"])
    said = read_year(found.groupdict().get("year"))
    year = said or month_year(month, setting.today, ahead=setting.ahead)
    return window(*month_window(year, month), found)


def two_months(found: re.Match[str], setting: Setting) -> Window:
    """From one month to another."""
    first, last = read_month(found["first"]), read_month(found["last"])
    year = read_year(found["year"]) or month_year(
        last, setting.today, ahead=setting.ahead
    )
    start, _ = month_window(year - (first > last), first)
    return window(start, month_window(year, last)[1], found)


def calendar_year(found: re.Match[str], _: Setting) -> Window:
    """For "in 2024"."""
    year = int(found["year"])
    return window(date(year, 1, 1), date(year, 12, 31), found)


def weekday(found: re.Match[str], setting: Setting) -> Window:
    """For "last Friday"."""
    gap = (read_weekday(found["weekday"]) - setting.today.weekday()) % _WEEK
    word = (found.groupdict().get("which") or "").lower()
    ahead = word in {"next", "coming", "this"} or (setting.ahead and word != "last")
    if ahead:
        day = setting.today + timedelta(days=gap or (_WEEK if word == "next" else 0))
    else:
        back = (_WEEK - gap) % _WEEK
        day = setting.today - timedelta(days=back or (_WEEK if word == "last" else 0))
    return window(day, day, found)


def season(found: re.Match[str], setting: Setting) -> Window:
    """For "this season"."""
    quarter = season_on(setting.today).shift(_STEPS[found["which"].lower()])
    season = season_of(quarter)
    return window(season.start, season.end, found)


def days_ahead(found: re.Match[str], setting: Setting) -> Window:
    """For "upcoming": the next fortnight."""
    end = setting.today + timedelta(days=_AHEAD_DAYS)
    return window(setting.today, end, found)


def lately(found: re.Match[str], setting: Setting) -> Window:
    """For "recently": the last fortnight."""
    start = setting.today - timedelta(days=_AHEAD_DAYS)
    return window(start, setting.today, found)
