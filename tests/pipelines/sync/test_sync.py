"""The market comes in whole: nothing lost, nothing twice, nothing asked for again."""

import os
import random
import signal
import subprocess
import sys
import time
from datetime import date, timedelta
from datetime import time as time_of_day
from pathlib import Path

import pytest
import sqlalchemy as sa

from dexter.errors import StoreError, UnknownCompanyError
from dexter.store.collected import State, collected
from dexter.store.database import Database
from dexter.store.identity import canon
from dexter.store.keeping import keep
from dexter.store.price_list import listed
from dexter.store.price_view import BarView
from dexter.store.status import OURS, status
from dexter.store.tables import collections, news, renames
from pipelines.sync.alone import alone
from pipelines.sync.planning import resume_day
from tests.fake_exchange import KINDS, Fault, Script, Server, World, serving
from tests.pipelines.sync.scenes import EVERYTHING, differences, synced

FIRST = date(2026, 5, 4)
ANNOUNCED = r"AnnSubCategoryGetData|corporate-announcements"
LASTING = {"forbidden", "error_page", "no_record", "renamed_field"}


def small(days: int = 3) -> World:
    return World(seed=1, first=FIRST, days=days, companies=45, results_per_day=2)


def test_a_sync_holds_exactly_what_was_published(tmp_path: Path) -> None:
    world = small()
    with serving(world) as server:
        report = synced(tmp_path, server)
        assert differences(tmp_path, world) == []
        assert report.complete
        assert server.repeated() == {}
        server.forget()
        again = synced(tmp_path, server)
        # Only lists that reach past the day they were asked on.
        assert server.count(ANNOUNCED + "|BhavCopy|corpfiling|/corporate/") == 0
        assert again.complete
        assert differences(tmp_path, world) == []


def test_days_that_come_later_are_added(tmp_path: Path) -> None:
    world = small(4)
    with serving(world) as server:
        end = world.now
        world.at(world.days.days[1])
        synced(tmp_path, server)
        early = differences(tmp_path, world)
        world.now = end
        server.forget()
        synced(tmp_path, server)
        assert early == []
        assert differences(tmp_path, world) == []


@pytest.mark.parametrize("kind", sorted(KINDS - LASTING))
def test_a_passing_fault_costs_nothing(tmp_path: Path, kind: str) -> None:
    world = small(2)
    faults = [
        Fault(kind, r"AnnSubCategoryGetData", after=1),
        Fault(kind, r"/api/corporate-announcements", after=1),
        Fault(kind, r"sec_bhavdata_full"),
        Fault(kind, r"\.pdf", after=1),
        Fault(kind, r"\.xml"),
    ]
    with serving(world, Script(faults)) as server:
        for _ in range(4):
            if synced(tmp_path, server).complete:
                break
        assert any(one.fault == kind for one in server.requests)
        assert differences(tmp_path, world) == []


@pytest.mark.parametrize("kind", ["forbidden", "error_page", "html", "no_record"])
def test_a_block_is_never_taken_for_an_empty_day(tmp_path: Path, kind: str) -> None:
    world = small(2)
    script = Script([Fault(kind, ANNOUNCED, times=None)])
    with serving(world, script) as server:
        report = synced(tmp_path, server)
        assert not report.complete
        assert report.troubles
        script.faults.clear()
        found = status(tmp_path)
        assert any("announcements" in gap for gap in found["gaps"])  # type: ignore[attr-defined]
        synced(tmp_path, server)
        assert differences(tmp_path, world) == []


def test_a_field_renamed_overnight_is_named_and_nothing_is_lost(tmp_path: Path) -> None:
    world = small(2)
    second = world.days.days[1]
    renamed = Fault(
        "renamed_field",
        "AnnSubCategoryGetData",
        params={"field": "NEWSID", "to": "NEWS_ID", "since": second},
    )
    script = Script([renamed])
    with serving(world, script) as server:
        report = synced(tmp_path, server)
        (trouble,) = [t for t in report.troubles if t.state is State.CHANGED_SHAPE][:1]
        assert "NEWSID" in trouble.sentence
        assert "NEWS_ID" in trouble.sentence
        script.faults.clear()
        assert synced(tmp_path, server).complete
        assert differences(tmp_path, world) == []


def test_a_sync_of_one_company_asks_for_it_alone(tmp_path: Path) -> None:
    world = small(2)
    company = next(c for c in world.companies if c.nse and c.bse and c.series == "EQ")
    with serving(world) as server:
        only = frozenset({"companies", "announcements", "results"})
        synced(tmp_path, server, only, (str(company.nse),))
        asked = [one.query for one in server.requests if "announcements" in one.path]
        assert asked
        assert {query.get("symbol") for query in asked} == {company.nse}
        scrips = {
            one.query["strScrip"]
            for one in server.requests
            if "AnnSubCategory" in one.path
        }
        assert scrips == {str(company.bse)}


