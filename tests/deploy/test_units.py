"""The units hold for systemd itself, and are walled in as they say."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from pipelines.schedule.systemd import Systemd
from pipelines.schedule.work import Work
from tests.deploy.conftest import DEPLOY

UNITS = DEPLOY / "systemd"
NAMES = sorted(path.name for path in UNITS.glob("dexter-*.*") if path.is_file())
SERVICES = [name for name in NAMES if name.endswith(".service")]
WORST = 1.2
"""The exposure nothing may pass: it is 1.1, and 2.0 was aimed at."""


@pytest.fixture(scope="module")
def analyze() -> str:
    found = shutil.which("systemd-analyze")
    if found is None:
        pytest.skip("systemd-analyze is not on this machine")
    return found


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A root with the units, what they run, and systemd's own units."""
    place = tmp_path_factory.mktemp("root")
    ours = place / "etc" / "systemd" / "system"
    shutil.copytree(UNITS, ours)
    for command in ("venv/bin/dexter", "deploy/nightly-backup.sh"):
        path = place / "opt" / "dexter" / "current" / command
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("#!/bin/sh\n")
        path.chmod(0o755)
    theirs = place / "usr" / "lib" / "systemd" / "system"
    theirs.mkdir(parents=True)
    for unit in ("sysinit", "basic", "shutdown", "network-online", "time-sync"):
        (theirs / f"{unit}.target").write_text(f"[Unit]\nDescription={unit}\n")
    for unit in ("timers.target", "system.slice", "-.slice", "-.mount"):
        kind = "[Mount]\nWhat=/\nWhere=/\n" if unit == "-.mount" else ""
        (theirs / unit).write_text(f"[Unit]\nDescription={unit}\n{kind}")
    return place


def asked(*words: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603 - systemd's own tool
        [str(word) for word in words], capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize("name", NAMES)
def test_systemd_takes_every_unit_without_a_word(
    analyze: str, root: Path, name: str
) -> None:
    instance = name.replace("@.", "@dexter-daily.service.")
    done = asked(analyze, f"--root={root}", "verify", instance)
    assert (done.returncode, done.stdout + done.stderr) == (0, "")


def test_a_word_that_is_none_would_be_seen(
    analyze: str, root: Path, tmp_path: Path
) -> None:
    shutil.copytree(root, tmp_path / "root")
    unit = tmp_path / "root" / "etc" / "systemd" / "system" / "dexter-outbox.service"
    unit.write_text(f"{unit.read_text('utf-8')}\nFrobnicate=yes\n", "utf-8")
    root = tmp_path / "root"
    done = asked(analyze, f"--root={root}", "verify", "dexter-outbox.service")
    assert "Frobnicate" in done.stdout + done.stderr


@pytest.mark.parametrize("name", SERVICES)
def test_every_service_is_walled_in(analyze: str, root: Path, name: str) -> None:
    instance = name.replace("@.", "@x.")
    done = asked(
        analyze, f"--root={root}", "security", "--offline=true", "--no-pager", instance
    )
    said = re.search(r"exposure level for \S+: ([\d.]+)", done.stdout)
    assert said, done.stdout + done.stderr
    assert float(said[1]) <= WORST


@pytest.mark.parametrize("zone", ["Asia/Kolkata", "America/New_York", "UTC"])
def test_the_day_begins_at_one_moment_whatever_the_zone_of_the_host(
    analyze: str, zone: str
) -> None:
    text = (UNITS / "dexter-daily.timer").read_text("utf-8")
    (when,) = re.findall(r"^OnCalendar=(.*)$", text, re.MULTILINE)
    line = [analyze, "calendar", "--base-time=2026-03-07 12:00:00 UTC", when]
    done = subprocess.run(  # noqa: S603 - systemd's own tool
        line, capture_output=True, text=True, check=True, env={"TZ": zone}
    )
    assert "2026-03-08 03:15:00" in done.stdout


def test_what_users_get_holds_as_well(analyze: str, tmp_path: Path) -> None:
    """Names with spaces, per cent signs, dollars and quotes among them."""
    odd = tmp_path / 'a "b" 10% $c'
    (odd / "bin").mkdir(parents=True)
    (odd / "bin" / "dexter").write_text("#!/bin/sh\n")
    (odd / "bin" / "dexter").chmod(0o755)
    work = Work(odd / "bin" / "dexter", odd / "home", odd, odd)
    for name, text in Systemd(tmp_path / "units").planned(work).items():
        Path(name).parent.mkdir(exist_ok=True)
        Path(name).write_text(text, "utf-8")
    daily = (tmp_path / "units" / "dexter-daily.service").read_text("utf-8")
    assert f"WorkingDirectory={str(odd).replace('%', '%%')}\n" in daily
    assert '10%% $c/home"\n' in daily
    assert '10%% $$c/bin/dexter" daily' in daily
    files = sorted((tmp_path / "units").iterdir())
    named = [str(one).replace("@.", "@x.") for one in files]
    # As the system's, since a test has no session of a user.
    done = asked(analyze, "verify", "--man=no", *named)
    assert (done.returncode, done.stdout + done.stderr) == (0, "")
