"""One host, asked politely.

In turn, within bounds, again where that helps, and not at all while it rests after a
refusal.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from weakref import WeakValueDictionary

from dexter.errors import (
    NotYetPublishedError,
    SourceBlockedError,
    SourceError,
    SourceShapeError,
    SourceUnavailableError,
)
from dexter.sources.address import address_of
from dexter.sources.breaker import Breaker
from dexter.sources.cache import Cache, Kept
from dexter.sources.config import HostConfig
from dexter.sources.curl_wire import CurlWire
from dexter.sources.download import Download, Part
from dexter.sources.httpx_wire import HttpxWire
from dexter.sources.judge import is_error_page, judge
from dexter.sources.pace import Clock, Pace, Sleep
from dexter.sources.patience import Effort, Patience, retry_after
from dexter.sources.wire import (
    Answer,
    Collector,
    Fault,
    Kind,
    Receiver,
    Request,
    Wire,
    WireError,
)

Now = Callable[[], Awaitable[datetime]]

_UNCHANGED = 304
_NONE: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class _Asked:
    url: str
    kind: Kind
    headers: Mapping[str, str]
    passing: frozenset[int]
    caches: bool
    kept: Kept | None


class Host:
    """A host of an exchange or publisher; belongs to one event loop.

    Args:
        config: Its address and manners.
        wire: How it is spoken to; closed with the host.
        cache: Where answers are kept; None keeps none.
        now: The clock port, which tells how old a kept answer is; without it every kept
            answer is asked about again.
        clock: Monotonic seconds.
        sleep: How gaps and waits are kept.
    """

    def __init__(
        self,
        config: HostConfig,
        wire: Wire,
        *,
        cache: Cache | None = None,
        now: Now | None = None,
        clock: Clock = time.monotonic,
        sleep: Sleep = asyncio.sleep,
    ) -> None:
        self.name = config.name
        self.config = config
        self.breaker = Breaker(config, clock)
        self._wire = wire
        self._cache = cache
        self._now = now
        self._clock = clock
        self._pace = Pace(config, clock, sleep)
        self._patience = Patience(config, sleep)
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    async def fetch(
        self,
        path: str,
        params: Mapping[str, str] | None = None,
        *,
        kind: Kind,
        headers: Mapping[str, str] | None = None,
        cache: bool = False,
        passing: frozenset[int] = _NONE,
    ) -> Answer:
        """Ask for something that fits in memory.

        Args:
            path: Below the base, or a whole URL that lies on this host.
            params: Added to the query in this order.
            kind: What the body must be, whatever the headers call it.
            headers: Stand over the configured ones.
            cache: Keep the answer; next time use it, or ask whether it has changed.
            passing: Statuses handed back as they came, unjudged: a client that knows
                what to do about a 401 asks for ``frozenset({401})``. They are neither
                tried again nor held against the host.

        Returns:
            The answer, its body with any gzip undone.

        Raises:
            SourceError: Blocked, resting, a changed shape, unavailable after all tries,
                or not yet published.
        """
        url = address_of(self.config, path, params)
        kept = self._cache.get(url) if cache and self._cache is not None else None
        if kept is not None and kept.is_fresh(
            await self._moment(), self.config.keep_seconds
        ):
            return judge(self.config, kind, kept.answer)
        asked = _Asked(url, kind, headers or {}, passing, cache, kept)
        self.breaker.check()
        return await self._patience.run(lambda effort: self._fetch(effort, asked))

    async def download(
        self,
        path: str,
        folder: Path,
        *,
        kind: Kind,
        headers: Mapping[str, str] | None = None,
    ) -> Download:
        """Bring a file in, going on where an earlier try was cut.

        Args:
            path: Below the base, or a whole URL that lies on this host.
            folder: The file comes to lie there under its SHA-256.
            kind: What the file must be; a web page in its place is refused.
            headers: Stand over the configured ones.

        Raises:
            SourceError: As of ``fetch``; after a cut, what came is kept for next time.
            StoreError: The folder cannot be written.
        """
        url = address_of(self.config, path, None)
        self.breaker.check()
        # Held by the caller for as long as anybody waits; the dictionary only looks on.
        lock = self._locks.setdefault(url, asyncio.Lock())
        async with lock:
            part = Part(folder, url, self.config.most_bytes)
            return await self._patience.run(
                lambda effort: self._download(effort, part, url, kind, headers or {})
            )

    def forget_cookies(self) -> None:
        """Begin a new session at the server."""
        self._wire.forget_cookies()

    async def close(self) -> None:
        """Close every connection."""
        await self._wire.close()

    async def _fetch(self, effort: Effort, asked: _Asked) -> Answer:
        more = asked.kept.validators() if asked.kept is not None else {}
        request = self._request(asked.url, {**asked.headers, **more})
        collector = Collector(asked.url, self.config.most_bytes)
        async with self._pace.turn():
            with self.breaker.request():
                await self._send(effort, request, collector)
                answer = collector.answer()
                if answer.status in asked.passing:
                    return answer
                if answer.status == _UNCHANGED and asked.kept is not None:
                    return await self._confirmed(asked.kept, asked.kind, answer)
                fine = self._judged(effort, asked.kind, answer)
        if asked.caches and self._cache is not None:
            self._cache.put(answer, await self._moment())
        return fine

    async def _download(
        self,
        effort: Effort,
        part: Part,
        url: str,
        kind: Kind,
        headers: Mapping[str, str],
    ) -> Download:
        request = self._request(url, {**headers, **part.headers()})
        async with self._pace.turn():
            with self.breaker.request():
                try:
                    await self._send(effort, request, part)
                except SourceShapeError:
                    part.drop()
                    raise
                finally:
                    part.close()
                with self._border():
                    answer = await asyncio.to_thread(part.answer)
                try:
                    fine = self._judged(effort, kind, answer)
                except SourceError:
                    part.reject()
                    raise
        return await asyncio.to_thread(part.seal, fine.body)

    def _request(self, url: str, headers: Mapping[str, str]) -> Request:
        """One request; header names differ in case only by oversight."""
        own = {name.lower() for name in headers}
        base = {
            name: value
            for name, value in self.config.headers.items()
            if name.lower() not in own
        }
        return Request(url, {**base, **headers}, self.config.timeout_seconds)

    async def _send(self, effort: Effort, request: Request, receiver: Receiver) -> None:
        begun = self._clock()
        try:
            with self._border():
                await self._wire.send(request, receiver)
        finally:
            effort.worked += self._clock() - begun

    @contextmanager
    def _border(self) -> Iterator[None]:
        """Where what went wrong on the wire becomes a sentence."""
        try:
            yield
        except WireError as error:
            if error.kind is Fault.TOO_LARGE:
                raise SourceShapeError(self.name, "answers", error.why) from None
            raise SourceUnavailableError(self.name, error.why) from None

    def _judged(self, effort: Effort, kind: Kind, answer: Answer) -> Answer:
        effort.retry_after = retry_after(answer)
        try:
            fine = judge(self.config, kind, answer)
        except SourceBlockedError:
            self.breaker.refused(at_once=is_error_page(answer))
            raise
        except SourceUnavailableError:
            if effort.asks_too_long:
                self.breaker.rest(effort.retry_after or 0.0)
            raise
        except NotYetPublishedError:
            self.breaker.fine()
            raise
        self.breaker.fine()
        return fine

    async def _confirmed(self, kept: Kept, kind: Kind, answer: Answer) -> Answer:
        self.breaker.fine()
        if self._cache is not None:
            self._cache.confirm(kept, answer.headers, await self._moment())
        return judge(self.config, kind, kept.answer)

    async def _moment(self) -> float | None:
        return (await self._now()).timestamp() if self._now is not None else None


def open_host(
    config: HostConfig, cache: Path | None = None, now: Now | None = None
) -> Host:
    """A host with the transport its configuration names."""
    wire = CurlWire() if config.transport == "browser" else HttpxWire()
    kept = Cache(cache) if cache is not None else None
    return Host(config, wire, cache=kept, now=now)
