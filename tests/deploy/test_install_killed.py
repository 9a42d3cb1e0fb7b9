"""An installer killed at any step leaves a release in force that works."""

import signal
from pathlib import Path

import pytest

from tests.deploy.conftest import LETTERS, Host, again, was_killed

MOST_CALLS = 40
KILLER = """#!/bin/sh
count=$(cat @COUNT@ 2>/dev/null || echo 0)
count=$((count + 1))
echo $count >@COUNT@
@BEFORE@[ $count -ne "${KILL_AT:-0}" ] || kill -9 0
/usr/bin/@NAME@ "$@" || exit
@AFTER@[ $count -ne "${KILL_AT:-0}" ] || kill -9 0
"""


def killing(host: Host, name: str, *, after: bool) -> None:
    text = KILLER.replace("@NAME@", name)
    text = text.replace("@COUNT@", str(host.tools / f"{name}.count"))
    text = text.replace("@BEFORE@", ": || " if after else "")
    host.tool(name, text.replace("@AFTER@", "" if after else ": || "))


def killed_install(host: Host, at: int) -> bool:
    """An upgrade killed at the n-th call of a tool; whether it came so far."""
    done = host.install("2.0", "schema=6", environment={"KILL_AT": str(at)})
    assert was_killed(done) or done.returncode == 0, done.stderr
    return was_killed(done)


def assert_whole(host: Host) -> None:
    """One release is in force and works, no letter is lost, the next install goes."""
    assert host.in_force() in {"1.0", "2.0"}
    assert host.holds()
    assert host.letters() == LETTERS
    done = host.install("3.0", "schema=6")
    assert done.returncode == 0, done.stderr
    assert host.in_force() == "3.0"
    assert host.holds()
    assert host.letters() == LETTERS


@pytest.mark.parametrize(
    ("name", "at", "after"),
    [
        pytest.param("mv", 1, True, marks=pytest.mark.slow),
        ("mv", 2, False),
        ("mv", 2, True),
    ],
)
def test_killed_around_the_switch(
    host: Host, name: str, at: int, *, after: bool
) -> None:
    """The first move writes the upgrade down, the second is the switch."""
    killing(host, name, after=after)
    assert killed_install(host, at)
    switched = (at, after) == (2, True)
    assert host.in_force() == ("2.0" if switched else "1.0")
    assert_whole(host)


@pytest.mark.slow
@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("name", ["mv", "ln", "rm", "cp", "readlink", "mkdir", "touch"])
def test_killed_at_every_call_of_a_tool(
    first: Path, tmp_path: Path, name: str, *, after: bool
) -> None:
    for at in range(1, MOST_CALLS):
        host = again(first, tmp_path / str(at))
        killing(host, name, after=after)
        if not killed_install(host, at):
            assert at > 1, "it is called at all"
            return
        assert_whole(host)
    pytest.fail("it never came to its end")


def test_asked_to_stop_after_the_switch_it_takes_it_back(host: Host) -> None:
    killing(host, "mv", after=True)
    tool = host.tools / "mv"
    tool.write_text(tool.read_text("utf-8").replace("kill -9 0", "kill -TERM $PPID"))
    done = host.install("2.0", "schema=6", environment={"KILL_AT": "2"})
    assert done.returncode == 128 + signal.SIGTERM
    assert (host.in_force(), host.releases()) == ("1.0", ["1.0"])
    assert host.holds()
    assert host.letters() == LETTERS


def test_recover_takes_back_what_does_not_hold(host: Host) -> None:
    killing(host, "mv", after=True)
    done = host.install(
        "2.0", "schema=6", "fails-in-force", environment={"KILL_AT": "2"}
    )
    assert was_killed(done)
    assert host.in_force() == "2.0"
    line = [host.prefix / "current" / "deploy" / "install.sh", "--recover"]
    done = host.run([*line, "--root", host.root, "--no-systemd"])
    assert done.returncode == 0, done.stderr
    assert (host.in_force(), host.releases()) == ("1.0", ["1.0"])
    assert host.holds()
    assert host.letters() == LETTERS
