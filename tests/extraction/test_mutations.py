"""Two thousand broken files: each ends as a value or a refusal, none lies."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from dexter.errors import ComputeError, DexterError
from pipelines.compute import each, opened
from pipelines.pool import Caps
from tests.conftest import SHARED
from tests.extraction.mutations import ending

FILINGS = SHARED / "data" / "filings"
CAPS = Caps(seconds=60, megabytes=4096)


def real(kind: str) -> tuple[Path, ...]:
    """A few real files whose pages are born digital, where they are on the machine."""
    if kind == "pdf":
        names = (
            "pdf/**/MUNCAPM_2015*results*.pdf",
            "pdf/**/SHRMEAST_2016*results*.pdf",
        )
        return tuple(path for name in names for path in sorted(FILINGS.glob(name))[:1])
    return tuple(sorted(FILINGS.glob("xbrl/**/*.xml"))[:6])


def endings(kind: str, count: int) -> Iterator[tuple[str, list[str]]]:
    """How each broken file ends, read in processes that may die."""
    files = real(kind)
    with opened(workers=2, caps=CAPS) as compute:
        calls = ((seed, (kind, seed, files)) for seed in range(count))
        for seed, future in each(compute, ending, calls):
            error = future.exception()
            if error is None:
                yield future.result()
            elif isinstance(error, ComputeError):
                yield f"lost: {type(error).__name__}", []
            else:
                named = isinstance(error, DexterError)
                yield "refused", [] if named else [f"{kind}-{seed}: {error!r}"]


def check(kind: str, count: int) -> None:
    ends: Counter[str] = Counter()
    faults: list[str] = []
    for end, wrong in endings(kind, count):
        ends[end] += 1
        faults += wrong
    assert not faults
    assert ends.total() == count
    assert ends["accepted"] > count // 20, "too little is left to check"
    # A crash or a hang costs its one file; more than a few would be a bug of ours.
    assert sum(n for end, n in ends.items() if end.startswith("lost")) <= count // 100


@pytest.mark.parametrize("kind", ["pdf", "xbrl"])
def test_broken_files_end_as_values_or_refusals(kind: str) -> None:
    faults = [fault for seed in range(25) for fault in ending(kind, seed)[1]]
    assert not faults


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["pdf", "xbrl"])
def test_a_thousand_broken_files_end_as_values_or_refusals(kind: str) -> None:
    check(kind, 1_000)
