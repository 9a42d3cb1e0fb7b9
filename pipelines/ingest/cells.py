"""Cells of exchange files as typed values; what cannot be read is absent."""

import math
import re
from datetime import date, datetime
from decimal import Decimal

from dexter.domain.filing import Basis
from dexter.domain.moment import IST

_FORMATS = (
    "%d-%b-%Y %H:%M:%S",
    "%d-%b-%Y %H:%M",
    "%d-%b-%Y",
    "%d %b %Y",
    "%d-%m-%Y",
    "%d/%m/%Y",
)
_STAMP = re.compile(r"^\d{8}_\d{4,6}_")
_MAX_FRACTION = 6


def exact(value: float | None) -> Decimal | None:
    """A binary float as the shortest decimal that prints the same; NaN is absent."""
    if value is None or not math.isfinite(value):
        return None
    if value == int(value):
        return Decimal(int(value))
    return Decimal(repr(value))


def ist(value: datetime | None) -> datetime | None:
    """A naive exchange time with the IST offset it is meant in."""
    return value.replace(tzinfo=IST) if value is not None else None


def moment(text: object) -> datetime | None:
    """An exchange time (``18-Oct-2023 22:11:42``, ISO without offset), in IST."""
    if not isinstance(text, str) or not text.strip():
        return None
    plain = " ".join(text.split())
    for form in _FORMATS[:2]:
        try:
            return datetime.strptime(plain.title(), form).replace(tzinfo=IST)
        except ValueError:
            continue
    try:
        found = datetime.fromisoformat(_whole_fraction(plain))
    except ValueError:
        return None
    if len(plain) <= len("2023-10-18"):
        return None
    return found.replace(tzinfo=IST) if found.tzinfo is None else found.astimezone(IST)


def day(text: object) -> date | None:
    """A date as the exchanges write it (``30-Oct-2023``, ``23 Oct 2023``, ISO)."""
    if not isinstance(text, str) or not text.strip():
        return None
    plain = " ".join(text.split()).title()
    for form in _FORMATS:
        try:
            return datetime.strptime(plain, form).replace(tzinfo=IST).date()
        except ValueError:
            continue
    try:
        return date.fromisoformat(plain[:10])
    except ValueError:
        return None


def basis(text: object) -> Basis | None:
    """``Consolidated``, ``Non-Consolidated`` and ``Standalone`` as a basis."""
    word = str(text).strip().lower()
    if word == "consolidated":
        return Basis.CONSOLIDATED
    if word in {"non-consolidated", "standalone"}:
        return Basis.STANDALONE
    return None


def base_name(address: object) -> str | None:
    """The file name of a URL or path, without a download stamp, in lower case.

    None for the exchanges' placeholders (``…/-``, ``…/null``).
    """
    if not isinstance(address, str):
        return None
    name = re.split(r"[/\\]", address.strip())[-1].split("?")[0].lower()
    name = _STAMP.sub("", name)
    return None if name in {"", "-", "null"} or "." not in name else name


def text(value: object) -> str | None:
    """Text without surrounding space; blanks and dashes are absent."""
    plain = str(value).strip() if value is not None else ""
    return None if plain in {"", "-", "nan", "None"} else plain


def _whole_fraction(plain: str) -> str:
    """``…22.95`` as ``…22.950000``: one to six digits are all seen in the wild."""
    head, dot, tail = plain.partition(".")
    if not dot or not tail.isdigit():
        return plain
    return f"{head}.{tail[:_MAX_FRACTION].ljust(_MAX_FRACTION, '0')}"


def midnight(value: date) -> date:
    """A day, whether the column holds dates or midnights."""
    return value.date() if isinstance(value, datetime) else value
