"""The market's sessions as kept, and as visible at a moment."""

from datetime import date, timedelta

from dexter.store.database import Database, set_note
from dexter.store.keeping import Row
from dexter.store.market_days import SOCIAL_NOTE, keep_days, keep_ranked
from dexter.store.prices import ParquetPrices
from tests.store.conftest import Keep, at, event, ist

DAYS = tuple(date(2025, 2, 17) + timedelta(days=n) for n in range(4))


def session(day: date, **other: object) -> Row:
    row: dict[str, object] = {
        "day": day,
        "shares": 100,
        "advancing": 0.5,
        "above_50": None,
        "above_200": None,
        "highs_252": None,
        "lows_252": None,
        "upper_closes": 3,
        "lower_closes": 4,
        "banded": 90,
        "median_turnover": 1e6,
        "equal_weight": -0.25,
        "resolved": 2,
        "resolved_hits": 1,
        "strength": [0.1, 0.2],
    }
    return {**row, **other}


def keep(database: Database, *rows: Row, since: date = DAYS[0]) -> int:
    with database.write() as connection:
        return keep_days(connection, rows, since)


async def test_a_home_without_measured_sessions_has_no_market(
    database: Database,
) -> None:
    assert await ParquetPrices(database).market(at("2025-02-20T22:00:00"), 60) is None


async def test_a_session_is_seen_from_its_close(database: Database) -> None:
    keep(database, *(session(day, shares=n) for n, day in enumerate(DAYS)))
    prices = ParquetPrices(database)
    for clock, seen in (("2025-02-19T15:29:59", 2), ("2025-02-19T15:30:00", 3)):
        found = await prices.market(at(clock), 60)
        assert found is not None
        assert found.sessions == DAYS[:seen]
        assert found.shares == tuple(range(seen))
        assert found.above_50 == (None,) * seen
        assert found.strength == ((0.1, 0.2),) * seen
    last = await prices.market(at("2025-02-20T22:00:00"), 1)
    assert last is not None
    assert last.sessions == DAYS[-1:]


async def test_results_count_by_the_day_they_were_first_public(
    database: Database, put: Keep
) -> None:
    keep(database, *(session(day) for day in DAYS))
    put(
        "events",
        event("A", "2024-12-31", "2025-02-18T23:59:59"),
        event("B", "2024-12-31", "2025-02-18T00:00:00"),
        event("C", "2024-12-31", "2025-02-15T10:00:00"),
        event("D", "2024-12-31", "2025-02-19T10:00:00"),
        event("E", "2022-12-31", "2023-02-19T10:00:00"),
    )
    found = await ParquetPrices(database).market(at("2025-02-19T22:00:00"), 60)
    assert found is not None
    assert found.result_days == (date(2025, 2, 15), date(2025, 2, 18))
    assert found.results == (1, 2)


async def test_when_headlines_begin_and_end(database: Database, put: Keep) -> None:
    keep(database, *(session(day) for day in DAYS))
    prices = ParquetPrices(database)
    moment = at("2025-02-19T22:00:00")
    found = await prices.market(moment, 60)
    assert found is not None
    assert (found.stories_from, found.stories_until, found.social_from) == (None,) * 3
    # The one of the very moment does not count: features read what came before it.
    times = ("2025-02-11T10:00:00", "2025-02-19T21:59:59", "2025-02-19T22:00:00")
    put(
        "news",
        *(
            {
                "digest": clock,
                "symbol": "A",
                "published_at": ist(clock),
                "title": "x",
                "text": "",
                "source": "test",
                "url": None,
            }
            for clock in times
        ),
    )
    with database.write() as connection:
        set_note(connection, SOCIAL_NOTE, ist("2025-02-18T10:00:00").isoformat())
    found = await prices.market(moment, 60)
    assert found is not None
    assert (found.stories_from, found.stories_until) == (ist(times[0]), ist(times[1]))
    assert found.social_from == ist("2025-02-18T10:00:00")
    earlier = await prices.market(at("2025-02-18T09:00:00"), 60)
    assert earlier is not None
    assert earlier.social_from is None


def test_only_what_differs_is_written(database: Database) -> None:
    rows = [session(day) for day in DAYS]
    assert keep(database, *rows) == 4
    assert keep(database, *rows) == 0
    rows[2] = session(DAYS[2], shares=7)
    assert keep(database, *rows[1:], since=DAYS[1]) == 1
    assert keep(database, *rows[1:3], since=DAYS[1]) == 1  # one is gone


async def test_a_question_reads_the_ranks_of_the_last_days_before_it(
    database: Database,
) -> None:
    days = [date(2025, 1, 20) + timedelta(days=n) for n in range(31)]
    rows = [
        {"day": d, "profit_qoq": [n], "profit_change": [], "profit_yield": [0.5]}
        for n, d in enumerate(days)
    ]
    with database.write() as connection:
        keep_days(connection, [session(day) for day in DAYS], DAYS[0])
        assert keep_ranked(connection, rows, days[0]) == 31
        assert keep_ranked(connection, rows[5:], days[5]) == 0
    for sessions, most in ((60, 10), (9_999, 30)):
        found = await ParquetPrices(database).market(
            at("2025-02-19T22:00:00"), sessions
        )
        assert found is not None
        assert found.ranked_days == tuple(days[-1 - most : -1])
        assert found.profit_qoq == tuple((n,) for n in range(30 - most, 30))
        assert found.profit_change == ((),) * most
        assert found.profit_yield == ((0.5,),) * most
