"""A page OCR cannot settle, looked at by a model on loopback, through both wires."""

import asyncio
import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack, nullcontext
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from dexter.domain.filing import Basis, DocumentKind, Review
from dexter.domain.run import RunStatus
from dexter.domain.statement import Item, Method, Unit
from dexter.errors import BlindModelError, ModelKeyError
from dexter.extraction.document import read
from dexter.extraction.result import Extraction
from dexter.journal import verify
from dexter.settings import Settings
from pipelines import looking
from pipelines.commands import extracting
from pipelines.runtime import REAL, Desk, Market
from tests.llm.loopback import Loopback, Refused
from tests.llm.wires import Reply
from tests.pipelines import vision_scenes as scenes

NAME = "sangam.pdf"
WIRES = ("anthropic:claude-opus-4-7", "openai:gpt-5.4")
Answer = Callable[[Any], Reply]


@pytest.fixture(scope="module")
def stamped() -> tuple[bytes, Extraction]:
    """A page whose labels OCR cannot read, and what was read without a model."""
    content = scenes.scanned(scenes.page())
    return content, scenes.Here().submit(read, NAME, content).result()


@pytest.fixture(params=WIRES)
def spec(request: pytest.FixtureRequest) -> str:
    return str(request.param)


class Office:
    """A home whose providers are one loopback server."""

    def __init__(self, home: Path, server: Loopback) -> None:
        self.server = server
        self.settings = Settings(
            home=home,
            anthropic_api_key=SecretStr("sk-test"),
            anthropic_base_url=server.url,
            openai_api_key=SecretStr("sk-test"),
            openai_base_url=f"{server.url}/v1",
        )

    def desk(self) -> Desk:
        nowhere = Market(
            REAL, self.settings.home, fictional=False, earliest=None, latest=None
        )
        return Desk(self.settings, nowhere)


@pytest.fixture
def office(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[[Answer], Office]]:
    with ExitStack() as servers:

        def furnish(answer: Answer) -> Office:
            server = servers.enter_context(Loopback(answer))
            made = Office(tmp_path, server)
            monkeypatch.setattr(looking, "open_shelves", made.desk)
            return made

        yield furnish


def saying(document: dict[str, Any]) -> Answer:
    return lambda _: Reply(json.dumps(document))


def mended(content: bytes, before: Extraction, spec: str) -> tuple[Extraction, str]:
    with looking.opened(spec, scenes.Here()) as reader:
        done = reader.mended(NAME, content, before)
        run_id = str(reader.run_id)
    return done, run_id


async def test_a_faithful_copy_settles_the_page_and_is_recorded(
    stamped: tuple[bytes, Extraction],
    spec: str,
    office: Callable[[Answer], Office],
) -> None:
    content, before = stamped
    assert before.status is Review.REVIEW
    desk = office(saying(scenes.faithful())).desk()
    done, run_id = await _apart(mended, content, before, spec)
    assert (done.status, done.kind) == (Review.ACCEPTED, DocumentKind.RESULTS)
    (one,) = done.statements
    assert (one.basis, one.unit) == (Basis.STANDALONE, Unit.LAKH)
    for item, printed in (
        (Item.TOTAL_EXPENSES, "4,196.49"),
        (Item.NET_PROFIT, "256.48"),
        (Item.EPS_BASIC, "2.14"),
    ):
        cell = one.cell(item)
        assert cell is not None
        assert (cell.printed, cell.method) == (printed, Method.VISION)
        assert cell.bbox is not None
    assert verify(desk.journals, run_id, desk.kept_head(run_id)).ok
    again = await looking.replay(
        desk.journals, run_id, lambda _: content, scenes.Here()
    )
    assert again == (done,)
    run = next(r for r in desk.journals.runs() if r.run_id == run_id)
    assert (run.status, run.model) == (RunStatus.FINISHED, spec)


async def _apart(work: Callable[..., Any], *inputs: object) -> Any:  # noqa: ANN401
    """The command is not inside a loop; a test that also replays is."""
    return await asyncio.to_thread(work, *inputs)


def test_the_model_is_shown_pictures_and_offered_no_tools(
    stamped: tuple[bytes, Extraction], spec: str, office: Callable[[Answer], Office]
) -> None:
    made = office(saying(scenes.faithful()))
    mended(*stamped, spec)
    (asked,) = made.server.asked
    assert "tools" not in asked.body
    assert "image" in json.dumps(asked.body)


def test_one_corrupted_digit_is_refused_and_proposed(
    stamped: tuple[bytes, Extraction], spec: str, office: Callable[[Answer], Office]
) -> None:
    spoiled = scenes.faithful()
    row = next(r for r in spoiled["tables"][0]["rows"] if r["label"] == "Tax expense")
    row["cells"][0] = "86.26"
    office(saying(spoiled))
    done, _ = mended(*stamped, spec)
    assert done.status is Review.REVIEW
    assert "vision model's copy" in str(done.reason)


