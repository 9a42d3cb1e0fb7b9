"""What an import is compared by, and readers that misbehave on purpose."""

import os
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import sqlalchemy as sa

from dexter.errors import TruncatedDocumentError
from dexter.extraction.document import read
from dexter.extraction.result import Extraction
from dexter.store.database import Database
from dexter.store.tables import metadata

# Where a file came from in its folder, not what it says.
_FREE = {"imports"}


def contents(home: Path) -> dict[str, list[tuple[object, ...]]]:
    """Every row of every table, sorted."""
    database = Database.open(home)
    with database.read() as connection:
        found = {
            name: sorted(
                (tuple(row) for row in connection.execute(sa.select(table))), key=repr
            )
            for name, table in metadata.tables.items()
            if name not in _FREE
        }
    database.close()
    return found


class OneThread(ThreadPoolExecutor):
    """Work in this very process, which is quicker for a few small files."""

    width = 1


def truncated(name: str, content: bytes) -> Extraction:
    """Refuses one document, reads the others."""
    if name.startswith("KAVCEM_20250630"):
        raise TruncatedDocumentError(name)
    return read(name, content)


def deadly(name: str, content: bytes) -> Extraction:
    """One document takes its process down."""
    if name.startswith("KAVCEM_20250630"):
        os._exit(9)
    return read(name, content)


def endless(name: str, content: bytes) -> Extraction:
    """One document is never done."""
    while name.startswith("KAVCEM_20250630"):
        time.sleep(1)
    return read(name, content)
