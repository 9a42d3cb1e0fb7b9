"""One failed try at a provider, before anyone decides whether to try again.

Foreign exceptions become a ``Fault`` at the adapters' border; ``RetryPolicy`` turns the
last fault into the ``ModelError`` people see. A fault never carries the SDK's own
exception: its request holds the key, and its text may echo it.
"""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from enum import StrEnum

from dexter.errors import (
    ModelBusyError,
    ModelError,
    ModelKeyError,
    ModelRequestError,
    ModelUnreachableError,
)

_LATER = "Try again later, or use --model offline."
_DETAIL_LENGTH = 240
_KEY_LIKE = re.compile(r"\b(?:sk-|Bearer\s+)[A-Za-z0-9*._-]{6,}")


class FaultKind(StrEnum):
    """Who can act on a failed try."""

    BUSY = "busy"
    UNREACHABLE = "unreachable"
    REQUEST = "request"
    KEY = "key"
    QUOTA = "quota"


_RETRIED = frozenset({FaultKind.BUSY, FaultKind.UNREACHABLE})
_KINDS = {
    401: FaultKind.KEY,
    402: FaultKind.QUOTA,
    403: FaultKind.KEY,
    408: FaultKind.UNREACHABLE,
    409: FaultKind.BUSY,
    429: FaultKind.BUSY,
    503: FaultKind.BUSY,
    529: FaultKind.BUSY,
}
_SERVER_ERRORS = 500


@dataclass(frozen=True, slots=True)
class Provider:
    """A provider as people know it, and the variable its key comes from."""

    name: str
    variable: str


class Fault(Exception):  # noqa: N818  # not an error people see: one try's outcome
    """A try that failed.

    Attributes:
        kind: Who can act.
        detail: What the provider said, scrubbed and short.
        retry_after: Seconds the provider asks to wait, when it does.
        owes: Whether tokens may have been billed all the same: false when the provider
            refused the request or was never reached.
    """

    def __init__(
        self,
        kind: FaultKind,
        detail: str,
        *,
        retry_after: float | None = None,
        owes: bool = False,
    ) -> None:
        super().__init__(detail)
        self.kind = kind
        self.detail = detail
        self.retry_after = retry_after
        self.owes = owes

    @property
    def passing(self) -> bool:
        """Whether the same request may succeed a little later."""
        return self.kind in _RETRIED

    def error(self, provider: Provider, tries: int, longest_wait: float) -> ModelError:
        """The error for people, once no further try is made."""
        if self.kind is FaultKind.KEY:
            return ModelKeyError(provider.name, provider.variable, refused=True)
        if self.kind is FaultKind.QUOTA:
            return ModelRequestError(
                f"The {provider.name} account behind {provider.variable} has no credit "
                f"left ({self.detail}).",
                "Top the account up, or use --model offline.",
            )
        if self.kind is FaultKind.REQUEST:
            return ModelRequestError(
                f"{provider.name} refused the request: {self.detail}.",
                "Check the model's name with `dexter doctor`.",
            )
        return self._gave_up(provider, tries, longest_wait)

    def _gave_up(
        self, provider: Provider, tries: int, longest_wait: float
    ) -> ModelError:
        count = "1 try" if tries == 1 else f"{tries} tries"
        if self.kind is FaultKind.UNREACHABLE:
            return ModelUnreachableError(
                f"{provider.name} could not be reached after {count}: {self.detail}.",
                _LATER,
            )
        if self.retry_after is not None and self.retry_after > longest_wait:
            return ModelBusyError(
                f"{provider.name} is busy ({self.detail}) and asks to wait "
                f"{self.retry_after:g} seconds, over the {longest_wait:g} allowed.",
                _LATER,
            )
        return ModelBusyError(
            f"{provider.name} is busy ({self.detail}) after {count}.", _LATER
        )


def status_kind(status: int) -> FaultKind:
    """Who can act on an HTTP status; an unknown 4xx is the request's own fault."""
    if status in _KINDS:
        return _KINDS[status]
    return FaultKind.UNREACHABLE if status >= _SERVER_ERRORS else FaultKind.REQUEST


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Seconds to wait as a response asks, from ``retry-after-ms`` or ``retry-after``.

    A date is read against the response's own ``date`` header, so no clock is needed.
    """
    milliseconds = _seconds(headers.get("retry-after-ms"))
    if milliseconds is not None:
        return milliseconds / 1000
    text = headers.get("retry-after")
    return _seconds(text) if _seconds(text) is not None else _until(text, headers)


def _seconds(text: str | None) -> float | None:
    try:
        value = float(text or "nan")
    except ValueError:
        return None
    return None if math.isnan(value) or value < 0 else value


def _until(text: str | None, headers: Mapping[str, str]) -> float | None:
    try:
        end = parsedate_to_datetime(text or "")
        start = parsedate_to_datetime(headers.get("date", ""))
        return max(0.0, (end - start).total_seconds())
    except (TypeError, ValueError):
        return None


class Scrubber:
    """Takes keys out of text that came from outside."""

    def __init__(self, secret: str) -> None:
        self._secret = secret

    def __repr__(self) -> str:
        return "Scrubber(…)"

    def __call__(self, text: str) -> str:
        """One short line without the key or anything that looks like one."""
        line = " ".join(text.split())
        if self._secret:
            line = line.replace(self._secret, "[key]")
        line = _KEY_LIKE.sub("[key]", line).rstrip(".")
        cut = len(line) > _DETAIL_LENGTH
        return line[:_DETAIL_LENGTH] + "…" if cut else line
