"""Work for a pool that misbehaves on purpose."""

import ctypes
import os
import signal
import time
from pathlib import Path


class OddError(Exception):
    """An error that cannot be made again from its arguments."""

    def __init__(self, first: str, second: str) -> None:
        super().__init__(first + second)


def doubled(number: int) -> int:
    return 2 * number


def crash(_: object = None) -> int:
    os._exit(3)


def fault(_: object = None) -> int:
    """What native code does at its worst."""
    os.kill(os.getpid(), signal.SIGSEGV)
    return 0


def crash_at_a_hundred(folder: str, number: int) -> int:
    """Leaves a mark for each time it ran."""
    (Path(folder) / f"{number}-{time.monotonic_ns()}").touch()
    return crash() if number == 100 else number


def hang(_: object = None) -> int:
    """Native code that neither ends nor takes signals: it holds the interpreter."""
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGALRM, signal.SIGTERM})
    ctypes.PyDLL(None).pause()
    return 0


def swallow(_: object = None) -> int:
    kept = []
    while True:
        kept.append(bytearray(500_000_000))


def grow(megabytes: int) -> int:
    """Takes memory within its cap, touching every page, and gives it back."""
    kept = bytearray(megabytes << 20)
    kept[::4096] = b"x" * len(kept[::4096])
    return os.getpid()


def process(_: object = None) -> int:
    return os.getpid()


def nap(seconds: float) -> int:
    time.sleep(seconds)
    return os.getpid()


def odd() -> int:
    first, second = "a", "b"
    raise OddError(first, second)


def leave() -> int:
    raise SystemExit(4)


def unspeakable() -> object:
    return lambda: 0


def threads() -> str | None:
    return os.environ.get("OMP_NUM_THREADS")  # noqa: TID251 - what a worker was given


def interrupts() -> bool:
    return signal.getsignal(signal.SIGINT) is signal.SIG_IGN


def stillborn(*_: object) -> None:
    os._exit(1)
