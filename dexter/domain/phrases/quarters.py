"""Fiscal quarters as analysts write them.

Decisions, where the words leave room:

- "last", "latest", "most recent" and "this" quarter all mean the season being read:
  ``latest`` (the quarter most companies reported last) or, without it, the quarter that
  ended before today. "Previous" means the same, unless the text names a quarter it can
  be previous to.
- "Q2" or "June quarter" without a year is the most recent that has ended, or the next
  to be reported when the text looks ahead. Beside a dated quarter it is the nearest.
- "Q2 2024" counts fiscal years like "Q2 FY24"; "June 2024 quarter" counts calendar.
  "Q3 CY24" and "third calendar quarter of 2024" are July to September 2024, and so is
  a bare "Q3" beside another quarter of a calendar year.
- "FY25", "H1 FY25" and "9M FY25" are their quarters, oldest first.
- Markers such as "year ago" or "QoQ" name a comparison, not a quarter.
"""

import re
from datetime import date

from dexter.domain.period import Quarter
from dexter.domain.phrases.comparisons import comparison_spans
from dexter.domain.phrases.days import DAY, MONTH, NUMBER, YEAR
from dexter.domain.phrases.quarter_readings import (
    Quarters,
    by_day,
    by_month,
    by_span,
    dated,
    impossible,
    last_several,
    of_this_or_last_year,
    part_of_year,
    relative,
    relative_year,
    shared,
    undated,
    whole_year,
)
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

_CY = r"(?P<calendar>CY|C\.Y\.|calendar(?: year)?)"
_FY = rf"(?:FY|F\.Y\.|(?:fiscal|financial)(?: year)?|{_CY})"
_YY = r"(?P<y>(?:19|20)\d\d|\d\d)(?:\s*[-/–]\s*(?P<z>\d\d(?:\d\d)?))?\b(?!-?\d)"
# Two bare digits are a year only after FY, an apostrophe or a hyphen: "Q1 top 10".
_FISCAL = rf"(?:\s*[-,(]?\s*(?:of )?{_FY}[\s-]*['’]?{_YY})"
_BARE_YEAR = (
    r"(?:\s*[-,]?\s*(?:of )?(?:['’]|-)?(?P<b>20\d\d)"
    r"(?:\s*[-/–]\s*(?P<c>\d\d(?:\d\d)?))?"
    r"|\s*(?:['’]|-)(?P<d>\d\d)|\s+(?P<e>\d\d)[-/–](?P<f>\d\d))\b(?!-?\d)"
)
_Q = r"\b(?:Q|quarter )\s*(?P<n>[1-4])"
_NTH = r"\b(?P<o>first|second|third|fourth|1st|2nd|3rd|4th|final)"
_ORDINAL = rf"{_NTH} (?:fiscal )?quarter"
_CAL = rf"(?P<cal>{YEAR}|(?<=-)\d\d\b)"
_DATED: tuple[Rule[Quarters], ...] = (
    rule(rf"\bQ\s*(?:[05-9]|\d\d+)\b{_FISCAL}?", impossible),
    rule(
        rf"(?P<list>\bQ\s*[1-4](?:\s*,\s*Q\s*[1-4])*(?:\s*(?:,|&|and|to|-|–)\s*))"
        rf"Q\s*(?P<n>[1-4]){_FISCAL}",
        shared,
    ),
    rule(rf"{_Q}{_FISCAL}", dated),
    rule(rf"{_Q}{_BARE_YEAR} {_CY}", dated),
    rule(rf"\b(?P<calendar>calendar) Q\s*(?P<n>[1-4]){_BARE_YEAR}", dated),
    rule(rf"{_NTH} (?P<calendar>calendar) quarter{_BARE_YEAR}", dated),
    rule(rf"{_Q}{_BARE_YEAR}", dated),
    rule(rf"\b(?P<n>[1-4])Q{_FISCAL}", dated),
    rule(rf"\b{_FY}\s*['’]?{_YY}[\s,-]*(?:Q|quarter )\s*(?P<n>[1-4])\b", dated),
    rule(rf"\b{_FY}\s*['’]?(?P<y>20\d\d|\d\d)Q(?P<n>[1-4])\b", dated),
    rule(rf"{_ORDINAL}{_FISCAL}", dated),
    rule(rf"{_ORDINAL}{_BARE_YEAR}", dated),
    rule(rf"\b(?P<part>h[12]|[12]h|9m|6m){_FISCAL}", part_of_year),
    rule(rf"\b(?P<part>first|second) half{_FISCAL}", part_of_year),
    rule(
        rf"\b(?:quarter|three months|3 months|period) end(?:ed|ing) (?:on )?(?:the )?"
        rf"(?P<day>{DAY})",
        by_day,
    ),
    rule(
        rf"\b(?:quarter|three months|3 months) end(?:ed|ing) (?:in )?"
        rf"(?P<month>{MONTH})(?:,?[\s-]*{_CAL})?",
        by_month,
    ),
    rule(
        rf"\b(?P<first>{MONTH})\s*(?:-|–|to|through)\s*(?P<last>{MONTH})"
        rf"(?:[\s,-]*{_CAL})?(?: quarter)?",
        by_span,
    ),
    rule(
        rf"\b(?P<month>{MONTH})[\s-]*{_CAL} quarter(?:['’]s)?\b",
        by_month,
    ),
    rule(
        rf"\b(?P<month>{MONTH}|jfm|amj|jas|ond) quarter(?:{_FISCAL}"
        rf"|(?: of| in)? (?P<cal>{YEAR}))",
        by_month,
    ),
)
_UNDATED: tuple[Rule[Quarters], ...] = (
    rule(
        rf"\b(?:last|past|latest|previous|trailing|recent) (?P<count>{NUMBER}) "
        r"(?:reported )?(?:quarters|qtrs)\b",
        last_several,
    ),
    rule(
        rf"{_Q} (?:of )?(?P<which>last|this|previous) (?:(?:fiscal|financial) )?year\b",
        of_this_or_last_year,
    ),
    rule(
        rf"{_ORDINAL} (?:of )?(?P<which>last|this|previous) "
        r"(?:(?:fiscal|financial) )?year\b",
        of_this_or_last_year,
    ),
    rule(
        rf"\b(?P<month>{MONTH}|jfm|amj|jas|ond) quarter (?:of )?"
        r"(?P<which>last|this|previous) (?:(?:fiscal|financial) )?year\b",
        of_this_or_last_year,
    ),
    rule(rf"\b(?P<month>{MONTH}|jfm|amj|jas|ond) (?:quarter|qtr)\b", by_month),
    rule(
        r"\b(?P<which>last|latest|most recent|recent|previous|prior|preceding|past"
        r"|this|current|ongoing|next|upcoming|coming) (?:reported |fiscal )?"
        r"(?:quarter|qtr)\b",
        relative,
    ),
    rule(rf"{_ORDINAL}\b", undated),
    rule(rf"{_Q}\b(?!-?\d)", undated),
    rule(r"\b(?P<n>[1-4])Q\b", undated),
    rule(r"\b(?P<part>h[12]|[12]h)\b", part_of_year),
    rule(rf"\b{_FY}\s*['’]?{_YY}", whole_year),
    rule(
        r"\b(?P<which>last|previous|this|current) (?:fiscal|financial) year\b",
        relative_year,
    ),
)
_OF_CALENDAR = re.compile(r"(?:CY|C\.Y\.|calendar)", re.IGNORECASE)
_LATEST = re.compile(
    r"\b(?:last|latest|most\s+recent|recent|past|this|current|previous)"
    r"\s+(?:reported\s+)?(?:quarter|qtr|results?|earnings|numbers)\b",
    re.IGNORECASE,
)


