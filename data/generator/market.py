"""The market folder: everything that is a table of the exchange's."""

import math
from datetime import date
from pathlib import Path
from random import Random

from companies import RENAME_DATE, SPLIT_DATE
from prices import Bar, market_returns
from roster import COMPANIES
from sessions import CALENDAR, SESSIONS
from tables import Row, write

INDICES = {
    "NIFTY_50": (19310.0, 1.0, 0.0012),
    "NIFTY_AUTO": (15320.0, 1.15, 0.006),
    "NIFTY_BANK": (44210.0, 1.05, 0.0045),
    "NIFTY_ENERGY": (26480.0, 1.1, 0.006),
    "NIFTY_FINANCIAL_SERVICES": (19730.0, 1.0, 0.004),
    "NIFTY_FMCG": (51890.0, 0.6, 0.005),
    "NIFTY_INFRASTRUCTURE": (6020.0, 1.1, 0.004),
    "NIFTY_IT": (30870.0, 0.9, 0.008),
    "NIFTY_MEDIA": (2140.0, 1.1, 0.010),
    "NIFTY_METAL": (6710.0, 1.25, 0.008),
    "NIFTY_MIDCAP_100": (37940.0, 1.15, 0.004),
    "NIFTY_PHARMA": (15010.0, 0.7, 0.006),
    "NIFTY_PSU_BANK": (4490.0, 1.3, 0.009),
    "NIFTY_REALTY": (560.0, 1.3, 0.009),
    "NIFTY_SMALLCAP_100": (11790.0, 1.2, 0.005),
    "NIFTY_500": (16890.0, 1.04, 0.0016),
}
"""Level of the first session, weight of the market, own daily noise."""

DIVIDENDS = (
    ("KAVCEM", "2024-08-09", "Dividend - Rs 6 Per Share"),
    ("KAVCEM", "2025-08-08", "Dividend - Rs 7 Per Share"),
    ("KAVCAB", "2024-07-19", "Dividend - Rs 2.50 Per Share"),
    ("KAVCAB", "2025-07-18", "Dividend - Rs 3 Per Share"),
    ("SECTOR7", "2024-09-06", "Dividend - Re 1 Per Share"),
    ("PALASHCHEM", "2024-08-02", "Dividend - Rs 9 Per Share"),
    ("PALASHCHEM", "2025-08-01", "Dividend - Rs 10 Per Share"),
    ("VAIGAIPH", "2024-11-22", "Interim Dividend - Rs 3 Per Share"),
    ("CHINARBANK", "2025-07-11", "Dividend - Rs 1.50 Per Share"),
    ("SETUFIN", "2024-07-12", "Dividend - Rs 8 Per Share"),
)
SPLIT_SUBJECT = (
    "Face Value Split (Sub-Division) - From Rs 10/- Per Share To Rs 2/- Per Share"
)


def equal_weight(bars: dict[str, list[Bar]]) -> dict[date, float]:
    """The mean adjusted return of the sample's shares, by session."""
    found = {}
    for place in range(1, len(SESSIONS)):
        returns = [
            own[place].close
            * own[place].adj
            / (own[place - 1].close * own[place - 1].adj)
            - 1
            for own in bars.values()
        ]
        found[SESSIONS[place]] = math.fsum(returns) / len(returns)
    return found


def write_market(
    folder: Path, seed: int, bars: dict[str, list[Bar]], market: dict[date, float]
) -> None:
    """Write every table that does not come from filings."""
    every = [bar for symbol in sorted(bars) for bar in bars[symbol]]
    write(folder, "prices", [_price(bar) for bar in every])
    touched = [bar for bar in every if bar.band or bar.touched]
    touched.sort(key=lambda bar: (bar.day, bar.company.symbol))
    write(folder, "upper_circuit_days", [_circuit(bar) for bar in touched])
    write(folder, "ew_market_daily", [{"date": d, "ew": r} for d, r in market.items()])
    write(folder, "indices_close", _indices(seed))
    write(folder, "india_vix", _vix(seed))
    calendar = [{"date": day, "di": place} for place, day in enumerate(CALENDAR)]
    write(folder, "trading_calendar", calendar)
    members = [c.symbol for c in COMPANIES if c.fno]
    daily = [{"symbol": s, "date": d} for d in SESSIONS for s in sorted(members)]
    write(folder, "fno_membership_daily", daily)
    _write_references(folder, bars["SETUFIN"])


