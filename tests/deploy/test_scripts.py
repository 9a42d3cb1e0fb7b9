"""The small scripts: their manners, the nightly backup, a container's timer."""

import os
import re
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from deploy import as_service, home
from tests.deploy.conftest import DEPLOY

SECRETS = """\
# a comment
; another
A=plain words $(touch x) `y`
B="in quotes=here"
C='x'
D=
no assignment
  E = spaced\x20
export F=as of a shell
G=back\\slash and p\\\\ss
H="two \\"q\\" \\w \\$x"
I='as it \\ is'
J=goes \\
on
K="two
lines"'and'  more
L=form\x0bfeed\x85and\u2028lines
M="odd
"""
SCRIPTS = sorted(path.name for path in DEPLOY.glob("*.sh"))


@pytest.mark.parametrize("name", SCRIPTS)
def test_shellcheck_has_nothing_to_say(name: str) -> None:
    checker = shutil.which("shellcheck")
    if checker is None:
        pytest.skip("shellcheck is not on this machine")
    done = subprocess.run(  # noqa: S603 - a linter
        [checker, "-x", name], cwd=DEPLOY, capture_output=True, text=True, check=False
    )
    assert done.stdout == ""


@pytest.mark.parametrize("name", SCRIPTS)
def test_every_script_can_be_run(name: str) -> None:
    assert os.access(DEPLOY / name, os.X_OK) or name == "dexter.sh"
    assert (DEPLOY / name).read_text("utf-8").startswith("#!/bin/sh\n")


def test_secrets_are_read_and_nothing_in_them_is_run() -> None:
    assert as_service.variables(SECRETS) == {
        "A": "plain words $(touch x) `y`",
        "B": "in quotes=here",
        "C": "x",
        "D": "",
        "E": "spaced",
        "G": "backslash and p\\ss",
        "H": 'two "q" \\w $x',
        "I": "as it \\ is",
        "J": "goes on",
        "K": "two\nlinesandmore",
        "L": "form\x0bfeed\x85and\u2028lines",
        "M": "odd\n",
    }


def test_the_folders_are_those_of_the_units() -> None:
    walls = (DEPLOY / "systemd" / "dexter-.service.d" / "10-walls.conf").read_text()
    told = dict(re.findall(r"^Environment=(\w+)=(.*)$", walls, re.MULTILINE))
    (place,) = re.findall(r"^WorkingDirectory=(.*)$", walls, re.MULTILINE)
    assert {"XDG_CACHE_HOME", "MPLCONFIGDIR", "NUMBA_CACHE_DIR"} < set(told)
    seen = as_service.environment("", "/var/lib/dexter/home", "")
    assert seen == {**told, "HOME": place}


def test_a_command_sees_what_the_service_sees(tmp_path: Path) -> None:
    state, etc = tmp_path / "var" / "lib" / "dexter", tmp_path / "etc" / "dexter"
    state.mkdir(parents=True)
    etc.mkdir(parents=True)
    (etc / "dexter.env").write_text("DEXTER_MODEL=offline\nDEXTER_HOME=/elsewhere\n")
    line = [sys.executable, "-IS", str(DEPLOY / "as_service.py"), str(tmp_path)]
    asked = "env; echo PLACE=$(pwd); echo MASK=$(umask)"
    done = subprocess.run(  # noqa: S603 - our own script
        [*line, "/a/rehearsal", "/bin/sh", "-c", asked],
        capture_output=True,
        text=True,
        check=True,
        env={"PATH": "/usr/bin:/bin", "TERM": "vt100", "DEXTER_WORKERS": "9"},
    )
    seen = dict(one.split("=", 1) for one in done.stdout.splitlines())
    assert seen["DEXTER_HOME"] == "/a/rehearsal"
    assert seen["DEXTER_MODEL"] == "offline"
    assert seen["NUMBA_CACHE_DIR"] == f"{tmp_path}/var/cache/dexter/numba"
    assert (seen["PLACE"], seen["MASK"]) == (str(state), "0077")
    assert seen["TERM"] == "vt100"
    assert "DEXTER_WORKERS" not in seen


def test_a_rehearsal_cannot_touch_the_home(tmp_path: Path) -> None:
    import sqlite3  # noqa: PLC0415

    there = tmp_path / "home"
    for name in ("prices/a.parquet", "documents/ab/c", "models/m/x.json", "cache/x"):
        (there / name).parent.mkdir(parents=True, exist_ok=True)
        (there / name).write_text("as it was")
    with sqlite3.connect(there / "dexter.db") as db:
        db.execute("CREATE TABLE t (x)")
    copy = tmp_path / "copy"
    home.rehearse(there, copy)
    assert copy.stat().st_mode & 0o777 == 0o700
    found = {p.relative_to(copy).as_posix() for p in copy.rglob("*") if p.is_file()}
    assert found == {"prices/a.parquet", "models/m/x.json", "dexter.db"}
    with sqlite3.connect(copy / "dexter.db") as db:
        db.execute("DROP TABLE t")
    (copy / "models" / "m" / "x.json").write_text("changed")
    (copy / "prices" / "a.parquet").unlink()
    with sqlite3.connect(there / "dexter.db") as db:
        assert db.execute("SELECT COUNT(*) FROM t").fetchone() == (0,)
    assert (there / "models" / "m" / "x.json").read_text() == "as it was"
    assert (there / "prices" / "a.parquet").read_text() == "as it was"


