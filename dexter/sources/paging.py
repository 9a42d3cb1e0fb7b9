"""Reading all pages of a list that grows at its head while it is read.

What arrives pushes every row down: the next page begins with rows already seen, and the
newest rows lie on pages already read. What is withdrawn pulls rows up, past the reader.
So the list is over when as many distinct rows were seen as it counts; when its pages
end before that, or its count shrinks, it is read again from its head. A row that stands
twice on one page is counted twice by them, and so it is here.
"""

from collections.abc import AsyncIterator, Awaitable, Callable, Hashable
from dataclasses import dataclass, field
from enum import Enum, auto

from dexter.errors import SourceUnavailableError
from dexter.sources.payload import Payload, Record

_ROUNDS = 3
_MOST_PAGES = 2000
_MOST_FRUITLESS = 5

Ask = Callable[[int], Awaitable[tuple[Payload, int]]]
Identity = Callable[[Record], Hashable]


class _Next(Enum):
    PAGE = auto()
    ROUND = auto()
    DONE = auto()


@dataclass(slots=True)
class _Crawl:
    identity: Identity
    again: bool = False  # whether this is not the first round
    pages: int = 0  # of the first round
    total: int = 0
    seen: set[Hashable] = field(default_factory=set)
    ever: set[Hashable] = field(default_factory=set)
    twice: int = 0  # rows that stood twice on one page, which no shift explains
    fruitless: int = 0

    def begin(self, number: int) -> None:
        self.again = number > 0
        self.fruitless = 0

    def take(self, payload: Payload, total: int) -> tuple[bool, _Next]:
        """Whether to pass a page on, and what to do after it."""
        rows = {self.identity(row) for row in payload.records}
        wanted = bool(rows - self.ever) or not (self.again or (total and not rows))
        self._count(rows, len(payload.records) - len(rows))
        shrunk = total < self.total
        self.total = total
        if shrunk:
            self.seen, self.twice = set(), 0
            return wanted, _Next.ROUND
        known = len(self.seen) + (0 if rows else self.twice)
        if known >= total:
            return wanted, _Next.DONE
        most = _MOST_FRUITLESS + (self.pages if self.again else 0)
        over = not rows or self.fruitless >= most
        return wanted, _Next.ROUND if over else _Next.PAGE

    def _count(self, rows: set[Hashable], twice: int) -> None:
        fresh = bool(rows - self.seen)
        self.pages += not self.again
        self.fruitless = 0 if fresh else self.fruitless + 1
        self.twice += twice if fresh else 0
        self.seen |= rows
        self.ever |= rows


async def every_page(
    ask: Ask, identity: Identity, source: str, what: str
) -> AsyncIterator[Payload]:
    """Pages from the first on until nothing is missing; rows may come twice.

    Args:
        ask: A page by its number, from 1, with the count of all rows as it says.
        identity: What tells one row from another.
        source: Whose list it is.
        what: What is listed, for the error's sentence.

    Yields:
        Pages with rows; a list that counts none is one page without rows.

    Raises:
        SourceUnavailableError: It counts more rows than it ever shows.
    """
    crawl = _Crawl(identity)
    for number in range(_ROUNDS):
        crawl.begin(number)
        for page in range(1, _MOST_PAGES + 1):
            payload, total = await ask(page)
            wanted, then = crawl.take(payload, total)
            if wanted:
                yield payload
            if then is _Next.DONE:
                return
            if then is _Next.ROUND:
                break
    why = f"it counts {crawl.total} {what} and shows {len(crawl.seen)}"
    raise SourceUnavailableError(source, why)