def _write_references(folder: Path, split: list[Bar]) -> None:
    ordered = sorted(COMPANIES, key=lambda c: c.symbol)
    write(
        folder,
        "sector_map",
        [{"symbol": c.symbol, "industry": c.industry} for c in ordered],
    )
    write(
        folder,
        "companies",
        [
            {
                "symbol": c.symbol,
                "name": c.name,
                "isin": c.isin,
                "bse_code": c.bse_code,
                "sector": c.industry,
                "family": c.family,
                "listed_from": c.listed_from,
            }
            for c in ordered
        ],
    )
    write(
        folder,
        "symbol_changes",
        [
            {
                "old": c.former,
                "new": c.symbol,
                "change_date": RENAME_DATE,
                "company": c.name,
            }
            for c in ordered
            if c.former
        ],
    )
    _write_actions(folder, split)


def _write_actions(folder: Path, split: list[Bar]) -> None:
    place = SESSIONS.index(SPLIT_DATE)
    rel = split[place].close / split[place].base
    write(
        folder,
        "split_bonus_factors",
        [
            {
                "canon": "SETUFIN",
                "ex_date": SPLIT_DATE,
                "tdate": SPLIT_DATE,
                "factor": 0.2,
                "kind": "split",
                "rel": round(rel, 6),
            }
        ],
    )
    actions: list[Row] = [
        {"symbol": s, "series": "EQ", "subject": what, "ex_date": date.fromisoformat(d)}
        for s, d, what in (
            *DIVIDENDS,
            ("SETUFIN", SPLIT_DATE.isoformat(), SPLIT_SUBJECT),
        )
    ]
    write(folder, "corporate_actions_all", actions)


def _price(bar: Bar) -> Row:
    company = bar.company
    return {
        "date": bar.day,
        "symbol": company.symbol_on(bar.day),
        "canon": company.symbol,
        "open": bar.open,
        "high": bar.high,
        "low": bar.low,
        "close": bar.close,
        "base_prev": bar.base,
        "adj": bar.adj,
        "volume": bar.volume,
        "turnover_lacs": bar.turnover,
        "deliv_qty": bar.delivered,
        "fno": company.fno,
        "uc_band": bar.band,
    }


def _circuit(bar: Bar) -> Row:
    return {
        "date": bar.day,
        "symbol": bar.company.symbol_on(bar.day),
        "canon": bar.company.symbol,
        "base_prev": bar.base,
        "close": bar.close,
        "high": bar.high,
        "ret": bar.close / bar.base - 1,
        "uc_band": bar.band,
        "uc": bar.band > 0,
        "uc_touch": bar.touched,
        "turnover_lacs": bar.turnover,
    }


def _indices(seed: int) -> list[Row]:
    rows: list[Row] = []
    common = market_returns(seed)
    for name, (level, weight, noise) in sorted(INDICES.items()):
        rng, close = Random(f"{seed}/index/{name}"), level
        for day, move in zip(SESSIONS, common, strict=True):
            close *= 1 + weight * move + rng.gauss(0, noise)
            rows.append({"index": name, "date": day, "close": round(close, 2)})
    return rows


def _vix(seed: int) -> list[Row]:
    """A volatility index that remembers the size of recent market moves."""
    rng = Random(f"{seed}/vix")
    level = 12.4
    rows: list[Row] = []
    for day, move in zip(SESSIONS, market_returns(seed), strict=True):
        fear = 10.2 + 520 * abs(move) - 140 * move
        level = 0.93 * level + 0.07 * fear + rng.gauss(0, 0.22)
        level = max(9.6, level)
        rows.append({"date": day, "vix": round(level, 2)})
    return rows
