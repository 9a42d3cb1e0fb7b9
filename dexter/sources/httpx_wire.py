"""Plain HTTP by httpx2: strict about headers, one connection pool a host."""

import asyncio
import ssl
from functools import cache

import httpx2

from dexter.sources.wire import Fault, Receiver, Request, WireError

# How h11 words an end that came too early.
_CUT = ("peer closed connection", "Server disconnected")


@cache
def _certificates() -> ssl.SSLContext:
    """Read once for all hosts: it takes longer than a request."""
    return httpx2.create_ssl_context()


class HttpxWire:
    """A wire over ``httpx2.AsyncClient``; its body bytes are read undecoded."""

    def __init__(self) -> None:
        self._client: httpx2.AsyncClient | None = None

    async def send(self, request: Request, receiver: Receiver) -> None:
        """Send a request and hand the answer over piece by piece.

        Raises:
            WireError: There is no whole answer.
        """
        try:
            # httpx2 bounds each read; the deadline bounds a body that only drips.
            async with asyncio.timeout(request.seconds):
                await self._send(request, receiver)
        except (TimeoutError, httpx2.TimeoutException) as error:
            why = f"no whole answer within {request.seconds:g} s"
            raise WireError(Fault.TIMEOUT, why) from error
        except (httpx2.HTTPError, httpx2.InvalidURL) as error:
            raise _wire_error(error) from error

    async def _send(self, request: Request, receiver: Receiver) -> None:
        headers = {name: value for name, value in request.headers.items() if value}
        stream = self._opened().stream(
            "GET", request.url, headers=headers, timeout=request.seconds
        )
        async with stream as response:
            receiver.begin(response.status_code, dict(response.headers.items()))
            async for chunk in response.aiter_raw():
                receiver.take(chunk)

    def _opened(self) -> httpx2.AsyncClient:
        if self._client is None:
            self._client = httpx2.AsyncClient(
                follow_redirects=False, verify=_certificates()
            )
        return self._client

    def forget_cookies(self) -> None:
        """Begin a new session at the server."""
        if self._client is not None:
            self._client.cookies.clear()

    async def close(self) -> None:
        """Close every connection."""
        if self._client is not None:
            await self._client.aclose()
            self._client = None


def _wire_error(error: Exception) -> WireError:
    text = str(error)
    if isinstance(error, httpx2.ConnectError):
        return WireError(Fault.CONNECT, "no connection")
    if isinstance(error, httpx2.RemoteProtocolError) and text.startswith(_CUT):
        return WireError(Fault.CUT, "the answer was cut short")
    if isinstance(error, httpx2.NetworkError):
        return WireError(Fault.CUT, "the connection was lost")
    return WireError(Fault.PROTOCOL, "its answer is not proper HTTP")
