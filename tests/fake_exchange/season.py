"""The results season: who meets when, what is filed, hours after the PDF."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from dexter.domain.moment import IST
from dexter.domain.period import Quarter
from tests.fake_exchange.chance import chance
from tests.fake_exchange.days import Days
from tests.fake_exchange.listing import Company

STANDALONE, CONSOLIDATED = "Standalone", "Consolidated"


@dataclass(frozen=True, slots=True)
class Paper:
    """What a document says, not what it is called; the same paper has many names.

    ``kind`` is ``letter``, ``statement`` (PDF), ``xbrl`` or ``inline``. ``version`` 0
    is the first filing of a quarter, 1 its revision. ``manner`` is what happens to one
    that goes astray, empty for the others.
    """

    kind: str
    company: Company
    quarter: Quarter | None = None
    basis: str = ""
    version: int = 0
    serial: int = 0
    manner: str = ""


@dataclass(frozen=True, slots=True)
class Filing:
    """The XBRL of one basis: when each exchange has it, and NSE's number for it."""

    paper: Paper
    nse_at: datetime
    bse_at: datetime
    sequence: int


@dataclass(frozen=True, slots=True)
class Result:
    """One company's quarter: intimation, meeting, PDF, XBRL of one or two bases.

    ``told`` is the intimation of the meeting, ``moved_from`` a first date that was
    given up, ``outcomes`` when the PDF was announced (BSE, NSE), mostly once.
    """

    company: Company
    quarter: Quarter
    on: date
    told: datetime
    moved_from: date | None
    outcomes: tuple[tuple[datetime, datetime], ...]
    revised: tuple[datetime, datetime] | None
    filings: tuple[Filing, ...]

    def paper(self, version: int = 0) -> Paper:
        """The PDF with the statement."""
        return Paper("statement", self.company, self.quarter, version=version)

    @property
    def bases(self) -> tuple[str, ...]:
        """Standalone, and consolidated too for three of four."""
        return bases_of(self.company)


def bases_of(company: Company) -> tuple[str, ...]:
    """The bases a company reports on."""
    alone = company.number % 4 == 1
    return (STANDALONE,) if alone else (STANDALONE, CONSOLIDATED)


def season(
    seed: int, everyone: tuple[Company, ...], days: Days, per_day: int
) -> tuple[Result, ...]:
    """Each company at most once, ``per_day`` of them on every session."""
    queue = list(everyone)
    chance(seed, "season").shuffle(queue)
    found: list[Result] = []
    for session in days.sessions:
        today, queue = queue[:per_day], queue[per_day:]
        found += [_result(seed, company, session, days) for company in today]
    return tuple(found)


def _result(seed: int, company: Company, on: date, days: Days) -> Result:
    draw = chance(seed, "result", company.number)
    noon = datetime.combine(on, time(12), IST)
    outcome = noon + timedelta(seconds=draw.randrange(9 * 3600 + 1800))
    quarter = Quarter.ended_before(on)
    outcomes = [_both(outcome, draw.randint(-180, 420), draw.randrange(1000))]
    if company.number % 6 == 0:  # the same PDF, announced again and again
        for _ in range(draw.randint(2, 5)):
            outcome += timedelta(seconds=draw.randint(90, 1500))
            outcomes.append(_both(outcome, draw.randint(-60, 60), 0))
    filings = [
        _filing(seed, Paper("xbrl", company, quarter, basis), outcome, place)
        for place, basis in enumerate(bases_of(company))
    ]
    revised = None
    if company.number % 8 == 0:
        again = outcome + timedelta(days=draw.randint(1, 3), minutes=draw.randrange(90))
        revised = _both(again, draw.randint(-60, 60), draw.randrange(1000))
        filings += [
            _filing(seed, Paper("xbrl", company, quarter, basis, 1), again, place)
            for place, basis in enumerate(bases_of(company))
        ]
    told_on = max(days.days[0], on - timedelta(days=draw.randint(3, 9)))
    told = datetime.combine(told_on, time(9), IST)
    told += timedelta(seconds=draw.randrange(9 * 3600))
    told = min(told, noon - timedelta(minutes=draw.randint(5, 150)))
    moved = on - timedelta(days=1) if company.number % 15 == 2 else None
    return Result(
        company=company,
        quarter=quarter,
        on=on,
        told=told,
        moved_from=moved,
        outcomes=tuple(outcomes),
        revised=revised,
        filings=tuple(filings),
    )


def _both(bse: datetime, nse_lag: int, milliseconds: int) -> tuple[datetime, datetime]:
    """BSE with its fraction of a second, NSE in whole seconds."""
    nse = bse + timedelta(seconds=nse_lag)
    return bse + timedelta(milliseconds=milliseconds), nse


def _filing(seed: int, paper: Paper, after: datetime, place: int) -> Filing:
    draw = chance(seed, "filing", paper.company.number, paper.basis, paper.version)
    late = timedelta(minutes=draw.randint(100, 1200) + 4 * place)
    at = (after + late).replace(microsecond=0)
    sequence = 1_400_000 + paper.company.number * 8 + paper.version * 4 + place
    return Filing(paper, at, at + timedelta(seconds=draw.randint(-900, 900)), sequence)
