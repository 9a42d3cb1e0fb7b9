"""Stretches of days: "this week", "between 1 July and 15 July", "upcoming".

A count of days reaches back from today (or ahead) and includes both ends. Weeks run
Monday to Sunday. A date without its year is the most recent one, unless the words look
ahead and the next one is near. "This season" is the window in which results of the
quarter that ended last are due.
"""

import re
from dataclasses import replace
from datetime import date

from dexter.domain.period import Quarter, Window
from dexter.domain.phrases.days import DAY, MONTH, NUMBER, WEEKDAY, YEAR
from dexter.domain.phrases.quarters import quarter_hits
from dexter.domain.phrases.scan import (
    Claims,
    Hit,
    Rule,
    Setting,
    in_order,
    looks_ahead,
    rule,
    scan,
)
from dexter.domain.phrases.window_readings import (
    calendar_year,
    days_ahead,
    days_of_month,
    lately,
    near,
    one_day,
    relative_month,
    relative_year,
    season,
    several,
    two_days,
    two_months,
    week,
    week_of,
    weekday,
    whole_month,
    window,
)

_WHICH = r"(?P<which>this|current|last|previous|past|next|coming|upcoming)"
_TO = r"\s*(?:-|–|to|till|until|and|through|through to)\s*"
_DAYS: tuple[Rule[Window], ...] = (
    rule(
        rf"\b(?:between|from) (?:the )?(?P<first>{DAY}) (?:and|to|till|until|through) "
        rf"(?:the )?(?P<last>{DAY})",
        two_days,
    ),
    rule(
        rf"(?P<first>{DAY})\s*(?:to|till|until|through|-|–)\s*(?P<last>{DAY})",
        two_days,
    ),
    rule(
        rf"\b(?:(?:between|from) )?(?P<a>\d{{1,2}}(?:st|nd|rd|th)?){_TO}"
        rf"(?P<b>\d{{1,2}}(?:st|nd|rd|th)?) (?:of )?(?P<month>{MONTH})"
        rf"(?:,?[\s-]*(?P<year>{YEAR}))?",
        days_of_month,
    ),
    rule(
        rf"\b(?:(?:between|from) )?(?P<month>{MONTH}) (?P<a>\d{{1,2}}(?:st|nd|rd|th)?)"
        rf"{_TO}(?P<b>\d{{1,2}}(?:st|nd|rd|th)?\b)(?:,? (?P<year>{YEAR}))?",
        days_of_month,
    ),
    rule(rf"\bweek (?:of|starting|beginning|ending) (?:on )?(?P<day>{DAY})", week_of),
    rule(
        rf"\b(?:between|from) (?P<first>{MONTH}) (?:and|to|till|until|through) "
        rf"(?P<last>{MONTH})(?:,? (?P<year>{YEAR}))?",
        two_months,
    ),
    rule(rf"(?:\bon (?:the )?)?(?P<day>{DAY})", one_day),
    rule(
        rf"(?:\b(?:in|during|for|of) )?\b(?P<month>{MONTH})\.?,?[\s-]*(?:of )?"
        rf"(?P<year>{YEAR})",
        whole_month,
    ),
    rule(
        rf"\b(?:in|during|throughout|this|last|since) (?P<month>{MONTH})", whole_month
    ),
    rule(rf"^\s*(?P<month>{MONTH})\s*$", whole_month),
    rule(
        r"\b(?P<word>day before yesterday|day after tomorrow|today|tonight|yesterday"
        r"|tomorrow)(?:['’]s)?\b",
        near,
    ),
    rule(
        r"(?:\b(?:in|over|during) )?(?:the )?\b(?P<which>last|past|previous|recent"
        rf"|next|coming)(?: (?P<count>{NUMBER}))? "
        r"(?P<unit>days|weeks|months|fortnights|day|fortnight)\b",
        several,
    ),
    rule(rf"\b{_WHICH} week(?:['’]s)?\b", week),
    rule(rf"\b{_WHICH} month(?:['’]s)?\b", relative_month),
    rule(
        rf"(?:\bon )?\b(?P<which>last|next|this|coming) (?P<weekday>{WEEKDAY})\b",
        weekday,
    ),
    rule(rf"(?:\b(?:on|by|from) )?\b(?P<weekday>{WEEKDAY})(?:['’]s)?\b", weekday),
)


def _since(found: re.Match[str], setting: Setting) -> Window | None:
    """From the start of whatever follows "since" until today."""
    inner = scan(found["what"], _DAYS, replace(setting, ahead=False), Claims())
    if not inner or inner[0].value.start > setting.today:
        return None
    return window(inner[0].value.start, setting.today, found)


_SEASON = r"(?:(?:earnings?|results?|reporting|quarterly) )?season"
_WINDOWS: tuple[Rule[Window], ...] = (
    rule(
        r"\bsince (?:the )?(?:(?:start|beginning) of (?:the )?)?"
        rf"(?P<what>{DAY}|{MONTH}(?: {YEAR})?|{WEEKDAY}|yesterday"
        r"|(?:this|last) (?:week|month))",
        _since,
    ),
    *_DAYS,
    rule(
        rf"\b(?P<which>this|current|ongoing|latest|last|previous|next|upcoming|coming) "
        rf"{_SEASON}\b",
        season,
    ),
    rule(rf"\bthe (?P<which>){_SEASON}\b", season),
    rule(r"\b(?P<which>this|last|next) (?:calendar )?year\b", relative_year),
    rule(r"\b(?:in|during) (?P<year>20\d\d)\b(?!\s*[-/–]\s*\d)", calendar_year),
)
_VAGUE: tuple[Rule[Window], ...] = (
    rule(
        r"\b(?:upcoming|ahead(?! of)|(?:in the )?coming days|coming up|soon)\b",
        days_ahead,
    ),
    rule(r"\b(?:recently|lately|of late)\b", lately),
)


def window_hits(
    text: str, today: date, claims: Claims | None = None
) -> list[Hit[Window]]:
    """The windows of a text with their places; ``claims`` is text already explained."""
    if claims is None:
        _, claims = quarter_hits(text, today, None)
    ahead = looks_ahead(text)
    setting = Setting(today, Quarter.ended_before(today), ahead)
    hits = scan(text, _WINDOWS, setting, claims)
    return hits or scan(text, _VAGUE, setting, claims)


def find_windows(text: str, today: date) -> tuple[Window, ...]:
    """The stretches of days a text names, in its order; never the quarters in it.

    Args:
        text: a question or a phrase.
        today: the Indian day the words are read on.
    """
    return tuple(dict.fromkeys(in_order(window_hits(text, today))))
