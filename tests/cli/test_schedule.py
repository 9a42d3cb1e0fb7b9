"""A timer of the user's: set, shown, taken away; what else is there stays."""

import os
import stat
import subprocess
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from dexter.domain.moment import IST
from dexter.journal import Journal
from dexter.store.database import Database
from dexter.store.days import DayBook
from dexter.store.tables import days
from pipelines.runtime import open_shelves
from pipelines.schedule.work import next_begin
from tests.cli.machine import Machine
from tests.cli.terminal import Terminal, refused

OTHERS = "MAILTO=me\n5 4 * * * backup % of mine\n"


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Machine:
    monkeypatch.chdir(tmp_path)
    return Machine(tmp_path, monkeypatch)


def test_a_machine_without_timers(machine: Machine, dexter: Terminal) -> None:
    said = dexter("schedule", "install")
    refused(said, 2)
    assert "neither a systemd of this user nor cron" in said.words
    for kind, word in (("cron", "crontab is not"), ("systemd", "systemctl is not")):
        said = dexter("schedule", "install", "--kind", kind)
        refused(said, 2)
        assert word in said.words
    refused(dexter("schedule", "install", "--kind", "sundial"), 2)
    assert dexter("schedule", "remove").out == "There was no timer.\n"
    shown = dexter("schedule", "status", "--json").document
    assert (shown["timers"], shown["days"]) == ([], [])
    assert shown["reason"]
    assert not machine.user.exists()


def test_systemd_is_preferred(machine: Machine, dexter: Terminal) -> None:
    machine.has_cron()
    machine.has_systemd()
    (machine.tools / "crontab.txt").write_text(OTHERS, "utf-8")
    assert dexter("schedule", "install").code == 0
    assert machine.crontab() == OTHERS
    daily = (machine.units / "dexter-daily.service").read_text("utf-8")
    assert f'Environment="DEXTER_HOME={machine.home}"' in daily
    assert "daily --catch-up --watch\n" in daily
    timer = (machine.units / "dexter-daily.timer").read_text("utf-8")
    assert "\nOnCalendar=*-*-* 08:45:00 Asia/Kolkata\n" in timer
    assert "\nPersistent=true\n" in timer
    assert machine.asked()[-2:] == [
        "--user daemon-reload",
        "--user enable --now dexter-daily.timer dexter-outbox.timer",
    ]
    (shown,) = dexter("schedule", "status", "--json").document["timers"]
    assert (shown["kind"], shown["active"]) == ("systemd", True)
    assert shown["next"].endswith("T08:45:00+05:30")
    assert dexter("schedule", "remove").code == 0
    assert list(machine.units.iterdir()) == []
    assert dexter("schedule", "status", "--json").document["timers"] == []


def test_a_timer_that_sleeps_is_said(machine: Machine, dexter: Terminal) -> None:
    machine.has_systemd()
    dexter("schedule", "install")
    machine.has_systemd(state="inactive")
    (shown,) = dexter("schedule", "status", "--json").document["timers"]
    assert (shown["active"], shown["next"]) == (False, None)
    assert "inactive" in shown["reason"]
    machine.has_systemd(answers=1)
    (shown,) = dexter("schedule", "status", "--json").document["timers"]
    assert not shown["active"]


def test_cron_where_systemd_does_not_answer(machine: Machine, dexter: Terminal) -> None:
    machine.has_systemd(answers=1)
    machine.has_cron()
    (machine.tools / "crontab.txt").write_text(OTHERS, "utf-8")
    for _ in range(2):
        assert dexter("schedule", "install").code == 0
        lines = machine.crontab().removeprefix(OTHERS).splitlines()
        assert lines == [
            "# dexter: begin (dexter schedule writes these lines)",
            f"*/15 * * * * '{machine.script}' daily",
            f"*/5 * * * * '{machine.script}' outbox",
            "# dexter: end",
        ]
    assert stat.S_IMODE(machine.script.stat().st_mode) == 0o700
    (shown,) = dexter("schedule", "status", "--json").document["timers"]
    assert (shown["kind"], shown["active"]) == ("cron", True)
    assert dexter("schedule", "remove").code == 0
    assert machine.crontab() == OTHERS
    assert not machine.script.exists()


def test_a_crontab_of_dexter_alone_goes_with_it(
    machine: Machine, dexter: Terminal
) -> None:
    machine.has_cron()
    dexter("schedule", "install")
    dexter("schedule", "remove")
    assert not (machine.tools / "crontab.txt").exists()


def test_the_other_kind_is_taken_away(machine: Machine, dexter: Terminal) -> None:
    machine.has_cron()
    machine.has_systemd()
    dexter("schedule", "install", "--kind", "cron")
    assert "dexter" in machine.crontab()
    dexter("schedule", "install", "--kind", "systemd")
    assert machine.crontab() == ""
    dexter("schedule", "install", "--kind", "cron")
    assert list(machine.units.iterdir()) == []


def test_a_refusal_changes_nothing(machine: Machine, dexter: Terminal) -> None:
    machine.has_cron(refuse=True)
    (machine.tools / "crontab.txt").write_text(OTHERS, "utf-8")
    said = dexter("schedule", "install")
    refused(said, 1)
    assert "bad minute" in said.words
    assert machine.crontab() == OTHERS


def test_who_may_not_use_cron_has_no_timer_of_it(
    machine: Machine, dexter: Terminal
) -> None:
    machine.has("crontab", "#!/bin/sh\necho 'you may not' >&2\nexit 1\n")
    assert dexter("schedule", "status", "--json").document["timers"] == []


