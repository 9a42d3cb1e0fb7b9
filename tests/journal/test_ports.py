"""A wrapped port: every call a step, nothing else changed."""

from collections.abc import Callable
from datetime import datetime
from typing import Protocol

import pytest

from dexter import ports
from dexter.domain.briefs import Coverage, ValidationBrief
from dexter.domain.company import Company, CompanyMatch
from dexter.domain.conversation import ModelReply, ModelRequest, StopReason
from dexter.domain.moment import AsOf
from dexter.errors import JournalError, ReplayMissError, UnknownCompanyError
from dexter.journal import Journal, MemoryJournalStore, journalled
from dexter.journal.events import parse
from tests.journal.scenes import HEADER, IST

TCS = Company("TCS", "Tata Consultancy Services", aliases=("TCSLTD",))
AS_OF = AsOf(datetime(2025, 7, 10, tzinfo=IST), explicit=True)
REQUEST = ModelRequest(
    "reader",
    "s",
    "p",
    ValidationBrief("q", (), (), (), (), (), 0),
    "00",
    output_schema={"z": 1},
)


class _Directory:
    """A directory of one company."""

    def __init__(self) -> None:
        self.calls = 0

    async def find(self, text: str, limit: int) -> tuple[CompanyMatch, ...]:
        self.calls += 1
        if text == "nobody":
            raise UnknownCompanyError(text, ["TCS"])
        return (CompanyMatch(TCS, 100, text),)[:limit]

    async def mentions(self, question: str) -> tuple[tuple[CompanyMatch, ...], ...]:
        self.calls += 1
        return ((CompanyMatch(TCS, 90, question),),)

    async def get(self, symbol: str) -> Company | None:
        self.calls += 1
        return TCS if symbol == "TCS" else None

    async def coverage(self, symbol: str, as_of: AsOf) -> Coverage:
        self.calls += 1
        assert as_of == AS_OF
        return Coverage(symbol, ())


class _Model:
    """A model that repeats."""

    name = "offline"

    async def complete(self, request: ModelRequest) -> ModelReply:
        return ModelReply(request.prompt, StopReason.END, self.name)


async def _ask(directory: ports.Directory) -> list[object]:
    told: list[object] = [
        await directory.find("tata", 3),
        await directory.find("tata", limit=3),
        await directory.get("TCS"),
        await directory.get("X"),
        await directory.coverage(as_of=AS_OF, symbol="TCS"),
        await directory.mentions("How did TCS do?"),
    ]
    with pytest.raises(UnknownCompanyError) as raised:
        await directory.find("nobody", 1)
    return [*told, raised.value.nearest, raised.value.text]


async def test_calls_are_recorded_and_replayed_without_the_port() -> None:
    store, port = MemoryJournalStore(), _Directory()
    journal = Journal.begin(store, "r", HEADER)
    told = await _ask(journalled(port, ports.Directory, "directory", journal))
    assert port.calls == 7
    replay = Journal.replay(store, "r")
    again = await _ask(journalled(port, ports.Directory, "directory", replay))
    assert again == told
    assert port.calls == 7
    entries = [parse(event.body) for event in store.read("r")][1:]
    assert entries[0].key.name == "directory.find"
    assert entries[0].given == entries[1].given == '{"limit":3,"text":"tata"}'
    assert [entry.key.ordinal for entry in entries[:2]] == [0, 1]


async def test_a_model_keeps_its_name_and_its_requests_are_inputs() -> None:
    store = MemoryJournalStore()
    journal = Journal.begin(store, "r", HEADER)
    model: ports.LanguageModel = journalled(
        _Model(), ports.LanguageModel, "model", journal
    )
    assert model.name == "offline"
    assert (await model.complete(REQUEST)).text == "p"
    given = parse(store.read("r")[1].body).given
    assert given is not None
    assert '"follow_ups_left":0' in given


@pytest.mark.parametrize(
    "protocol",
    [
        ports.Clock,
        ports.Directory,
        ports.FilingSource,
        ports.PriceSource,
        ports.NewsSource,
        ports.Predictor,
        ports.LanguageModel,
    ],
    ids=lambda protocol: protocol.__name__,
)
def test_every_port_of_a_runtime_can_be_wrapped(protocol: type) -> None:
    journal = Journal.begin(MemoryJournalStore(), "r", HEADER)
    wrapped = journalled(object(), protocol, "port", journal)
    methods = [name for name in vars(protocol) if not name.startswith("_")]
    assert methods
    assert all(hasattr(type(wrapped), name) for name in methods if name != "name")
    with pytest.raises(AttributeError):
        _ = wrapped.nothing  # type: ignore[attr-defined]  # that it is not there


class _Loose(Protocol):
    async def run(self, function: Callable[[], int], *args: object) -> int: ...


class _Silent(Protocol):
    async def run(self, n: int): ...  # type: ignore[no-untyped-def]  # noqa: ANN202 - the case


def test_a_port_nobody_could_record_is_refused() -> None:
    journal = Journal.begin(MemoryJournalStore(), "r", HEADER)
    for protocol in (_Loose, _Silent):
        with pytest.raises(TypeError, match="run"):
            journalled(object(), protocol, "x", journal)


async def test_wrong_arguments_and_answers_are_refused() -> None:
    class Wrong(_Directory):
        async def get(self, symbol: str) -> Company | None:
            return symbol  # type: ignore[return-value]  # the case

    store = MemoryJournalStore()
    journal = Journal.begin(store, "r", HEADER)
    wrapped = journalled(Wrong(), ports.Directory, "directory", journal)
    with pytest.raises(TypeError, match="missing a required argument"):
        await wrapped.find("tata")  # type: ignore[call-arg]  # the case
    with pytest.raises(JournalError, match="promised"):
        await wrapped.get("TCS")
    assert len(store.read("r")) == 1
    replay = journalled(Wrong(), ports.Directory, "d", Journal.replay(store, "r"))
    with pytest.raises(ReplayMissError, match=r"d\.get"):
        await replay.get("TCS")
