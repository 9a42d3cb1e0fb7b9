"""The code that makes features, learns and scores, as one hash."""

import hashlib
from collections.abc import Iterator
from pathlib import Path

import dexter

_SCORING = ("scoring.py", "members.py", "logistic.py")


def code_hash() -> str:
    """A sha256 over the source of ``dexter.features``, ``dexter.ml`` and the scoring.

    It changes with every edit there, comments too; line ends do not count.
    """
    total = hashlib.sha256()
    for name, path in _sources():
        content = path.read_bytes().replace(b"\r\n", b"\n")
        total.update(f"{name} {hashlib.sha256(content).hexdigest()}\n".encode())
    return total.hexdigest()


def _sources() -> Iterator[tuple[str, Path]]:
    """Names independent of where the code lies, in one order everywhere."""
    package = Path(dexter.__file__ or "").parent
    found = {
        path.relative_to(package).as_posix(): path
        for room in ("features", "ml")
        for path in (package / room).rglob("*.py")
    }
    here = Path(__file__).parent
    found |= {f"registry/{name}": here / name for name in _SCORING}
    yield from sorted(found.items())
