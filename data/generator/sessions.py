"""Trading sessions: weekdays less holidays, plus the special sessions."""

from bisect import bisect_left
from datetime import date, datetime, time, timedelta

FIRST = date(2022, 10, 3)
LAST = date(2025, 8, 14)
NEXT = date(2025, 8, 18)
"""The session after the sample's last one: a holiday and a weekend lie between."""
PRICED = 500
CLOSE = time(15, 30)
HOLIDAYS = {
    date.fromisoformat(day)
    for day in [
        "2022-10-05",
        "2022-10-26",
        "2022-11-08",
        "2023-01-26",
        "2023-03-07",
        "2023-03-30",
        "2023-04-04",
        "2023-04-07",
        "2023-04-14",
        "2023-05-01",
        "2023-06-29",
        "2023-08-15",
        "2023-09-19",
        "2023-10-02",
        "2023-10-24",
        "2023-11-14",
        "2023-11-27",
        "2023-12-25",
        "2024-01-22",
        "2024-01-26",
        "2024-03-08",
        "2024-03-25",
        "2024-03-29",
        "2024-04-11",
        "2024-04-17",
        "2024-05-01",
        "2024-05-20",
        "2024-06-17",
        "2024-07-17",
        "2024-08-15",
        "2024-10-02",
        "2024-11-15",
        "2024-11-20",
        "2024-12-25",
        "2025-02-26",
        "2025-03-14",
        "2025-03-31",
        "2025-04-10",
        "2025-04-14",
        "2025-04-18",
        "2025-05-01",
    ]
}
SPECIAL = {
    date(2023, 11, 12),
    date(2024, 1, 20),
    date(2024, 3, 2),
    date(2024, 5, 18),
    date(2025, 2, 1),
}
"""Muhurat Sunday, disaster-recovery Saturdays, the Budget Saturday."""


def is_session(day: date) -> bool:
    """Whether the exchange traded on a day."""
    return day in SPECIAL or (day.weekday() < 5 and day not in HOLIDAYS)


CALENDAR = [
    day
    for offset in range((LAST - FIRST).days + 1)
    if is_session(day := FIRST + timedelta(days=offset))
]
SESSIONS = CALENDAR[-PRICED:]
"""The sessions that have prices."""


def reaction_session(published: datetime) -> date:
    """The first session that can react: the same one up to 15:30, else the next."""
    place = bisect_left(CALENDAR, published.date())
    same = place < len(CALENDAR) and CALENDAR[place] == published.date()
    if same and published.time() > CLOSE:
        place += 1
    return CALENDAR[place] if place < len(CALENDAR) else NEXT


def next_weekday(day: date) -> date:
    """A day, or the Monday after its weekend."""
    return day + timedelta(days=max(0, 7 - day.weekday()) if day.weekday() > 4 else 0)
