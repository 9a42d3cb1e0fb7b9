"""Documents that go astray: late, never there, something else in their place.

Each is announced as a company's results, on both exchanges where it is listed on both,
by a company without a place in the season; ``Paper.manner`` says what happens to it.
"""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta

from dexter.domain.moment import IST
from dexter.domain.period import Quarter
from tests.fake_exchange.chance import chance
from tests.fake_exchange.listing import Company
from tests.fake_exchange.notices import OUTCOME, RESULT, Told
from tests.fake_exchange.season import Paper

MANNERS = ("late", "no results", "gone", "wrong", "page", "cut", "late", "scan")
"""``late``: its address answers 404 for two days. ``no results``: the outcome of a
meeting that was about something else. ``gone``: 404 for ever. ``wrong``: a statement
whose sums do not add up. ``page``: a web page in its place. ``cut``: it ends in the
middle. ``scan``: a picture of its pages, which takes seconds to read."""
LATE = timedelta(hours=50)


def strays(
    seed: int, spare: Sequence[Company], sessions: Sequence[date], per_day: int
) -> Iterator[Told]:
    """What goes astray: so many documents a session, each of another company."""
    left = iter(spare)
    for place, session in enumerate(sessions):
        for number in range(place * per_day, (place + 1) * per_day):
            company = next(left, None)
            if company is None:
                return
            yield _stray(seed, company, session, MANNERS[number % len(MANNERS)])


def _stray(seed: int, company: Company, on: date, manner: str) -> Told:
    draw = chance(seed, "stray", company.number)
    noon = datetime.combine(on, time(12), IST)
    at = noon + timedelta(seconds=draw.randrange(9 * 3600))
    quarter = Quarter.ended_before(on)
    topic = OUTCOME if manner == "no results" else RESULT
    words = topic.words.format(quarter=f"{quarter.end:%B %d, %Y}")
    if manner == "no results":
        words = "Outcome of the Board Meeting: raising of funds"
        paper = Paper("letter", company, serial=800_000 + company.number, manner=manner)
    else:
        paper = Paper("statement", company, quarter, manner=manner)
    both = (at, at + timedelta(seconds=draw.randint(-60, 240)))
    return Told(company, topic, words, both, paper)


def served_from(paper: Paper, published: datetime) -> datetime | None:
    """When a paper's address begins to answer; null if it never does."""
    if paper.manner == "gone":
        return None
    return published + LATE if paper.manner == "late" else published
