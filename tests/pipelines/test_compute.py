"""One call costs itself: crashes, hangs, memory bombs; and nothing outlives a pool."""

import multiprocessing
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest

from dexter.errors import (
    ClusterError,
    ComputeError,
    WorkerDiedError,
    WorkerLateError,
    WorkerMemoryError,
)
from dexter.ports import Compute
from pipelines.compute import each, opened, usable
from pipelines.pool import Caps, Pool
from tests.conftest import ROOT
from tests.pipelines import compute_scenes as scenes


@pytest.fixture(scope="module")
def pool() -> Iterator[Pool]:
    """Two workers under small caps."""
    with Pool(2, Caps(seconds=4, megabytes=1024)) as made:
        yield made


def settled(
    pool: Compute, work: Callable[..., Any], inputs: Iterable[Any]
) -> list[Any]:
    """What each call came to, value or error, in the order asked."""
    calls = ((index, (one,)) for index, one in enumerate(inputs))
    found = {
        index: done.exception() or done.result()
        for index, done in each(pool, work, calls)
    }
    return [found[index] for index in sorted(found)]


def test_the_same_few_processes_do_all_the_work(pool: Pool) -> None:
    seen = set(settled(pool, scenes.process, range(40)))
    assert len(seen) <= 2
    assert os.getpid() not in seen
    assert settled(pool, scenes.doubled, range(40)) == [2 * n for n in range(40)]


def test_a_crash_costs_one_call_of_two_hundred(pool: Pool, tmp_path: Path) -> None:
    calls = ((n, (str(tmp_path), n)) for n in range(200))
    lost, kept = {}, []
    for key, done in each(pool, scenes.crash_at_a_hundred, calls):
        if done.exception():
            lost[key] = done.exception()
        else:
            kept.append(done.result())
    assert sorted(kept) == [n for n in range(200) if n != 100]
    assert list(lost) == [100]
    assert isinstance(lost[100], WorkerDiedError)
    # Nobody's work was lost, so nobody's was done twice.
    ran = Counter(mark.name.partition("-")[0] for mark in tmp_path.iterdir())
    assert set(ran.values()) == {1}
    assert len(ran) == 200


@pytest.mark.parametrize(
    ("work", "kind"),
    [
        (scenes.crash, WorkerDiedError),
        (scenes.fault, WorkerDiedError),
        (scenes.leave, WorkerDiedError),
        (scenes.hang, WorkerLateError),
        (scenes.swallow, WorkerMemoryError),
    ],
)
def test_the_worst_a_call_can_do(
    pool: Pool, work: Callable[..., Any], kind: type[ComputeError]
) -> None:
    began = time.monotonic()
    guilty = pool.submit(work)
    neighbours = [pool.submit(scenes.doubled, n) for n in range(20)]
    assert [one.result() for one in neighbours] == [2 * n for n in range(20)]
    error = guilty.exception()
    assert isinstance(error, kind)
    assert error.sentence.endswith(".")
    assert time.monotonic() - began < 20


def test_a_late_call_is_stopped_at_its_cap(pool: Pool) -> None:
    began = time.monotonic()
    assert isinstance(pool.submit(scenes.hang).exception(), WorkerLateError)
    assert 3.9 < time.monotonic() - began < 10


def test_errors_of_the_work_come_back_as_they_are(pool: Pool) -> None:
    assert isinstance(pool.submit(int, "x").exception(), ValueError)
    # These cannot be carried over; the pool goes on all the same.
    assert "OddError" in repr(pool.submit(scenes.odd).exception())
    assert "lambda" in repr(pool.submit(scenes.unspeakable).exception())
    assert pool.submit(scenes.doubled, 4).result() == 8


def test_a_worker_that_grew_large_does_not_meet_the_next_call(pool: Pool) -> None:
    large = pool.submit(scenes.grow, 600).result()
    assert large not in settled(pool, scenes.process, range(20))


