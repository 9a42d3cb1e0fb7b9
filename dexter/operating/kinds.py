"""What may stand in ``dexter.toml``: numbers, times, symbols, names and addresses.

A refusal says what is due, never more: the reader puts it beside the key and the value.
"""

import re
from datetime import time
from decimal import Decimal
from ipaddress import ip_address
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    StrictInt,
)
from pydantic_core import PydanticCustomError

from dexter.operating.place import shown

DUE = "due"
"""The kind of a refusal whose message is what is due in place of the value."""
WRONG = "wrong"
"""The kind of a refusal whose message says all, and whose value is not shown."""

_CLOCK = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)")
_SYMBOL = re.compile(r"[A-Z0-9][A-Z0-9&_.-]{0,29}")
_SCRIP_CODES = range(100_000, 1_000_000)
_MAIL = re.compile(
    r"""[^\s@,;:<>()"\\]+@[a-z0-9]([a-z0-9.-]*[a-z0-9])?""", re.IGNORECASE
)
_NAME_LENGTH = 60


class Part(BaseModel):
    """A part of the file: nothing but its own keys, never changed once read."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        populate_by_name=True,
        use_attribute_docstrings=True,
        hide_input_in_errors=True,
    )


def due(what: str) -> PydanticCustomError:
    """The error of a value in whose place something else is due."""
    return PydanticCustomError(DUE, "{what}", {"what": what})


def wrong(why: str) -> PydanticCustomError:
    """The error of a value that is better not repeated."""
    return PydanticCustomError(WRONG, "{why}", {"why": why})


def _decimal(value: object) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        what = "a number"
        raise due(what)
    return value if isinstance(value, Decimal) else Decimal(str(value))


def _clock(value: object) -> time:
    if isinstance(value, time) and value == time(value.hour, value.minute):
        return value
    found = _CLOCK.fullmatch(value) if isinstance(value, str) else None
    if not found:
        what = "a time of day (IST) like 22:30"
        raise due(what)
    return time(int(found[1]), int(found[2]))


def _symbol(value: object) -> str:
    if isinstance(value, int) and value in _SCRIP_CODES:
        what = f'a text, "{value}" in quotes,'
        raise due(what)
    plain = value.strip().upper() if isinstance(value, str) else ""
    if not _SYMBOL.fullmatch(plain):
        what = "a symbol like RELIANCE"
        raise due(what)
    return plain


def _name(value: object) -> str:
    plain = value.strip() if isinstance(value, str) else ""
    if not (0 < len(plain) <= _NAME_LENGTH and plain.isprintable()):
        what = f"a name of 1 to {_NAME_LENGTH} characters"
        raise due(what)
    return plain


def is_loopback(host: str) -> bool:
    """Whether a host is this machine, told without looking it up."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host.lower() == "localhost"


def mail_address(value: object) -> str:
    """A bare e-mail address."""
    if not (isinstance(value, str) and value.isascii() and _MAIL.fullmatch(value)):
        what = "an e-mail address like name@example.com"
        raise due(what)
    return value


def web_address(value: object) -> str:
    """An http or https address that carries no password."""
    what = "an address like https://example.com/path"
    if not isinstance(value, str) or not value.isascii() or not value.isprintable():
        raise due(what)
    try:
        parts = urlsplit(value)
        fine = parts.scheme in {"http", "https"} and bool(parts.hostname)
        fine = fine and (parts.port is None or parts.port > 0) and " " not in value
    except ValueError as error:
        raise due(what) from error
    if not fine:
        raise due(what)
    if "@" in parts.netloc:
        why = "an address with a user or password in it does not belong in a file"
        raise wrong(why)
    return value


Number = Annotated[Decimal, BeforeValidator(_decimal), Field(allow_inf_nan=False)]
Score = Annotated[Number, Field(ge=0, le=100)]
Share = Annotated[Number, Field(ge=0, le=1)]
Rupees = Annotated[Number, Field(ge=0, le=10**15)]
Dollars = Annotated[Number, Field(ge=0, le=10**6)]
Count = Annotated[StrictInt, Field(ge=1, le=10**6)]
Clock = Annotated[
    time,
    BeforeValidator(_clock),
    PlainSerializer(lambda moment: f"{moment:%H:%M}", return_type=str),
]
Symbol = Annotated[str, BeforeValidator(_symbol)]
Name = Annotated[str, BeforeValidator(_name)]
Mail = Annotated[str, BeforeValidator(mail_address)]
Web = Annotated[str, BeforeValidator(web_address)]


def once(names: tuple[str, ...], what: str) -> None:
    """Refuse a name that stands twice.

    Raises:
        PydanticCustomError: which.
    """
    for place, name in enumerate(names):
        if name in names[:place]:
            why = f"two {what} are called {shown(name)}"
            raise wrong(why)


def _distinct(symbols: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(symbols))


Symbols = Annotated[tuple[Symbol, ...], AfterValidator(_distinct)]
