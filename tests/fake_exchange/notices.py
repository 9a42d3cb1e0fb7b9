"""Announcements: one event, told to both exchanges at different times."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random

from dexter.domain.moment import IST
from tests.fake_exchange.chance import chance
from tests.fake_exchange.listing import Company
from tests.fake_exchange.season import Paper, Result

Pair = tuple[datetime, datetime]
# File names carry the upload; constant, so that no two files share a name.
_UPLOAD = timedelta(seconds=21)


@dataclass(frozen=True, slots=True)
class Topic:
    """What an announcement is about, in the words of either exchange.

    ``category`` is BSE's, which may be null; ``desc`` is NSE's.
    """

    category: str | None
    subcategory: str
    desc: str
    words: str
    title: str


RESULT = Topic(
    "Result",
    "Financial Results",
    "Financial Results",
    "Unaudited Financial Results For The Quarter Ended {quarter}",
    "FinancialResults",
)
OUTCOME = Topic(
    "Board Meeting",
    "Outcome of Board Meeting",
    "Outcome of Board Meeting",
    "Outcome of the Board Meeting: results for the quarter ended {quarter}",
    "Outcome",
)
RELEASE = Topic(
    "Company Update",
    "Press Release / Media Release",
    "Press Release",
    "Press release on the results for the quarter ended {quarter}",
    "PressRelease",
)
REVISED = Topic(
    "Result",
    "Financial Results",
    "Financial Results",
    "Revised Unaudited Financial Results For The Quarter Ended {quarter}",
    "RevisedResults",
)
INTIMATION = Topic(
    "Board Meeting",
    "Board Meeting",
    "Board Meeting Intimation",
    "Board Meeting to be held on {on} to consider and approve the Quarterly Unaudited "
    "Financial results for the period ended {quarter}",
    "Intimation",
)
ORDINARY = (
    Topic(
        "Company Update",
        "General",
        "General Updates",
        "Intimation under Regulation 30 of SEBI (LODR) Regulations, 2015",
        "SEIntimation",
    ),
    Topic(
        None,
        "Reg. 39 (3) - Details of Loss of Certificate / Duplicate Certificate",
        "Loss of Share Certificates",
        "Issuance of duplicate share certificate.",
        "LossOfShares",
    ),
    Topic(
        "Insider Trading / SAST",
        "Reg. 7 (2)",
        "Disclosure under SEBI Takeover Regulations",
        "Disclosure of trading by designated persons",
        "SAST",
    ),
    Topic(
        "Company Update",
        "Newspaper Publication",
        "Copy of Newspaper Publication",
        "Copy of newspaper publication",
        "NPad",
    ),
    Topic(
        "AGM/EGM",
        "Postal Ballot",
        "Shareholders meeting",
        "Notice of postal ballot",
        "Notice",
    ),
    Topic(
        "Company Update",
        "Award of Order / Receipt of Order",
        "Bagging/Receiving of orders/contracts",
        "Received an order worth Rs. 12.50 crore",
        "Order",
    ),
    Topic("Others", "Others", "Updates", "Trading window closure", "Closure"),
)


@dataclass(frozen=True, slots=True)
class Notice:
    """One announcement on one exchange.

    ``at`` is when it was disseminated (BSE ``DissemDT``; NSE ``an_dt``, with ``lag``
    seconds more to ``exchdisstime``). ``key`` is BSE's NEWSID; ``attachment`` is as the
    exchange prints it, empty where there is none.
    """

    serial: int
    company: Company
    topic: Topic
    words: str
    at: datetime
    lag: int
    key: str
    attachment: str
    paper: Paper | None

    @property
    def seen_at(self) -> datetime:
        """When anybody can see it."""
        return self.at + timedelta(seconds=self.lag)


@dataclass(frozen=True, slots=True)
class Told:
    """An event on its way to the exchanges: times at BSE and NSE."""

    company: Company
    topic: Topic
    words: str
    times: Pair
    paper: Paper | None


def told_by_results(results: tuple[Result, ...]) -> dict[date, list[Told]]:
    """What the results season announces, by BSE's day."""
    days: dict[date, list[Told]] = defaultdict(list)
    for result in results:
        for told in _of_result(result):
            days[told.times[0].date()].append(told)
    return days