def test_a_worker_has_one_thread_and_leaves_interrupts_alone(pool: Pool) -> None:
    assert pool.submit(scenes.threads).result() == "1"
    assert pool.submit(scenes.interrupts).result()


def test_inputs_are_made_only_a_few_ahead(pool: Pool) -> None:
    made = []

    def inputs() -> Iterator[tuple[int, tuple[float]]]:
        for n in range(100):
            made.append(n)
            yield n, (0.0,)

    for _ in each(pool, scenes.nap, inputs()):
        break
    assert len(made) <= 3 * pool.width


def test_two_workers_work_at_the_same_time() -> None:
    with Pool(2, Caps()) as made:
        settled(made, scenes.nap, [0.2, 0.2])
        began = time.monotonic()
        assert len(set(settled(made, scenes.nap, [0.5, 0.5]))) == 2
        assert time.monotonic() - began < 0.95


def test_closing_ends_every_process_and_call() -> None:
    made = Pool(1, Caps())
    child = made.submit(scenes.process).result()
    running, waiting = made.submit(scenes.nap, 60), made.submit(scenes.nap, 60)
    time.sleep(0.2)
    made.close()
    assert isinstance(running.exception(0), WorkerDiedError)
    assert waiting.cancelled()
    assert child not in {one.pid for one in multiprocessing.active_children()}
    with pytest.raises(ComputeError, match="closed"):
        made.submit(scenes.doubled, 1)
    made.close()


def test_workers_that_cannot_start_end_the_calls(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("pipelines.pool.serve", scenes.stillborn)
    with Pool(2, Caps()) as made:
        calls = [made.submit(scenes.doubled, n) for n in range(3)]
        assert [type(one.exception(30)) for one in calls] == [WorkerDiedError] * 3


_ORPHANS = """
import os, signal, sys, time
from pipelines.pool import Caps, Pool
from tests.pipelines import compute_scenes as scenes
if __name__ == "__main__":
    # Started in the background, a process ignores SIGINT, and so do its children.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    pool = Pool(2, Caps())
    print(pool.submit(scenes.process).result(), flush=True)
    pool.submit(scenes.nap, 60)
    time.sleep(60)
"""


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGINT])
def test_workers_end_with_their_parent(how: signal.Signals, tmp_path: Path) -> None:
    script = tmp_path / "parent.py"
    script.write_text(_ORPHANS, encoding="utf-8")
    parent = subprocess.Popen(  # noqa: S603 - our own code
        [sys.executable, script],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},  # noqa: TID251 - a child's own
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    with parent:
        assert parent.stdout is not None
        worker = int(parent.stdout.readline())
        os.kill(parent.pid, how)
        parent.wait(20)
    for _ in range(100):
        try:
            os.kill(worker, 0)
        except ProcessLookupError:
            return
        time.sleep(0.1)
    pytest.fail("a worker outlived its parent")


def test_dask_that_is_not_there_is_one_sentence(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(ClusterError) as told, opened(dask="tcp://127.0.0.1:1"):
        pass
    assert "not installed" in told.value.sentence
    assert "dask" in told.value.hint


def test_one_worker_for_each_processor_unless_told() -> None:
    with opened() as place:
        assert place.width == usable() >= 1
    with opened(3) as place:
        assert place.width == 3


@pytest.mark.slow
def test_a_dask_cluster_keeps_the_same_caps() -> None:
    distributed = pytest.importorskip("distributed")
    with (
        distributed.LocalCluster(
            n_workers=2, threads_per_worker=1, dashboard_address=None
        ) as cluster,
        opened(dask=cluster.scheduler_address, caps=Caps(2, 1024)) as place,
    ):
        assert settled(place, scenes.doubled, range(20)) == [2 * n for n in range(20)]
        for work, kind in (
            (scenes.crash, WorkerDiedError),
            (scenes.hang, WorkerLateError),
            (scenes.swallow, WorkerMemoryError),
        ):
            assert isinstance(place.submit(work).exception(), kind)
        assert settled(place, scenes.doubled, range(20)) == [2 * n for n in range(20)]
