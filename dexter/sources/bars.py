"""Daily bars, deliveries, price bands, ticks and index closes out of payloads.

Pure. A row that cannot be right (a high below its close, a price that is no number) is
named in ``problems`` and left out, for one bad row must not lose a day; a file in which
more than one row of a hundred is wrong is no longer believed.
"""

import re
from collections import Counter
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from dexter.errors import SourceShapeError
from dexter.sources.drift import shape_of
from dexter.sources.moments import day_of
from dexter.sources.payload import Payload, Record
from dexter.sources.text import shown

LAKH = 100_000
_PAISE = Decimal(100)
_BELIEVED = 0.01
_LARGEST = Decimal(10) ** 18
_LONGEST = 40
_PRINTED = re.compile(
    r"[-+]?(?:\d[\d,]*\.?\d*|\.\d+)(?:e[-+]?\d{1,3})?", re.ASCII | re.IGNORECASE
)
NO_BAND = "no band"


@dataclass(frozen=True, slots=True)
class Bar:
    """One security on one session, unadjusted.

    Prices are rupees, ``volume`` shares, ``turnover`` rupees, ``trades`` a count; None
    where the source does not say. ``symbol`` is NSE's symbol, or BSE's six-digit scrip
    code, which both ages of its files hold; ``series`` NSE's series or BSE's group.
    """

    symbol: str
    series: str
    isin: str | None
    day: date
    open: float
    high: float
    low: float
    close: float
    last: float | None
    previous_close: float | None
    volume: int
    turnover: float | None
    trades: int | None


@dataclass(frozen=True, slots=True)
class BarReading:
    """The bars of a payload, and a sentence for each row that cannot be right."""

    bars: tuple[Bar, ...]
    problems: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Columns:
    """Where a format keeps what a bar needs; ``""``: it does not say."""

    symbol: str
    series: str
    isin: str
    day: str
    prices: tuple[str, str, str, str, str, str]  # open high low close last previous
    volume: str
    turnover: str
    trades: str
    rupees: int = 1


_UDIFF_PRICES = ("OpnPric", "HghPric", "LwPric", "ClsPric", "LastPric", "PrvsClsgPric")
_OLD_PRICES = ("OPEN", "HIGH", "LOW", "CLOSE", "LAST", "PREVCLOSE")
_FULL_PRICES = (
    *("OPEN_PRICE", "HIGH_PRICE", "LOW_PRICE"),
    *("CLOSE_PRICE", "LAST_PRICE", "PREV_CLOSE"),
)
_UDIFF = ("TtlTradgVol", "TtlTrfVal", "TtlNbOfTxsExctd")
_FORMATS = {
    "nse bars": _Columns(
        "TckrSymb", "SctySrs", "ISIN", "TradDt", _UDIFF_PRICES, *_UDIFF
    ),
    "bse bars": _Columns(
        "FinInstrmId", "SctySrs", "ISIN", "TradDt", _UDIFF_PRICES, *_UDIFF
    ),
    "nse bars, older": _Columns(
        *("SYMBOL", "SERIES", "ISIN", "TIMESTAMP"),
        _OLD_PRICES,
        *("TOTTRDQTY", "TOTTRDVAL", "TOTALTRADES"),
    ),
    "bse bars, older": _Columns(
        *("SC_CODE", "SC_GROUP", "ISIN_CODE", "TRADING_DATE"),
        _OLD_PRICES,
        *("NO_OF_SHRS", "NET_TURNOV", "NO_TRADES"),
    ),
    "nse delivery": _Columns(
        *("SYMBOL", "SERIES", "", "DATE1"),
        _FULL_PRICES,
        *("TTL_TRD_QNTY", "TURNOVER_LACS", "NO_OF_TRADES"),
        rupees=LAKH,
    ),
}


def bars_of(payload: Payload) -> tuple[Bar, ...]:
    """The bars of a bhavcopy of either exchange and age; see ``read_bars``.

    Raises:
        SourceShapeError: As ``read_bars``.
    """
    return read_bars(payload).bars


def read_bars(payload: Payload, day: date | None = None) -> BarReading:
    """The bars of a bhavcopy, with what was wrong in it.

    Args:
        payload: ``nse bars``, ``bse bars`` or ``nse delivery``.
        day: The session, for BSE's oldest files, which do not say it themselves.

    Raises:
        SourceShapeError: It is no bhavcopy, or more than one row of a hundred cannot
            be right.
    """
    columns = _columns(payload)
    day = _day_of_most(payload, columns.day) or day
    bars, problems = [], []
    for number, row in enumerate(payload.records, 1):
        found = _bar(row, columns, day)
        if isinstance(found, Bar):
            bars.append(found)
        elif found:
            name = shown(row.get(columns.symbol))
            problems.append(f"row {number} ({name}): {found}")
    if len(problems) > max(1, _BELIEVED * len(payload.records)):
        shape = shape_of(payload.dataset, payload.records)
        why = f"{len(problems)} rows cannot be right, such as {problems[0]}"
        raise SourceShapeError(shape.source, shape.what, why)
    return BarReading(tuple(bars), tuple(problems))


