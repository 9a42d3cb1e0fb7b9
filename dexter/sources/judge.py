"""One answer judged: what was asked for, or the error that says what came instead.

===========================  =======================================================
status or body               judgement
===========================  =======================================================
304                          unavailable: nobody asked whether it had changed
other 3xx, 401, 403, 451     blocked: these servers send refused callers elsewhere
404, 410                     not yet published on file hosts, else a changed address
408, 429, 5xx                unavailable, and worth another try
other 4xx                    a changed shape: the request is no longer understood
2xx, no body                 unavailable: nobody says "none" with nothing
2xx, HTML where data was     blocked if it reads like a refusal, else as the host's
due                          ``html_means`` says
2xx, something else          a changed shape
===========================  =======================================================

Whether a well-formed payload says "none" is the clients' to tell, not judged here.
"""

import re
from dataclasses import replace

from dexter.errors import (
    NotYetPublishedError,
    SourceBlockedError,
    SourceShapeError,
    SourceUnavailableError,
)
from dexter.sources.config import HostConfig
from dexter.sources.sniff import fits, told, unwrapped
from dexter.sources.wire import Answer, Kind

_BLOCKED = {
    401: "it asks for credentials (401)",
    403: "it forbids the request (403)",
    451: "it may not answer here (451)",
}
_UNCHANGED = 304
_GONE = frozenset({404, 410})
_BUSY = frozenset({408, 425, 429})
_OK, _REDIRECT, _REFUSED, _BROKEN = 200, 300, 400, 500
_REFUSAL = re.compile(
    rb"access\W{1,6}denied|access to this page|forbidden|(?:not |un)authori[sz]ed|"
    rb"request (?:blocked|rejected|unsuccessful)|too many requests|captcha|"
    rb"are you a robot|security check|object moved|error_bse|reference #|incident id|"
    rb"pardon our interruption|you have been blocked",
    re.IGNORECASE,
)
_ARTICLES = {
    Kind.ZIP: "a ZIP archive",
    Kind.GZIP: "a gzip file",
    Kind.PDF: "a PDF",
    Kind.HTML: "a web page",
}
_READ_OF_PAGE = 16384
_SHOWN = 120


def judge(config: HostConfig, kind: Kind, answer: Answer) -> Answer:
    """The answer with its gzip undone, if it is what was asked for.

    A gzip file that was asked for stays packed, but a second gzip around it is undone.

    Raises:
        SourceBlockedError: It refuses us, whatever it looks like.
        NotYetPublishedError: A file is not there.
        SourceShapeError: Something else came, or a decompression bomb.
        SourceUnavailableError: Worth another try: busy, broken, empty, a cut gzip.
    """
    _judge_status(config, answer)
    if not answer.body:
        raise SourceUnavailableError(config.name, "its answer is empty")
    body = _content(config, kind, answer.body)
    if fits(kind, body):
        return replace(answer, body=body)
    came = told(body)
    if came is Kind.HTML:
        _judge_page(config, answer.url, body)
    why = f"{_a(came)} came where {_a(kind)} was due"
    raise SourceShapeError(config.name, "answers", why)


def is_error_page(answer: Answer) -> bool:
    """Whether a server sends us to its error page: over quota, or a blocked name."""
    target = answer.headers.get("location", "").lower()
    return _REDIRECT <= answer.status < _REFUSED and "error" in target


def _judge_status(config: HostConfig, answer: Answer) -> None:
    name, status = config.name, answer.status
    if status == _UNCHANGED:
        raise SourceUnavailableError(name, "it says unasked that nothing has changed")
    if _REDIRECT <= status < _REFUSED:
        to = _shown(answer.headers.get("location", "")) or "nowhere"
        raise SourceBlockedError(name, f"it redirects ({status}) to {to}")
    if status in _BLOCKED:
        raise SourceBlockedError(name, _BLOCKED[status])
    if status in _GONE:
        _judge_absence(config, answer)
    if status in _BUSY or status >= _BROKEN:
        raise SourceUnavailableError(name, f"its answer has status {status}")
    if not _OK <= status < _REDIRECT:
        why = f"status {status} for {_shown(answer.url)}"
        raise SourceShapeError(name, "requests", why)


def _judge_absence(config: HostConfig, answer: Answer) -> None:
    if config.html_means == "not_yet_published":
        raise NotYetPublishedError(config.name, _shown(answer.url))
    why = f"status {answer.status} for {_shown(answer.url)}"
    raise SourceShapeError(config.name, "addresses", why)


def _judge_page(config: HostConfig, url: str, body: bytes) -> None:
    if config.html_means == "blocked" or _REFUSAL.search(body[:_READ_OF_PAGE]):
        raise SourceBlockedError(config.name, "a web page came in place of data")
    raise NotYetPublishedError(config.name, _shown(url))


def _content(config: HostConfig, kind: Kind, body: bytes) -> bytes:
    if kind is not Kind.GZIP:
        return unwrapped(config.name, body, config.most_bytes)
    undone = unwrapped(config.name, body, config.most_bytes, layers=1)
    return undone if told(undone) is Kind.GZIP else body


def _a(kind: Kind | None) -> str:
    return "something unknown" if kind is None else _ARTICLES.get(kind, kind.value)


def _shown(text: str) -> str:
    """Text of theirs, fit for a sentence of ours."""
    plain = "".join(letter if letter.isprintable() else "?" for letter in text)
    return plain if len(plain) <= _SHOWN else f"{plain[: _SHOWN - 1]}…"
