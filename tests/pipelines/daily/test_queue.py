"""Who comes first: the watched, then those of whom most is traded; the rest after."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pyarrow as pa

from dexter.store.bars import BARS
from dexter.store.documents import Documents
from dexter.store.price_files import merge_bars
from pipelines.daily.collecting import World, chunks, oldest_unread, queue
from pipelines.daily.liquidity import turnovers, weight_of
from pipelines.daily.names import Names
from pipelines.ingest.intake import READ_STATE
from pipelines.ingest.report import silent
from tests.pipelines.daily.day_scenes import DAY, NEXT_MORNING, Home, at, no_reader, sha
from tests.store.conftest import bar

NAME = {"name": "Abc", "source": "equity list", "isin": "INE1", "family": "", "rank": 1}


def bars(home: Home, symbol: str, turnover: list[float], last: date = DAY) -> None:
    """A bar a day up to the day before ``last``."""
    rows = [
        bar(symbol, last - timedelta(days=back), 10.0, turnover=value)
        for back, value in enumerate(reversed(turnover), 1)
    ]
    with home.database.write() as connection:
        merge_bars(connection, home.database.home, pa.Table.from_pylist(rows, BARS))


def names(home: Home) -> None:
    """ABC is 500001 at BSE, and OLD was its ticker; 500009 has none."""
    home.put("names", {**NAME, "symbol": "ABC", "bse_code": "500001"})
    home.put("renames", {"old": "OLD", "new": "ABC", "changed_on": None})


def test_one_company_goes_by_one_name(home: Home) -> None:
    names(home)

    found = Names.here(home.database)

    called = ("ABC", "OLD", "500001", "BSE:500001", "500009", "NOBODY", "")
    assert [found(one) for one in called] == [
        *["ABC"] * 4,
        "BSE:500009",
        "NOBODY",
        "",
    ]


def test_turnover_is_the_median_of_the_twenty_sessions_before(home: Home) -> None:
    bars(home, "ABC", [1e9] * 10 + [100.0] * 9 + [300.0] + [200.0] * 10)
    bars(home, "NEW", [50.0])
    bars(home, "AHEAD", [7e9], DAY + timedelta(days=1))

    assert turnovers(home.database, DAY) == {"ABC": Decimal(200), "NEW": Decimal(50)}


def test_a_home_without_bars_weighs_nobody(home: Home) -> None:
    assert turnovers(home.database, DAY) == {}


def test_the_watched_come_first_whatever_they_are_called(home: Home) -> None:
    names(home)
    bars(home, "BIG", [1e9])
    bars(home, "SMALL", [1e3])

    weight = weight_of(home.database, ("OLD", "500009"), DAY)

    order = sorted(["NOBODY", "SMALL", "BIG", "BSE:500009", "ABC"], key=weight)
    assert order == ["ABC", "BSE:500009", "BIG", "SMALL", "NOBODY"]


def keep(home: Home, name: str, clock: str, **about: Any) -> None:  # noqa: ANN401 - columns
    """A document that came, unread."""
    Documents(home.database.home).put(name.encode())
    kept = {"state": "kept", "sha256": sha(name)}
    home.want(f"https://a.example/{name}", at(clock), **kept, **about)


def queued(home: Home, *watched: str) -> list[str]:
    nobody: Any = None
    world = World(None, no_reader, nobody, lambda: NEXT_MORNING, silent)
    weight = weight_of(home.database, watched, DAY)
    return [one.name for one in queue(home.database, world, weight, DAY)]


def test_documents_are_read_by_the_weight_of_their_company(home: Home) -> None:
    names(home)
    bars(home, "BIG", [1e9])
    keep(home, "small.pdf", "10:00:00", symbol="SMALL")
    keep(home, "big-late.pdf", "17:00:00", symbol="BIG")
    keep(home, "big.pdf", "16:00:00", symbol="BIG")
    # Announced at BSE by scrip code alone.
    keep(home, "watched.pdf", "18:00:00", symbol="BSE:500001")

    assert queued(home, "ABC") == [
        "watched.pdf",
        "big.pdf",
        "big-late.pdf",
        "small.pdf",
    ]
    assert oldest_unread(home.database) == at("10:00:00")


def test_what_another_reader_read_long_ago_is_not_read_again(home: Home) -> None:
    """A new reader would else read every year before it came to today's documents."""
    for name, moment in (
        ("old.pdf", at("16:00:00", DAY - timedelta(days=1))),
        ("new.pdf", at("16:00:00")),
    ):
        home.paper(name, moment)
        before = {"sha256": sha(name), "name": name, "kind": "document", "rows": 0}
        home.put(
            "imports",
            {**before, "state": "read before", "reason": None, "imported_at": None},
        )
        home.want(f"https://a.example/{name}", moment, state="kept", sha256=sha(name))
    assert READ_STATE != "read before"

    assert queued(home) == ["new.pdf"]
    assert oldest_unread(home.database) is None


def test_what_is_read_or_cannot_be_waits_no_more(home: Home) -> None:
    home.paper("read.pdf", at("16:00:00"))
    home.want(
        "https://a.example/read.pdf",
        at("16:00:00"),
        state="kept",
        sha256=sha("read.pdf"),
    )
    keep(home, "broken.pdf", "15:00:00", reason=f"does not come through: {READ_STATE}")

    assert queued(home) == []
    assert oldest_unread(home.database) is None


def test_the_queue_is_read_in_pieces() -> None:
    files: Any = list(range(50))

    assert [len(some) for some in chunks(files)] == [24, 24, 2]