def stand_in(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)
    return path


def test_the_newest_backups_stay_and_only_after_a_whole_one(tmp_path: Path) -> None:
    kept = tmp_path / "kept"
    kept.mkdir()
    for day in range(10, 15):
        (kept / f"dexter-202601{day}-200000.tar.gz").touch()
    (kept / "mine.tar.gz").touch()
    script = DEPLOY / "nightly-backup.sh"

    def nightly(text: str) -> int:
        dexter = stand_in(tmp_path, "dexter", text)
        return subprocess.run([script, dexter, kept, "3"], check=False).returncode  # noqa: S603 - ours

    assert nightly("exit 1") == 1
    assert len(list(kept.iterdir())) == 6
    assert nightly('[ "$1" = backup ] && touch "$2"') == 0
    left = sorted(p.name for p in kept.iterdir())
    assert len(left) == 4
    assert "dexter-20260114-200000.tar.gz" in left
    assert "dexter-20260113-200000.tar.gz" in left
    assert "mine.tar.gz" in left


CLOCK = """[ "$TZ" = IST-5:30 ] || exit 9
day=$(cat @/day)
case $1 in +%F) echo ${day%%T*} ;; +%H%M) echo ${day##*T} ;; esac"""


def test_the_timer_of_a_container(tmp_path: Path) -> None:
    """Each sleep is the next moment; the last one tells it to stop."""
    moments = ["12T0840", "12T0845", "12T0850", "13T0846", "13T0851", "13T0856"]
    (tmp_path / "moments").write_text("\n".join(moments[1:]) + "\n")
    (tmp_path / "day").write_text(moments[0])
    at = str(tmp_path)
    stand_in(tmp_path, "date", CLOCK.replace("@", at))
    stand_in(
        tmp_path,
        "sleep",
        f"""head -n 1 {at}/moments >{at}/day
[ -s {at}/day ] || kill -TERM $PPID
sed 1d {at}/moments >{at}/rest && mv {at}/rest {at}/moments""",
    )
    # The 13th falls once, and is tried again.
    stand_in(
        tmp_path,
        "dexter",
        f"""echo "$(cat {at}/day) $1 $2" >>{at}/calls
[ "$(cat {at}/day) $1" != "13T0846 daily" ]""",
    )
    done = subprocess.run(  # noqa: S603 - our own script
        [DEPLOY / "forever.sh"],
        env={"PATH": f"{at}:/usr/bin:/bin"},
        check=False,
        timeout=20,
    )
    assert done.returncode == 0
    calls = (tmp_path / "calls").read_text().splitlines()
    assert [c for c in calls if not c.endswith("alerts outbox")] == [
        "12T0845 daily --catch-up",
        "13T0846 daily --catch-up",
        "13T0846 alerts notice",
        "13T0851 daily --catch-up",
    ]
    assert [c for c in calls if c.endswith("alerts outbox")] == [
        f"{m} alerts outbox" for m in moments
    ]


def test_a_container_that_is_stopped_stops_its_day(tmp_path: Path) -> None:
    stand_in(tmp_path, "date", "case $1 in +%F) echo 12 ;; *) echo 0900 ;; esac")
    stopped = "trap 'kill $!; echo down; exit 0' TERM"
    stand_in(tmp_path, "dexter", f"sleep 60 & {stopped}; echo up; wait")
    running = subprocess.Popen(  # noqa: S603 - our own script
        [DEPLOY / "forever.sh"],
        env={"PATH": f"{tmp_path}:/usr/bin:/bin"},
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert running.stdout is not None
        assert running.stdout.readline() == "up\n"
        running.send_signal(signal.SIGTERM)
        rest, _ = running.communicate(timeout=20)
    finally:
        running.kill()
    assert running.returncode == 0
    assert rest == "down\n"


def test_the_container_runs_what_is_there_as_nobody_special() -> None:
    text = (DEPLOY / "Containerfile").read_text("utf-8")
    copied = [
        word
        for line in text.splitlines()
        if line.startswith("COPY ") and "--from" not in line
        for word in line.split()[1:-1]
    ]
    assert copied
    assert [name for name in copied if not (DEPLOY.parent / name).exists()] == []
    let_in = (DEPLOY / "Containerfile.dockerignore").read_text("utf-8").split()
    assert {f"!{name}" for name in copied} <= set(let_in)
    assert "--require-hashes" in text
    assert "\nUSER 10001:10001\n" in text
    assert "\nHEALTHCHECK " in text


def test_the_example_of_compose_reads() -> None:
    yaml = pytest.importorskip("yaml")
    told = yaml.safe_load((DEPLOY / "compose.yaml").read_text("utf-8"))
    dexter = told["services"]["dexter"]
    assert dexter["read_only"] is True
    assert dexter["cap_drop"] == ["ALL"]
    assert {v.partition(":")[0] for v in dexter["volumes"]} == set(told["volumes"])
    assert (DEPLOY.parent / dexter["build"]["dockerfile"]).is_file()
