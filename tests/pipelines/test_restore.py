"""A restore is whole or did not happen, and trusts nothing a backup says."""

import errno
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from dexter.errors import DiskFullError
from dexter.journal import lease
from dexter.store.database import Database
from pipelines.backup import reading, restoring, swapping
from pipelines.backup.refusals import (
    HomeBusyError,
    HomeTakenError,
    HomeUnmovableError,
)
from pipelines.backup.restoring import Restored, restore
from pipelines.backup.taking import take
from pipelines.ingest.report import Progress
from pipelines.sync.alone import alone
from tests.pipelines.backup_scenes import (
    LATER,
    TAKEN,
    a_home,
    fingerprint,
    letters,
    names,
    write,
)

FILES = {"dexter.toml": b"new", "reports/a.md": b"text"}


@pytest.fixture(scope="module")
def backup(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("backup")
    home = a_home(place / "home")
    return take(home, place / "b.tar.gz", TAKEN, dexter="0.1.0").file


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home that is in the way."""
    write(tmp_path / "home" / "dexter.toml", b"old")
    write(tmp_path / "home" / "reports" / "mine.md", b"mine")
    return tmp_path / "home"


def test_letters_that_may_have_gone_since_are_marked(
    backup: Path, tmp_path: Path
) -> None:
    done = restore(backup, tmp_path / "home", LATER)
    assert done.may_repeat == 2
    assert letters(done.home) == {
        "alert-pending": ("unknown", True),
        "alert-sending": ("unknown", True),
        "alert-unknown": ("unknown", True),
        "alert-sent": ("sent", False),
        "alert-dead": ("dead", False),
    }
    database = Database.open(done.home)
    assert database.note(restoring.RESTORED_FROM) == "2026-01-12T21:05:00.000000+05:30"
    assert database.note(restoring.RESTORED_AT) == "2026-01-13T09:00:00.000000+05:30"
    database.close()


def test_a_home_with_data_is_set_aside_and_only_when_told(
    backup: Path, home: Path
) -> None:
    before = names(home)
    with pytest.raises(HomeTakenError):
        restore(backup, home, LATER)
    assert fingerprint(home) == "old"
    done = restore(backup, home, LATER, force=True)
    assert done.aside == home.with_name("home.aside-20260113-090000")
    assert fingerprint(done.home) == "[watch]\n"
    assert {n for n in names(done.aside) if not n.endswith(".lock")} == before
    again = restore(backup, home, LATER, force=True)
    assert again.aside == home.with_name("home.aside-20260113-090000-2")
    assert fingerprint(done.aside) == "old"


def test_an_empty_folder_and_a_link_to_the_home(backup: Path, tmp_path: Path) -> None:
    (tmp_path / "disk" / "home").mkdir(parents=True)
    (tmp_path / "link").symlink_to(tmp_path / "disk" / "home")
    done = restore(backup, tmp_path / "link", LATER)
    assert (tmp_path / "link").is_symlink()
    assert done.home == tmp_path / "disk" / "home"
    assert (tmp_path / "link" / "dexter.db").is_file()


def test_a_file_in_the_place_of_the_home_stays(backup: Path, tmp_path: Path) -> None:
    write(tmp_path / "home", b"mine")
    for force in (False, True):
        with pytest.raises(HomeTakenError):
            restore(backup, tmp_path / "home", LATER, force=force)
    assert (tmp_path / "home").read_bytes() == b"mine"


def test_a_home_somebody_works_in_is_left_alone(backup: Path, home: Path) -> None:
    held = lease.take(home / "locks", "run-1")
    with pytest.raises(HomeBusyError, match=r"run-1\.lock"):
        restore(backup, home, LATER, force=True)
    assert fingerprint(home) == "old"
    held.release()
    with alone(home, "daily"), pytest.raises(HomeBusyError, match="daily"):
        restore(backup, home, LATER, force=True)
    assert restore(backup, home, LATER, force=True).aside


def test_a_full_disk_is_no_damage(
    backup: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = shutil._ntuple_diskusage(10**9, 10**9, 1000)
    with monkeypatch.context() as full:
        full.setattr(shutil, "disk_usage", lambda _: usage)
        with pytest.raises(DiskFullError, match="MB are free"):
            restore(backup, home, LATER, force=True)
    with monkeypatch.context() as full:
        full.setattr(reading, "_written", no_space)
        with pytest.raises(DiskFullError, match="No space left"):
            restore(backup, home, LATER, force=True)
    assert fingerprint(home) == "old"


def no_space(*_: object) -> None:
    raise reading.CannotWriteError(OSError(errno.ENOSPC, "No space left on device"))


class KilledError(BaseException):
    """Stands for kill -9 where cleaning up is switched off."""


def kill(*_: object, **__: object) -> None:
    raise KilledError


def before_rename(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(swapping, "_replace", kill)


def before_exchange(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(swapping, "exchanged", kill)


def after_exchange(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(swapping, "_durable", kill)


@pytest.mark.parametrize(
    ("kill_it", "now"),
    [
        (before_rename, "old"),
        (before_exchange, "old"),
        (after_exchange, "[watch]\n"),
    ],
)
def test_killed_anywhere_one_whole_home_is_in_force_and_nothing_is_lost(
    backup: Path,
    home: Path,
    monkeypatch: pytest.MonkeyPatch,
    kill_it: Callable[[pytest.MonkeyPatch], None],
    now: str,
) -> None:
    with monkeypatch.context() as killed:
        killed.setattr(shutil, "rmtree", lambda *_, **__: None)
        kill_it(killed)
        with pytest.raises(KilledError):
            restore(backup, home, LATER, force=True)
    assert fingerprint(home) == now
    assert "old" in standing(home)
    assert restored_again(backup, home)


@pytest.mark.parametrize("at", [1, 3, 8])
def test_killed_while_unpacking_the_old_home_is_in_force(
    backup: Path, home: Path, monkeypatch: pytest.MonkeyPatch, at: int
) -> None:
    def tell(told: Progress) -> None:
        if told.done == at:
            raise KilledError

    with monkeypatch.context() as killed:
        killed.setattr(shutil, "rmtree", lambda *_, **__: None)
        with pytest.raises(KilledError):
            restore(backup, home, LATER, force=True, on_progress=tell)
    assert fingerprint(home) == "old"
    assert restored_again(backup, home)
    assert not list(home.parent.glob(".dexter-restore-*")), "the dead one's is cleared"


def standing(home: Path) -> set[str]:
    """What every home that lies there says."""
    return {fingerprint(one) for one in home.parent.glob("home*")}


def restored_again(backup: Path, home: Path) -> bool:
    done: Restored = restore(backup, home, LATER, force=True)
    return fingerprint(done.home) == "[watch]\n" and "old" in standing(home)


def test_a_system_without_an_exchange_takes_two_renames(
    backup: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(swapping, "exchanged", lambda *_: False)
    done = restore(backup, home, LATER, force=True)
    assert done.aside is not None
    assert (fingerprint(done.home), fingerprint(done.aside)) == ("[watch]\n", "old")
    assert {p.name for p in home.parent.iterdir()} == {"home", done.aside.name}


def test_a_refused_exchange_leaves_the_old_home(
    backup: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> bool:
        raise OSError(16, "Device or resource busy")

    monkeypatch.setattr(swapping, "exchanged", refuse)
    with pytest.raises(HomeUnmovableError, match="busy"):
        restore(backup, home, LATER, force=True)
    assert {p.name for p in home.parent.iterdir()} == {"home"}
    assert fingerprint(home) == "old"


def test_the_exchange_of_this_system(tmp_path: Path) -> None:
    write(tmp_path / "one" / "x", b"1")
    write(tmp_path / "other" / "x", b"2")
    if not swapping.exchanged(tmp_path / "one", tmp_path / "other"):
        pytest.skip("this system or disk has no exchange of two names")
    assert (tmp_path / "one" / "x").read_bytes() == b"2"
    with pytest.raises(FileNotFoundError):
        swapping.exchanged(tmp_path / "one", tmp_path / "nowhere")
