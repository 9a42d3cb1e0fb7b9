"""A long-lived pool of processes in which one call can only ever cost itself.

The standard library's pool breaks as a whole when one of its processes dies, and cannot
stop a call that hangs. Here every worker has a pipe of its own and one call at a time:
the one that dies or is late is replaced, and its neighbours never notice.
"""

import multiprocessing
import pickle
import signal
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from multiprocessing.util import Finalize
from threading import Lock, Thread
from time import monotonic
from types import TracebackType
from typing import Any, Self, TypeVar
from weakref import ref

from dexter.errors import ComputeError, WorkerDiedError, WorkerLateError
from pipelines.worker import serve

T = TypeVar("T")
_CONTEXT = multiprocessing.get_context("forkserver")
_BOOT_SECONDS = 60.0
_GOODBYE_SECONDS = 5.0
_STILLBORN = 3
_BEFORE_CHILDREN = 10


@dataclass(frozen=True, slots=True)
class Caps:
    """What one call may take: seconds on the wall, megabytes of address space."""

    seconds: float = 300.0
    megabytes: int = 4096


@dataclass(slots=True)
class _Call:
    asked: bytes
    future: Future[Any]


class _Worker:
    """A process and the call it is at; it says itself when it is ready for one."""

    def __init__(self, megabytes: int) -> None:
        self.pipe: Connection[bytes, bytes]
        self.pipe, theirs = _CONTEXT.Pipe()
        self.process = _CONTEXT.Process(
            target=serve, args=(theirs, megabytes), daemon=True
        )
        self.process.start()
        theirs.close()
        self.born = self.ready = False
        self.call: _Call | None = None
        self.deadline: float | None = monotonic() + _BOOT_SECONDS

    def begin(self, call: _Call, seconds: float) -> None:
        self.call, self.ready = call, False
        self.deadline = monotonic() + seconds
        self.pipe.send_bytes(call.asked)

    def end(self) -> int | None:
        """Stop the process, give everything back, and say how it ended."""
        self.pipe.close()
        if self.call is not None or not self.born:
            self.process.kill()
        self.process.join(_GOODBYE_SECONDS)
        if self.process.is_alive():
            self.process.kill()
            self.process.join()
        code = self.process.exitcode
        self.process.close()
        return code


def _close(pool: "ref[Pool]") -> None:
    living = pool()
    if living is not None:
        living.close()


class Pool:
    """Processes that live as long as the pool; a ``dexter.ports.Compute``.

    Args:
        width: How many processes, started as calls come.
        caps: What each call may take.
    """

    def __init__(self, width: int, caps: Caps) -> None:
        self._width = width
        self._caps = caps
        self._waiting: deque[_Call] = deque()
        self._workers: list[_Worker] = []
        self._stillborn = 0
        self._lock = Lock()
        self._closed = False
        self._heard, self._bell = multiprocessing.Pipe(duplex=False)
        self._thread = Thread(target=self._run, name="dexter-pool", daemon=True)
        # Before the interpreter waits for its children: a worker started while it ends
        # would be waited for to the end of its call.
        Finalize(self, _close, args=(ref(self),), exitpriority=_BEFORE_CHILDREN)

    @property
    def width(self) -> int:
        """How many calls run at once."""
        return self._width

    def submit(self, work: Callable[..., T], /, *inputs: object) -> Future[T]:
        """Ask for ``work(*inputs)``; the future never waits longer than the caps.

        Raises:
            ComputeError: the pool is closed.
        """
        call = _Call(pickle.dumps((work, inputs)), Future())
        with self._lock:
            if self._closed:
                sentence = "The pool of processes is closed."
                raise ComputeError(sentence)
            self._waiting.append(call)
            if self._thread.ident is None:
                self._thread.start()
            self._bell.send_bytes(b"")
        return call.future

    def close(self) -> None:
        """End every process; calls not yet done are cancelled."""
        with self._lock:
            already, self._closed = self._closed, True
            started = self._thread.ident is not None
            if not already:
                self._bell.send_bytes(b"")
        if started:
            self._thread.join()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _run(self) -> None:
        # What is started from this thread is born deaf to Ctrl-C.
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
        try:
            while not self._closed:
                self._give()
                self._hear()
        except BaseException as error:  # noqa: BLE001 - a caller would wait for ever
            with self._lock:
                self._closed = True
            self._fail_all(error)
        finally:
            self._stop()

    def _give(self) -> None:
        """Calls to idle workers; more workers while calls wait and there is room."""
        idle = [worker for worker in self._workers if worker.ready]
        while idle and (call := self._next()):
            worker = idle.pop()
            try:
                worker.begin(call, self._caps.seconds)
            except OSError:
                self._lost(worker)
        coming = sum(w.call is None for w in self._workers)
        room = self._width - len(self._workers)
        for _ in range(min(room, len(self._waiting) - coming)):
            self._workers.append(_Worker(self._caps.megabytes))

    def _next(self) -> _Call | None:
        while self._waiting:
            call = self._waiting.popleft()
            if call.future.set_running_or_notify_cancel():
                return call
        return None

    def _hear(self) -> None:
        """Wait for an answer, an end, a new call, or the nearest deadline."""
        limits = [w.deadline for w in self._workers if w.deadline is not None]
        patience = max(0.0, min(limits) - monotonic()) if limits else None
        ready = wait([self._heard, *(w.pipe for w in self._workers)], patience)
        if self._heard in ready:
            self._heard.recv_bytes()
        for worker in tuple(self._workers):
            if worker.pipe in ready:
                self._answered(worker)
            elif worker.deadline is not None and worker.deadline <= monotonic():
                self._lost(worker, WorkerLateError(self._caps.seconds))

    def _answered(self, worker: _Worker) -> None:
        try:
            message = worker.pipe.recv_bytes()
        except (EOFError, OSError):
            self._lost(worker)
            return
        if not message:
            worker.born = worker.ready = True
            worker.deadline = None
            self._stillborn = 0
            return
        call, worker.call = worker.call, None
        # Until it says that it is ready again: a worn one ends here.
        worker.deadline = monotonic() + _BOOT_SECONDS
        if call is not None:
            _settle(call.future, message)

    def _lost(self, worker: _Worker, error: ComputeError | None = None) -> None:
        self._workers.remove(worker)
        code = worker.end()
        if worker.call is not None:
            worker.call.future.set_exception(error or WorkerDiedError(code))
        elif not worker.born:
            self._stillborn += 1
            if self._stillborn >= _STILLBORN:
                self._stillborn = 0
                self._fail_all(WorkerDiedError(code))

    def _fail_all(self, error: BaseException) -> None:
        while call := self._next():
            call.future.set_exception(error)

    def _stop(self) -> None:
        for worker in self._workers:
            worker.end()
            if worker.call is not None:
                worker.call.future.set_exception(WorkerDiedError())
        self._workers.clear()
        with self._lock:
            while self._waiting:
                call = self._waiting.popleft()
                call.future.cancel()
                call.future.set_running_or_notify_cancel()


def _settle(future: Future[Any], message: bytes) -> None:
    try:
        done, value = pickle.loads(message)  # noqa: S301 - from our own worker
    except Exception as error:  # noqa: BLE001 - what cannot be read is an answer too
        done, value = False, error
    if done:
        future.set_result(value)
    else:
        future.set_exception(value)
