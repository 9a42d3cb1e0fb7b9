"""Homes of a test's own: to be used, changed and damaged as it likes."""

import shutil
from pathlib import Path


def lent(sample_home: Path, home: Path) -> Path:
    """A home with a copy of the session's sample market in it."""
    shutil.copytree(sample_home / "sample", home / "sample")
    return home


def shut(database: Path) -> None:
    """Make a SQLite file one beside which nothing can be made.

    Root may write anywhere, so a link to nowhere stands where the log's index would.
    """
    Path(f"{database}-shm").symlink_to("nowhere/index")
