"""How runs end when something goes wrong: failed, interrupted, or told elsewhere."""

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import NoReturn

import pytest

from dexter.domain.run import RunStatus
from dexter.errors import (
    DexterError,
    DiskFullError,
    MomentError,
    NoReportError,
    StoreCorruptError,
)
from dexter.llm.offline import OfflineModel
from dexter.orchestrator.run import Question
from dexter.settings import Settings
from pipelines import research
from pipelines.runtime import Desk, open_desk
from pipelines.silent import Silent
from tests.homes import lent

QUESTION = Question("How did Kaveri Cables do in Q1 FY26?", None)


@pytest.fixture
def desk(sample_home: Path, tmp_path: Path) -> Iterator[Desk]:
    """A desk on the sample market with a journal of its own."""
    lent(sample_home, tmp_path)
    opened = open_desk(Settings(home=tmp_path), sample=True)
    yield opened
    opened.close()


class Failing(Silent):
    """Looks on until a stage, then raises."""

    def __init__(self, stage: str, error: BaseException) -> None:
        self._stage, self._error = stage, error

    def stage(self, name: str, detail: str) -> None:
        """A stage begins."""
        assert detail is not None
        if name == self._stage:
            raise self._error


async def asked(desk: Desk, watcher: Silent) -> str:
    run_id = research.fresh_id(desk)
    await research.ask(desk, QUESTION, OfflineModel(), watcher, run_id)
    return run_id


def states(desk: Desk) -> list[RunStatus]:
    return [run.status for run in desk.journals.runs()]


async def test_ids_are_never_used_twice(desk: Desk) -> None:
    first, second = await asked(desk, Silent()), await asked(desk, Silent())
    assert first != second
    with pytest.raises(DexterError):
        await research.ask(desk, QUESTION, OfflineModel(), Silent(), first)
    assert states(desk) == [RunStatus.FINISHED] * 2


@pytest.mark.parametrize("stage", ["planning", "acting", "validating", "writing"])
@pytest.mark.parametrize(
    "error",
    [
        asyncio.CancelledError(),
        RuntimeError("a fault of ours"),
        DiskFullError(Path("here"), "no space left"),
        BaseExceptionGroup("", [DiskFullError(Path("here"), "no space left")]),
    ],
    ids=lambda e: type(e).__name__,
)
async def test_what_can_go_on_is_interrupted(
    desk: Desk, error: BaseException, stage: str
) -> None:
    with pytest.raises((asyncio.CancelledError, RuntimeError, DiskFullError)):
        await asked(desk, Failing(stage, error))
    (run,) = desk.journals.runs()
    assert run.status is RunStatus.INTERRUPTED
    done = await research.resume(desk, run.run_id, OfflineModel(), Silent())
    assert done.status == "answered"
    again = await research.replay(desk.journals, run.run_id, Silent())
    assert again == done


async def test_a_refused_run_is_failed_and_names_itself(desk: Desk) -> None:
    ahead = Question(QUESTION.text, research.moment_from("2999-01-01"))
    with pytest.raises(MomentError) as refused:
        await research.ask(desk, ahead, OfflineModel(), Silent())
    (run,) = desk.journals.runs()
    assert run.status is RunStatus.FAILED
    assert refused.value.run_id == run.run_id
    with pytest.raises(NoReportError):
        await research.replay(desk.journals, run.run_id, Silent())
    with pytest.raises(DexterError):
        await research.resume(desk, run.run_id, OfflineModel(), Silent())


async def test_errors_of_a_group_are_told_as_the_first_of_ours(desk: Desk) -> None:
    ours = StoreCorruptError(Path("dexter.db"), "it does not read")
    nested = ExceptionGroup("", [ValueError(), ExceptionGroup("", [ours])])
    with pytest.raises(StoreCorruptError) as told:
        await asked(desk, Failing("acting", nested))
    assert told.value is ours
    assert told.value.run_id == desk.journals.runs()[0].run_id


async def test_a_head_that_cannot_be_kept_does_not_lose_the_answer(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> NoReturn:
        raise StoreCorruptError(desk.settings.home, "it does not read")

    monkeypatch.setattr(Desk, "keep_head", broken)
    with pytest.raises(StoreCorruptError) as told:
        await asked(desk, Silent())
    (run,) = desk.journals.runs()
    assert f"runs show {run.run_id}" in told.value.hint
    done = await research.replay(desk.journals, run.run_id, Silent())
    assert done.status == "answered"


async def test_a_plan_is_a_run_without_a_report(desk: Desk) -> None:
    run_id = research.fresh_id(desk)
    plan, price = await research.plan(desk, QUESTION, OfflineModel(), Silent(), run_id)
    assert plan.tasks
    assert "nothing" in price
    assert states(desk) == [RunStatus.FINISHED]
    with pytest.raises(NoReportError):
        await research.replay(desk.journals, run_id, Silent())
