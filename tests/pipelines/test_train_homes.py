"""Training in homes: what they hold, who else trains there, what the clock says."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import fields
from datetime import date, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from dexter.domain.filing import Basis
from dexter.domain.moment import IST
from dexter.errors import HomeUnwritableError, UsageError
from dexter.extraction.document import read
from dexter.ml.dataset import Dataset
from dexter.ml.judgement import FEWEST_EVENTS
from dexter.ml.outcomes import LABELS
from dexter.ml.sample_file import SAMPLE_FILE
from dexter.store.database import Database
from dexter.store.news import StoreNews
from dexter.store.tones import keep_tones
from pipelines import train
from pipelines.featurize import Featured, end_of, featurize, world_of
from pipelines.ingest import import_folder
from pipelines.train import (
    LABEL,
    TooFewEventsError,
    UnknownLabelError,
    dataset,
    families_of,
    learn,
)
from registry import lines
from registry.store import ModelStore
from tests.ml.making_events import CALENDAR
from tests.pipelines.making_training import (
    CREATED,
    TINY,
    UNTIL,
    lesson,
    quick,
    quiet,
    train_in,
)

ROOT = Path(__file__).resolve().parents[2]
MARKET = ROOT / "data" / "sample" / "market"
CUT = date(2025, 2, 14)
TIMES = ("announce_dt", "broadcast", "dt", "date", "ex_date", "change_date")


@pytest.fixture(scope="module", autouse=True)
def _quick() -> Iterator[None]:
    with quick():
        yield


def test_an_unknown_label_is_a_usage_error(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no label called") as refused:
        train.train(tmp_path, "to_the_moon", UNTIL, quiet, shelf=tmp_path)
    assert isinstance(refused.value, UnknownLabelError)
    assert all(name in refused.value.hint for name in LABELS)
    assert list(tmp_path.iterdir()) == []


def test_an_empty_home_has_too_few_events(tmp_path: Path) -> None:
    with pytest.raises(TooFewEventsError):
        train.train(tmp_path, LABEL, UNTIL, quiet, shelf=tmp_path / "shelf")
    assert ModelStore(tmp_path / "shelf", tmp_path).versions() == ()


def test_a_home_is_trained_on_and_keeps_a_challenger(tmp_path: Path) -> None:
    first, second = train_in(tmp_path), train_in(tmp_path, 12)
    assert (first.champion, second.challenger) == (True, True)
    assert second.manifest.created == CREATED
    history = ModelStore(tmp_path / "shelf", tmp_path).history()
    assert [act.at for act in history] == [CREATED, CREATED]


def test_the_same_training_again_registers_nothing_new(tmp_path: Path) -> None:
    assert train_in(tmp_path).manifest == train_in(tmp_path).manifest
    assert len(ModelStore(tmp_path / "shelf", tmp_path).versions()) == 1


def test_a_clock_in_the_past_is_recorded_as_told(tmp_path: Path) -> None:
    before = train_in(tmp_path).manifest.version
    past = datetime(1999, 1, 1, tzinfo=IST)
    manifest, files = learn(
        lesson(12), CALENDAR, LABEL, UNTIL - timedelta(days=90), quiet, past, TINY
    )
    models = ModelStore(tmp_path / "shelf", tmp_path)
    kept = models.register(manifest, files, at=past)
    assert kept.manifest.created == past
    assert kept.challenger
    assert models.champion().manifest.version == before
    assert models.verify(kept.manifest.version).manifest == manifest
    assert [act.at for act in models.history()] == [CREATED, past]
    promoted = models.promote(kept.manifest.version, force="a test", at=past)
    assert promoted.registered.champion
    assert models.rollback(at=past).manifest.version == before


def test_a_home_that_takes_nothing_says_so_before_the_work(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(train, "featurize", lambda *_: pytest.fail("it worked"))
    (tmp_path / "models").write_text("mine", encoding="utf-8")
    with pytest.raises(HomeUnwritableError, match="cannot be written") as refused:
        train.train(tmp_path, LABEL, UNTIL, quiet, shelf=tmp_path / "shelf")
    assert "\n" not in refused.value.sentence
    assert (tmp_path / "models").read_text(encoding="utf-8") == "mine"


def test_a_disk_that_fills_up_leaves_no_half_model(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write = lines.write

    def full(path: Path, content: bytes) -> None:
        if path.name == SAMPLE_FILE:
            raise OSError(28, "No space left on device")
        write(path, content)

    monkeypatch.setattr(lines, "write", full)
    with pytest.raises(HomeUnwritableError, match="No space left"):
        train_in(tmp_path)
    monkeypatch.undo()
    assert ModelStore(tmp_path / "shelf", tmp_path).versions() == ()
    assert train_in(tmp_path).champion


@pytest.mark.parametrize(
    "seeds",
    [(11, 12), pytest.param((11, 11), marks=pytest.mark.slow)],
    ids=["other events", "the same"],
)
def test_two_trainings_at_once_both_end_registered(
    tmp_path: Path, seeds: tuple[int, int]
) -> None:
    trainers = [
        subprocess.Popen(  # noqa: S603 - our own module
            [
                *(sys.executable, "-m", "tests.pipelines.making_training"),
                *(str(tmp_path), str(seed)),
            ],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for seed in seeds
    ]
    (tmp_path / "go").touch()
    said = [trainer.communicate(timeout=300) for trainer in trainers]
    assert [trainer.returncode for trainer in trainers] == [0, 0], said
    models = ModelStore(tmp_path / "shelf", tmp_path)
    versions = {registered.manifest.version for registered in models.versions()}
    assert versions == {out.strip() for out, _ in said}
    assert len(versions) == len(set(seeds))
    for version in versions:
        assert models.verify(version).manifest.events > FEWEST_EVENTS
    assert models.champion().manifest.version in versions


def test_the_end_of_a_day_is_indian() -> None:
    assert end_of(date(2025, 6, 30)).day == date(2025, 6, 30)
    assert end_of(date(2025, 6, 30)).explicit


def known_by(folder: Path, day: date) -> Path:
    """The sample market as somebody had it on a day: later rows are not in it."""
    pq = pytest.importorskip("pyarrow.parquet")
    pc = pytest.importorskip("pyarrow.compute")
    folder.mkdir()
    end = end_of(day).moment.replace(tzinfo=None)
    for path in MARKET.iterdir():
        if path.suffix != ".parquet":
            continue
        table = pq.read_table(path)
        told = next((n for n in TIMES if n in table.column_names), None)
        if told is not None:
            stamped = "timestamp" in str(table[told].type)
            kept = pc.less_equal(table[told], end if stamped else day)
            table = table.filter(kept)
        pq.write_table(table, folder / path.name)
    return folder


def test_rows_after_the_last_day_change_nothing(tmp_path: Path) -> None:
    parts: list[tuple[Featured, Dataset]] = []
    for name, market in (
        ("whole", MARKET),
        ("then", known_by(tmp_path / "market", CUT)),
    ):
        home = tmp_path / name
        import_folder(market, home, read=read)
        with closing(Database.open(home)) as database:
            found = featurize(database, CUT, quiet)
            parts.append((found, dataset(found, families_of(database), LABEL)))
    (whole, full), (then, cut) = parts
    assert len(whole.events) > 50
    assert [e.published_at for e in whole.events] == [
        e.published_at for e in then.events
    ]
    assert all(e.published_at <= end_of(CUT).moment for e in whole.events)
    assert whole.calendar.tolist() == then.calendar.tolist()
    assert len(full) > 20
    for one in fields(Dataset):
        ours, theirs = getattr(full, one.name), getattr(cut, one.name)
        assert (
            np.array_equal(ours, theirs, equal_nan=ours.dtype.kind == "f")
            if (isinstance(ours, np.ndarray))
            else ours == theirs
        ), one.name
    for name, column in whole.matrix.columns.items():
        other = then.matrix.columns[name]
        assert np.array_equal(column.values, other.values, equal_nan=True), name


def test_training_never_reads_tones_in_hindsight(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever the settings let questions see, a record holds what could be known."""
    monkeypatch.setenv("DEXTER_TONES_IN_HINDSIGHT", "true")
    import_folder(MARKET, tmp_path / "home", read=read)
    with closing(Database.open(tmp_path / "home")) as database:
        said = StoreNews(database).everything(end_of(CUT))
        digests = {one.said_digest: 0.5 for mine in said.values() for one in mine}
        later = datetime.combine(CUT + timedelta(days=1), datetime.min.time(), IST)
        keep_tones(database, "anthropic:late", digests, later)
        found = featurize(database, CUT, quiet, names=("model_tone_30",))
        world = world_of(database, CUT, Basis.STANDALONE, set(found.symbols))
        blind = world_of(
            database, CUT, Basis.STANDALONE, set(found.symbols), hindsight=True
        )
    assert digests
    assert not found.matrix.filled()["model_tone_30"]
    heard = [np.isfinite(one.sources.stories.model_tone) for one in (world, blind)]
    assert [one.any() for one in heard] == [False, True]


def test_results_without_any_prices_are_too_few_and_no_accident(
    tmp_path: Path,
) -> None:
    market = known_by(tmp_path / "market", CUT)
    for name in ("prices", "trading_calendar", "upper_circuit_days"):
        (market / f"{name}.parquet").unlink()
    import_folder(market, tmp_path / "home", read=read)
    with pytest.raises(TooFewEventsError):
        train.train(tmp_path / "home", LABEL, CUT, quiet, shelf=tmp_path / "shelf")
