"""The story of each share price, in today's (split-adjusted) rupees.

A path is a list of waypoints; the prices between them are drawn with noise.
Waypoints before 0 count sessions back from the reaction to the Q1 FY26 results,
where two companies build a volatility-contraction base.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from sessions import SESSIONS

BASE = (
    (-88, 1.0),
    (-76, 0.80),
    (-60, 0.985),
    (-50, 0.885),
    (-38, 0.99),
    (-30, 0.94),
    (-20, 0.992),
    (-14, 0.968),
    (-6, 0.99),
    (-1, 0.984),
)
"""Four contractions: 20, 10, 5 and 2.4 per cent below nearly the same high."""


@dataclass(frozen=True)
class Path:
    """How a share traded.

    Attributes:
        points: (session index, price) waypoints, in order.
        noise: Daily noise of the log price.
        turnover: Usual daily turnover, lakh rupees.
        beta: Weight of the market in the noise.
        reaction: Return on the session that reacts to Q1 FY26, if reported.
        base_end: Last session of a contraction base, if there is one.
    """

    points: tuple[tuple[int, float], ...]
    noise: float
    turnover: float
    beta: float
    reaction: float
    base_end: int | None = None


def _dated(*points: tuple[str, float]) -> tuple[tuple[int, float], ...]:
    return tuple((_place(date.fromisoformat(day)), price) for day, price in points)


def _place(day: date) -> int:
    if day <= SESSIONS[0]:
        return 0
    while day not in SESSIONS:
        day -= timedelta(days=1)
    return SESSIONS.index(day)


def _based(end: int, high: float, before: float) -> tuple[tuple[int, float], ...]:
    """A long advance to ``high``, then the contraction base up to ``end``."""
    advance = (
        (0, before),
        (end - 330, before * 1.12),
        (end - 240, high * 0.55),
        (end - 170, high * 0.66),
        (end - 125, high * 0.78),
    )
    base = tuple((end + 1 + back, high * level) for back, level in BASE)
    return (*advance, *base, (len(SESSIONS) - 1, high * 0.99))


LAST = len(SESSIONS) - 1
START = SESSIONS[0].isoformat()
END = SESSIONS[-1].isoformat()

PATHS: dict[str, Path] = {
    "KAVCEM": Path(
        _dated(
            (START, 512),
            ("2024-01-15", 590),
            ("2024-06-03", 655),
            ("2024-09-20", 742),
            ("2024-12-20", 668),
            ("2025-03-04", 604),
            ("2025-06-20", 708),
            (END, 726),
        ),
        0.0115,
        5400,
        0.8,
        0.021,
    ),
    "KAVCAB": Path(_based(LAST - 2, 564, 214), 0.012, 1450, 0.5, 0.048, LAST - 2),
    "SECTOR7": Path(
        _dated(
            (START, 318),
            ("2024-02-12", 366),
            ("2024-08-20", 452),
            ("2025-01-10", 405),
            ("2025-04-07", 372),
            (END, 421),
        ),
        0.0125,
        780,
        0.5,
        -0.017,
    ),
    "DHRUVAERO": Path(_based(LAST - 1, 652, 232), 0.013, 920, 0.5, 0.2, LAST - 1),
    "RANGOLIRET": Path(
        _dated(
            (START, 402),
            ("2024-03-11", 486),
            ("2024-09-27", 668),
            ("2025-02-28", 566),
            ("2025-06-30", 638),
            (END, 604),
        ),
        0.0135,
        1680,
        0.8,
        -0.114,
    ),
    "HIMPOWER": Path(
        _dated(
            (START, 71.5),
            ("2024-02-05", 88),
            ("2024-07-15", 79),
            ("2025-02-17", 52.4),
            ("2025-05-12", 55),
            (END, 61.2),
        ),
        0.0155,
        640,
        0.9,
        0.067,
    ),
    "TARANGTEX": Path(
        _dated(
            (START, 58),
            ("2024-01-29", 66.5),
            ("2024-10-21", 48),
            ("2025-03-04", 35.2),
            ("2025-06-09", 40.4),
            (END, 37.3),
        ),
        0.0145,
        96,
        0.6,
        0.0,
    ),
    "PALASHCHEM": Path(
        _dated(
            (START, 965),
            ("2024-04-09", 1120),
            ("2024-09-16", 1395),
            ("2025-03-03", 1085),
            ("2025-06-25", 1264),
            (END, 1292),
        ),
        0.0125,
        870,
        0.6,
        0.014,
    ),
    "VAIGAIPH": Path(
        _dated(
            (START, 742),
            ("2024-05-06", 905),
            ("2024-11-04", 1145),
            ("2025-03-04", 968),
            ("2025-07-01", 1062),
            (END, 1038),
        ),
        0.012,
        1260,
        0.6,
        0.0,
    ),
    "NILCAST": Path(
        _dated(
            (START, 176),
            ("2024-06-24", 238),
            ("2024-12-09", 246),
            ("2025-03-17", 187),
            ("2025-07-07", 219),
            (END, 208),
        ),
        0.0165,
        62,
        0.6,
        0.0,
    ),
    "CHINARBANK": Path(
        _dated(
            (START, 121),
            ("2024-02-26", 139),
            ("2024-07-08", 158),
            ("2024-10-28", 144),
            ("2025-03-10", 147),
            (END, 167),
        ),
        0.0115,
        7800,
        1.0,
        0.018,
    ),
    "SETUFIN": Path(
        _dated(
            (START, 196),
            ("2024-01-10", 232),
            ("2024-08-05", 285),
            ("2024-11-18", 262),
            ("2025-02-20", 271),
            ("2025-06-16", 304),
            (END, 309),
        ),
        0.0125,
        2100,
        0.9,
        0.028,
    ),
}
