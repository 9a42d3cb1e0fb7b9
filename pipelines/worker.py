"""A process that works for :class:`pipelines.pool.Pool`, from its own side.

It answers one call after another over its pipe. What it cannot stop by itself (native
code that hangs or crashes), the pool stops from outside.
"""

import multiprocessing
import os
import pickle
import resource
import signal
import sys
import traceback
from multiprocessing.connection import Connection
from threading import Thread
from typing import Any

from dexter.errors import DexterError, WorkerDiedError, WorkerMemoryError

_ONE_THREAD = (
    "OMP_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "MKL_NUM_THREADS",
    "NUMEXPR_NUM_THREADS",
)
_MEGABYTE = 1 << 20
# ru_maxrss counts kilobytes, on macOS bytes.
_RSS_UNIT = 1 if sys.platform == "darwin" else 1024


def serve(pipe: "Connection[bytes, bytes]", megabytes: int) -> None:
    """Answer calls until the pipe closes.

    Args:
        pipe: Carries pickled ``(work, inputs)`` in and ``(done, value or error)`` out;
            an empty message out says that the worker is ready for a call.
        megabytes: The address space this process may take.
    """
    # Ctrl-C reaches every process of the terminal; only the parent answers it.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # As many workers as processors, so one thread each.
    os.environ.update(dict.fromkeys(_ONE_THREAD, "1"))  # noqa: TID251 - a worker's own environment
    cap = megabytes * _MEGABYTE
    resource.setrlimit(resource.RLIMIT_AS, (cap, cap))
    Thread(target=_end_with_parent, daemon=True).start()
    try:
        while not _worn(cap):
            pipe.send_bytes(b"")
            pipe.send_bytes(_answer(pipe.recv_bytes(), megabytes))
    except (EOFError, OSError):
        return


def _end_with_parent() -> None:
    """A worker deep in native code must not outlive a parent that was killed."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _answer(asked: bytes, megabytes: int) -> bytes:
    try:
        work, inputs = pickle.loads(asked)  # noqa: S301 - from our own parent
        done: tuple[bool, Any] = (True, work(*inputs))
        return pickle.dumps(done)
    except MemoryError:
        return pickle.dumps((False, WorkerMemoryError(megabytes)))
    except BaseException as error:  # noqa: BLE001 - whatever it is, it is the answer
        return _refusal(error)


def _refusal(error: BaseException) -> bytes:
    if not isinstance(error, DexterError):
        error.add_note("".join(traceback.format_exception(error)))  # for --debug
    if not isinstance(error, Exception):
        error = WorkerDiedError()  # an exit or interrupt is not the caller's own
    try:
        told = pickle.dumps((False, error))
        pickle.loads(told)  # noqa: S301 - some can be written and not read
    except Exception:  # noqa: BLE001 - an error that cannot travel is told in words
        return pickle.dumps((False, RuntimeError(repr(error))))
    return told


def _worn(cap: int) -> bool:
    """Whether it once took half its cap: the next call deserves a fresh process."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * _RSS_UNIT
    return peak > cap // 2
