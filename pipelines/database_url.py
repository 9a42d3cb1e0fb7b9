"""``DEXTER_DATABASE_URL``: the SQLite file of the home, and nothing else yet."""

from pathlib import Path

from dexter.errors import UnusableVariableError
from dexter.store.database import DATABASE_FILE

_VARIABLE = "DEXTER_DATABASE_URL"
_SQLITE = "sqlite:///"


def check(url: str, home: Path) -> None:
    """Refuse a database that is not the home's own.

    Raises:
        UnusableVariableError: it is another one; the URL is not told.
    """
    own = home / DATABASE_FILE
    named = Path(url.removeprefix(_SQLITE))
    if not url.startswith(_SQLITE) or named.resolve() != own.resolve():
        why = (
            f"data is kept in {DATABASE_FILE} of the home; PostgreSQL is not there yet"
        )
        hint = f"Leave it away, or say {_SQLITE}{own}; DEXTER_HOME moves the home."
        raise UnusableVariableError(_VARIABLE, why, hint)
