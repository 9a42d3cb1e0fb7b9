"""With systemd: stopped for the switch, started again whatever comes of it."""

import sys

import pytest

from tests.deploy.conftest import LETTERS, Host, was_killed
from tests.deploy.test_install_killed import killing

SYSTEMCTL = """#!/bin/sh
echo "systemctl $* [$(basename "$(readlink @PREFIX@/current)")]" >>@SAID@
case "$*" in
*is-active*) exit @ACTIVE@ ;;
"start dexter-check.service") exit @CHECK@ ;;
esac
"""
RUN = '#!/bin/sh\necho "systemd-run $*" >>@SAID@\n'
TIMERS = "dexter-daily.timer dexter-outbox.timer dexter-backup.timer"


def with_systemd(host: Host, *, active: bool = False, check: int = 0) -> None:
    """Stand-ins that note what they are told, and which release is in force then."""
    said = host.root.parent / "said.txt"
    text = SYSTEMCTL.replace("@SAID@", str(said)).replace("@PREFIX@", str(host.prefix))
    text = text.replace("@ACTIVE@", "0" if active else "3")
    host.tool("systemctl", text.replace("@CHECK@", str(check)))
    host.tool("systemd-run", RUN.replace("@SAID@", str(said)))


def marked(host: Host, name: str) -> None:
    """A release's own name becomes the last line of a file of its deploy/."""
    build = host.tools / "build"
    mark = f'echo "# $(basename "$2")" >>"$2/deploy/{name}"\n'
    build.write_text(build.read_text("utf-8") + mark, "utf-8")


def said(host: Host) -> list[str]:
    """What they were told; releases without their stamps."""
    lines = (host.root.parent / "said.txt").read_text("utf-8").splitlines()
    return [
        line.replace(f"{host.prefix}/", "").rpartition("-")[0]
        if line.endswith("]")
        else line
        for line in lines
    ]


def test_an_upgrade_stops_what_runs_and_starts_it_again(host: Host) -> None:
    with_systemd(host, active=True)
    done = host.install("2.0", "schema=6", options=())
    assert done.returncode == 0, done.stderr
    first, waker, *told = said(host)
    assert first == "systemctl stop dexter-recover.timer [1.0"
    run = "systemd-run --quiet --collect --unit=dexter-recover --on-active=30min "
    assert waker.startswith(run)
    options = f"--python {sys.executable} --keep 3 --root {host.root}"
    assert waker.endswith(f"/deploy/install.sh --recover {options}")
    services = TIMERS.replace(".timer", ".service")
    assert told == [
        "systemctl --quiet is-active dexter-daily.service [1.0",
        f"systemctl stop {TIMERS} {services} [1.0",
        "systemctl daemon-reload [2.0",
        "systemctl start dexter-check.service [2.0",
        f"systemctl enable --quiet --now {TIMERS} [2.0",
        "systemctl start --no-block dexter-daily.service [2.0",
        "systemctl stop dexter-recover.timer [2.0",
    ]
    units = host.root / "etc" / "systemd" / "system"
    assert (units / "dexter-daily.timer").is_file()
    assert (units / "dexter-.service.d" / "10-walls.conf").is_file()
    wrapper = host.root / "usr" / "local" / "bin" / "dexter"
    assert wrapper.stat().st_mode & 0o111
    assert "@" not in wrapper.read_text("utf-8").replace('"$@"', "")


def test_a_day_that_did_not_run_is_not_started(host: Host) -> None:
    with_systemd(host)
    assert host.install("2.0", "schema=5", options=()).returncode == 0
    assert not any("start --no-block" in line for line in said(host))


@pytest.mark.parametrize(
    ("behaviour", "check"),
    [("schema=6 half-migrates", 0), ("schema=6", 1)],
    ids=["fails", "fails behind the walls"],
)
def test_the_old_release_is_started_again(
    host: Host, behaviour: str, check: int
) -> None:
    with_systemd(host, active=True, check=check)
    marked(host, "dexter.sh")
    assert host.install("2.0", behaviour, options=()).returncode == 1
    told = said(host)
    assert told[-4:] == [
        "systemctl daemon-reload [1.0",
        f"systemctl enable --quiet --now {TIMERS} [1.0",
        "systemctl start --no-block dexter-daily.service [1.0",
        "systemctl stop dexter-recover.timer [1.0",
    ]
    assert host.in_force() == "1.0"
    wrapper = host.root / "usr" / "local" / "bin" / "dexter"
    assert "# 2.0" not in wrapper.read_text("utf-8")
    assert host.holds()
    assert host.letters() == LETTERS


def recovered(host: Host) -> list[str]:
    """What was told while what a killed installer left was looked at."""
    (host.root.parent / "said.txt").unlink()
    script = host.prefix / "current" / "deploy" / "install.sh"
    line = [script, "--recover", "--root", host.root, "--python", sys.executable]
    done = host.run(line)
    assert done.returncode == 0, done.stderr
    return said(host) if (host.root.parent / "said.txt").exists() else []


@pytest.mark.parametrize("active", [False, True])
def test_recover_starts_what_a_killed_installer_left_stopped(
    host: Host, *, active: bool
) -> None:
    """Killed as it writes the upgrade down, right after it stopped everything."""
    with_systemd(host, active=active)
    killing(host, "mv", after=False)
    killed = {"KILL_AT": "1"}
    assert was_killed(host.install("2.0", options=(), environment=killed))
    day = "systemctl start --no-block dexter-daily.service [1.0"
    assert recovered(host) == [
        f"systemctl enable --quiet --now {TIMERS} [1.0",
        *([day] if active else []),
        "systemctl stop dexter-recover.timer [1.0",
    ]


def test_recover_starts_nothing_that_an_operator_stopped(host: Host) -> None:
    with_systemd(host, active=True)
    assert host.install("2.0", "schema=5", options=()).returncode == 0
    assert recovered(host) == []


def test_recover_puts_the_units_of_the_release_in_force(host: Host) -> None:
    with_systemd(host)
    marked(host, "systemd/dexter-daily.service")
    killing(host, "mv", after=True)
    killed = {"KILL_AT": "2"}
    assert was_killed(host.install("2.0", "schema=6", options=(), environment=killed))
    assert host.in_force() == "2.0"
    assert f"systemctl enable --quiet --now {TIMERS} [2.0" in recovered(host)
    unit = host.root / "etc" / "systemd" / "system" / "dexter-daily.service"
    assert unit.read_text("utf-8").splitlines()[-1].startswith("# 2.0-")
    assert (host.root / "usr" / "local" / "bin" / "dexter").is_file()
    assert host.in_force() == "2.0"


def test_a_release_that_fails_its_rehearsal_stops_nothing(host: Host) -> None:
    with_systemd(host, active=True)
    assert host.install("2.0", "doctor-fails", options=()).returncode == 1
    assert not (host.root.parent / "said.txt").exists()
