"""Record, resume, replay, verify: whatever is not a pure function goes through here."""

from dexter.journal.bundle import Bundle, export, load
from dexter.journal.journal import Journal, Mode
from dexter.journal.ports import journalled
from dexter.journal.sqlite import SqliteJournalStore
from dexter.journal.store import JournalStore, MemoryJournalStore, ended_as
from dexter.journal.verify import Fault, FaultKind, Verification, trusted, verify

__all__ = [
    "Bundle",
    "Fault",
    "FaultKind",
    "Journal",
    "JournalStore",
    "MemoryJournalStore",
    "Mode",
    "SqliteJournalStore",
    "Verification",
    "ended_as",
    "export",
    "journalled",
    "load",
    "trusted",
    "verify",
]
