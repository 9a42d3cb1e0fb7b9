"""The border to the SDKs: what they and httpx raise becomes a ``Fault`` here.

Both SDKs wrap failures of the first byte but let a stream's own failures through raw:
httpx errors, and JSON errors from an event cut in the middle.
"""

from collections.abc import Callable
from typing import Protocol, cast

import httpx2

from dexter.llm.faults import Fault, FaultKind, retry_after, status_kind

_STREAM_BROKE = (
    httpx2.HTTPError,
    httpx2.StreamError,
    OSError,
    EOFError,
    ValueError,
)
_NEVER_SENT = (httpx2.ConnectError, httpx2.ConnectTimeout, httpx2.PoolTimeout)
_OK = 200
_OVERLOADED = frozenset({"overloaded_error", "rate_limit_error", "rate_limit_exceeded"})
_NO_CREDIT = frozenset(
    {"insufficient_quota", "billing_error", "billing_hard_limit_reached"}
)
_OUR_OWN = frozenset(
    {"invalid_request_error", "invalid_prompt", "request_too_large", "not_found_error"}
)
Scrub = Callable[[str], str]


class _StatusError(Protocol):
    status_code: int
    response: httpx2.Response


def spoken_fault(name: str, detail: str) -> Fault:
    """The fault of an error told inside a stream, by the provider's name for it.

    The stream had begun, so what was generated until then may be billed.
    """
    said = f"{name}: {detail}" if detail else name
    if name in _NO_CREDIT:
        return Fault(FaultKind.QUOTA, said, owes=False)
    if name in _OUR_OWN:
        return Fault(FaultKind.REQUEST, said, owes=False)
    kind = FaultKind.BUSY if name in _OVERLOADED else FaultKind.UNREACHABLE
    return Fault(kind, said, owes=True)


def status_fault(error: object, names: tuple[str, ...], detail: str) -> Fault:
    """The fault of an answer with an HTTP status.

    Args:
        error: An SDK's status error.
        names: What the provider calls the error (type, code), most telling first.
        detail: Its message, scrubbed.
    """
    answered = cast("_StatusError", error)
    status = answered.status_code
    if status == _OK:
        return spoken_fault(names[0] if names else "error", detail)
    said = " ".join(filter(None, (f"HTTP {status}", *names[:1])))
    if detail and "<" not in detail[:1]:
        said = f"{said}: {detail}"
    kind = status_kind(status)
    if _NO_CREDIT & set(names):
        kind = FaultKind.QUOTA
    return Fault(kind, said, retry_after=retry_after(answered.response.headers))


def broken_fault(error: Exception, scrub: Scrub) -> Fault | None:
    """The fault of a connection or a stream that broke, or none."""
    # The SDKs put their own error before it until the first byte; later it comes bare.
    chain = (error, error.__cause__)
    cause = next((one for one in chain if isinstance(one, _STREAM_BROKE)), None)
    if cause is None:
        return None
    if isinstance(cause, ValueError) and not isinstance(cause, OSError):
        said = "the stream was cut in the middle of an event"
    else:
        words = scrub(str(cause))
        said = f"{type(cause).__name__}: {words}" if words else type(cause).__name__
    owes = not isinstance(cause, _NEVER_SENT)
    return Fault(FaultKind.UNREACHABLE, said, owes=owes)