def quarter_hits(
    text: str, today: date, latest: Quarter | None
) -> tuple[list[Hit[Quarters]], Claims]:
    """The quarters of a text with their places, and the text they explain."""
    claims = Claims(comparison_spans(text))
    ended = Quarter.ended_before(today)
    season = latest if latest and latest.end < today else ended
    ahead = looks_ahead(text)
    dated = scan(text, _DATED, Setting(today, season, ahead), claims)
    named = tuple(quarter for group in in_order(dated) for quarter in group)
    calendar = any(_OF_CALENDAR.search(text, hit.start, hit.end) for hit in dated)
    setting = Setting(today, season, ahead, named, calendar=calendar)
    hits = scan(text, _UNDATED, setting, claims)
    return _previous_to_this(text, [*dated, *hits], season), claims


def _previous_to_this(
    text: str, hits: list[Hit[Quarters]], latest: Quarter
) -> list[Hit[Quarters]]:
    """Tell "this" and "the previous quarter" apart where a text has both."""
    near = [hit for hit in hits if hit.value == (latest,)]
    far = [
        hit
        for hit in near
        if re.match(
            r"(?:last|previous|prior|preceding)\b", text[hit.start :], re.IGNORECASE
        )
    ]
    if len(near) <= len(far) and len(far) <= 1:
        return hits
    older = far[1:] if len(near) == len(far) else far
    return [
        Hit(hit.start, hit.end, (latest.previous,)) if hit in older else hit
        for hit in hits
    ]


def find_quarters(
    text: str, today: date, latest: Quarter | None
) -> tuple[Quarter, ...]:
    """The fiscal quarters a text names, in its order, each once.

    Args:
        text: a question or a phrase.
        today: the Indian day the words are read on.
        latest: the quarter most companies reported last, where known.
    """
    hits, _ = quarter_hits(text, today, latest)
    flat = (quarter for group in in_order(hits) for quarter in group)
    return tuple(dict.fromkeys(flat))


def place_quarters(text: str, today: date) -> list[tuple[int, Quarter]]:
    """Where single quarters stand in a text, in its order; spans are left out."""
    hits, _ = quarter_hits(text, today, None)
    single = [(hit.start, hit.value[0]) for hit in hits if len(hit.value) == 1]
    return sorted(single)


def names_latest(text: str) -> bool:
    """Whether the text asks for the newest quarter by position, not by name."""
    return _LATEST.search(text) is not None
