"""A study is written down first; its locked period is opened once."""

import subprocess
import sys
from dataclasses import replace
from functools import cache
from pathlib import Path
from time import monotonic, sleep
from typing import Any

import pytest

from dexter.domain.run import RunStatus
from dexter.errors import IntegrityError, ReplayDiffersError
from dexter.journal import Journal, verify
from pipelines.study import running
from pipelines.study.openings import Openings
from pipelines.study.sample import Events
from pipelines.study.shelf import UnknownStudyError, study_called
from pipelines.study.spec import Period
from pipelines.study.study import Document, Study
from registry import lines
from tests.conftest import ROOT
from tests.pipelines.study.scenes import (
    CIRCUITS,
    SEED,
    Planted,
    counted,
    desk,
    made_up,
    run,
)

QUICK = counted(CIRCUITS)


@cache
def events() -> Events:
    return made_up(Planted(), companies=80)


def kinds(home: Path, run_id: str) -> list[str]:
    record = Journal.replay(desk(home).journals, run_id)
    wanted = ("specification", "measured", "opened", "found")
    return [kind for kind in wanted for _ in record.recorded(kind)]


def test_what_is_asked_is_written_before_data_are_read(tmp_path: Path) -> None:
    seen: list[list[str]] = []

    def before() -> None:
        (only,) = desk(tmp_path).journals.runs()
        assert only.status is RunStatus.RUNNING
        seen.append(kinds(tmp_path, only.run_id))

    document = run(tmp_path, QUICK, events(), before)
    assert seen == [["specification"]]
    record = Journal.replay(desk(tmp_path).journals, document["run_id"])
    (noted,) = record.recorded("specification")
    assert noted["sha256"] == QUICK.spec.sha256 == document["spec_sha256"]


def test_the_opening_is_written_before_the_locked_period_is_read(
    tmp_path: Path,
) -> None:
    order: list[tuple[str, bool]] = []

    def measure(spec: Any, these: Events, period: Period) -> Document:  # noqa: ANN401
        opened = Openings(tmp_path).of(spec.sha256) is not None
        order.append((period.name, opened))
        return QUICK.measure(spec, these, period)

    run(tmp_path, replace(QUICK, measure=measure), events())
    assert order == [("development", False), ("locked", True)]


def test_asked_again_it_tells_what_the_first_look_found(tmp_path: Path) -> None:
    first = run(tmp_path, QUICK, events())
    again = run(tmp_path, QUICK, made_up(Planted(), companies=30), _never)
    assert again == first
    store = desk(tmp_path).journals
    assert [one.run_id for one in store.runs()] == [first["run_id"]]
    head = desk(tmp_path).kept_head(first["run_id"])
    assert verify(store, first["run_id"], head).ok


def _never() -> None:
    pytest.fail("the data were read again")


def test_another_specification_has_another_hash_and_says_so(tmp_path: Path) -> None:
    first = run(tmp_path, QUICK, events())
    spec = replace(QUICK.spec, numbers=dict(QUICK.spec.numbers) | {"score": 79.0})
    assert spec.sha256 != QUICK.spec.sha256
    other = run(tmp_path, replace(QUICK, spec=spec), events())
    (earlier,) = other["other_openings"]
    assert earlier["run_id"] == first["run_id"]
    assert earlier["spec_sha256"] == first["spec_sha256"]
    assert first["other_openings"] == []


@pytest.mark.parametrize("study", [CIRCUITS, SEED], ids=lambda s: s.spec.name)
def test_every_part_of_a_specification_is_in_its_hash(study: Study) -> None:
    spec = study.spec
    first = replace(spec.periods[0], name="another")
    changed = [
        replace(spec, hypothesis=(*spec.hypothesis, "And more.")),
        replace(spec, decision=()),
        replace(spec, seen_before=()),
        replace(spec, tests=spec.tests[:-1] or CIRCUITS.spec.tests),
        replace(spec, periods=(first, *spec.periods[1:])),
        replace(spec, variables={}),
        replace(spec, numbers={}),
    ]
    assert len({spec.sha256, *(one.sha256 for one in changed)}) == 8
    assert replace(spec).sha256 == spec.sha256


