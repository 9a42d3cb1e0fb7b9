"""What is registered stays what it was, or says so."""

import errno
import json
import os
from pathlib import Path

import pytest

from dexter.errors import HomeUnwritableError, IntegrityError, PredictorError
from registry.index import INDEX_FILE
from registry.manifest import MANIFEST_FILE, MODEL_FILE
from registry.registered import (
    DamagedModelError,
    NoChampionError,
    UnknownModelError,
    VersionTakenError,
    digest,
)
from registry.store import ModelStore
from tests.registry.making import NOON, SHIPPED, better, ensemble, model, store


class KilledError(BaseException):
    """The process ends here; nothing of ours may catch it."""


def test_the_first_model_becomes_champion_and_the_second_a_challenger(
    tmp_path: Path,
) -> None:
    models = store(tmp_path)
    first, second = model(1), model(2)
    assert models.register(*first, at=NOON).champion
    assert models.challenger() is None
    challenger = models.register(*second, at=NOON)
    assert challenger.challenger
    assert not challenger.champion
    assert models.champion().manifest == first[0]
    assert models.challenger() == challenger
    assert {m.manifest.version for m in models.versions()} == {
        first[0].version,
        second[0].version,
    }


def test_registering_again_changes_nothing(tmp_path: Path) -> None:
    models = store(tmp_path)
    models.register(*model(1))
    models.register(*model(2))
    before = {p: p.read_bytes() for p in tmp_path.rglob("*") if p.is_file()}
    later, files = model(2)
    models.register(later.model_copy(update={"created": None}), files)
    assert {p: p.read_bytes() for p in tmp_path.rglob("*") if p.is_file()} == before


def test_a_version_is_never_given_to_another_model(tmp_path: Path) -> None:
    models = store(tmp_path)
    first = models.register(*model(1)).manifest.version
    other, files = model(2)
    with pytest.raises(VersionTakenError, match="other weights"):
        models.register(other.model_copy(update={"version": first}), files)
    assert models.verify(first).champion


def test_files_that_are_not_the_manifests_are_refused(tmp_path: Path) -> None:
    made, files = model()
    for wrong in ({}, {MODEL_FILE: b"x"}, {**files, "more.txt": b"x"}):
        with pytest.raises(DamagedModelError, match="not what its manifest says"):
            store(tmp_path).register(made, wrong)
    assert store(tmp_path).versions() == ()


def test_a_manifest_that_would_not_read_again_is_not_written(tmp_path: Path) -> None:
    made, files = model()
    odd = made.model_copy(update={"base_rate": float("nan")})
    with pytest.raises(DamagedModelError, match="does not read"):
        store(tmp_path).register(odd, files)
    assert not (tmp_path / "home").exists()


def test_reports_are_kept_and_read_by_their_hash(tmp_path: Path) -> None:
    made, files = model()
    report = b"<html></html>"
    whole = made.model_copy(
        update={"files": {**made.files, "report.html": digest(report)}}
    )
    registered = store(tmp_path).register(whole, {**files, "report.html": report})
    assert registered.file("report.html") == report
    with pytest.raises(DamagedModelError, match="none of its files"):
        registered.file("../aliases.jsonl")
    (registered.folder / "report.html").write_bytes(b"<html>better</html>")
    with pytest.raises(IntegrityError, match="not what was registered"):
        store(tmp_path).verify(whole.version)


def test_a_shipped_champion_serves_until_the_home_chooses(tmp_path: Path) -> None:
    models = store(tmp_path)
    shipped = models.register(*ensemble(1)).manifest.version
    models.ship(shipped)
    fresh = ModelStore(tmp_path / "shelf", tmp_path / "elsewhere")
    assert fresh.champion().shipped
    assert fresh.verify(shipped).champion
    own = fresh.register(*better(model(2))).manifest.version
    assert fresh.champion().manifest.version == shipped
    fresh.promote(own)
    assert fresh.champion().manifest.version == own
    assert fresh.rollback().manifest.version == shipped
    with pytest.raises(PredictorError, match="no earlier champion"):
        fresh.rollback()


def test_without_any_model_there_is_no_champion(tmp_path: Path) -> None:
    with pytest.raises(NoChampionError, match="no champion model"):
        store(tmp_path).champion()
    assert store(tmp_path).versions() == ()
    assert list(tmp_path.iterdir()) == [], "reading makes no folder"


@pytest.mark.parametrize("version", ["nothing", "../home", "", "..", ".twins"])
def test_an_unknown_version_is_said_so(tmp_path: Path, version: str) -> None:
    models = store(tmp_path)
    models.register(*model())
    with pytest.raises(UnknownModelError):
        models.show(version)


