"""The market tables that come from filings and announcements."""

from pathlib import Path

from events import event_rows, reported_revenue
from filings import Filing, filings
from market import equal_weight, write_market
from quarters import EVENTS_FROM
from schedule import Release
from statements import Statement
from tables import Row, write
from world import World


def write_tables(folder: Path, world: World) -> None:
    """Write the whole market folder."""
    ew = equal_weight(world.bars)
    write_market(folder, world.seed, world.bars, ew)
    events = event_rows(world.history, world.releases, world.bars, ew, world.surprises)
    write(folder, "earnings_events", events)
    told: list[Row] = [
        {
            "symbol": n.company.symbol_on(n.at.date()),
            "dt": n.at,
            "desc": n.subject,
            "snippet": n.text[:220],
        }
        for n in world.notices
    ]
    write(folder, "announcements", told)
    results = [
        _result(world.history[symbol, "standalone", index], release)
        for (symbol, index), release in sorted(world.releases.items())
    ]
    write(folder, "quarterly_results_xbrl", results)
    every = filings(world.history, world.releases, EVENTS_FROM)
    write(folder, "filings_list_nse", [_listed(filing) for filing in every])


def _result(statement: Statement, release: Release) -> Row:
    filed = release.published.date()
    return {
        "symbol": release.company.symbol_on(filed),
        "q_end": release.quarter.end,
        "broadcast": release.broadcast,
        "consolidated": release.label,
        "net_profit": float(statement.rupees("profit")),
        "eps": float(statement.eps(filed)),
        "revenue": float(reported_revenue(statement)),
    }


def _listed(filing: Filing) -> Row:
    group = filing.basis == "consolidated"
    return {
        "symbol": filing.company.symbol_on(filing.filed),
        "broadcast": filing.broadcast,
        "q_end": filing.quarter.end,
        "consolidated": "Consolidated" if group else filing.release.label,
        "xbrl": filing.url,
        "audited": "Audited" if filing.quarter.audited else "Un-Audited",
    }