@pytest.mark.parametrize(
    "torn",
    ["# dexter: begin\n* * * * * x\n", "* * * * * x\n# dexter: end\n"],
)
def test_lines_somebody_edited_are_left_alone(
    machine: Machine, dexter: Terminal, torn: str
) -> None:
    machine.has_cron()
    (machine.tools / "crontab.txt").write_text(OTHERS + torn, "utf-8")
    for word in ("install", "remove", "status"):
        refused(dexter("schedule", word), 1)
    assert machine.crontab() == OTHERS + torn


@pytest.mark.parametrize("kind", ["systemd", "cron"])
def test_a_dry_run_writes_nothing(
    machine: Machine, dexter: Terminal, kind: str
) -> None:
    machine.has_cron()
    machine.has_systemd()
    said = dexter("schedule", "install", "--kind", kind, "--dry-run")
    assert said.code == 0
    assert "daily --catch-up --watch" in said.out
    assert not machine.user.exists()
    assert machine.crontab() == ""


def test_the_secrets_have_a_place(machine: Machine, dexter: Terminal) -> None:
    machine.has_cron()
    said = " ".join(dexter("schedule", "install").out.split())
    assert ".env, mode 0600" in said
    (machine.script.parent / ".env").write_text("DEXTER_MODEL=offline\n", "utf-8")
    assert "mode 0600" not in dexter("schedule", "install").out


def test_the_last_days_are_shown(machine: Machine, dexter: Terminal) -> None:
    database = Database.open(machine.home)
    begun = datetime(2026, 1, 12, 8, 45, tzinfo=IST)
    with database.write() as connection:
        for number in range(9):
            row = {
                "day": date(2026, 1, 12) + timedelta(days=number),
                "state": "partial" if number == 8 else "done",
                "run_id": f"r{number}",
                "started_at": begun + timedelta(days=number),
                "ended_at": begun + timedelta(days=number, hours=15),
                "reason": "BSE did not answer" if number == 8 else None,
            }
            connection.execute(sa.insert(days), row)
    database.close()
    shown = dexter("schedule", "status", "--json").document["days"]
    assert [one["day"] for one in shown][::6] == ["2026-01-20", "2026-01-14"]
    assert shown[0]["state"] == "partial"
    assert shown[0]["ended_at"] == "2026-01-20T23:45:00+05:30"
    assert "BSE did not answer" in dexter("schedule", "status").out


def test_a_day_that_was_cut_short_is_told_from_one_at_work(
    machine: Machine, dexter: Terminal
) -> None:
    database = Database.open(machine.home)
    begun = datetime(2026, 1, 12, 8, 45, tzinfo=IST)
    DayBook(database).begin(begun.date(), "gone", begun)
    database.close()
    (shown,) = dexter("schedule", "status", "--json").document["days"]
    assert shown["state"] == "open"
    assert shown["reason"].startswith("begun 12 Jan 08:45 and cut short; `dexter daily")
    assert "cut short" in dexter("schedule", "status").out
    desk = open_shelves()
    header = desk.header("daily 2026-01-12", None, "offline")
    journal = Journal.begin(desk.journals, "now", header)
    (shown,) = dexter("schedule", "status", "--json").document["days"]
    assert shown["reason"] == "begun 12 Jan 08:45, at work"
    journal.interrupt("end")


@pytest.mark.parametrize(
    ("now", "then"),
    [
        ("2026-01-12T08:44:59+05:30", "2026-01-12T08:45:00+05:30"),
        ("2026-01-12T08:45:00+05:30", "2026-01-13T08:45:00+05:30"),
        ("2026-01-11T23:00:00-05:00", "2026-01-13T08:45:00+05:30"),
    ],
)
def test_when_a_day_begins_next(now: str, then: str) -> None:
    assert next_begin(datetime.fromisoformat(now)) == datetime.fromisoformat(then)


CLOCK = """#!/bin/sh
[ "$TZ" = IST-5:30 ] || exit 9
case $1 in
+%F) echo {day} ;;
+%H%M) echo {minute} ;;
esac
"""


@pytest.mark.parametrize(
    ("runs", "calls"),
    [
        # Before its time, then on it, then again: it ended well the first time.
        ([("0830", 0), ("0845", 0), ("0900", 0)], ["0845 daily"]),
        ([("0845", 3), ("0900", 0)], ["0845 daily"]),
        # One that was asked to stop is no fall.
        ([("0845", 130), ("0900", 0)], ["0845 daily", "0900 daily"]),
        # One that fell is said, and taken up again.
        ([("0845", 1), ("0900", 0)], ["0845 daily", "0845 alerts", "0900 daily"]),
    ],
)
def test_the_script_of_cron_looks_at_the_indian_clock(
    machine: Machine, dexter: Terminal, runs: list[tuple[str, int]], calls: list[str]
) -> None:
    machine.has_cron()
    dexter("schedule", "install")
    text = machine.script.read_text("utf-8")
    command = next(w for w in text.split() if w.endswith("/dexter") and "bin" in w)
    text = text.replace(command, str(machine.tools / "dexter"))
    machine.script.write_text(text, "utf-8")
    (machine.tools / "wc").symlink_to("/usr/bin/wc")
    for minute, code in runs:
        machine.has("date", CLOCK, day="2026-01-12", minute=minute)
        call = f'echo "{minute} $1" >>{{folder}}/calls.txt'
        machine.has("dexter", f"#!/bin/sh\n{call}\n[ $1 != daily ] || exit {code}\n")
        line = ["/bin/sh", str(machine.script), "daily"]
        asked = {"PATH": str(machine.tools)}
        subprocess.run(line, env=asked, check=False)  # noqa: S603 - the script under test
    said = (machine.tools / "calls.txt").read_text("utf-8").splitlines()
    assert said == calls
    assert os.access(machine.script, os.X_OK)