def test_a_study_without_a_lock_is_run_each_time(tmp_path: Path) -> None:
    quick = counted(SEED)
    first, again = (run(tmp_path, quick, events()) for _ in range(2))
    assert first["run_id"] != again["run_id"]
    assert first["periods"] == again["periods"]
    assert first["opening"] is None
    assert not (tmp_path / "studies").exists()


def test_a_run_cut_after_opening_is_gone_on_with(tmp_path: Path) -> None:
    def cut(spec: Any, these: Events, period: Period) -> Document:  # noqa: ANN401
        if period.locked:
            raise KeyboardInterrupt
        return QUICK.measure(spec, these, period)

    with pytest.raises(KeyboardInterrupt):
        run(tmp_path, replace(QUICK, measure=cut), events())
    (first,) = desk(tmp_path).journals.runs()
    assert first.status is RunStatus.INTERRUPTED
    document = run(tmp_path, QUICK, events())
    assert document["opening"]["run_id"] == first.run_id != document["run_id"]
    assert run(tmp_path, QUICK, events(), _never) == document


def test_too_little_opens_nothing(tmp_path: Path) -> None:
    few = made_up(Planted(), companies=9)
    with pytest.raises(running.TooLittleError, match=r"has \d+ events, under 200"):
        run(tmp_path, QUICK, few)
    short = events()
    calendar = short.world.calendar[:-30]
    early = replace(short, world=replace(short.world, calendar=calendar))
    with pytest.raises(running.TooLittleError, match="prices do not reach 30 Jun 2025"):
        run(tmp_path, QUICK, early)
    with pytest.raises(running.TooLittleError, match="no season has 3 sessions"):
        run(tmp_path, SEED, events())
    assert Openings(tmp_path).of(QUICK.spec.sha256) is None
    assert {one.status for one in desk(tmp_path).journals.runs()} == {RunStatus.FAILED}


def test_two_processes_open_it_once(tmp_path: Path) -> None:
    names = ("a", "b")
    command = [sys.executable, "-m", "tests.pipelines.study.scenes", str(tmp_path)]
    both = [
        subprocess.Popen([*command, name], cwd=ROOT)  # noqa: S603 - ours
        for name in names
    ]
    end = monotonic() + 120
    while not all((tmp_path / f"ready-{name}").exists() for name in names):
        assert monotonic() < end
        sleep(0.01)
    (tmp_path / "go").touch()
    assert [process.wait(120) for process in both] == [0, 0]
    written = lines.read(tmp_path / "studies" / "openings.jsonl")
    assert [line["act"] for line in written] == ["opened", "found"]
    told = {(tmp_path / f"told-{name}").read_text("utf-8") for name in names}
    assert told <= {"busy", written[0]["run_id"]}
    assert written[0]["run_id"] in told


def test_replay_concludes_again_from_the_record(tmp_path: Path) -> None:
    document = run(tmp_path, QUICK, events())
    store = desk(tmp_path).journals
    assert running.replay(store, document["run_id"], QUICK) == document
    other = replace(QUICK, conclude=lambda *_: {"words": ["otherwise"]})
    with pytest.raises(ReplayDiffersError):
        running.replay(store, document["run_id"], other)


def test_a_lost_record_is_not_made_up_for_by_looking_again(tmp_path: Path) -> None:
    document = run(tmp_path, QUICK, events())
    path = tmp_path / "studies" / "openings.jsonl"
    text = path.read_text("utf-8")
    found = Openings(tmp_path).of(QUICK.spec.sha256)
    assert found is not None
    assert found.found is not None
    path.write_text(text.replace(str(found.found.document), "0" * 64), "utf-8")
    with pytest.raises(IntegrityError, match=document["run_id"]):
        run(tmp_path, QUICK, events(), _never)
    path.write_text('{"act": "opened"}\n', "utf-8")
    with pytest.raises(lines.DamagedLinesError):
        run(tmp_path, QUICK, events(), _never)


def test_studies_go_by_name() -> None:
    assert study_called("seed-42") is SEED
    with pytest.raises(UnknownStudyError, match="no study called 'nothing'"):
        study_called("nothing")
