"""What a release of the tests has for ``dexter``: a few lines that behave as told.

Its release folder holds ``behaviour``, words among:

    schema=N        the schema it reads; an older home is brought up, a later refused
    no-import       it does not start
    doctor-fails    doctor finds something broken
    config-fails    dexter.toml cannot be used
    half-migrates   its migration commits half of what it does, mangles rows, fails
    dies            its migration is killed in its transaction
    fails-in-force  it holds on a copy of the home and not on the home itself
    writes          somebody decides and sends while it is looked at, in the home
"""

# ruff: noqa: PLC0415, PTH110, PTH123 - started hundreds of times, so it loads little
import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from sqlite3 import Connection

RELEASE = os.path.realpath(__file__).rpartition("/venv/")[0]
with open(f"{RELEASE}/behaviour", encoding="utf-8") as told:
    WORDS = told.read().split()
OWN = int(next((w[7:] for w in WORDS if w.startswith("schema=")), "5"))


def main(words: list[str]) -> int:
    """Answer as the behaviour says."""
    if "no-import" in WORDS:
        msg = "no module named 'sqlalchemy'"
        raise ImportError(msg)
    if words[:2] == ["config", "check"]:
        return 2 if "config-fails" in WORDS else 0
    if words[:1] == ["doctor"]:
        return doctor(os.environ["DEXTER_HOME"])  # noqa: TID251 - as the real one
    return 0


def doctor(home: str) -> int:
    """Open the home, as the real one does."""
    if "doctor-fails" in WORDS:
        return 1
    in_force = ".rehearsal" not in home
    if os.path.exists(f"{home}/dexter.db"):
        import sqlite3

        with sqlite3.connect(f"{home}/dexter.db") as db:
            (found,) = db.execute("SELECT value FROM meta").fetchone()
            if int(found) > OWN:
                return 1
            if int(found) < OWN:
                migrate(db, in_force=in_force)
            if "writes" in WORDS and in_force:
                write(db)
    return int(in_force and "fails-in-force" in WORDS)


def migrate(db: "Connection", *, in_force: bool) -> None:
    """Bring the tables up, or fail at it where it is not a rehearsal."""
    db.execute("BEGIN")
    db.execute("ALTER TABLE outbox ADD COLUMN loudness TEXT")
    if "dies" in WORDS and in_force:
        os.kill(os.getpid(), 9)
    if "half-migrates" in WORDS and in_force:
        db.execute("UPDATE outbox SET state = 'sent'")
        db.execute("DELETE FROM outbox WHERE item = 'b'")
        db.commit()
        sys.exit(1)
    db.execute("UPDATE meta SET value = ?", (str(OWN),))
    db.commit()


def write(db: "Connection") -> None:
    """A letter goes out and another is put in, as by a timer nobody stopped."""
    db.execute("UPDATE outbox SET state = 'sent', tried_at = '10' WHERE item = 'a'")
    db.execute("INSERT OR IGNORE INTO outbox VALUES ('c', 'pending', NULL, 'loud')")
    db.commit()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