def test_one_refused_address_does_not_starve_the_rest_of_its_lane(
    tmp_path: Path,
) -> None:
    world = small(2)
    with serving(
        world, Script([Fault("html", "event-calendar", times=None)])
    ) as server:
        report = synced(tmp_path, server)
        assert [one.piece.dataset for one in report.troubles] == ["nse event calendar"]
        assert differences(tmp_path, world) == []


def test_an_action_that_comes_late_mends_the_base_of_its_day(tmp_path: Path) -> None:
    world = small(4)
    script = Script([Fault("html", "corporateActions", times=None)])
    with serving(world, script) as server:
        synced(tmp_path, server)
        assert any(": base " in one for one in differences(tmp_path, world))
        script.faults.clear()
        synced(tmp_path, server)
        assert differences(tmp_path, world) == []


def test_documents_behind_a_long_refusal_come_in_when_it_ends(tmp_path: Path) -> None:
    world = small(2)
    script = Script([Fault("forbidden", r"corpfiling|/corporate/", times=None)])
    with serving(world, script) as server:
        for _ in range(7):
            assert not synced(tmp_path, server).complete
        script.faults.clear()
        assert synced(tmp_path, server).complete
        assert differences(tmp_path, world) == []


def test_a_session_without_announcements_is_not_believed(tmp_path: Path) -> None:
    world = small(2)
    empty = small(2)
    empty.now = empty.now.replace(year=2025)
    with serving(empty) as server:
        server.world.days = world.days
        only = frozenset({"announcements"})
        report = synced(tmp_path, server, only, present=world.now)
        states = {one.piece.dataset: one.state for one in report.troubles}
        assert states["nse announcements"] is State.UNAVAILABLE
        assert not report.complete


def test_a_sync_without_days_goes_on_where_something_is_missing(
    tmp_path: Path,
) -> None:
    world = small(4)
    script = Script([Fault("forbidden", "AnnSubCategoryGetData", after=2, times=None)])
    days = world.days.days
    with serving(world, script) as server:
        end = world.now
        synced(tmp_path, server)
        database = Database.open(tmp_path)
        # BSE's second day was refused; everything else has come to the last.
        assert resume_day(database, end + timedelta(hours=1)) == days[1]
        script.faults.clear()
        synced(tmp_path, server)
        # The last day was asked for an hour after its midnight, so it is settled.
        assert resume_day(database, end + timedelta(hours=2)) == days[3]
        company = next(c for c in world.companies if c.nse and c.series == "EQ")
        synced(tmp_path, server, EVERYTHING, (str(company.nse),))
        assert resume_day(database, end + timedelta(hours=2)) == days[3]
        database.close()


def test_a_month_that_was_refused_is_asked_for_again(tmp_path: Path) -> None:
    world = small(3)
    script = Script([Fault("html", "corporate-board-meetings", times=None)])
    with serving(world, script) as server:
        synced(tmp_path, server)
        script.faults.clear()
        database = Database.open(tmp_path)
        first = resume_day(database, world.now + timedelta(hours=1))
        database.close()
        assert first == world.days.days[0].replace(day=1)
        synced(tmp_path, server)
        assert differences(tmp_path, world) == []


def test_a_quiet_company_is_no_outage_and_its_former_ticker_counts(
    tmp_path: Path,
) -> None:
    world = small(4)
    company = next(c for c in world.companies if c.former and c.nse and c.bse)
    told = {
        notice.seen_at
        for exchange in ("BSE", "NSE")
        for _, notice in world.everything(exchange)
        if notice.company is company
    }
    with serving(world) as server:
        only = frozenset({"companies", "announcements"})
        assert synced(tmp_path, server, only, (str(company.nse),)).complete
        database = Database.open(tmp_path)
        with database.read() as connection:
            kept = set(connection.scalars(sa.select(news.c.published_at)))
        database.close()
        assert kept == told


def test_a_ticker_nobody_has_is_refused_with_the_nearest(tmp_path: Path) -> None:
    world = small(2)
    company = next(c for c in world.companies if c.nse and c.series == "EQ")
    with serving(world) as server:
        synced(tmp_path, server, frozenset({"companies"}))
        with pytest.raises(UnknownCompanyError):
            synced(tmp_path, server, EVERYTHING, (f"{company.nse}X",))


def test_only_one_sync_collects_into_a_home(tmp_path: Path) -> None:
    with (
        alone(tmp_path),
        pytest.raises(StoreError, match="Another sync"),
        alone(tmp_path),
    ):
        pass
    with alone(tmp_path):
        pass


