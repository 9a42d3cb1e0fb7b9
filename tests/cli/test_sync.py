"""``dexter data sync`` and the probes of ``dexter doctor``, against a loopback."""

from collections.abc import Iterator
from datetime import date
from importlib.resources import files
from pathlib import Path

import pytest

from tests.cli.terminal import Terminal, refused
from tests.fake_exchange import Fault, Script, Server, World, serving
from tests.fake_exchange.newspaper import RSS

FIRST = date(2026, 5, 4)
ONLY = "companies,calendar,prices,announcements,results,documents"
SPAN = ("--from", "2026-05-04", "--to", "2026-05-05")


@pytest.fixture
def script() -> Script:
    """What goes wrong; nothing until a test says so."""
    return Script()


def _with_feed(server: Server) -> str:
    """The shipped sources, but for one feed that lies on loopback."""
    shipped = files("dexter.sources").joinpath("sources.toml").read_text("utf-8")
    hosts, _, rest = shipped.partition("\n[[feeds]]")
    _, _, endpoints = rest.partition("\n[endpoints]")
    paper = ("[hosts.papers]", "Papers", f'base = "{server.base}"')
    feed = ("[[feeds]]", "A paper", f'host = "papers"\nurl = "{server.base}{RSS}"')
    tables = [f'{head}\nname = "{name}"\n{rest}' for head, name, rest in (paper, feed)]
    tables[0] += '\nlike = "economic_times"'
    return "\n\n".join([hosts, *tables, f"[endpoints]{endpoints}"])


@pytest.fixture
def exchange(
    home: Path, monkeypatch: pytest.MonkeyPatch, script: Script
) -> Iterator[Server]:
    """A fake exchange the environment points at, news feeds and all."""
    world = World(seed=1, first=FIRST, days=2, companies=45, results_per_day=2)
    with serving(world, script) as server:
        (home / "sources.toml").write_text(_with_feed(server), "utf-8")
        for name, value in server.environment().items():
            monkeypatch.setenv(name, value)
        monkeypatch.setenv("DEXTER_SOURCE_PACE", "0")
        monkeypatch.setenv("DEXTER_WORKERS", "1")
        yield server


def test_a_sync_says_what_came_and_status_knows(
    dexter: Terminal, exchange: Server
) -> None:
    said = dexter("data", "sync", *SPAN, "--json")
    report = said.document
    assert said.code == 0, report
    assert report["complete"]
    assert report["sessions"] == 2
    assert report["rows"]["bse announcements"] > 0
    assert report["rows"]["news"] > 0
    status = dexter("data", "status", "--json").document
    announced = status["sources"]["bse announcements"]
    assert announced["state"] == "done"
    assert (announced["from"], announced["to"]) == ("2026-05-04", "2026-05-05")
    assert status["prices"]["to"] == "2026-05-05"
    assert status["statements"]["accepted"] > 0
    shown = dexter("data", "sync", *SPAN)
    assert "2026-05-04 to 2026-05-05" in shown.out
    assert exchange.repeated("corpfiling|BhavCopy") == {}


def test_what_a_sync_brought_can_be_asked_about(
    dexter: Terminal, exchange: Server
) -> None:
    dexter("data", "sync", *SPAN, "--only", ONLY, "--json")
    result = next(
        one
        for one in exchange.world.results
        if one.company.nse and min(t[0] for t in one.outcomes) <= exchange.world.now
    )
    quarter = result.quarter
    question = (
        f"What was the net profit of {result.company.name} in "
        f"Q{quarter.number} FY{quarter.fiscal_year % 100}?"
    )
    answer = dexter("ask", question, "--json").document
    assert answer["answer"]["claims"], answer["reason"]
    kinds = {one["kind"] for one in answer["evidence"].values()}
    assert kinds & {"cell", "fact"}


def test_a_refusal_is_said_and_the_rest_comes_in(
    dexter: Terminal, exchange: Server, script: Script
) -> None:
    script.faults.append(Fault("forbidden", "/BseIndiaAPI/", times=None))
    said = dexter("data", "sync", *SPAN, "--only", ONLY)
    assert said.code == 3
    assert "BSE refuses to answer" in " ".join(said.out.split())
    status = dexter("data", "status", "--json").document
    assert status["sources"]["nse announcements"]["state"] == "done"
    assert status["sources"]["bse scrip master"]["state"] == "blocked"
    assert any("blocked" in gap for gap in status["gaps"])
    del exchange


@pytest.mark.parametrize(
    "arguments",
    [
        ("--from", "2026-05-06", "--to", "2026-05-04"),
        ("--from", "2999-01-01"),
        ("--only", "nonsense"),
        ("--from", "2001-01-01", "--to", "2001-01-02"),
    ],
)
@pytest.mark.usefixtures("exchange")
def test_what_cannot_be_collected_is_refused(
    dexter: Terminal, arguments: tuple[str, ...]
) -> None:
    refused(dexter("data", "sync", *arguments), 2)


def test_doctor_tells_fine_from_blocked_and_changed(
    dexter: Terminal, exchange: Server, script: Script
) -> None:
    said = dexter("doctor", "--json")
    states = {p["name"]: p["state"] for p in said.document["probes"]}
    assert said.code == 0
    assert (states["BSE"], states["NSE"], states["A paper"]) == ("fine",) * 3
    # It answers, and has no file of the last sessions: its world ended in May.
    assert (states["BSE files"], states["NSE archives"]) == ("unavailable",) * 2
    script.faults += [
        Fault("forbidden", "/BseIndiaAPI/", times=None),
        Fault(
            "renamed_field",
            "holiday-master",
            params={"field": "tradingDate", "to": "day", "since": FIRST},
        ),
    ]
    said = dexter("doctor", "--json")
    states = {p["name"]: p["state"] for p in said.document["probes"]}
    assert (states["BSE"], states["NSE"]) == ("blocked", "changed")
    # Nothing here is broken by what happens out there.
    assert said.code == 0
    del exchange
