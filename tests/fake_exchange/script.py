"""What goes wrong, and when."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from tests.fake_exchange.chance import chance
from tests.fake_exchange.wire import Request

ANNOUNCEMENTS = frozenset({"no_record", "empty_table", "page_shift"})
SESSION = frozenset({"cookie_expired"})
ANYWHERE = frozenset(
    {
        "forbidden",
        "error_page",
        "html",
        "gzip_unlabelled",
        "gzip_mislabelled",
        "slow",
        "cut",
        "short_length",
        "long_length",
        "too_many",
        "server_error",
        "drop",
        "header_space",
    }
)
RENAMED = "renamed_field"
KINDS = ANYWHERE | ANNOUNCEMENTS | SESSION | {RENAMED}
# Those a client gets over by asking again; the others end a run or move the clock.
TRANSIENT = tuple(
    sorted(KINDS - {"forbidden", "error_page", "page_shift", "no_record", RENAMED})
)
_IN_A_ROW = 2


@dataclass(frozen=True)
class Fault:
    """One kind of misbehaviour for addresses that match the expression ``path``.

    The first ``after`` matching requests pass, the next ``times`` do not (None: all).
    ``params``: ``retry_after`` (seconds) of ``too_many``; ``pieces`` and ``pause``
    (seconds) of ``slow``; ``field``, ``to`` and ``since`` (a date) of
    ``renamed_field``, which counts no requests but holds from that day on.
    """

    kind: str
    path: str = ""
    after: int = 0
    times: int | None = 1
    params: Mapping[str, object] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            msg = f"no fault is called {self.kind!r}"
            raise ValueError(msg)


class Script:
    """The faults of a run; each counts its own matching requests."""

    def __init__(self, faults: Iterable[Fault] = ()) -> None:
        self.faults = list(faults)
        self._seen: dict[int, int] = {}
        self._random: tuple[int, float, tuple[str, ...]] | None = None
        self._asked = 0
        self._row: dict[str, int] = {}

    @classmethod
    def random(
        cls, seed: int, rate: float, kinds: Iterable[str] = TRANSIENT
    ) -> "Script":
        """A share of all requests fails, no address more than twice in a row."""
        script = cls()
        script._random = (seed, rate, tuple(kinds))
        return script

    def pick(self, request: Request) -> Fault | None:
        """What befalls this request."""
        chosen = None
        for number, fault in enumerate(self.faults):
            if fault.kind == RENAMED or not re.search(fault.path, request.target):
                continue
            seen = self._seen[number] = self._seen.get(number, 0) + 1
            if seen > fault.after and (
                fault.times is None or seen <= fault.after + fault.times
            ):
                chosen = chosen or fault
        return chosen or self._chance(request)

    def renamed(self, request: Request, today: date) -> list[tuple[str, str]]:
        """Fields that go by another name for this request."""
        return [
            (str(fault.params["field"]), str(fault.params["to"]))
            for fault in self.faults
            if fault.kind == RENAMED
            and re.search(fault.path, request.target)
            and today >= _since(fault)
        ]

    def _chance(self, request: Request) -> Fault | None:
        if self._random is None:
            return None
        seed, rate, kinds = self._random
        self._asked += 1
        draw = chance(seed, "fault", self._asked)
        path = request.path
        fitting = [kind for kind in kinds if _fits(kind, path)]
        row = self._row.get(request.target, 0)
        if not fitting or row >= _IN_A_ROW or draw.random() >= rate:
            self._row[request.target] = 0
            return None
        self._row[request.target] = row + 1
        return Fault(draw.choice(fitting), params={"retry_after": 0, "pause": 0.002})


def _since(fault: Fault) -> date:
    since = fault.params.get("since", date.min)
    return since if isinstance(since, date) else date.fromisoformat(str(since))


def _fits(kind: str, path: str) -> bool:
    if kind in ANNOUNCEMENTS:
        return "AnnSubCategoryGetData" in path
    if kind in SESSION:
        return path.startswith("/api/")
    return True
