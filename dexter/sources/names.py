"""Names that a payload gives a file, made safe before they become an address."""

import re

from dexter.errors import SourceShapeError
from dexter.sources.text import shown

_PARTS = re.compile(r"[\\/]")
_SAFE = re.compile(r"[\w][\w .()&,'+@=~\[\]-]{0,199}", re.ASCII)
_TWICE = re.compile(r"(\.[A-Za-z]{3,5})(?:\1)+\Z", re.IGNORECASE)


def last_part(source: str, name: str) -> str:
    """The last part of a name that may hold backslashes, slashes and ``.pdf.pdf``.

    A doubled ending is part of the name on the exchange's disk, and stays.

    Raises:
        SourceShapeError: What is left is no plain file name.
    """
    part = _PARTS.split(name.strip())[-1].strip()
    if not _SAFE.fullmatch(part) or part.endswith("."):
        why = f"{shown(name)} is no name of a file"
        raise SourceShapeError(source, "attachment names", why)
    return part


def undoubled(name: str) -> str:
    """The name with a doubled ending said once: ``a.pdf.pdf`` is ``a.pdf``."""
    return _TWICE.sub(r"\1", name)
