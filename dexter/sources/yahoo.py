"""Yahoo's daily bars through yfinance, which swallows its errors; here they come back.

yfinance is synchronous and keeps one cookie for the whole process: it is asked from a
thread, one call at a time, and imported when it is first needed.
"""

import asyncio
import logging
import threading
import warnings
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from types import ModuleType
from typing import Any
from urllib.parse import urlsplit

from dexter.errors import (
    NotYetPublishedError,
    SourceBlockedError,
    SourceError,
    SourceShapeError,
    SourceUnavailableError,
)
from dexter.sources.bars import Bar
from dexter.sources.breaker import Breaker
from dexter.sources.config import HostConfig
from dexter.sources.pace import Pace

NAME = "Yahoo"
_PRICES = ("Open", "High", "Low", "Close")
_REFUSED = frozenset({401, 403, 451})
_ABSENT, _BROKEN = 404, 500
_INDIAN = (".NS", ".BO")
# One for the process, as yfinance keeps one session for the process.
_ONE_AT_A_TIME = threading.Lock()


class Yahoo:
    """Unadjusted daily bars; a cross-check of the exchanges' own, never their place.

    Args:
        config: Its pace, its patience, and its address where that was replaced.
        cache: A folder for yfinance's small files.
        session: A ``requests`` or ``curl_cffi`` session to use as it is.
    """

    def __init__(
        self, config: HostConfig, cache: Path, session: object | None = None
    ) -> None:
        self._config = config
        self._cache = cache
        self._session = session
        self._pace = Pace(config)
        self.breaker = Breaker(config)

    async def bars(self, ticker: str, first: date, last: date) -> tuple[Bar, ...]:
        """Bars of a ticker such as ``INFY.NS``, both days included, oldest first.

        A session on which Yahoo has a gap is left out; turnover, trades and previous
        close are None, which Yahoo does not say.

        Raises:
            SourceBlockedError: It limits us (429) or refuses us.
            NotYetPublishedError: It knows no such ticker, or has no bars of these days.
            SourceShapeError: Its answer no longer reads.
            SourceUnavailableError: No connection, a time-out, an error of its own.
        """
        self.breaker.check()
        async with self._pace.turn():
            with self.breaker.request():
                try:
                    found = await asyncio.to_thread(self._bars, ticker, first, last)
                except SourceBlockedError:
                    self.breaker.refused()
                    raise
                except NotYetPublishedError:
                    self.breaker.fine()
                    raise
                self.breaker.fine()
                return found

    def _bars(self, ticker: str, first: date, last: date) -> tuple[Bar, ...]:
        with _ONE_AT_A_TIME:
            import yfinance  # noqa: PLC0415 - a second of imports, for those who ask
            from yfinance.cache import get_tz_cache  # noqa: PLC0415
            from yfinance.data import YfData  # noqa: PLC0415

            statuses: list[int] = []
            session = self._session or _session(self._config)
            with _speaking(yfinance, self._cache), _heard(session, statuses):
                try:
                    # It keeps failed answers of the past as well as good ones.
                    YfData.cache_get.cache_clear()
                    if ticker.upper().endswith(_INDIAN):
                        # Else it asks for the zone, a request for every ticker.
                        get_tz_cache().store(ticker.upper(), "Asia/Kolkata")
                    frame = yfinance.Ticker(ticker, session=session).history(
                        start=first.isoformat(),
                        end=(last + timedelta(days=1)).isoformat(),
                        interval="1d",
                        auto_adjust=False,
                        actions=False,
                        timeout=self._config.timeout_seconds,
                    )
                except Exception as error:  # noqa: BLE001 - its border: anything
                    raise _ours(error, ticker, statuses) from None
        return _read(frame, ticker, first, last)


