"""Models in folders: shipped ones on the shelf, trained ones in the home.

::

    <folder>/champion              the version in charge (the home's goes first)
    <folder>/history               every version that was in charge, one a line
    <folder>/<version>/manifest.json
    <folder>/<version>/model.ubj   XGBoost's own format; nothing here is ever pickled
"""

import os
import shutil
from pathlib import Path

from pydantic import ValidationError

from dexter.errors import HomeUnwritableError, PredictorError
from registry.manifest import Manifest
from registry.registered import (
    MODEL_FILE,
    DamagedModelError,
    NoChampionError,
    Registered,
    UnknownModelError,
)

MANIFEST_FILE = "manifest.json"
_CHAMPION = "champion"
_HISTORY = "history"


class ModelStore:
    """Every model at hand; the home's come before the shelf's."""

    def __init__(self, shelf: Path, home: Path) -> None:
        self._shelf = shelf
        self._own = home / "models"

    def versions(self) -> tuple[Registered, ...]:
        """All models, sorted by the day they were trained until, then by version.

        Raises:
            IntegrityError: a manifest does not read.
        """
        found: dict[str, Registered] = {}
        for folder in (self._shelf, self._own):
            for path in sorted(folder.glob(f"*/{MANIFEST_FILE}")):
                model = self._read(path.parent)
                found[model.manifest.version] = model
        return tuple(
            sorted(
                found.values(),
                key=lambda m: (m.manifest.trained_until, m.manifest.version),
            )
        )

    def show(self, version: str) -> Registered:
        """One model.

        Raises:
            UnknownModelError: no model goes by that version.
            IntegrityError: its manifest does not read.
        """
        for folder in (self._own, self._shelf):
            if _is_name(version) and (folder / version / MANIFEST_FILE).is_file():
                return self._read(folder / version)
        raise UnknownModelError(version)

    def champion(self) -> Registered:
        """The model in charge: the home's choice, else the shipped one.

        Raises:
            NoChampionError: there is none.
        """
        version = self._champion_version()
        if version is None:
            raise NoChampionError
        return self.show(version)

    def register(self, manifest: Manifest, model: bytes) -> Registered:
        """Keep a model in the home; the first of all becomes champion.

        The folder appears whole or not at all; registering the same version again
        changes nothing.

        Raises:
            HomeUnwritableError: the home cannot be written.
        """
        target = self._own / manifest.version
        if not target.exists():
            self._write(target, manifest, model)
        if self._champion_version() is None:
            self.promote(manifest.version)
        return self.show(manifest.version)

    def promote(self, version: str) -> Registered:
        """Put a model in charge, once it has proven to be what was registered.

        Raises:
            UnknownModelError: no model goes by that version.
            IntegrityError: its files do not hold together.
        """
        self.verify(version)
        before = self._champion_version()
        self._own.mkdir(parents=True, exist_ok=True)
        if before is not None and before != version:
            with (self._own / _HISTORY).open("a", encoding="utf-8") as history:
                history.write(f"{before}\n")
        _replace(self._own / _CHAMPION, f"{version}\n".encode())
        return self.show(version)

    def rollback(self) -> Registered:
        """Put the champion before this one in charge again.

        Raises:
            PredictorError: there was none before it.
        """
        path = self._own / _HISTORY
        earlier = path.read_text("utf-8").split() if path.is_file() else []
        if not earlier:
            message = "There is no earlier champion to go back to."
            raise PredictorError(message, "See the models with `dexter models list`.")
        self.verify(earlier[-1])
        _replace(self._own / _CHAMPION, f"{earlier[-1]}\n".encode())
        _replace(path, "".join(f"{v}\n" for v in earlier[:-1]).encode())
        return self.champion()

    def verify(self, version: str) -> Registered:
        """Hold a model against its hashes and its proofs.

        Raises:
            IntegrityError: a file changed, or the model scores otherwise than then.
        """
        # XGBoost takes half a second to import; listing models must not pay it.
        from registry.scoring import ScoringModel  # noqa: PLC0415

        registered = self.show(version)
        ScoringModel(registered).prove()
        return registered

    def ship(self, version: str) -> Registered:
        """Copy a model of the home onto the shelf, as the champion it is shipped with.

        Raises:
            UnknownModelError: no model goes by that version.
            IntegrityError: its files do not hold together.
        """
        registered = self.verify(version)
        target = self._shelf / version
        if not target.exists():
            self._write(target, registered.manifest, registered.model())
        _replace(self._shelf / _CHAMPION, f"{version}\n".encode())
        return self._read(target)

    def _champion_version(self) -> str | None:
        for folder in (self._own, self._shelf):
            path = folder / _CHAMPION
            if path.is_file():
                return path.read_text("utf-8").strip()
        return None

    def _read(self, folder: Path) -> Registered:
        try:
            text = (folder / MANIFEST_FILE).read_text("utf-8")
            manifest = Manifest.model_validate_json(text)
        except (OSError, ValueError, ValidationError) as error:
            what = "its manifest does not read"
            raise DamagedModelError(folder.name, what) from error
        if manifest.version != folder.name:
            what = f"its manifest names {manifest.version}"
            raise DamagedModelError(folder.name, what)
        return Registered(
            manifest=manifest,
            folder=folder,
            shipped=folder.parent == self._shelf,
            champion=manifest.version == self._champion_version(),
        )

    def _write(self, target: Path, manifest: Manifest, model: bytes) -> None:
        part = target.with_name(f".{target.name}.part")
        try:
            shutil.rmtree(part, ignore_errors=True)
            part.mkdir(parents=True)
            (part / MODEL_FILE).write_bytes(model)
            text = manifest.model_dump_json(indent=1)
            (part / MANIFEST_FILE).write_text(text + "\n", "utf-8")
            part.rename(target)
        except OSError as error:
            why = error.strerror or str(error)
            raise HomeUnwritableError(target.parent, why) from error


def _is_name(version: str) -> bool:
    return bool(version) and Path(version).name == version and version[0] != "."


def _replace(path: Path, content: bytes) -> None:
    """Write a small file so that readers see the old one or the new one."""
    part = path.with_name(f"{path.name}.part")
    with part.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)
