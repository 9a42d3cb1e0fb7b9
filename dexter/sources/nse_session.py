"""NSE's cookie session: two pages set the cookies, and an expired one is renewed once.

The cookies themselves are kept by the host's wire, which sends them back.
"""

import asyncio
from collections.abc import Mapping

from dexter.sources.host import Host
from dexter.sources.wire import Answer, Kind

_EXPIRED = frozenset({401, 403})


class NseSession:
    """Requests to NSE's site within a session.

    Args:
        site: The host, with its cookies.
        pages: Paths that set the cookies, in the order a browser would open them.
    """

    def __init__(self, site: Host, pages: tuple[str, ...]) -> None:
        self._site = site
        self._pages = pages
        self._begun = 0
        self._warming = asyncio.Lock()

    async def fetch(
        self, path: str, asked: Mapping[str, str], *, referer: str
    ) -> Answer:
        """Ask for JSON, as from a page of the site.

        A 401 or 403 means that the cookies are too old, or that we are refused: a new
        session is begun, once, and its answer stands.

        Raises:
            SourceBlockedError: The new session is refused too, or cannot be begun.
            SourceError: As ``Host.fetch``.
        """
        headers = {"Referer": f"{self._site.config.home}{referer}"}
        if not self._begun:
            await self._begin(after=0)
        session = self._begun
        answer = await self._site.fetch(
            path, asked, kind=Kind.JSON, headers=headers, passing=_EXPIRED
        )
        if answer.status not in _EXPIRED:
            return answer
        await self._begin(after=session)
        return await self._site.fetch(path, asked, kind=Kind.JSON, headers=headers)

    async def _begin(self, after: int) -> None:
        """Begin a session, unless another request has begun one since ``after``."""
        async with self._warming:
            if self._begun != after:
                return
            self._site.forget_cookies()
            for page in self._pages:
                await self._site.fetch(page, kind=Kind.HTML)
            self._begun += 1
