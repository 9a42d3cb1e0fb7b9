"""What is registered stays what it was, or says so."""

from pathlib import Path

import pytest

from dexter.errors import IntegrityError, PredictorError
from registry.registered import MODEL_FILE, NoChampionError, UnknownModelError
from registry.store import MANIFEST_FILE
from tests.registry.making import model, store


def test_the_first_model_becomes_champion_and_the_second_a_challenger(
    tmp_path: Path,
) -> None:
    models = store(tmp_path)
    first, second = model(1), model(2)
    assert models.register(*first).champion
    challenger = models.register(*second)
    assert not challenger.champion
    assert models.champion().manifest == first[0]
    assert {m.manifest.version for m in models.versions()} == {
        first[0].version,
        second[0].version,
    }


def test_registering_again_changes_nothing(tmp_path: Path) -> None:
    models = store(tmp_path)
    models.register(*model())
    before = sorted((tmp_path / "home").rglob("*"))
    models.register(*model())
    assert sorted((tmp_path / "home").rglob("*")) == before


def test_promotion_and_rollback(tmp_path: Path) -> None:
    models = store(tmp_path)
    first, second = (models.register(*model(seed)).manifest.version for seed in (1, 2))
    assert models.promote(second).champion
    assert models.champion().manifest.version == second
    assert models.rollback().manifest.version == first
    with pytest.raises(PredictorError, match="no earlier champion"):
        models.rollback()


def test_a_shipped_champion_serves_until_the_home_chooses(tmp_path: Path) -> None:
    models = store(tmp_path)
    shipped = models.register(*model(1)).manifest.version
    models.ship(shipped)
    fresh = type(models)(tmp_path / "shelf", tmp_path / "elsewhere")
    assert fresh.champion().shipped
    own = fresh.register(*model(2)).manifest.version
    assert fresh.champion().manifest.version == shipped
    fresh.promote(own)
    assert fresh.champion().manifest.version == own
    assert fresh.rollback().manifest.version == shipped


def test_without_any_model_there_is_no_champion(tmp_path: Path) -> None:
    with pytest.raises(NoChampionError, match="no champion model"):
        store(tmp_path).champion()
    assert store(tmp_path).versions() == ()


@pytest.mark.parametrize("version", ["nothing", "../home", "", ".."])
def test_an_unknown_version_is_said_so(tmp_path: Path, version: str) -> None:
    models = store(tmp_path)
    models.register(*model())
    with pytest.raises(UnknownModelError):
        models.show(version)


def test_verify_catches_every_flipped_byte(tmp_path: Path) -> None:
    models = store(tmp_path)
    registered = models.register(*model())
    version = registered.manifest.version
    assert models.verify(version) == registered
    path = registered.folder / MODEL_FILE
    content = path.read_bytes()
    for place in (0, len(content) // 2, len(content) - 1):
        broken = bytearray(content)
        broken[place] ^= 1
        path.write_bytes(broken)
        with pytest.raises(IntegrityError, match="not what was registered"):
            models.verify(version)
        with pytest.raises(IntegrityError):
            models.promote(version)


def test_verify_catches_a_missing_file(tmp_path: Path) -> None:
    models = store(tmp_path)
    registered = models.register(*model())
    (registered.folder / MODEL_FILE).unlink()
    with pytest.raises(IntegrityError, match="cannot be read"):
        models.verify(registered.manifest.version)


def test_verify_catches_a_model_that_scores_otherwise(tmp_path: Path) -> None:
    manifest, content = model()
    drifted = manifest.proofs[0].model_copy(
        update={"raw": manifest.proofs[0].raw + 0.01}
    )
    models = store(tmp_path)
    changed = manifest.model_copy(update={"proofs": (drifted, *manifest.proofs[1:])})
    registered = models.register(manifest, content)
    (registered.folder / MANIFEST_FILE).write_text(changed.model_dump_json())
    with pytest.raises(IntegrityError, match="proofs"):
        models.verify(manifest.version)


def test_a_manifest_that_does_not_read_is_damage(tmp_path: Path) -> None:
    models = store(tmp_path)
    registered = models.register(*model())
    (registered.folder / MANIFEST_FILE).write_text("{}")
    with pytest.raises(IntegrityError, match="manifest does not read"):
        models.versions()


def test_the_shipped_champion_holds_together(tmp_path: Path) -> None:
    shelf = Path(__file__).resolve().parents[2] / "data" / "models"
    models = type(store(tmp_path))(shelf, tmp_path)
    champion = models.champion()
    assert models.verify(champion.manifest.version).shipped
    total = sum(path.stat().st_size for path in shelf.rglob("*") if path.is_file())
    assert total < 600_000
