"""What runs in the reading processes: a file's bytes through the reader, no more."""

import signal
import threading
from collections.abc import Callable
from pathlib import Path
from types import FrameType

from dexter.errors import DocumentTooLargeError
from dexter.extraction.result import Extraction

Read = Callable[[str, bytes], Extraction]
SECONDS_PER_DOCUMENT = 120


def leave_interrupts_to_parent() -> None:
    """Ctrl-C reaches every process of the terminal; only the parent answers it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def read_file(read: Read, path: str, name: str) -> Extraction:
    """Read one file where the pool runs, so that only its path travels there.

    A reading ends after two minutes, by the alarm signal; a pool of threads, which
    cannot take signals, has no such cap.

    Raises:
        DocumentError: the file refuses to be read, or reading it takes too long.
    """
    content = Path(path).read_bytes()
    alone = threading.current_thread() is threading.main_thread()
    if not alone or not hasattr(signal, "SIGALRM"):
        return read(Path(name).name, content)

    def stop(_signal: int, _frame: FrameType | None) -> None:
        what = f"reading it took longer than {SECONDS_PER_DOCUMENT} seconds"
        raise DocumentTooLargeError(Path(name).name, what)

    before = signal.signal(signal.SIGALRM, stop)
    signal.alarm(SECONDS_PER_DOCUMENT)
    try:
        return read(Path(name).name, content)
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)