def _columns(payload: Payload) -> _Columns:
    first = payload.records[0] if payload.records else {}
    for name, columns in _FORMATS.items():
        if name.startswith(payload.dataset) and columns.day in first:
            return columns
    if payload.dataset == "bse bars":
        return _FORMATS["bse bars, older"]
    raise SourceShapeError(payload.dataset, "bars", "these are no bars")


def _day_of_most(payload: Payload, name: str) -> date | None:
    said = Counter(str(row[name]) for row in payload.records if name in row)
    return day_of(said.most_common(1)[0][0]) if said else None


def _bar(row: Record, columns: _Columns, day: date | None) -> Bar | str:
    volume, turnover = (
        number_of(row.get(name)) for name in (columns.volume, columns.turnover)
    )
    if volume == 0:
        return ""  # listed, and not traded that day
    opened, high, low, close, last, previous = (
        number_of(row.get(name)) for name in columns.prices
    )
    if opened is None or high is None or low is None or close is None:
        return "a price is missing"
    if day is None or volume is None:
        return "no day" if day is None else "no volume"
    if columns.day in row and day_of(row[columns.day]) != day:
        return f"it is of {shown(row[columns.day])}"
    if not 0 < low <= min(opened, close) or not max(opened, close) <= high:
        return f"open {opened}, high {high}, low {low}, close {close} cannot be"
    trades = number_of(row.get(columns.trades))
    return Bar(
        symbol=_text(row, columns.symbol).upper(),
        series=_text(row, columns.series).upper(),
        isin=_text(row, columns.isin).upper().strip("-") or None,
        day=day,
        open=opened,
        high=high,
        low=low,
        close=close,
        last=last or None,
        previous_close=previous or None,
        volume=int(volume),
        turnover=None if turnover is None else turnover * columns.rupees,
        trades=None if trades is None else int(trades),
    )


def deliveries_of(payload: Payload) -> dict[tuple[str, str], int | None]:
    """Shares delivered by (symbol, series); None where the exchange prints a dash.

    ``nse delivery``, or ``bse delivery``, whose key is (scrip code, "").
    """
    bse = payload.dataset == "bse delivery"
    symbol, series, shares = (
        ("SCRIP CODE", "", "DELIVERY QTY") if bse else ("SYMBOL", "SERIES", "DELIV_QTY")
    )
    found: dict[tuple[str, str], int | None] = {}
    for row in payload.records:
        count = number_of(row.get(shares))
        found[_key(row, symbol, series)] = None if count is None else int(count)
    return found


def bands_of(payload: Payload) -> dict[tuple[str, str], Decimal | str | None]:
    """Price bands of ``nse bands`` by (symbol, series).

    Per cent, ``NO_BAND``, or None where the list leaves it blank.
    """
    return {
        _key(row, "Symbol", "Series"): _band(row.get("Band")) for row in payload.records
    }


def band_changes_of(
    payload: Payload,
) -> dict[tuple[str, str], tuple[Decimal | str | None, Decimal | str | None]]:
    """Bands before and after, of ``nse band changes`` by (symbol, series)."""
    return {
        _key(row, "Symbol", "Series"): (_band(row.get("From")), _band(row.get("To")))
        for row in payload.records
    }


def _band(cell: object) -> Decimal | str | None:
    text = str(cell or "").strip().lower()
    return NO_BAND if text == NO_BAND else decimal_of(text)


def ticks_of(payload: Payload) -> dict[tuple[str, str], Decimal]:
    """Tick sizes in rupees of ``nse securities`` by (symbol, series).

    ``BidIntrvl`` is written in paise as a whole number, and in rupees where it has a
    point; a tick of zero, or none, is left out.
    """
    found = {}
    for row in payload.records:
        text = str(row.get("BidIntrvl") or "")
        tick = decimal_of(text)
        if tick is not None and tick > 0:
            rupees = tick if "." in text else tick / _PAISE
            found[_key(row, "TckrSymb", "SctySrs")] = rupees
    return found


def index_closes_of(payload: Payload) -> dict[str, float]:
    """Closes of ``nse indices`` by name.

    An index without a close, or with one of another day, is left out.
    """
    found = {}
    day = _day_of_most(payload, "Index Date")
    for row in payload.records:
        if day_of(row.get("Index Date")) != day:
            continue
        close = number_of(row.get("Closing Index Value"))
        if close is not None and close > 0:
            found[_text(row, "Index Name")] = close
    return found


def _key(row: Record, symbol: str, series: str) -> tuple[str, str]:
    return _text(row, symbol).upper(), _text(row, series).upper()


def _text(row: Record, name: str) -> str:
    return str(row.get(name) or "").strip()


def number_of(cell: object) -> float | None:
    """A printed number, its commas and padding gone; None for a dash, a blank, a word.

    None, too, for one larger than any count of shares or rupees there is.
    """
    value = decimal_of(cell)
    return None if value is None else float(value)


def decimal_of(cell: object) -> Decimal | None:
    """A printed number exactly, or None; see ``number_of``."""
    if isinstance(cell, bool) or not isinstance(cell, str | int | float):
        return None
    printed = str(cell).strip()
    if len(printed) > _LONGEST or not _PRINTED.fullmatch(printed):
        return None
    value = Decimal(printed.replace(",", ""))
    return value if abs(value) < _LARGEST else None