def test_figures_made_up_to_add_up_are_refused(
    stamped: tuple[bytes, Extraction], office: Callable[[Answer], Office]
) -> None:
    spoiled = json.dumps(scenes.faithful())
    for printed, invented in (("86.25", "86.26"), ("256.48", "256.47")):
        spoiled = spoiled.replace(printed, invented)
    office(lambda _: Reply(spoiled))
    done, _ = mended(*stamped, WIRES[0])
    assert done.status is Review.REVIEW
    assert "OCR sees '86.25' where it says '86.26'" in str(done.reason)


def test_orders_on_the_page_are_flagged_and_not_obeyed(
    office: Callable[[Answer], Office],
) -> None:
    content = scenes.scanned(scenes.page(order=scenes.ORDER))
    obeyed = json.loads(json.dumps(scenes.faithful()).replace("256.48", "999.48"))
    office(saying(obeyed))
    # As OCR alone leaves it; reading it first would take seconds and change nothing.
    kind, status = DocumentKind.RESULTS, Review.REVIEW
    before = Extraction(NAME, "0" * 64, kind, status, None, 1)
    done, _ = mended(content, before, WIRES[0])
    assert done.status is Review.REVIEW
    assert any("ignore all previous instructions" in flag for flag in done.text_flags)


def test_a_reply_of_the_wrong_shape_goes_back_once(
    stamped: tuple[bytes, Extraction], office: Callable[[Answer], Office]
) -> None:
    short = scenes.faithful()
    short["tables"][0]["rows"][0]["cells"] = ["4,478.05"]
    replies = [json.dumps(short), json.dumps(scenes.faithful())]
    made = office(lambda _: Reply(replies.pop(0)))
    done, _ = mended(*stamped, WIRES[0])
    assert done.status is Review.ACCEPTED
    assert "row 1 has 1 cells, not 4" in json.dumps(made.server.asked[1].body)


def test_a_model_that_fails_leaves_the_page_in_review(
    stamped: tuple[bytes, Extraction], office: Callable[[Answer], Office]
) -> None:
    office(lambda _: Reply("I would rather not.", stop="refusal"))
    done, _ = mended(*stamped, WIRES[0])
    assert done.status is Review.REVIEW
    assert "the vision model gave no copy" in str(done.reason)


def test_over_the_budget_nothing_is_sent(
    stamped: tuple[bytes, Extraction], office: Callable[[Answer], Office]
) -> None:
    made = office(saying(scenes.faithful()))
    made.settings = made.settings.model_copy(update={"budget_usd_per_run": Decimal(0)})
    done, _ = mended(*stamped, WIRES[0])
    assert made.server.asked == []
    assert "the vision model was not asked" in str(done.reason)
    assert "budget" in str(done.reason)


def test_a_refused_key_ends_the_command_and_the_run(
    stamped: tuple[bytes, Extraction], office: Callable[[Answer], Office]
) -> None:
    made = office(saying(scenes.faithful()))
    made.server.faults = [Refused(401, "authentication_error", "invalid x-api-key")]
    with pytest.raises(ModelKeyError) as raised:
        mended(*stamped, WIRES[0])
    run = next(iter(made.desk().journals.runs()))
    assert (raised.value.run_id, run.status) == (run.run_id, RunStatus.FAILED)


def test_what_is_not_in_doubt_is_not_looked_at(
    stamped: tuple[bytes, Extraction], office: Callable[[Answer], Office]
) -> None:
    made = office(saying(scenes.faithful()))
    content, before = stamped
    settled, _ = mended(content, before, WIRES[0])
    with looking.opened(WIRES[0], scenes.Here()) as reader:
        assert reader.mended(NAME, content, settled) == settled
        assert reader.run_id is None
    assert len(made.server.asked) == 1


def test_the_offline_model_is_told_apart_at_once(
    office: Callable[[Answer], Office],
) -> None:
    office(saying({}))
    with pytest.raises(BlindModelError), looking.opened("offline", scenes.Here()):
        pass


def test_the_command_looks_only_where_it_is_told_to(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    stamped: tuple[bytes, Extraction],
    office: Callable[[Answer], Office],
) -> None:
    made = office(saying(scenes.faithful()))
    monkeypatch.setattr(extracting, "settings_here", lambda: made.settings)
    monkeypatch.setattr(
        extracting, "open_compute", lambda _: nullcontext(scenes.Here())
    )
    file = tmp_path / NAME
    file.write_bytes(stamped[0])
    extracting.extract([file], as_json_too=True)
    plain = json.loads(capsys.readouterr().out)
    assert (plain["status"], made.server.asked) == ("review", [])
    extracting.extract([file], as_json_too=True, vision=WIRES[0])
    told = capsys.readouterr()
    looked = json.loads(told.out)
    assert looked["status"] == "accepted"
    current = looked["statements"][0]["columns"]["current"]["items"]
    assert current["net_profit"]["method"] == "vision"
    desk = made.desk()
    (run,) = desk.journals.runs()
    assert run.run_id in told.err
    file.unlink()
    (again,) = asyncio.run(
        looking.replay(desk.journals, run.run_id, desk.document, scenes.Here())
    )
    assert again.status is Review.ACCEPTED
