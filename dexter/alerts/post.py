"""One POST, once; what it came to is a value: an exception would carry its URL."""

import asyncio
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import httpx2

_MOST_BYTES = 1_000_000
_CONNECT_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server answered; ``body`` is cut at a megabyte."""

    status: int
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Unanswered:
    """There was no whole answer.

    ``handed_over`` is whether the server may have had the request; where it is false
    it certainly did not.
    """

    why: str
    handed_over: bool


class Poster:
    """A client opened when it is first needed, and closed once.

    Args:
        seconds: The longest wait for any part of an answer.
        tls: Whom to trust; the machine's authorities by default.
        connecting: The longest wait for a connection.
    """

    def __init__(
        self,
        seconds: float,
        tls: ssl.SSLContext | None = None,
        connecting: float = _CONNECT_SECONDS,
    ) -> None:
        self._seconds = seconds
        self._tls = tls
        self._connecting = connecting
        self._client: httpx2.AsyncClient | None = None

    async def post(
        self,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        **content: Any,  # noqa: ANN401 - json, content, or data with files
    ) -> Answer | Unanswered:
        """Ask once, follow nothing, and say what it came to."""
        # The deadline bounds an answer that only drips, or a connection that stalls.
        longest = self._connecting + 2 * self._seconds
        try:
            async with asyncio.timeout(longest):
                return await self._post(url, headers, content)
        except TimeoutError:
            why = f"there was no whole answer within {longest:g} s"
            return Unanswered(why, handed_over=True)
        except UnicodeError:  # of the look-up of a host that can be none
            return Unanswered("its address names no host", handed_over=False)
        except (httpx2.HTTPError, httpx2.InvalidURL) as error:
            return _unanswered(error)

    async def _post(
        self, url: str, headers: Mapping[str, str] | None, content: Mapping[str, Any]
    ) -> Answer:
        async with self._opened().stream(
            "POST", url, headers=headers, **content
        ) as response:
            body = bytearray()
            async for chunk in response.aiter_bytes():
                body += chunk
                if len(body) > _MOST_BYTES:
                    break
            return Answer(response.status_code, response.headers, bytes(body))

    def _opened(self) -> httpx2.AsyncClient:
        if self._client is None:
            self._client = httpx2.AsyncClient(
                follow_redirects=False,
                verify=self._tls or httpx2.create_ssl_context(),
                timeout=httpx2.Timeout(self._seconds, connect=self._connecting),
            )
        return self._client

    async def close(self) -> None:
        """Close every connection."""
        if self._client is not None:
            await self._client.aclose()
            self._client = None


# Before a byte of the request: no connection, no tunnel, or no request at all.
_BEFORE = (
    httpx2.ConnectError,
    httpx2.ConnectTimeout,
    httpx2.PoolTimeout,
    httpx2.ProxyError,
    httpx2.UnsupportedProtocol,
    httpx2.LocalProtocolError,
    httpx2.InvalidURL,
)


def _unanswered(error: Exception) -> Unanswered:
    if isinstance(error, httpx2.UnsupportedProtocol | httpx2.InvalidURL):
        return Unanswered("its address is no http or https URL", handed_over=False)
    if isinstance(error, _BEFORE):
        why = "it could not be connected to"
        if "CERTIFICATE" in str(error):
            why = "its certificate is not to be trusted"
        return Unanswered(why, handed_over=False)
    if isinstance(error, httpx2.TimeoutException):
        return Unanswered("there was no answer in time", handed_over=True)
    if isinstance(error, httpx2.NetworkError | httpx2.RemoteProtocolError):
        return Unanswered("the connection was cut before the answer", handed_over=True)
    return Unanswered("its answer could not be read", handed_over=True)
