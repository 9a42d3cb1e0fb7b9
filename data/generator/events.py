"""Dated results: what was known at the announcement, and what followed."""

import math
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from statistics import median

from history import History
from prices import Bar
from schedule import Release
from sessions import SESSIONS, reaction_session
from statements import Statement

NO_WINDOW: dict[str, object] = dict.fromkeys(
    (
        "close_m1",
        "med_to20_m1",
        "fno_m1",
        "suspicious",
        "gap_open",
        "ret_1d",
        "ret_3d",
        "ar_1d",
        "ar_3d",
        "post_ret_3d",
        "post_ar_3d",
        "post_ret_10d",
        "post_ar_10d",
        "open1_to_close3",
        "uc_0",
        "uc_1",
        "uc_2",
        "uc_3",
        "uc_3d",
        "uc_touch_3d",
        "uc_post_3d",
    )
) | {"n_hist60": 0, "n_fwd11": 0, "win_ok": False}


def event_rows(
    history: History,
    releases: dict[tuple[str, int], Release],
    bars: dict[str, list[Bar]],
    market: dict[date, float],
    surprises: dict[str, float],
) -> list[dict[str, object]]:
    """One row per dated result, standalone, oldest quarter first."""
    rows = []
    for (symbol, index), release in releases.items():
        row = _figures(history, releases, release)
        row["sue_pat"] = surprises[f"{symbol}/{index}"]
        session = reaction_session(release.published)
        row["t0_date"] = session
        row |= NO_WINDOW
        if session >= SESSIONS[0]:
            first = bisect_left(SESSIONS, session)
            row |= _window(bars[symbol], first, market)
        rows.append(row)
    rows.sort(key=lambda r: (str(r["q_end"]), str(r["announce_dt"])))
    return rows


def reported_revenue(statement: Statement) -> int:
    """Revenue as the dated results carry it: total income for a bank."""
    bank = statement.company.family == "bank"
    return statement.rupees("income" if bank else "revenue")


def _figures(
    history: History, releases: dict[tuple[str, int], Release], release: Release
) -> dict[str, object]:
    company, index = release.company, release.quarter.index
    now = history[company.symbol, "standalone", index]
    then = history[company.symbol, "standalone", index - 4]
    filed = release.published.date()
    earlier = releases.get((company.symbol, index - 4))
    filed_then = (
        earlier.published.date() if earlier else filed.replace(year=filed.year - 1)
    )
    eps, eps_p = float(now.eps(filed)), float(then.eps(filed_then))
    adjusted = eps_p * company.split_on(filed_then) / company.split_on(filed)
    revenue, profit = reported_revenue(now), now.rupees("profit")
    rev_p, np_p = reported_revenue(then), then.rupees("profit")
    return {
        "symbol": company.symbol_on(filed),
        "canon": company.symbol,
        "q_end": release.quarter.end,
        "consolidated": release.label,
        "announce_dt": release.published,
        "announce_src": release.source,
        "broadcast": release.broadcast,
        "lag_h": (release.broadcast - release.published).total_seconds() / 3600,
        "revenue": float(revenue),
        "net_profit": float(profit),
        "eps": eps,
        "rev_p": float(rev_p),
        "np_p": float(np_p),
        "eps_p": eps_p,
        "eps_p_adj": adjusted,
        "same_basis": earlier is None or earlier.label == release.label,
        "rev_yoy": (revenue - rev_p) / abs(rev_p),
        "pat_yoy": (profit - np_p) / abs(np_p),
        "eps_yoy": (eps - adjusted) / abs(adjusted) if adjusted else None,
        "prev_profit_pos": np_p > 0,
        "prior_late": False,
    }


@dataclass(frozen=True)
class _Around:
    """Adjusted returns between sessions counted from the reaction session."""

    bars: Sequence[Bar]
    first: int
    market: dict[date, float]

    def change(self, start: int, end: int, *, from_open: bool = False) -> float | None:
        """From one close (or open) to a later close; None before it has traded."""
        if self.first + end >= len(self.bars):
            return None
        bought, sold = self.bars[self.first + start], self.bars[self.first + end]
        paid = bought.open if from_open else bought.close
        return sold.close * sold.adj / (paid * bought.adj) - 1

    def excess(self, start: int, end: int) -> float | None:
        """The change less the equal-weight market's, compounded."""
        value = self.change(start, end)
        if value is None:
            return None
        places = range(self.first + start + 1, self.first + end + 1)
        return value - (
            math.prod(1 + self.market[self.bars[k].day] for k in places) - 1
        )

    def gap(self) -> float | None:
        """From the close before to the opening price."""
        if self.first >= len(self.bars):
            return None
        before, now = self.bars[self.first - 1], self.bars[self.first]
        return now.open * now.adj / (before.close * before.adj) - 1


def _window(
    bars: Sequence[Bar], first: int, market: dict[date, float]
) -> dict[str, object]:
    """Outcomes around session ``first``, on adjusted prices; None where unknown."""
    past = bars[max(0, first - 20) : first]
    if not past:
        return {}
    around = _Around(bars, first, market)
    before = bars[first - 1]
    ahead = max(0, min(11, len(bars) - first))
    return {
        "close_m1": before.close,
        "med_to20_m1": median(bar.turnover for bar in past),
        "fno_m1": before.company.fno,
        "n_hist60": min(60, first),
        "n_fwd11": ahead,
        "win_ok": first >= 20 and ahead >= 5,
        "suspicious": False,
        "gap_open": around.gap(),
        "ret_1d": around.change(-1, 0),
        "ret_3d": around.change(-1, 2),
        "ar_1d": around.excess(-1, 0),
        "ar_3d": around.excess(-1, 2),
        "post_ret_3d": around.change(0, 3),
        "post_ar_3d": around.excess(0, 3),
        "post_ret_10d": around.change(0, 10),
        "post_ar_10d": around.excess(0, 10),
        "open1_to_close3": around.change(1, 3, from_open=True),
    } | _circuits(bars[first : first + 4])


def _circuits(window: Sequence[Bar]) -> dict[str, object]:
    """Upper-circuit outcomes; unknown until the sessions have traded."""
    hit = [bar.band > 0 for bar in window]
    known: list[bool | None] = [*hit, *[None] * (4 - len(hit))]
    full = len(window) == 4
    found: dict[str, object] = {f"uc_{k}": known[k] for k in range(4)}
    return found | {
        "uc_3d": any(hit[:3]) if len(hit) >= 3 or any(hit) else None,
        "uc_touch_3d": (
            any(bar.touched for bar in window[:3]) if len(hit) >= 3 else None
        ),
        "uc_post_3d": any(hit[1:]) if full else None,
    }
