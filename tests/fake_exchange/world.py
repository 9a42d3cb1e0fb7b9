"""The invented market over some days, and the clock that decides what is public."""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from copy import copy
from datetime import date, datetime, time, timedelta
from functools import cached_property

from dexter.domain.moment import IST
from tests.fake_exchange import filings, notices, reckoning
from tests.fake_exchange.chance import chance
from tests.fake_exchange.days import Days
from tests.fake_exchange.listing import Company, companies
from tests.fake_exchange.market import Action, Bar, action_of, path
from tests.fake_exchange.notices import Notice, Told
from tests.fake_exchange.season import Paper, Result, season
from tests.fake_exchange.strays import served_from, strays
from tests.fake_exchange.truth import Truth

BSE, NSE = "BSE", "NSE"
UDIFF_SINCE = date(2024, 7, 8)
_QUIET = 10  # a day without a session has a tenth of the announcements
_LIVE_DAYS = 5


class World:
    """A market of invented companies; the same arguments make the same market.

    ``now`` (IST) is the exchanges' clock: nothing later is served. It starts at the end
    of the last day; set it or ``advance`` it. Days are generated when first asked for.

    Args:
        seed: Which market.
        first: First calendar day.
        days: Calendar days from it, to the end of 2026 at most.
        companies: How many; from 41 on every kind occurs twice.
        announcements_per_day: Events of a session's day, those of the season included;
            a day without a session has a tenth.
        results_per_day: Companies that publish results on each session.
        strays_per_day: Documents that go astray on each session, of further companies.
        season: First and last day of both; all days by default.
    """

    def __init__(  # noqa: PLR0913 - a market has many sides
        self,
        seed: int = 1,
        first: date = date(2026, 5, 4),
        days: int = 5,
        companies: int = 60,
        announcements_per_day: int = 100,
        results_per_day: int = 3,
        *,
        strays_per_day: int = 0,
        season: tuple[date, date] | None = None,
    ) -> None:
        self.seed = seed
        self.days = Days.of(first, days)
        self.announcements_per_day = announcements_per_day
        self.results_per_day = results_per_day
        self.strays_per_day = strays_per_day
        self.season = season or (self.days.days[0], self.days.days[-1])
        begins, ends = self.season
        within = tuple(day for day in self.days.days if begins <= day <= ends)
        self._season_days = Days(within, self.days.known)
        self._count = companies
        self.now = datetime.combine(self.days.days[-1], time(23, 59, 59), IST)
        self._bse: dict[date, list[Notice]] = {}
        self._nse: dict[date, list[Notice]] = {}
        self.names: dict[str, tuple[Paper, datetime]] = {}
        self._paths: dict[int, tuple[Bar | None, ...]] = {}

    def next_arrival(self) -> datetime:
        """When the next announcement of this day arrives, else a minute from now."""
        day = self.now.date()
        for exchange in (BSE, NSE):
            rest = self.notices(exchange, day)[len(self.visible(exchange, day)) :]
            if rest:
                return rest[0].seen_at
        return self.now + timedelta(minutes=1)

    def at(self, day: date, clock: time = time(23, 59, 59)) -> "World":
        """Set the clock, and this world again."""
        self.now = datetime.combine(day, clock, IST)
        return self

    def advance(self, by: timedelta) -> None:
        """Let time pass."""
        self.now += by

    @cached_property
    def companies(self) -> tuple[Company, ...]:
        """Every company, in order of its number."""
        return companies(self.seed, self._count, self.days)

    @cached_property
    def results(self) -> tuple[Result, ...]:
        """The results season."""
        return season(
            self.seed, self.companies, self._season_days, self.results_per_day
        )

    @cached_property
    def strays(self) -> tuple[Told, ...]:
        """What goes astray, of companies without a place in the season."""
        placed = {result.company.number for result in self.results}
        spare = [one for one in self.companies if one.number not in placed]
        sessions = self._season_days.sessions
        return tuple(strays(self.seed, spare, sessions, self.strays_per_day))

    @cached_property
    def actions(self) -> tuple[Action, ...]:
        """Corporate actions, public or not yet."""
        found = (action_of(company, self.days) for company in self.companies)
        return tuple(action for action in found if action)

    @cached_property
    def _acting(self) -> dict[int, Action]:
        return {action.company.number: action for action in self.actions}

    def path(self, company: Company) -> tuple[Bar | None, ...]:
        """A bar or None for each session."""
        made = self._paths.get(company.number)
        if made is None:
            action = self._acting.get(company.number)
            made = path(self.seed, company, self.days, action)
            self._paths[company.number] = made
        return made

    def bars(self, session: date) -> Iterator[tuple[Company, Bar]]:
        """Who traded on a session."""
        place = self.days.sessions.index(session)
        for company in self.companies:
            if bar := self.path(company)[place]:
                yield company, bar

    def notices(self, exchange: str, day: date) -> list[Notice]:
        """All of a day's announcements, by the moment they can be seen."""
        if day not in self._bse:
            self._generate(day)
        return (self._bse if exchange == BSE else self._nse).get(day, [])

    def visible(self, exchange: str, day: date) -> list[Notice]:
        """Those of a day that are public now, oldest first."""
        everything = self.notices(exchange, day)
        seen = bisect_right(everything, self.now, key=lambda notice: notice.seen_at)
        return everything[:seen]

    def everything(self, exchange: str) -> Iterator[tuple[date, Notice]]:
        """Every public announcement, day by day."""
        for day in self._announced_days:
            if day > self.now.date():
                break
            yield from ((day, notice) for notice in self.visible(exchange, day))

    @property
    def _announced_days(self) -> Sequence[date]:
        last = self.days.days[-1]
        # What the season files late arrives after the last day.
        return (*self.days.days, *(last + timedelta(days=i) for i in range(1, 6)))

    def published(self, kind: str, session: date) -> datetime:
        """When a session's file of a kind is put up: 18:00 to 20:00 of its day."""
        minutes = chance(self.seed, "file", kind, session).randrange(120)
        return datetime.combine(session, time(18), IST) + timedelta(minutes=minutes)

    def is_public(self, kind: str, session: date) -> bool:
        """Whether a session's file can be had by now."""
        if session not in self.days.sessions:
            return False
        return self.published(kind, session) <= self.now

    def is_live(self, published: datetime) -> bool:
        """Whether BSE still keeps an attachment in AttachLive rather than AttachHis."""
        return (self.now.date() - published.date()).days < _LIVE_DAYS

    def paper(self, name: str) -> tuple[Paper, datetime] | None:
        """The announced document of a name, and when it was public."""
        found = self.names.get(name.lower())
        if found is None:
            for day in self._announced_days:
                if day <= self.now.date():
                    self.notices(BSE, day)
            found = self.names.get(name.lower())
        return found if found and self._answers(*found) else None

    def _answers(self, paper: Paper, published: datetime) -> bool:
        since = served_from(paper, published)
        return since is not None and since <= self.now

    def filed(self, path: str) -> tuple[Paper, datetime] | None:
        """The XBRL or PDF a list of filings names by this path, if public."""
        found = self._filed.get(path)
        return found if found and found[1] <= self.now else None

    @cached_property
    def _filed(self) -> dict[str, tuple[Paper, datetime]]:
        later = copy(self)
        later.now = self.now.replace(year=self.now.year + 10)
        return {
            "/" + one.url.split("/", 3)[3]: (one.paper, one.published_at)
            for one in filings.publications(later)
        }

    def truth(self, now: datetime | None = None) -> Truth:
        """What a complete collection holds at a moment (by default the clock's)."""
        other = copy(self)  # the server may be reading this one's clock
        other.now = now or self.now
        return reckoning.truth(other)

    @cached_property
    def _told(self) -> dict[date, list[Told]]:
        told = notices.told_by_results(self.results)
        for stray in self.strays:
            told[stray.times[0].date()].append(stray)
        return told

    def _generate(self, day: date) -> None:
        told = list(self._told.get(day, ()))
        if day in self.days.days:
            busy = day in self.days.sessions
            count = self.announcements_per_day // (1 if busy else _QUIET)
            wanted = max(0, count - len(told))
            told += notices.ordinary(self.seed, self.companies, day, wanted)
        # NSE's second may fall on the other side of midnight from BSE's.
        near = [one for one in told if one.times[1].date() == day]
        for beside in (day - timedelta(days=1), day + timedelta(days=1)):
            season_beside = self._told.get(beside, ())
            near += [one for one in season_beside if one.times[1].date() == day]
        self._bse[day] = notices.bse_notices(self.seed, day, told)
        self._nse[day] = notices.nse_notices(self.seed, day, near)
        for notice in (*self._bse[day], *self._nse[day]):
            if notice.paper:
                name = notice.attachment.rsplit("\\", 1)[-1].lower()
                first = self.names.get(name, (notice.paper, notice.seen_at))[1]
                self.names[name] = (notice.paper, min(first, notice.seen_at))
