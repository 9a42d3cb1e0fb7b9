"""The picture that goes with a message, where there is one."""

from pathlib import Path

_MOST_BYTES = 10_000_000
_PNG = b"\x89PNG\r\n\x1a\n"


def png(home: Path, chart: str | None) -> bytes | None:
    """A PNG below the home, or none: absent, elsewhere, too large, or no PNG.

    Args:
        home: Where charts lie.
        chart: Its path, from there.
    """
    if chart is None:
        return None
    path = (home / chart).resolve()
    if not path.is_relative_to(home.resolve()):
        return None
    try:
        with path.open("rb") as file:
            content = file.read(_MOST_BYTES + 1)
    except (OSError, ValueError):
        return None
    fits = len(content) <= _MOST_BYTES and content.startswith(_PNG)
    return content if fits else None