def test_verify_catches_every_flipped_byte(tmp_path: Path) -> None:
    models = store(tmp_path)
    registered = models.register(*ensemble())
    version = registered.manifest.version
    assert models.verify(version) == registered
    for name in registered.manifest.files:
        path = registered.folder / name
        content = path.read_bytes()
        for place in (0, len(content) // 2, len(content) - 1):
            broken = bytearray(content)
            broken[place] ^= 1
            path.write_bytes(broken)
            with pytest.raises(IntegrityError, match="not what was registered"):
                models.verify(version)
            with pytest.raises(IntegrityError):
                models.promote(version)
            with pytest.raises(IntegrityError):
                models.scoring(registered)
        path.write_bytes(content)
    models.verify(version)


def test_verify_catches_a_missing_file(tmp_path: Path) -> None:
    models = store(tmp_path)
    registered = models.register(*model())
    (registered.folder / MODEL_FILE).unlink()
    with pytest.raises(IntegrityError, match="cannot be read"):
        models.verify(registered.manifest.version)


def test_verify_catches_a_model_that_scores_otherwise(tmp_path: Path) -> None:
    made, files = model()
    drifted = made.proofs[0].model_copy(update={"raw": made.proofs[0].raw + 0.01})
    changed = made.model_copy(update={"proofs": (drifted, *made.proofs[1:])})
    models = store(tmp_path)
    with pytest.raises(IntegrityError, match="proofs"):
        models.register(changed, files)
    with pytest.raises(IntegrityError, match="proofs"):
        models.verify(made.version)
    with pytest.raises(NoChampionError):
        models.champion()


def test_an_edited_manifest_is_refused_however_well_it_reads(tmp_path: Path) -> None:
    models = store(tmp_path)
    registered = models.register(*model())
    path = registered.folder / MANIFEST_FILE
    told = json.loads(path.read_bytes())
    told["bounds"]["threshold"] = 0.01
    for text in (json.dumps(told), json.dumps({**told, "format": 1})):
        path.write_text(text)
        for read in (models.champion, models.versions):
            with pytest.raises(IntegrityError, match="manifest is not what was"):
                read()


def test_a_model_laid_into_the_home_by_hand_is_refused(tmp_path: Path) -> None:
    models = store(tmp_path)
    registered = models.register(*model())
    (tmp_path / "home" / "models" / INDEX_FILE).unlink()
    with pytest.raises(IntegrityError, match="nobody registered it"):
        models.show(registered.manifest.version)


@pytest.mark.parametrize("length", [0, 1, 100, -2])
def test_a_truncated_manifest_is_damage(tmp_path: Path, length: int) -> None:
    models = store(tmp_path)
    registered = models.register(*model())
    models.register(*model(2))
    path = registered.folder / MANIFEST_FILE
    path.write_bytes(path.read_bytes()[:length])
    with pytest.raises(IntegrityError):
        models.versions()
    found, damaged = models.survey()
    assert [m.manifest.version for m in found] == [model(2)[0].version]
    assert [type(error) for error in damaged] == [DamagedModelError]


def test_damage_is_told_by_what_is_wrong(tmp_path: Path) -> None:
    shelf = tmp_path / "shelf"
    for version, text, said in (
        ("one", "{}", "does not read"),
        ("two", "[]", "does not read"),
        ("three", '{"format": 9}', "of format 9"),
    ):
        (shelf / version).mkdir(parents=True)
        (shelf / version / MANIFEST_FILE).write_text(text)
        with pytest.raises(DamagedModelError, match=said):
            store(tmp_path).show(version)


def test_a_manifest_in_anothers_folder_is_damage(tmp_path: Path) -> None:
    shipped = next(SHIPPED.glob("*/manifest.json"))
    (tmp_path / "shelf" / "other").mkdir(parents=True)
    (tmp_path / "shelf" / "other" / MANIFEST_FILE).write_bytes(shipped.read_bytes())
    with pytest.raises(DamagedModelError):
        store(tmp_path).show("other")


def killed_at(step: int, folder: Path, patch: pytest.MonkeyPatch) -> bool:
    """Register a second model in a process that ends at a step; whether it did."""
    sync, left = os.fsync, [step]

    def dying(handle: int) -> None:
        left[0] -= 1
        if left[0] < 0:
            raise KilledError
        sync(handle)

    store(folder).register(*model(1))
    with patch.context() as process:
        process.setattr(os, "fsync", dying)
        try:
            store(folder).register(*model(2))
        except KilledError:
            return True
    return False


def test_a_writer_killed_anywhere_leaves_a_home_that_works(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = model(1)[0], model(2)[0]
    steps = 0
    while killed_at(steps, tmp_path / str(steps), monkeypatch):
        models = store(tmp_path / str(steps))
        whole = {m.manifest.version for m in models.versions()}
        assert whole - {second.version} == {first.version}
        assert models.champion().manifest == first
        assert models.register(*model(2)).challenger
        models.verify(second.version)
        kept = [p.name for p in (tmp_path / str(steps) / "home" / "models").iterdir()]
        assert not [name for name in kept if name.endswith(".part")]
        steps += 1
    assert steps >= 5, "files, folders, index and log are each waited for"


def test_a_home_that_cannot_be_written_still_reads(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    models = store(tmp_path)
    version = models.register(*model()).manifest.version
    opened = os.open

    def refusing(path: str | Path, flags: int, mode: int = 0o777) -> int:
        if flags & (os.O_WRONLY | os.O_RDWR):
            raise OSError(errno.EROFS, "Read-only file system")
        return opened(path, flags, mode)

    monkeypatch.setattr(os, "open", refusing)
    assert models.champion().manifest.version == version
    assert models.verify(version).champion
    assert len(models.history()) == 1
    for write in (
        lambda: models.register(*model(2)),
        lambda: models.promote(version, force="because"),
        models.rollback,
    ):
        with pytest.raises(HomeUnwritableError, match="Read-only") as refused:
            write()
        assert "\n" not in refused.value.sentence


def test_a_full_disk_leaves_the_log_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    models = store(tmp_path)
    models.register(*model(1))
    models.register(*better(model(2)))
    acts = models.history()

    def full(_handle: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        with pytest.raises(HomeUnwritableError, match="No space left"):
            models.promote(model(2)[0].version)
    assert models.history() == acts
    assert models.promote(model(2)[0].version).changed


def test_the_shipped_champion_holds_together(tmp_path: Path) -> None:
    models = ModelStore(SHIPPED, tmp_path)
    champion = models.champion()
    assert models.verify(champion.manifest.version).shipped
    total = sum(path.stat().st_size for path in SHIPPED.rglob("*") if path.is_file())
    assert total < 6_000_000
