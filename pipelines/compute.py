"""Where CPU work runs: a pool of processes here, or a Dask cluster by its address."""

import importlib
import multiprocessing
import os
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, wait
from contextlib import contextmanager
from functools import lru_cache
from itertools import islice
from typing import Any, TypeVar

from dexter.errors import ClusterError
from dexter.ports import Compute
from pipelines.pool import Caps, Pool

K = TypeVar("K")
T = TypeVar("T")
_AHEAD = 2
_CONNECT_SECONDS = 10


@contextmanager
def opened(
    workers: int | None = None, dask: str | None = None, caps: Caps | None = None
) -> Iterator[Compute]:
    """A place for CPU work, closed in the end.

    Args:
        workers: Processes on this machine; one for each usable processor when none.
        dask: The address of a Dask scheduler to work on instead.
        caps: What each call may take.

    Raises:
        ClusterError: Dask is not installed, or its scheduler does not answer.
    """
    caps = caps or Caps()
    place = Cluster(dask, caps) if dask else Pool(workers or usable(), caps)
    try:
        yield place
    finally:
        place.close()


def usable() -> int:
    """How many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def each(
    compute: Compute,
    work: Callable[..., T],
    calls: Iterable[tuple[K, tuple[Any, ...]]],
) -> Iterator[tuple[K, Future[T]]]:
    """``work(*inputs)`` for every call, in the order they finish.

    Inputs are taken only a few ahead of the work, so they may be made as they are
    needed. Leaving the loop cancels what has not begun.

    Args:
        compute: Where to work.
        work: A picklable function.
        calls: Pairs of a key of the caller's own and the inputs.
    """
    source = iter(calls)
    asked: dict[Future[T], K] = {}
    try:
        while True:
            room = _AHEAD * compute.width - len(asked)
            for key, inputs in islice(source, room):
                asked[compute.submit(work, *inputs)] = key
            if not asked:
                return
            done, _ = wait(asked, return_when=FIRST_COMPLETED)
            for future in done:
                yield asked.pop(future), future
    finally:
        for future in asked:
            future.cancel()


class Cluster:
    """A Dask cluster's executor; a ``dexter.ports.Compute``.

    On the machine that takes a call it runs in a pool of that machine, so the same
    caps hold there: Dask alone can neither stop a call nor survive its crash unharmed.
    """

    def __init__(self, url: str, caps: Caps) -> None:
        try:
            # By name: it is an extra, and most machines do without.
            distributed = importlib.import_module("distributed")
        except ImportError as error:
            raise ClusterError.missing() from error
        try:
            self._client = distributed.Client(url, timeout=_CONNECT_SECONDS)
        except (OSError, TimeoutError, ValueError) as error:
            why = str(error) or type(error).__name__
            raise ClusterError.unreachable(url, why) from error
        self._executor = self._client.get_executor(pure=False, retries=0)
        self._caps = caps

    @property
    def width(self) -> int:
        """How many calls run at once, as the cluster is now."""
        return max(1, sum(map(int, self._client.nthreads().values())))

    def submit(self, work: Callable[..., T], /, *inputs: object) -> Future[T]:
        """Ask for ``work(*inputs)`` on some machine of the cluster."""
        future: Future[T] = self._executor.submit(_apart, self._caps, work, *inputs)
        return future

    def close(self) -> None:
        """Leave the cluster, which drops the calls nobody waits for any more."""
        self._client.close()


def _apart(caps: Caps, work: Callable[..., T], *inputs: object) -> T:
    """On a machine of the cluster: the call in a process that may die."""
    # Dask's nanny marks its workers as daemons, which may have no children; ours end
    # by themselves with the worker.
    multiprocessing.current_process()._config["daemon"] = False  # type: ignore[attr-defined]  # noqa: SLF001
    return _pool_here(caps).submit(work, *inputs).result()


@lru_cache(maxsize=1)
def _pool_here(caps: Caps) -> Pool:
    return Pool(usable(), caps)
