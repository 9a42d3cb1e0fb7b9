"""HTTP as a browser speaks it, by curl_cffi: its TLS shape, its headers, its leniency.

curl takes what strict parsers refuse, such as a header line with a leading space. Its
handles are driven directly: curl_cffi's session stumbles over just that line, hides the
head until the body ends, and lets a cancelled stream run on.
"""

import asyncio
from collections.abc import Mapping

from curl_cffi import AsyncCurl, Curl, CurlError, CurlHttpVersion, CurlInfo, CurlOpt
from curl_cffi.const import CurlECode
from curl_cffi.curl import CURL_WRITEFUNC_ERROR

from dexter.sources.wire import Fault, Receiver, Request, WireError

_BROWSER = "chrome146"
_FAULTS: Mapping[int, tuple[Fault, str]] = {
    CurlECode.OPERATION_TIMEDOUT: (Fault.TIMEOUT, "the connection timed out"),
    CurlECode.COULDNT_RESOLVE_HOST: (Fault.CONNECT, "no connection"),
    CurlECode.COULDNT_RESOLVE_PROXY: (Fault.CONNECT, "no connection"),
    CurlECode.COULDNT_CONNECT: (Fault.CONNECT, "no connection"),
    CurlECode.SSL_CONNECT_ERROR: (Fault.CONNECT, "no secure connection"),
    CurlECode.PEER_FAILED_VERIFICATION: (Fault.CONNECT, "its certificate is not valid"),
    CurlECode.PARTIAL_FILE: (Fault.CUT, "the answer was cut short"),
    CurlECode.GOT_NOTHING: (Fault.CUT, "the answer was cut short"),
    CurlECode.RECV_ERROR: (Fault.CUT, "the connection was lost"),
    CurlECode.SEND_ERROR: (Fault.CUT, "the connection was lost"),
}
_NOT_HTTP = (Fault.PROTOCOL, "its answer is not proper HTTP")


class CurlWire:
    """A wire over libcurl in a browser's clothes; one connection pool a host.

    Cookies of an answer are sent with the next request; requests in flight together
    end with those of the last one to finish.
    """

    def __init__(self) -> None:
        self._multi: AsyncCurl | None = None
        self._cookies: list[bytes] = []

    async def send(self, request: Request, receiver: Receiver) -> None:
        """Send a request and hand the answer over piece by piece.

        Raises:
            WireError: There is no whole answer.
        """
        reading = _Reading(receiver)
        multi = self._opened()
        curl = Curl()
        try:
            self._prepare(curl, request, reading)
            async with asyncio.timeout(request.seconds):
                await multi.add_handle(curl)
            self._cookies = _lines(curl.getinfo(CurlInfo.COOKIELIST))
        except TimeoutError as error:
            why = f"no whole answer within {request.seconds:g} s"
            raise WireError(Fault.TIMEOUT, why) from error
        except CurlError as error:
            if reading.failure is not None:
                raise reading.failure from None
            raise WireError(*_FAULTS.get(int(error.code), _NOT_HTTP)) from error
        finally:
            multi.remove_handle(curl)
            curl.close()
        reading.begin()

    def _prepare(self, curl: Curl, request: Request, reading: "_Reading") -> None:
        curl.setopt(CurlOpt.URL, request.url.encode())
        lines = [_line(name, value) for name, value in request.headers.items()]
        curl.setopt(CurlOpt.HTTPHEADER, lines)
        if curl.impersonate(_BROWSER) != 0:
            raise WireError(Fault.PROTOCOL, f"curl cannot speak like {_BROWSER}")
        if not request.url.lower().startswith("https:"):
            # Else a browser's HTTP/2 becomes an upgrade that no browser asks for.
            curl.setopt(CurlOpt.HTTP_VERSION, CurlHttpVersion.V1_1)
        curl.setopt(CurlOpt.HTTP_CONTENT_DECODING, 0)
        curl.setopt(CurlOpt.COOKIEFILE, b"")
        for cookie in self._cookies:
            curl.setopt(CurlOpt.COOKIELIST, cookie)
        curl.setopt(CurlOpt.HEADERFUNCTION, reading.head)
        curl.setopt(CurlOpt.WRITEFUNCTION, reading.body)

    def _opened(self) -> AsyncCurl:
        if self._multi is None:
            self._multi = AsyncCurl()
        return self._multi

    def forget_cookies(self) -> None:
        """Begin a new session at the server."""
        self._cookies = []

    async def close(self) -> None:
        """Close every connection."""
        if self._multi is not None:
            # The package leaves this one without annotations.
            await self._multi.close()  # type: ignore[no-untyped-call]
            self._multi = None


class _Reading:
    """One answer coming in through curl's callbacks, which must not raise."""

    def __init__(self, receiver: Receiver) -> None:
        self.failure: Exception | None = None
        self._receiver = receiver
        self._status = 0
        self._headers: dict[str, str] = {}
        self._begun = False

    def head(self, line: bytes) -> int:
        """One header line; a status line starts anew, for 1xx answers come before."""
        text = line.decode("latin-1").strip()
        if text.startswith("HTTP/"):
            self._status, self._headers = _status(text), {}
        elif not self._begun and ":" in text:
            name, _, value = text.partition(":")
            key, value = name.strip().lower(), value.strip()
            known = self._headers.get(key)
            self._headers[key] = value if known is None else f"{known}, {value}"
        return len(line)

    def body(self, chunk: bytes) -> int:
        """Some of the body."""
        try:
            self.begin()
            self._receiver.take(chunk)
        except Exception as error:  # noqa: BLE001 - raised again once curl has let go
            self.failure = error
            return CURL_WRITEFUNC_ERROR
        return len(chunk)

    def begin(self) -> None:
        """Hand the head over, once."""
        if not self._begun:
            self._begun = True
            self._receiver.begin(self._status, self._headers)


def _status(text: str) -> int:
    parts = text.split(maxsplit=2)
    return int(parts[1]) if len(parts) > 1 and parts[1].isdecimal() else 0


def _line(name: str, value: str) -> bytes:
    return f"{name}: {value}".encode() if value else f"{name}:".encode()


def _lines(found: object) -> list[bytes]:
    lines = found if isinstance(found, list) else []
    return [line for line in lines if isinstance(line, bytes)]