def test_a_day_that_was_still_running_is_gone_on_from(tmp_path: Path) -> None:
    world = small(3)
    second = world.days.days[1]
    with serving(world) as server:
        world.at(second, time_of_day(17))
        synced(tmp_path, server)
        database = Database.open(tmp_path)
        assert resume_day(database, world.now + timedelta(days=3)) == second
        database.close()


def test_a_ticker_given_away_again_is_another_company(tmp_path: Path) -> None:
    world = small(2)
    with serving(world) as server:
        synced(tmp_path, server)
        database = Database.open(tmp_path)
        with database.read() as connection:
            bars = BarView(tmp_path, listed(connection)).everything().to_pylist()
        one, other = sorted({row["canon"] for row in bars if row["series"] == "EQ"})[:2]
        # Long ago a company called ONE became OTHER; today both trade.
        with database.write() as connection:
            row = {"old": one, "new": other, "changed_on": date(2010, 1, 1)}
            keep(connection, renames, [row])
            connection.execute(
                sa.delete(collections).where(collections.c.source == OURS)
            )
        synced(tmp_path, server)
        with database.read() as connection:
            kept = BarView(tmp_path, listed(connection)).everything().to_pylist()
            assert canon(connection, one) == one
        database.close()
        closes = {(r["canon"], r["date"]): r["close"] for r in bars}
        assert {(r["canon"], r["date"]): r["close"] for r in kept} == closes


KILLED = """
import sys
from cli import main
sys.argv = ["dexter", "data", "sync", "--from", sys.argv[1], "--to", sys.argv[2],
            "--only", "companies,calendar,prices,announcements,results,documents"]
main()
"""


def killed(home: Path, server: Server, after: float) -> bool:
    """Run a sync in a process of its own and kill it; whether it got to its end."""
    days = server.world.days.days
    environment = {
        **os.environ,  # noqa: TID251 - the child's, with what the tests set
        **server.environment(),
        "DEXTER_HOME": str(home),
        "DEXTER_SOURCE_PACE": "0",
        "DEXTER_WORKERS": "1",
    }
    child = subprocess.Popen(  # noqa: S603 - this very interpreter
        [sys.executable, "-c", KILLED, days[0].isoformat(), days[-1].isoformat()],
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        child.wait(after)
    except subprocess.TimeoutExpired:
        os.killpg(child.pid, signal.SIGKILL)
        child.wait()
        return False
    return True


def survived(home: Path, world: World, kills: int, seed: int) -> None:
    """Kill syncs at random moments, home after home; each must hold the truth."""
    chosen = random.Random(seed)  # noqa: S311 - moments, not secrets
    died = 0
    with serving(world) as server:
        began = time.monotonic()
        assert killed(home / "whole", server, 600)
        whole = time.monotonic() - began
        for number in range(4 * kills):  # one that is quick ends by itself
            cut = home / f"cut {number}"
            server.forget()
            mine = 0
            # Any moment of a whole sync, its start included; some get to their end.
            while mine < _A_HOME and not killed(cut, server, chosen.uniform(0, whole)):
                mine += 1
            assert killed(cut, server, 600)
            assert differences(cut, world) == []
            # A kill costs the requests in flight, one a lane, and no others.
            again = server.repeated(ANNOUNCED + "|BhavCopy")
            assert sum(times - 1 for times in again.values()) <= _LANES * mine
            died += mine
            if died >= kills:
                return
    pytest.fail(f"only {died} syncs could be killed")


_A_HOME, _LANES = 6, 4


def test_a_killed_sync_goes_on_where_it_was(tmp_path: Path) -> None:
    survived(tmp_path, small(), kills=2, seed=1)


@pytest.mark.slow
def test_fifty_kills_lose_nothing(tmp_path: Path) -> None:
    world = World(seed=2, first=FIRST, days=12, companies=80, results_per_day=3)
    survived(tmp_path, world, kills=50, seed=2)


@pytest.mark.slow
def test_a_peak_month_comes_in_whole_under_random_faults(tmp_path: Path) -> None:
    """Thirty days of two thousand announcements, and everything goes wrong at times."""
    world = World(
        seed=3,
        first=date(2026, 5, 1),
        days=30,
        companies=400,
        announcements_per_day=2000,
        results_per_day=15,
    )
    with serving(world, Script.random(3, 0.02)) as server:
        for _ in range(12):
            if synced(tmp_path, server).complete:
                break
        assert differences(tmp_path, world) == []
        database = Database.open(tmp_path)
        with database.read() as connection:
            units = collected(connection, dataset="bse announcements")
        database.close()
        assert {one.state for one in units} <= {State.DONE, State.EMPTY}
