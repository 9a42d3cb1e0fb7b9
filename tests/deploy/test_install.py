"""An upgrade is in force whole, or the release before it is, with every letter."""

import sqlite3
import subprocess
from contextlib import closing
from shutil import which

import pytest

from tests.deploy.conftest import LETTERS, Host

SCRIPTS = (".home.py", ".as_service.py")


def test_the_first_install(host: Host) -> None:
    assert host.in_force() == "1.0"
    assert host.holds()
    assert host.letters() == LETTERS
    env = host.root / "etc" / "dexter" / "dexter.env"
    assert env.stat().st_mode & 0o777 == 0o600
    left = {p.name for p in host.prefix.iterdir()}
    assert left == {"releases", "current", ".install.lock", *SCRIPTS}


def test_an_upgrade_that_changes_the_schema(host: Host) -> None:
    env = host.root / "etc" / "dexter" / "dexter.env"
    env.write_text("DEXTER_TELEGRAM_TOKEN='kept'\n", "utf-8")
    done = host.install("2.0", "schema=6")
    assert done.returncode == 0, done.stderr
    assert host.in_force() == "2.0"
    assert host.holds()
    assert host.letters() == LETTERS
    assert env.read_text("utf-8") == "DEXTER_TELEGRAM_TOKEN='kept'\n"
    (kept,) = (host.database.parents[1] / "upgrades").glob("2.0-*/dexter.db")
    with closing(sqlite3.connect(kept)) as db:
        assert db.execute("SELECT value FROM meta").fetchone() == ("5",)


FAILING = [
    "no-import",
    "doctor-fails",
    "schema=6 half-migrates",
    pytest.param("schema=6 dies", marks=pytest.mark.slow),
    pytest.param("config-fails", marks=pytest.mark.slow),
    pytest.param("schema=4", marks=pytest.mark.slow),
    pytest.param("schema=6 fails-in-force", marks=pytest.mark.slow),
    pytest.param("fails-in-force", marks=pytest.mark.slow),
]


@pytest.mark.parametrize("behaviour", FAILING)
def test_a_release_that_fails_leaves_the_old_one_in_force(
    host: Host, behaviour: str
) -> None:
    done = host.install("2.0", behaviour)
    assert done.returncode == 1
    assert "dexter" in done.stderr
    assert host.in_force() == "1.0"
    assert host.holds()
    assert host.letters() == LETTERS
    assert host.releases() == ["1.0"]


def test_a_first_install_that_fails_leaves_none(bare: Host) -> None:
    assert bare.install("1.0", "doctor-fails").returncode == 1
    assert bare.in_force() is None
    assert bare.releases() == []
    assert bare.letters() == LETTERS


def test_the_database_a_failed_upgrade_left_is_kept(host: Host) -> None:
    done = host.install("2.0", "schema=6 half-migrates")
    (kept,) = (host.database.parents[1] / "upgrades").glob("2.0-*")
    assert {p.name for p in kept.iterdir()} == {"dexter.db", "dexter.db.after"}
    assert str(kept / "dexter.db.after") in done.stdout


def test_letters_of_the_meantime_survive_the_way_back(host: Host) -> None:
    """A timer nobody stopped sent one letter and put in another."""
    done = host.install("2.0", "schema=6", "writes", "fails-in-force")
    assert done.returncode == 1
    assert host.in_force() == "1.0"
    assert host.holds()
    assert host.letters() == {
        "a": ("sent", "10"),
        "b": LETTERS["b"],
        "c": ("pending", None),
    }


def test_what_the_old_release_fails_too_is_no_reason_to_stay(host: Host) -> None:
    (release,) = (host.prefix / "releases").iterdir()
    (release / "behaviour").write_text("config-fails", "utf-8")
    done = host.install("2.0", "config-fails")
    assert done.returncode == 0, done.stderr
    assert host.in_force() == "2.0"
    assert "config check" in done.stdout
    worse = host.install("3.0", "config-fails", "doctor-fails")
    assert worse.returncode == 1
    assert host.in_force() == "2.0"


def test_a_build_that_fails(host: Host) -> None:
    host.tool("build", "#!/bin/sh\nmkdir -p $2/venv\nexit 3\n")
    assert host.install("2.0", "schema=5").returncode == 3
    assert (host.in_force(), host.releases()) == ("1.0", ["1.0"])


@pytest.mark.parametrize("keep", [2, pytest.param(3, marks=pytest.mark.slow)])
def test_so_many_releases_are_kept(host: Host, keep: int) -> None:
    versions = [f"{n}.0" for n in range(2, keep + 2)]
    for version in versions:
        options = ("--no-systemd", "--keep", str(keep))
        assert host.install(version, "schema=5", options=options).returncode == 0
    assert host.releases() == versions
    kept = (host.database.parents[1] / "upgrades").iterdir()
    assert sorted(p.name.rpartition("-")[0] for p in kept) == versions


def test_too_little_room_changes_nothing(host: Host) -> None:
    done = host.install("2.0", environment={"DEXTER_INSTALL_MB": "999999999"})
    assert done.returncode == 1
    assert "MB are free" in done.stderr
    assert host.releases() == ["1.0"]


def test_only_one_install_at_a_time(host: Host) -> None:
    lock = host.prefix / ".install.lock"
    holder = subprocess.Popen(  # noqa: S603 - as the installer takes it
        [which("flock") or "flock", lock, "sh", "-c", "echo held; read line"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        done = host.install("2.0", "schema=5")
        assert done.returncode == 1
        assert "another install" in done.stderr
    finally:
        holder.communicate("\n")
    assert host.in_force() == "1.0"


def test_words_that_are_none(bare: Host) -> None:
    assert bare.install("1.0", options=("--frobnicate",)).returncode == 2
    assert not bare.prefix.exists()
