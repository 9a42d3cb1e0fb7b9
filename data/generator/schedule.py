"""When each company published each quarter, and when its XBRL followed."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random

from companies import Company
from quarters import COUNT, EVENTS_FROM, Q1_FY26, Q3_FY25, Q4_FY25, Quarter
from roster import COMPANIES
from sessions import next_weekday

AS_OF = datetime(2025, 8, 14, 20, 0)
UNREPORTED = {"NILCAST": datetime(2025, 8, 18), "VAIGAIPH": None}
"""No Q1 FY26 results yet: one has intimated a board meeting, one is silent."""

SEASONS: dict[int, dict[str, str]] = {
    Q3_FY25: {
        "CHINARBANK": "2025-01-18 14:40:12",
        "SETUFIN": "2025-01-21 17:10:45",
        "KAVCEM": "2025-01-23 14:20:31",
        "PALASHCHEM": "2025-01-31 16:30:08",
        "VAIGAIPH": "2025-02-05 15:42:50",
        "RANGOLIRET": "2025-02-07 12:48:17",
        "HIMPOWER": "2025-02-08 18:02:39",
        "KAVCAB": "2025-02-11 16:05:22",
        "SECTOR7": "2025-02-12 08:35:04",
        "DHRUVAERO": "2025-02-13 18:50:41",
        "TARANGTEX": "2025-02-14 19:10:26",
        "NILCAST": "2025-02-14 21:25:55",
    },
    Q4_FY25: {
        "SETUFIN": "2025-04-24 17:40:33",
        "CHINARBANK": "2025-04-26 14:55:20",
        "KAVCEM": "2025-05-08 13:50:14",
        "VAIGAIPH": "2025-05-15 16:02:47",
        "PALASHCHEM": "2025-05-16 16:50:09",
        "KAVCAB": "2025-05-20 16:12:58",
        "SECTOR7": "2025-05-22 08:45:11",
        "RANGOLIRET": "2025-05-23 14:02:36",
        "DHRUVAERO": "2025-05-27 19:20:05",
        "HIMPOWER": "2025-05-29 18:30:44",
        "TARANGTEX": "2025-05-30 20:45:19",
        "NILCAST": "2025-05-30 22:10:53",
    },
    Q1_FY26: {
        "SETUFIN": "2025-07-14 17:25:18",
        "CHINARBANK": "2025-07-19 15:10:42",
        "KAVCEM": "2025-07-24 14:05:27",
        "PALASHCHEM": "2025-08-01 16:45:33",
        "RANGOLIRET": "2025-08-08 13:12:51",
        "HIMPOWER": "2025-08-09 17:34:06",
        "KAVCAB": "2025-08-12 16:21:39",
        "DHRUVAERO": "2025-08-13 19:05:14",
        "SECTOR7": "2025-08-14 08:40:22",
        "TARANGTEX": "2025-08-14 18:20:48",
    },
}
XBRL_AT = {("TARANGTEX", Q1_FY26): datetime(2025, 8, 14, 19, 35, 12)}
REVISED_AT = datetime(2025, 8, 4, 16, 37, 22)
"""The revised standalone Q1 FY26 XBRL of Palash Chemicals."""
REVISED_PDF_AT = datetime(2025, 8, 4, 15, 52, 10)


@dataclass(frozen=True)
class Release:
    """One quarter's results of one company.

    Attributes:
        published: First public time (the PDF at the exchange), IST.
        broadcast: Time of the standalone XBRL; the consolidated one follows.
        source: What dated ``published``, as the dated results say it.
    """

    company: Company
    quarter: Quarter
    published: datetime
    broadcast: datetime
    source: str

    def broadcast_of(self, basis: str) -> datetime:
        """The XBRL broadcast of one basis."""
        late = timedelta(minutes=3, seconds=24)
        return self.broadcast + (late if basis == "consolidated" else timedelta())

    @property
    def board_date(self) -> date:
        """The board met on the day, or the evening before a pre-open filing."""
        early = self.published.hour < 9
        return self.published.date() - timedelta(days=1 if early else 0)

    @property
    def label(self) -> str:
        """What the exchange calls standalone; integrated filings changed it."""
        old = self.quarter.index < Q4_FY25
        return "Non-Consolidated" if old else "Standalone"


def releases(seed: int) -> dict[tuple[str, int], Release]:
    """Every dated result by (symbol, quarter index)."""
    found: dict[tuple[str, int], Release] = {}
    for company in COMPANIES:
        for index in range(EVENTS_FROM, COUNT):
            if index == Q1_FY26 and company.symbol in UNREPORTED:
                continue
            rng = Random(f"{seed}/release/{company.symbol}/{index}")
            found[company.symbol, index] = _release(company, index, rng)
    return found


def _release(company: Company, index: int, rng: Random) -> Release:
    published = _published(company.symbol, index, rng)
    lag = timedelta(minutes=rng.randint(48, 290), seconds=rng.randint(0, 59))
    broadcast = published + lag
    if broadcast.hour < 7:
        broadcast = broadcast.replace(hour=11)
    broadcast = XBRL_AT.get((company.symbol, index), broadcast)
    kinds = ("Financial Result Updates", "Outcome of Board Meeting")
    source = "ann:" + kinds[rng.random() < 0.4]
    if index < Q3_FY25 and rng.random() < 0.08:
        return Release(company, Quarter(index), broadcast, broadcast, "xbrl_broadcast")
    return Release(company, Quarter(index), published, broadcast, source)


def _published(symbol: str, index: int, rng: Random) -> datetime:
    if index in SEASONS:
        return datetime.fromisoformat(SEASONS[index][symbol])
    quarter = Quarter(index)
    habit = datetime.fromisoformat(
        SEASONS[Q4_FY25 if quarter.audited else Q3_FY25][symbol]
    )
    delay = habit.date() - (Quarter(Q4_FY25 if quarter.audited else Q3_FY25).end)
    days = delay.days + rng.randint(-4, 2)
    limit = 60 if quarter.audited else 45
    day = quarter.end + timedelta(days=min(days, limit - 2))
    if habit.weekday() < 5:
        day = next_weekday(day)
    minutes = timedelta(minutes=rng.randint(-25, 25), seconds=rng.randint(0, 59))
    return datetime.combine(day, habit.time()) + minutes
