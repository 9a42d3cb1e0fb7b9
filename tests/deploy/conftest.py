"""A host below a folder, and releases that behave as told."""

import shutil
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.conftest import ROOT

DEPLOY = ROOT / "deploy"
STAND_IN = Path(__file__).with_name("stand_in.py")
# Without site and its packages it starts in a third of the time.
_BUILD = """#!/bin/sh
set -e
mkdir -p "$2/venv/bin"
cp "$1/behaviour" "$2/behaviour"
{ echo "#!@PYTHON@ -IS"; cat "@STAND_IN@"; } >"$2/venv/bin/dexter"
chmod +x "$2/venv/bin/dexter"
"""
LETTERS = {"a": ("pending", None), "b": ("unknown", "1")}


@dataclass(frozen=True)
class Host:
    """A root folder, a PATH of stand-ins, and the installer run in them."""

    root: Path
    tools: Path

    @property
    def prefix(self) -> Path:
        """Where releases lie."""
        return self.root / "opt" / "dexter"

    @property
    def database(self) -> Path:
        """The home's."""
        return self.root / "var" / "lib" / "dexter" / "home" / "dexter.db"

    def install(
        self,
        version: str,
        *behaviour: str,
        options: tuple[str, ...] = ("--no-systemd",),
        environment: Mapping[str, str] | None = None,
    ) -> subprocess.CompletedProcess[str]:
        """Run the installer on a source that behaves so."""
        source = self.root.parent / "sources" / version
        source.mkdir(parents=True, exist_ok=True)
        (source / "behaviour").write_text(" ".join(behaviour), "utf-8")
        build = self.tools / "build"
        line = [DEPLOY / "install.sh", "--root", self.root, "--source", source]
        line += ["--version", version, "--build", build, "--python", sys.executable]
        return self.run([*line, *options], environment)

    def run(
        self, line: list[object], environment: Mapping[str, str] | None = None
    ) -> subprocess.CompletedProcess[str]:
        """Run a script, stand-ins first on its PATH, in a session of its own."""
        path = f"{self.tools}:/usr/sbin:/usr/bin:/sbin:/bin"
        known = {"PATH": path, "HOME": str(self.root), "DEXTER_INSTALL_MB": "1"}
        return subprocess.run(  # noqa: S603 - our own scripts
            [str(word) for word in line],
            capture_output=True,
            text=True,
            check=False,
            env={**known, **(environment or {})},
            start_new_session=True,
        )

    def in_force(self) -> str | None:
        """The version of the release in force."""
        current = self.prefix / "current"
        if not current.is_symlink():
            return None
        return str(current.readlink()).removeprefix("releases/").rpartition("-")[0]

    def holds(self) -> bool:
        """Whether the release in force works on the home."""
        dexter = self.prefix / "current" / "venv" / "bin" / "dexter"
        asked = {"DEXTER_HOME": str(self.database.parent)}
        done = subprocess.run([dexter, "doctor"], env=asked, check=False)  # noqa: S603 - ours
        return done.returncode == 0

    def releases(self) -> list[str]:
        """Every release that lies there, the oldest first."""
        found = (self.prefix / "releases").iterdir()
        return sorted(one.name.rpartition("-")[0] for one in found)

    def letters(self) -> dict[str, tuple[str, str | None]]:
        """State of each letter, and when it was tried."""
        with closing(sqlite3.connect(self.database)) as db:
            rows = db.execute("SELECT item, state, tried_at FROM outbox")
            return {item: (state, tried) for item, state, tried in rows}

    def tool(self, name: str, text: str) -> None:
        """A stand-in on the PATH."""
        path = self.tools / name
        path.write_text(text, "utf-8")
        path.chmod(0o755)


def a_host(place: Path) -> Host:
    """A host with a home of schema 5 and two letters in its outbox."""
    (place / "tools").mkdir(parents=True)
    made = Host(place / "root", place / "tools")
    build = _BUILD.replace("@PYTHON@", sys.executable)
    made.tool("build", build.replace("@STAND_IN@", str(STAND_IN)))
    made.database.parent.mkdir(parents=True)
    with closing(sqlite3.connect(made.database)) as db, db:
        db.execute("PRAGMA journal_mode=WAL")
        db.execute("CREATE TABLE meta (value TEXT)")
        db.execute("INSERT INTO meta VALUES ('5')")
        columns = "item TEXT PRIMARY KEY, state TEXT, tried_at TEXT"
        db.execute(f"CREATE TABLE outbox ({columns})")
        rows = [(item, *rest) for item, rest in LETTERS.items()]
        db.executemany("INSERT INTO outbox VALUES (?, ?, ?)", rows)
    return made


@pytest.fixture
def bare(tmp_path: Path) -> Host:
    """A host on which nothing was installed."""
    if shutil.which("flock") is None:
        pytest.skip("flock is not on this machine")
    return a_host(tmp_path)


@pytest.fixture(scope="session")
def first(tmp_path_factory: pytest.TempPathFactory) -> Path:
    if shutil.which("flock") is None:
        pytest.skip("flock is not on this machine")
    place = tmp_path_factory.mktemp("first")
    done = a_host(place / "host").install("1.0", "schema=5")
    assert done.returncode == 0, done.stderr
    return place / "host"


@pytest.fixture
def host(first: Path, tmp_path: Path) -> Host:
    """A host on which release 1.0 is in force, and holds."""
    return again(first, tmp_path / "host")


def again(first: Path, place: Path) -> Host:
    """A host as another one is."""
    shutil.copytree(first, place, symlinks=True)
    return Host(place / "root", place / "tools")


def was_killed(done: subprocess.CompletedProcess[str]) -> bool:
    """Whether a script ended by kill -9."""
    return done.returncode == -signal.SIGKILL