def _of_result(result: Result) -> Iterator[Told]:
    quarter = f"{result.quarter.end:%B %d, %Y}"
    company, paper = result.company, result.paper()
    told = result.told
    on = result.moved_from or result.on
    words = INTIMATION.words.format(on=f"{on:%d-%b-%Y}", quarter=quarter)
    letter = Paper("letter", company, serial=900_000 + company.number)
    yield Told(company, INTIMATION, words, (told, told + timedelta(seconds=40)), letter)
    topics = (OUTCOME, RESULT, RELEASE)
    for place, times in enumerate(result.outcomes):
        topic = topics[(company.number + place) % 3]
        yield Told(company, topic, topic.words.format(quarter=quarter), times, paper)
    if result.revised:
        words = REVISED.words.format(quarter=quarter)
        yield Told(company, REVISED, words, result.revised, result.paper(1))


def ordinary(
    seed: int, everyone: tuple[Company, ...], day: date, count: int
) -> Iterator[Told]:
    """Everything else that happens on a day."""
    draw = chance(seed, "day", day)
    midnight = datetime.combine(day, time(), IST)
    for serial in range(count):
        company = everyone[draw.randrange(len(everyone))]
        topic = ORDINARY[draw.randrange(len(ORDINARY))]
        second = int(draw.triangular(8 * 3600, 86_000, 66_600))
        bse = midnight + timedelta(seconds=second, milliseconds=_fraction(draw, serial))
        nse = midnight + timedelta(seconds=second + draw.randint(-240, 240))
        number = day.toordinal() * 10_000 + serial
        paper = Paper("letter", company, serial=number) if draw.random() < 0.9 else None
        yield Told(company, topic, topic.words, (bse, nse), paper)


def _fraction(draw: Random, serial: int) -> int:
    """Milliseconds that print with none, one, two or three digits."""
    return draw.randrange(1, 10) * (0, 100, 10, 1)[serial % 4]


def bse_notices(seed: int, day: date, told: list[Told]) -> list[Notice]:
    """The day on BSE, by dissemination."""
    draw = chance(seed, "bse", day)
    made = []
    for serial, one in enumerate(told):
        if one.company.bse is None:
            continue
        name = _guid(draw)
        made.append(
            Notice(
                serial=serial,
                company=one.company,
                topic=one.topic,
                words=one.words,
                at=one.times[0],
                lag=0,
                key=_guid(draw),
                attachment=_bse_name(name, serial) if one.paper else "",
                paper=one.paper,
            )
        )
    return sorted(made, key=lambda notice: (notice.at, notice.key))


def _bse_name(name: str, serial: int) -> str:
    """GUIDs, but some with a second ending or a folder in backslashes."""
    if serial % 97 == 5:
        return f"{name}.pdf.pdf"
    if serial % 89 == 3:
        return f"Uploads\\{name}.pdf"
    return f"{name}.pdf"


def nse_notices(seed: int, day: date, told: list[Told]) -> list[Notice]:
    """The day on NSE; no two share symbol, second and file."""
    draw = chance(seed, "nse", day)
    made = []
    seen: Counter[tuple[int, datetime]] = Counter()
    for serial, one in enumerate(told):
        symbol = one.company.symbol(day)
        if symbol is None:
            continue
        at = one.times[1].replace(microsecond=0)
        while seen[one.company.number, at]:
            at += timedelta(seconds=1)
        seen[one.company.number, at] += 1
        stamp = f"{at - _UPLOAD:%d%m%Y%H%M%S}"
        file = f"{symbol}_{stamp}_{one.topic.title}.pdf" if one.paper else ""
        made.append(
            Notice(
                serial=serial,
                company=one.company,
                topic=one.topic,
                words=one.words,
                at=at,
                lag=draw.randint(0, 5),
                key=f"{day.toordinal()}{serial:05d}",
                attachment=file,
                paper=one.paper,
            )
        )
    return sorted(made, key=lambda notice: (notice.seen_at, notice.key))


def _guid(draw: Random) -> str:
    text = f"{draw.getrandbits(128):032x}"
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"
