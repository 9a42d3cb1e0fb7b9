"""SQLite files in a folder that may not be written: looked at, never changed."""

from pathlib import Path
from urllib.parse import quote


def address(path: Path) -> str:
    """Under which a SQLite file opens to be read alone, as a URI.

    Whoever reads along with a write-ahead log needs the index beside it, and makes it
    where it is not there. Without log and index the file is taken as one that nobody
    changes: nothing is made beside it then.
    """
    log, index = (Path(f"{path}{end}") for end in ("-wal", "-shm"))
    logged = index.is_file() or (log.is_file() and log.stat().st_size > 0)
    still = "" if logged else "&immutable=1"
    return f"file:{quote(str(path))}?mode=ro{still}"


def refused(why: str) -> bool:
    """Whether this is how SQLite says that it may not write where a file lies."""
    return "readonly" in why or "unable to open" in why
