"""A list that grows and shrinks while it is read, read whole."""

from dataclasses import dataclass, field

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dexter.errors import SourceUnavailableError
from dexter.sources.paging import every_page
from dexter.sources.payload import Payload

SIZE = 3


@dataclass
class Server:
    """Rows newest first; a script says what happens before each request."""

    rows: list[int]
    script: dict[int, str] = field(default_factory=dict)
    asked: int = 0
    counted: int | None = None
    gone: set[int] = field(default_factory=set)

    async def page(self, number: int) -> tuple[Payload, int]:
        what = self.script.get(self.asked, "")
        self.asked += 1
        for deed in what:
            if deed == "+":
                self.rows.insert(0, max([*self.rows, *self.gone, 0]) + 1)
            elif self.rows:
                self.gone.add(self.rows.pop(0))
        shown = self.rows[(number - 1) * SIZE : number * SIZE]
        records = tuple({"id": row} for row in shown)
        count = len(self.rows) if self.counted is None else self.counted
        return Payload("d", str(number), "u", b"", records), count

    async def read(self) -> list[Payload]:
        pages = every_page(self.page, lambda row: row["id"], "BSE", "rows")
        return [payload async for payload in pages]


def ids(pages: list[Payload]) -> list[object]:
    return [row["id"] for payload in pages for row in payload.records]


async def test_a_quiet_list_is_read_once() -> None:
    server = Server([7, 6, 5, 4, 3, 2, 1])
    assert ids(await server.read()) == [7, 6, 5, 4, 3, 2, 1]
    assert server.asked == 3


async def test_a_list_of_none_is_one_page_without_rows() -> None:
    server = Server([])
    (page,) = await server.read()
    assert page.records == ()
    assert server.asked == 1


async def test_what_arrives_while_reading_is_read_too() -> None:
    server = Server([6, 5, 4, 3, 2, 1], {1: "+"})
    pages = ids(await server.read())
    assert set(pages) == {1, 2, 3, 4, 5, 6, 7}
    assert pages.count(4) >= 2, "shifted rows come twice, as they are"


async def test_what_is_withdrawn_pulls_nothing_past_the_reader() -> None:
    server = Server([6, 5, 4, 3, 2, 1], {1: "-"})
    assert {1, 2, 3, 4, 5} <= set(ids(await server.read()))


async def test_rows_that_are_counted_and_never_shown_are_not_an_empty_list() -> None:
    with pytest.raises(SourceUnavailableError, match="counts 40 rows and shows 0"):
        await Server([], counted=40).read()
    server = Server([3, 2, 1], counted=5)
    with pytest.raises(SourceUnavailableError, match="counts 5 rows and shows 3"):
        await server.read()
    assert server.asked < 10


async def test_rows_that_stand_twice_on_one_page_are_counted_as_they_count() -> None:
    server = Server([4, 3, 3, 2, 1])
    assert set(ids(await server.read())) == {1, 2, 3, 4}
    assert server.asked == 3


@pytest.mark.parametrize("when", [1, 2, 3])
async def test_a_lie_told_once_costs_one_more_round(when: int) -> None:
    server = Server([8, 7, 6, 5, 4, 3, 2, 1])
    honest, told = server.page, []

    async def lying(number: int) -> tuple[Payload, int]:
        payload, count = await honest(number)
        told.append(number)
        if len(told) == when:
            return Payload("d", "1", "u", b"", ()), count
        return payload, count

    pages = every_page(lying, lambda row: row["id"], "BSE", "rows")
    assert set(ids([page async for page in pages])) == set(range(1, 9))


async def test_a_server_that_repeats_a_page_for_ever_is_left() -> None:
    asked = []

    async def same(number: int) -> tuple[Payload, int]:
        asked.append(number)
        return Payload("d", str(number), "u", b"", ({"id": 1},)), 900

    pages = every_page(same, lambda row: row["id"], "BSE", "rows")
    with pytest.raises(SourceUnavailableError):
        _ = [page async for page in pages]
    assert len(asked) < 40


@given(
    count=st.integers(0, 20),
    script=st.dictionaries(st.integers(1, 9), st.sampled_from(["+", "++", "-", "+-"])),
)
@settings(max_examples=200, deadline=None)
async def test_whatever_happens_nothing_that_stays_is_missed(
    count: int, script: dict[int, str]
) -> None:
    server = Server(list(range(count, 0, -1)), script)
    try:
        pages = await server.read()
    except SourceUnavailableError:
        return
    assert set(server.rows) <= set(ids(pages))
