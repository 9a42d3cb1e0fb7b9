"""Addresses, headers and manners of every source: ``sources.toml``, checked.

The shipped file holds all of it; a base address may be replaced host by host, which is
how a mirror or a fake exchange stands in, and one factor scales every wait.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, ClassVar, Literal
from urllib.parse import quote, urlsplit

from pydantic import ConfigDict, Field, TypeAdapter, ValidationError

from dexter.errors import SettingError

_SHIPPED = Path(__file__).resolve().with_name("sources.toml")
_MONTHS = (
    *("JAN", "FEB", "MAR", "APR", "MAY", "JUN"),
    *("JUL", "AUG", "SEP", "OCT", "NOV", "DEC"),
)

Seconds = Annotated[float, Field(ge=0, allow_inf_nan=False)]
Some = Annotated[float, Field(gt=0, allow_inf_nan=False)]
Count = Annotated[int, Field(ge=1)]


@dataclass(frozen=True, slots=True, kw_only=True)
class HostConfig:
    """One host. Seconds and bytes throughout; ``sources.toml`` says what each means.

    Attributes:
        home: The base its URLs are published under; ``base`` unless that was replaced.
        pace: What every wait is multiplied by; 0 waits for nothing.
    """

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid")

    name: Annotated[str, Field(min_length=1)]
    base: str
    transport: Literal["plain", "browser"]
    min_gap_seconds: Seconds
    per_minute: Count
    concurrency: Count
    timeout_seconds: Some
    total_seconds: Some
    tries: Count
    most_bytes: Count
    rest_seconds: Annotated[tuple[Seconds, ...], Field(min_length=1)]
    headers: Mapping[str, str] = field(default_factory=dict)
    blocks_to_rest: Count = 2
    keep_seconds: Seconds = 0.0
    aliases: tuple[str, ...] = ()
    html_means: Literal["blocked", "not_yet_published"] = "blocked"
    home: str = ""
    pace: Seconds = 1.0


@dataclass(frozen=True, slots=True)
class Feed:
    """A news feed, and the key of the host it lies on.

    What people write in a forum is ``social``: it is kept apart from what is reported.
    """

    name: str
    url: str
    host: str
    kind: Literal["news", "social"] = "news"


@dataclass(frozen=True, slots=True)
class SourceConfig:
    """Every host by its key, the news feeds, and path templates by their key."""

    hosts: Mapping[str, HostConfig]
    feeds: tuple[Feed, ...]
    endpoints: Mapping[str, str]

    def path(self, key: str, day: date | None = None, name: str = "") -> str:
        """An endpoint's path with a day and one file name put in.

        The name is quoted whole, so that it stays one name whatever it holds.
        """
        when = day or date.min
        return self.endpoints[key].format(
            day=when,
            mon=_MONTHS[when.month - 1],
            month=when.month,
            name=quote(name, safe=""),
        )


def load_config(
    overrides: Mapping[str, str],
    *,
    pace: float | None = None,
    file: Path | None = None,
) -> SourceConfig:
    """The shipped configuration with some base addresses replaced.

    Args:
        overrides: Base addresses by the key of their host.
        pace: Multiplies every gap, wait and rest: 2 is half as fast, 0 waits for
            nothing and lifts the bound per minute. None is the shipped pace.
        file: Read over the shipped file; hosts and endpoints it leaves out stay.

    Raises:
        SettingError: A file, address, key or pace that cannot be used.
    """
    config = _read(file or _SHIPPED)
    if file is not None:
        config = _over_shipped(config, file)
    if pace is not None and not 0 <= pace < float("inf"):
        message = "The pace of sources cannot be used: 0 or more is due."
        raise SettingError(message)
    for key in overrides:
        if key not in config.hosts:
            message = f"There is no source host {key!r}."
            raise SettingError(message, f"There are {', '.join(sorted(config.hosts))}.")
    hosts = {
        key: _placed(key, host, overrides.get(key), pace)
        for key, host in config.hosts.items()
    }
    return replace(config, hosts=MappingProxyType(hosts))


def _placed(
    key: str, host: HostConfig, base: str | None, pace: float | None
) -> HostConfig:
    return replace(
        host,
        home=_checked(key, host.base),
        base=_checked(key, base or host.base),
        pace=host.pace if pace is None else pace,
    )


def _checked(key: str, base: str) -> str:
    """A base address without its last slash; the message never shows it."""
    try:
        parts = urlsplit(base)
        fine = parts.scheme in {"http", "https"} and bool(parts.hostname)
        fine = fine and (parts.port is None or parts.port > 0)
        fine = fine and not (parts.query or parts.fragment or "@" in parts.netloc)
    except ValueError:
        fine = False
    if not fine or not base.isascii() or not base.isprintable() or " " in base:
        message = f"The address of the source host {key} cannot be used."
        hint = "Give it as http://NAME or https://NAME, with a port or path if need be."
        raise SettingError(message, hint)
    return base.rstrip("/")


def _read(file: Path) -> SourceConfig:
    try:
        table = tomllib.loads(file.read_text("utf-8"))
        table["hosts"] = {
            key: _likened(key, table["hosts"]) for key in table.get("hosts", {})
        }
        config = TypeAdapter(SourceConfig).validate_python(table)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        why = f"{where}: {first['msg'].lower()}"
        raise _unusable(why, file) from error
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise _unusable(str(error), file) from error
    except (TypeError, AttributeError, KeyError) as error:
        why = "a table stands where a value is due, or the reverse"
        raise _unusable(why, file) from error
    for feed in config.feeds:
        if feed.host not in config.hosts:
            why = f"the feed {feed.name!r} is on an unknown host"
            raise _unusable(why)
    return config


def _likened(key: str, hosts: Mapping[str, dict[str, object]]) -> dict[str, object]:
    own = dict(hosts[key])
    model = own.pop("like", None)
    if model is None:
        return own
    if not isinstance(model, str) or model not in hosts or "like" in hosts[model]:
        why = f"hosts.{key}.like names no host with keys of its own"
        raise _unusable(why)
    return {**hosts[model], **own}


def _over_shipped(config: SourceConfig, file: Path) -> SourceConfig:
    """A person's own file over the shipped one: what it leaves out stays as it was."""
    for key in config.endpoints:
        try:
            config.path(key, date(2026, 1, 2), "name")
        except (KeyError, ValueError, IndexError) as error:
            why = f"endpoints.{key} cannot be filled in"
            raise _unusable(why, file) from error
    shipped = _read(_SHIPPED)
    return SourceConfig(
        hosts={**shipped.hosts, **config.hosts},
        feeds=config.feeds,
        endpoints={**shipped.endpoints, **config.endpoints},
    )


def _unusable(why: str, file: Path = _SHIPPED) -> SettingError:
    return SettingError(
        f"The list of sources {file} cannot be used: {why}.",
        "Mend it, or remove it: then the shipped one counts.",
    )
