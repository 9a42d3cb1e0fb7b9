"""Secrets kept out of the logs of the libraries that are handed them."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

HIDDEN = "•••"
WIRES = (
    "httpx2",
    "httpcore2.connection",
    "httpcore2.http11",
    "httpcore2.http2",
    "httpcore2.proxy",
    "httpcore2.socks",
)
"""Loggers of the HTTP client; at INFO it logs every address it asks."""


class _Redaction(logging.Filter):
    """Takes a secret out of a record before any handler sees it."""

    def __init__(self, secret: str, instead: str) -> None:
        super().__init__()
        self._secret, self._instead = secret, instead

    def filter(self, record: logging.LogRecord) -> bool:
        """Let every record pass, without the secret."""
        said = record.getMessage()
        if self._secret in said:
            record.msg, record.args = said.replace(self._secret, self._instead), ()
        return True


class _Silence(logging.Filter):
    """Lets nothing pass."""

    def filter(self, record: logging.LogRecord) -> bool:  # noqa: ARG002 - its shape
        """Whatever it says."""
        return False


@contextmanager
def redacted(secret: str, instead: str = HIDDEN) -> Iterator[None]:
    """A stretch in which the HTTP client's logs do not show a secret."""
    with _filtered(_Redaction(secret, instead), WIRES):
        yield


@contextmanager
def silenced(*loggers: str) -> Iterator[None]:
    """A stretch in which loggers say nothing."""
    with _filtered(_Silence(), loggers):
        yield


@contextmanager
def _filtered(what: logging.Filter, names: tuple[str, ...]) -> Iterator[None]:
    loggers = [logging.getLogger(name) for name in names]
    for logger in loggers:
        logger.addFilter(what)
    try:
        yield
    finally:
        for logger in loggers:
            logger.removeFilter(what)
