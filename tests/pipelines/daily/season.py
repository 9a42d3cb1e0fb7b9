"""A results season to be lived through: its market, its days, and what befalls them."""

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import date, datetime, time, timedelta
from typing import Self

from dexter.domain.moment import IST
from tests.fake_exchange import World

BEFORE, AFTER = 9, 8
"""Calendar days ahead of the season, for prices, and behind it."""


@dataclass(frozen=True)
class Season:
    """So many sessions of an invented market; the same season makes the same market.

    Args:
        first: Its first day.
        days: Calendar days.
        results: Companies that publish results on each session.
        strays: Documents that go astray on each session.
        announced: Announcements of a session.
        after: Calendar days that are lived on when it is over, for what is late.
        seed: Which market.
    """

    first: date = date(2026, 4, 20)
    days: int = 44
    results: int = 13
    strays: int = 2
    announced: int = 80
    after: int = AFTER
    seed: int = 7

    def world(self) -> World:
        """The market, with the days before and after."""
        last = self.first + timedelta(days=self.days - 1)
        # From 20 on every kind of company is there, and one is renamed.
        companies = self.days * (self.results + self.strays) * 3 // 4 + 40
        return World(
            self.seed,
            self.first - timedelta(days=BEFORE),
            BEFORE + self.days + self.after,
            companies,
            self.announced,
            self.results,
            strays_per_day=self.strays,
            season=(self.first, last),
        )

    def as_json(self) -> str:
        """For a process of its own."""
        return json.dumps({**asdict(self), "first": self.first.isoformat()})

    @classmethod
    def from_json(cls, text: str) -> Self:
        """What :meth:`as_json` wrote."""
        said = json.loads(text)
        return cls(**{**said, "first": date.fromisoformat(said["first"])})


@dataclass(frozen=True)
class Step:
    """One start of ``dexter daily``, or of ``dexter alerts outbox --send``.

    Args:
        at: By the clock.
        what: ``day``: ``--date`` of the day before; ``evening``: ``--catch-up``;
            ``watch``: ``--catch-up --watch``; ``letters``: what waits is sent.
        day: Of a ``day``, which.
        blocked: Addresses that refuse, as regular expressions.
        zone: The host's zone.
    """

    at: datetime
    what: str
    day: date
    blocked: tuple[str, ...] = ()
    zone: str = "UTC"


BSE = ("/BseIndiaAPI/", "/xml-data/corpfiling/")
_ZONES = ("Asia/Kolkata", "Europe/London", "America/New_York", "Pacific/Auckland")


def steps(season: Season) -> Iterator[Step]:
    """The starts of a season in their order.

    Of every ten days: the second is watched; BSE refuses from the third to the fifth;
    nobody starts anything on the sixth and seventh; on the eighth the host's clock is
    an hour ahead, found out, and set back. Each day the host stands in another zone.
    When the season is over, each day is looked at once, after its midnight.
    """
    last = season.days + season.after - 1
    for place in range(last):
        day, zone = season.first + timedelta(days=place), _ZONES[place % len(_ZONES)]
        tenth, over = place % 10, place >= season.days
        blocked = BSE if tenth in {2, 3, 4} and place < last - 2 else ()
        if tenth in {5, 6} and not over:
            continue
        yield Step(_at(day, 8), "letters", day, zone=zone)
        if tenth == 1:
            yield Step(_at(day, 20), "watch", day, blocked, zone)
        elif not over:
            yield Step(_at(day, 22), "evening", day, blocked, zone)
        if tenth == 7:
            ahead, back = _at(day, 24, 35), _at(day, 23, 40)
            yield Step(ahead, "day", day, blocked, zone)
            yield Step(back, "day", day, blocked, "America/New_York")
        if over or tenth == 7:
            yield Step(_at(day, 24, 50), "day", day, blocked, zone)


def _at(day: date, hour: int, minute: int = 0) -> datetime:
    more, hour = divmod(hour, 24)
    return datetime.combine(day + timedelta(days=more), time(hour, minute), IST)