def _ours(error: Exception, ticker: str, statuses: list[int]) -> SourceError:
    """The error of ours that one of yfinance's stands for."""
    from yfinance import exceptions as theirs  # noqa: PLC0415 - loaded by now

    status = statuses[-1] if statuses else 0
    kind = type(error).__name__
    found: SourceError = SourceUnavailableError(NAME, f"{kind} at {ticker}")
    if isinstance(error, theirs.YFRateLimitError):
        found = SourceBlockedError(NAME, "too many requests (429)")
    elif status in _REFUSED:
        found = SourceBlockedError(NAME, f"it forbids the request ({status})")
    elif status >= _BROKEN:
        found = SourceUnavailableError(NAME, f"its answer has status {status}")
    elif status == _ABSENT or isinstance(error, theirs.YFTickerMissingError):
        found = NotYetPublishedError(NAME, f"prices of {ticker} for these days")
    elif isinstance(error, ValueError | LookupError | TypeError | AttributeError):
        found = SourceShapeError(NAME, "chart", f"yfinance fails over it ({kind})")
    return found


@contextmanager
def _speaking(yfinance: ModuleType, cache: Path) -> Iterator[None]:
    """Let yfinance raise what it would only print, and keep its files in our folder."""
    cache.mkdir(parents=True, exist_ok=True)
    yfinance.set_tz_cache_location(str(cache))
    # Written for an older pandas. Not a block of warnings: those are not for threads.
    warnings.filterwarnings("ignore", category=DeprecationWarning, module="yfinance")
    # What it would log of an error comes back as one of ours.
    logging.getLogger("yfinance").setLevel(logging.CRITICAL)
    debug = yfinance.config.debug
    hidden = debug.hide_exceptions
    debug.hide_exceptions = False
    try:
        yield
    finally:
        debug.hide_exceptions = hidden


@contextmanager
def _heard(session: Any, statuses: list[int]) -> Iterator[None]:  # noqa: ANN401 - of two libraries
    """Note the status of each chart answer: yfinance passes on only bodies."""
    asked: Callable[..., Any] = session.request

    def asking(method: str, url: str, *rest: Any, **options: Any) -> Any:  # noqa: ANN401
        answer = asked(method, url, *rest, **options)
        if "/finance/chart/" in url:
            statuses.append(answer.status_code)
        return answer

    session.request = asking
    try:
        yield
    finally:
        session.request = asked


def _session(config: HostConfig) -> Any:  # noqa: ANN401 - curl_cffi's, typed loosely
    from curl_cffi import requests  # noqa: PLC0415 - with yfinance

    replaced = config.base != config.home
    session: Any = requests.Session(impersonate="chrome", trust_env=not replaced)
    if replaced:
        asked: Callable[..., Any] = session.request

        def elsewhere(method: str, url: str, *rest: Any, **options: Any) -> Any:  # noqa: ANN401
            path = urlsplit(url).path
            return asked(method, f"{config.base}{path}", *rest, **options)

        session.request = elsewhere
    return session


def _read(frame: Any, ticker: str, first: date, last: date) -> tuple[Bar, ...]:  # noqa: ANN401 - a pandas frame
    import pandas as pd  # noqa: PLC0415 - loaded by yfinance

    lacking = [name for name in (*_PRICES, "Volume") if name not in frame.columns]
    if frame.empty:
        raise NotYetPublishedError(NAME, f"prices of {ticker} for these days")
    if lacking:
        raise SourceShapeError(NAME, "chart", f"{lacking[0]} vanished")
    days = pd.Series([at.date() for at in frame.index], index=frame.index)
    gap = frame[[*_PRICES, "Volume"]].isna().any(axis=1)
    told = frame[~gap & days.between(first, last)]
    bars = tuple(_bar(ticker, at.date(), row) for at, row in told.iterrows())
    if not bars:
        raise NotYetPublishedError(NAME, f"prices of {ticker} for these days")
    return bars


def _bar(ticker: str, day: date, row: Mapping[str, float]) -> Bar:
    opened, high, low, close = (float(row[name]) for name in _PRICES)
    if not 0 < low <= min(opened, close) or max(opened, close) > high:
        why = f"open {opened}, high {high}, low {low}, close {close} of {day}"
        raise SourceShapeError(NAME, "chart", why)
    return Bar(
        symbol=ticker.upper(),
        series="",
        isin=None,
        day=day,
        open=opened,
        high=high,
        low=low,
        close=close,
        last=None,
        previous_close=None,
        volume=int(row["Volume"]),
        turnover=None,
        trades=None,
    )
