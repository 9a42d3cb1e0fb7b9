"""A backup that cannot be taken leaves nothing, and says why."""

import shutil
from pathlib import Path

import pytest

from dexter.errors import DexterError, DiskFullError, IntegrityError
from dexter.journal.locks import hold
from pipelines.backup import taking, writing
from pipelines.backup.refusals import (
    BackupPlaceError,
    BackupUnwritableError,
    OddNameError,
)
from pipelines.backup.taking import Taken, take
from pipelines.ingest.report import OnProgress, Progress, silent
from tests.pipelines.backup_scenes import TAKEN, a_home, names, write


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return a_home(tmp_path / "home")


def taken(home: Path, file: Path, tell: OnProgress = silent) -> Taken:
    return take(home, file, TAKEN, dexter="0.1.0", on_progress=tell)


def test_places_that_are_refused(home: Path, tmp_path: Path) -> None:
    write(tmp_path / "there.tar.gz", b"mine")
    (tmp_path / "dangling").symlink_to(tmp_path / "nowhere")
    for place in (tmp_path / "there.tar.gz", tmp_path / "dangling", home / "b.tar.gz"):
        with pytest.raises(BackupPlaceError):
            taken(home, place)
    assert (tmp_path / "there.tar.gz").read_bytes() == b"mine"
    (tmp_path / "empty").mkdir()
    for nothing in (tmp_path / "empty", tmp_path / "nowhere"):
        with pytest.raises(BackupPlaceError, match="nothing to back up"):
            taken(nothing, tmp_path / "b.tar.gz")
    with pytest.raises(BackupUnwritableError):
        taken(home, tmp_path / "there.tar.gz" / "below" / "b.tar.gz")


def test_a_name_that_is_not_text(home: Path, tmp_path: Path) -> None:
    write(home / "reports" / "caf\udce9.md", b"x")
    with pytest.raises(OddNameError):
        taken(home, tmp_path / "b")


def test_a_damaged_database_is_not_backed_up_as_if_it_were_whole(
    home: Path, tmp_path: Path
) -> None:
    for beside in home.glob("journal.db*"):
        beside.unlink()
    write(home / "journal.db", b"\x00 not a database" * 500)
    with pytest.raises(IntegrityError, match=r"journal\.db is damaged") as told:
        taken(home, tmp_path / "b.tar.gz")
    assert "dexter restore" in told.value.hint
    assert not list(tmp_path.glob("*b.tar.gz*"))


def test_too_little_room_is_said_before_anything_is_written(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = shutil._ntuple_diskusage(10**9, 10**9, 1000)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage)
    with pytest.raises(DiskFullError, match="MB are free"):
        taken(home, tmp_path / "b.tar.gz")
    assert names(tmp_path) == {f"home/{name}" for name in names(home)}


class KilledError(BaseException):
    """Stands for kill -9 where cleaning up is switched off."""


@pytest.mark.parametrize("at", [1, 4, 9])
def test_a_killed_backup_leaves_no_backup_and_is_cleared_by_the_next(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, at: int
) -> None:
    def kill(told: Progress) -> None:
        if told.done == at:
            raise KilledError

    with monkeypatch.context() as killed:
        killed.setattr(shutil, "rmtree", lambda *_, **__: None)
        with pytest.raises(KilledError):
            taken(home, tmp_path / "b.tar.gz", kill)
    assert not (tmp_path / "b.tar.gz").exists()
    assert list(tmp_path.glob(".dexter-backup-*"))
    # The next night's has a name of its own.
    taken(home, tmp_path / "c.tar.gz")
    assert {p.name for p in tmp_path.iterdir()} == {"home", "c.tar.gz"}


def test_a_living_backup_is_not_cleared_by_another(tmp_path: Path) -> None:
    with writing.workplace(tmp_path / "b", "backup") as first:
        with writing.workplace(tmp_path / "b", "backup") as second:
            assert first != second
            assert first.is_dir()
        assert first.is_dir()


def test_a_backup_that_is_taken_for_dead_as_it_begins_begins_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another backup clears the folder between its making and its lock."""
    cleared = list[Path]()

    def late(handle: int) -> None:
        if not cleared:
            cleared.extend(tmp_path.glob(".dexter-backup-*"))
            writing._clear_if_dead(cleared[0])
        hold(handle)

    with monkeypatch.context() as patch:
        patch.setattr(writing, "hold", late)
        with writing.workplace(tmp_path / "b", "backup") as place:
            assert (cleared[0].exists(), place.is_dir()) == (False, True)
            with writing.workplace(tmp_path / "b", "backup"):
                assert place.is_dir()


def test_a_failed_backup_leaves_nothing(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(taking, "add_manifest", full)
    with pytest.raises(DexterError, match="No space left"):
        taken(home, tmp_path / "b.tar.gz")
    assert {p.name for p in tmp_path.iterdir()} == {"home"}
