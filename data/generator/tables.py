"""Parquet files with the columns and types of the exchange-derived originals."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

TEXT, MOMENT, DAY = pa.large_string(), pa.timestamp("us"), pa.date32()
REAL, WHOLE, FLAG = pa.float64(), pa.int64(), pa.bool_()

SCHEMAS: dict[str, dict[str, pa.DataType]] = {
    "prices": {
        "date": DAY,
        "symbol": TEXT,
        "canon": TEXT,
        "open": REAL,
        "high": REAL,
        "low": REAL,
        "close": REAL,
        "base_prev": REAL,
        "adj": pa.float32(),
        "volume": WHOLE,
        "turnover_lacs": REAL,
        "deliv_qty": WHOLE,
        "fno": FLAG,
        "uc_band": pa.int8(),
    },
    "earnings_events": {
        "symbol": TEXT,
        "canon": TEXT,
        "q_end": MOMENT,
        "consolidated": TEXT,
        "announce_dt": MOMENT,
        "announce_src": TEXT,
        "broadcast": MOMENT,
        "lag_h": REAL,
        "t0_date": DAY,
        "revenue": REAL,
        "net_profit": REAL,
        "eps": REAL,
        "rev_p": REAL,
        "np_p": REAL,
        "eps_p": REAL,
        "eps_p_adj": REAL,
        "same_basis": FLAG,
        "rev_yoy": REAL,
        "pat_yoy": REAL,
        "eps_yoy": REAL,
        "sue_pat": REAL,
        "prev_profit_pos": FLAG,
        "close_m1": REAL,
        "med_to20_m1": REAL,
        "fno_m1": FLAG,
        "n_hist60": WHOLE,
        "n_fwd11": WHOLE,
        "win_ok": FLAG,
        "suspicious": FLAG,
        "gap_open": REAL,
        "ret_1d": REAL,
        "ret_3d": REAL,
        "ar_1d": REAL,
        "ar_3d": REAL,
        "post_ret_3d": REAL,
        "post_ar_3d": REAL,
        "post_ret_10d": REAL,
        "post_ar_10d": REAL,
        "open1_to_close3": REAL,
        "uc_0": FLAG,
        "uc_1": FLAG,
        "uc_2": FLAG,
        "uc_3": FLAG,
        "uc_3d": FLAG,
        "uc_touch_3d": FLAG,
        "uc_post_3d": FLAG,
        "prior_late": FLAG,
    },
    "quarterly_results_xbrl": {
        "symbol": TEXT,
        "q_end": MOMENT,
        "broadcast": MOMENT,
        "consolidated": TEXT,
        "net_profit": REAL,
        "eps": REAL,
        "revenue": REAL,
    },
    "filings_list_nse": {
        "symbol": TEXT,
        "broadcast": MOMENT,
        "q_end": MOMENT,
        "consolidated": TEXT,
        "xbrl": TEXT,
        "audited": TEXT,
    },
    "announcements": {"symbol": TEXT, "dt": MOMENT, "desc": TEXT, "snippet": TEXT},
    "split_bonus_factors": {
        "canon": TEXT,
        "ex_date": DAY,
        "tdate": DAY,
        "factor": REAL,
        "kind": TEXT,
        "rel": REAL,
    },
    "corporate_actions_all": {
        "symbol": TEXT,
        "series": TEXT,
        "subject": TEXT,
        "ex_date": DAY,
    },
    "symbol_changes": {
        "old": TEXT,
        "new": TEXT,
        "change_date": DAY,
        "company": TEXT,
    },
    "indices_close": {"index": TEXT, "date": DAY, "close": REAL},
    "india_vix": {"date": DAY, "vix": REAL},
    "ew_market_daily": {"date": DAY, "ew": REAL},
    "trading_calendar": {"date": DAY, "di": pa.int32()},
    "sector_map": {"symbol": TEXT, "industry": TEXT},
    "fno_membership_daily": {"symbol": TEXT, "date": DAY},
    "upper_circuit_days": {
        "date": DAY,
        "symbol": TEXT,
        "canon": TEXT,
        "base_prev": REAL,
        "close": REAL,
        "high": REAL,
        "ret": pa.float32(),
        "uc_band": pa.int8(),
        "uc": FLAG,
        "uc_touch": FLAG,
        "turnover_lacs": REAL,
    },
    "companies": {
        "symbol": TEXT,
        "name": TEXT,
        "isin": TEXT,
        "bse_code": WHOLE,
        "sector": TEXT,
        "family": TEXT,
        "listed_from": DAY,
    },
}

Row = Mapping[str, object]


def write(folder: Path, name: str, rows: Sequence[Row]) -> None:
    """Write rows as ``name.parquet`` with the schema of that name."""
    schema = pa.schema(SCHEMAS[name])
    table = pa.Table.from_pylist([_moments(row, name) for row in rows], schema=schema)
    folder.mkdir(parents=True, exist_ok=True)
    pq.write_table(table, folder / f"{name}.parquet", compression="zstd")


def _moments(row: Row, name: str) -> dict[str, object]:
    """Dates in timestamp columns become midnights."""
    found = dict(row)
    for column, kind in SCHEMAS[name].items():
        value = found[column]
        if kind == MOMENT and type(value) is date:
            found[column] = datetime.combine(value, time())
    return found
