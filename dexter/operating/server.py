"""The mail server in one URL, as ``DEXTER_SMTP_URL`` gives it.

``smtps://`` is TLS from the first byte; ``smtp://`` is STARTTLS, and to this machine
unencrypted.
"""

from dataclasses import dataclass, field
from urllib.parse import SplitResult, unquote, urlsplit

from dexter.errors import UnusableVariableError
from dexter.operating.kinds import is_loopback

SMTP_URL = "DEXTER_SMTP_URL"
_FORM = "it is not like smtps://USER:PASSWORD@HOST:465 or smtp://USER:PASSWORD@HOST:587"
_CODED = (
    "Mend it in the environment or in .env; in user and password write /, ?, #, : and "
    "% as %2F, %3F, %23, %3A and %25."
)


@dataclass(frozen=True, slots=True)
class MailServer:
    """A server that takes mail, and who signs in there.

    Args:
        host: Its name.
        port: Where it listens; null for the usual port of its security.
        security: tls, starttls or none.
        user: Who signs in; null where nobody does.
        password: The user's, where the URL holds it.
    """

    host: str
    port: int | None
    security: str
    user: str | None = field(repr=False)
    password: str | None = field(repr=False)


def mail_server(url: str) -> MailServer:
    """The server a URL names.

    Raises:
        UnusableVariableError: it is no such URL; what it holds is not told.
    """
    try:
        parts = urlsplit(url)
        port, host = parts.port, parts.hostname or ""
        user, password = _decoded(parts.username), _decoded(parts.password)
    except ValueError:
        raise unusable() from None
    security = _security(parts.scheme, host)
    whole = host and _plain(url, parts) and (user or not password)
    if security is None or not whole:
        raise unusable()
    return MailServer(host, port, security, user, password)


def unusable(why: str = _FORM, hint: str = _CODED) -> UnusableVariableError:
    """The error of a URL that names no server."""
    return UnusableVariableError(SMTP_URL, why, hint)


def _security(scheme: str, host: str) -> str | None:
    if scheme == "smtps":
        return "tls"
    if scheme == "smtp":
        return "none" if is_loopback(host) else "starttls"
    return None


def _plain(url: str, parts: SplitResult) -> bool:
    """Whether nothing stands behind the host, and nothing is dropped in reading."""
    behind = parts.path.removeprefix("/") or parts.query or parts.fragment
    return not behind and url.isprintable() and " " not in url


def _decoded(text: str | None) -> str | None:
    return unquote(text, errors="strict") or None if text else None
