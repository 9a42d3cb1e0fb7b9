"""The URL that is asked, made of a host's base and a path; no other host is reached."""

from collections.abc import Mapping
from urllib.parse import SplitResult, quote, urlencode, urlsplit

from dexter.errors import SourceShapeError
from dexter.sources.config import HostConfig

_SAFE = "/%:@!$&'()*+,;=~"
_STANDARD_PORTS = frozenset({80, 443, None})
_SHOWN = 80


def address_of(
    config: HostConfig, path: str, params: Mapping[str, str] | None = None
) -> str:
    """A path, or a whole URL on this host, as a URL below the host's base.

    URLs found in payloads name the published base; they are moved to the one in use.
    What a URL may not hold is quoted; a fragment is dropped.

    Raises:
        SourceShapeError: A URL of another host, or none at all.
    """
    try:
        parts = urlsplit(path)
        below = _below(config, parts)
    except ValueError:
        parts, below = urlsplit(""), None
    if below is None:
        shown = ascii(path[:_SHOWN])
        raise SourceShapeError(config.name, "addresses", f"{shown} is not on it")
    query = "&".join(filter(None, (parts.query, urlencode(params or {}))))
    asked = f"?{quote(query, safe=_SAFE + '?')}" if query else ""
    return f"{config.base}/{quote(below, safe=_SAFE).lstrip('/')}{asked}"


def _below(config: HostConfig, parts: SplitResult) -> str | None:
    if not parts.scheme and not parts.netloc:
        return parts.path
    if parts.scheme not in {"http", "https"}:
        return None
    for base in (config.home, config.base):
        below = _under(urlsplit(base), parts)
        if below is not None:
            return below
    return parts.path if _name(parts) in config.aliases else None


def _under(base: SplitResult, parts: SplitResult) -> str | None:
    if (parts.hostname, _port(parts)) != (base.hostname, _port(base)):
        return None
    if not f"{parts.path}/".startswith(f"{base.path}/"):
        return None
    return parts.path.removeprefix(base.path)


def _name(parts: SplitResult) -> str:
    return (parts.hostname or "") if _port(parts) is None else ""


def _port(parts: SplitResult) -> int | None:
    """A port that has to be said; http and https at their own are the same to us."""
    return None if parts.port in _STANDARD_PORTS else parts.port
