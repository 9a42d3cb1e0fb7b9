"""One step: what is recorded, what is not, and that both runs see the same."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from pathlib import Path

import pytest

from dexter import errors
from dexter.domain.briefs import ActionBrief
from dexter.domain.conversation import ModelReply, StopReason, ToolCall
from dexter.domain.evidence import Derivation, Evidence, EvidenceKind, Measure, Source
from dexter.domain.research import Absence, Finding, Task
from dexter.journal import Journal, MemoryJournalStore
from dexter.journal.codec import canonical, error_from_json, error_to_json
from dexter.journal.events import parse
from tests.journal.scenes import HEADER, IST


class Mood(StrEnum):
    """An enumeration."""

    CALM = "calm"


@dataclass(frozen=True, slots=True)
class Odd:
    """A class no type adapter expects."""

    name: str


MOMENT = datetime(2025, 7, 10, 18, 0, 1, 5, tzinfo=IST)
EVIDENCE = Evidence(
    id="e1",
    kind=EvidenceKind.CELL,
    name="net_profit",
    unit=Measure.RUPEES,
    value=Decimal("12340000000.50"),
    source=Source("a.pdf", page=3, bbox=(1.5, 2.0, 3.25, 4.0)),
    known_at=MOMENT,
)
DERIVED = Evidence(
    "e2",
    EvidenceKind.COMPUTED,
    "yoy",
    Measure.CHANGE,
    Decimal("0.20"),
    Derivation("a/b-1", ("e1", "e0")),
)
VALUES: list[tuple[object, object]] = [
    (None, None),
    (MOMENT, datetime),
    (date(2024, 2, 29), date | None),
    ((Decimal("1.10"), None, Decimal("-0")), tuple[Decimal | None, ...]),
    (Mood.CALM, Mood),
    ("₹ 12,340 crore — “up”\x00\n", str),
    (0.1 + 0.2, float),
    (Finding((EVIDENCE, DERIVED), (Absence("basis", "not filed"),)), Finding),
    (
        ModelReply("t", StopReason.END, "m", (ToolCall("1", "f", {"z": 1, "a": [2]}),)),
        ModelReply,
    ),
]


async def _give(value: object) -> object:
    return value


async def _never() -> object:
    pytest.fail("a recorded step was performed again")


@pytest.mark.parametrize(("value", "returns"), VALUES)
async def test_what_the_recording_run_sees_is_what_was_given_and_what_replay_sees(
    value: object, returns: object
) -> None:
    store = MemoryJournalStore()
    journal = Journal.begin(store, "r", HEADER)
    seen = await journal.step("a", {}, lambda: _give(value), returns)
    assert seen == value
    assert type(seen) is type(value)
    journal.close()
    for again in (Journal.replay(store, "r"), Journal.resume(store, "r")):
        recalled = await again.step("a", {}, _never, returns)
        assert repr(recalled) == repr(seen)


@pytest.mark.parametrize(
    ("value", "returns"),
    [
        ("twelve", int),
        (None, Decimal),
        (Odd("x"), Finding),
        ((1, "b"), tuple[int, int]),
        (float("nan"), float),
        ("\ud800", str),
        (lambda: 0, object),
    ],
)
async def test_a_value_of_another_type_is_refused_and_not_recorded(
    value: object, returns: object
) -> None:
    store = MemoryJournalStore()
    journal = Journal.begin(store, "r", HEADER)
    with pytest.raises(errors.JournalError, match="promised"):
        await journal.step("a", {}, lambda: _give(value), returns)
    assert len(store.read("r")) == 1


@pytest.mark.parametrize("odd", [float("inf"), "\udcff", lambda: 0])
async def test_inputs_without_json_are_refused(odd: object) -> None:
    journal = Journal.begin(MemoryJournalStore(), "r", HEADER)
    with pytest.raises(errors.JournalError, match="cannot write these inputs"):
        await journal.step("a", {"x": odd}, _never, str)


def test_inputs_have_one_text_whatever_their_order() -> None:
    task = Task("t1", "figures", {"b": 1, "a": Decimal("1.0")})
    brief = ActionBrief(task, MOMENT, (), (EVIDENCE,))
    one = canonical({"brief": brief, "x": {"q": 1, "é": 2}})
    two = canonical({"x": {"é": 2, "q": 1}, "brief": brief})
    assert one == two
    assert '"arguments":{"a":"1.0","b":1}' in one
    assert " :" not in one


class LocalError(errors.ToolError):
    """An error nobody else knows, with attributes of every kind."""

    def __init__(self) -> None:
        super().__init__("Local.", "A hint.")
        self.parts = ("a", ("b", 1), [Decimal("1.5"), None], {"k": (True,)})
        self.when, self.day, self.where = MOMENT, MOMENT.date(), Path("x/y")
        self._secret = "not kept"  # noqa: S105 - a name only


ERRORS = [
    errors.UnknownCompanyError("TCSS", ("TCS", "TCSX")),
    errors.UnknownCompanyError("nobody"),
    errors.TruncatedDocumentError("a.pdf", "no end"),
    errors.BudgetError("run", "$1", "$2"),
    errors.StoreCorruptError(Path("prices.parquet"), "no footer"),
    errors.ToolArgumentsError("figures", ["symbol is missing"]),
    LocalError(),
]


@pytest.mark.parametrize("error", ERRORS, ids=lambda e: type(e).__name__)
async def test_an_error_is_an_outcome_raised_identically_ever_after(
    error: errors.DexterError,
) -> None:
    async def fail() -> str:
        raise error

    store = MemoryJournalStore()
    journal = Journal.begin(store, "r", HEADER)
    with pytest.raises(type(error)) as fresh:
        await journal.step("a", {}, fail, str)
    journal.close()
    for again in (Journal.replay(store, "r"), Journal.resume(store, "r")):
        with pytest.raises(errors.DexterError) as told:
            await again.step("a", {}, _never, str)
        assert type(told.value) is type(fresh.value)
        assert str(told.value) == str(error)
        public = {k: v for k, v in vars(error).items() if not k.startswith("_")}
        assert vars(told.value) == public
        assert told.value.exit_code == error.exit_code


def test_an_error_class_nobody_knows_becomes_its_nearest_ancestor() -> None:
    told = {
        "classes": ["GoneError", "ToolError", "DexterError"],
        "sentence": "S.",
        "hint": "",
        "attributes": {},
    }
    assert type(error_from_json(told)) is errors.ToolError
    for broken in ({**told, "classes": ["X"]}, {**told, "attributes": 3}, {}):
        with pytest.raises(errors.IntegrityError):
            error_from_json(broken)
    assert "not kept" not in error_to_json(LocalError())


@pytest.mark.parametrize(
    "error",
    [
        ConnectionResetError("gone"),
        asyncio.CancelledError(),
        KeyboardInterrupt(),
        errors.DiskFullError(Path("x"), "full"),
        errors.RunBusyError("other"),
    ],
    ids=lambda e: type(e).__name__,
)
async def test_other_ends_are_not_recorded_and_the_next_try_takes_their_place(
    error: BaseException,
) -> None:
    tries: list[BaseException | None] = [error, error, None]

    async def flaky() -> str:
        trouble = tries.pop(0)
        if trouble:
            raise trouble
        return "third time"

    store = MemoryJournalStore()
    journal = Journal.begin(store, "r", HEADER)
    for _ in range(2):
        with pytest.raises(type(error)):
            await journal.step("a", {"n": 1}, flaky, str)
    assert len(store.read("r")) == 1
    assert await journal.step("a", {"n": 1}, flaky, str) == "third time"
    replay = Journal.replay(store, "r")
    assert await replay.step("a", {"n": 1}, _never, str) == "third time"


async def test_the_same_step_again_is_another_step() -> None:
    store = MemoryJournalStore()
    answers = iter(["first", "second", "third", "fourth"])

    async def do() -> str:
        return next(answers)

    async def ask(journal: Journal, do: Callable[[], Awaitable[str]]) -> list[str]:
        told = [await journal.step("a", {}, do, str) for _ in range(2)]
        with journal.span("s"):
            told.append(await journal.step("a", {}, do, str))
        told.append(await journal.step("a", {"other": 1}, do, str))
        return told

    told = await ask(Journal.begin(store, "r", HEADER), do)
    assert told == ["first", "second", "third", "fourth"]
    assert await ask(Journal.replay(store, "r"), _never) == told  # type: ignore[arg-type]  # never called


async def test_large_texts_are_kept_once_across_runs() -> None:
    store = MemoryJournalStore()
    for run in ("r1", "r2"):
        journal = Journal.begin(store, run, HEADER)
        for number in range(3):
            given = {"page": "p" * 5000}
            await journal.step(f"s{number}", given, lambda: _give("v" * 5000), str)
    assert len(store.texts) == 2
    assert max(len(event.body) for event in store.read("r2")) < 500
    replay = Journal.replay(store, "r2")
    assert await replay.step("s0", {"page": "p" * 5000}, _never, str) == "v" * 5000


async def test_spans_of_one_journal_do_not_show_in_another() -> None:
    store = MemoryJournalStore()
    outer = Journal.begin(store, "outer", HEADER)
    inner = Journal.begin(store, "inner", HEADER)
    with outer.span("day"), inner.span("a/b"), outer.span("a"), inner.span("c"):
        await outer.note("x", {})
        await inner.note("x", {})
    spans = {run: parse(store.read(run)[1].body).key.span for run in ("outer", "inner")}
    assert spans == {"outer": "/day/a", "inner": "/a~1b/c"}


async def test_a_record_whose_type_changed_says_so() -> None:
    store = MemoryJournalStore()
    journal = Journal.begin(store, "r", HEADER)
    await journal.step("a", {}, lambda: _give("words"), str)
    with pytest.raises(errors.IntegrityError, match="recorded int does not fit"):
        await Journal.replay(store, "r").step("a", {}, _never, int)
