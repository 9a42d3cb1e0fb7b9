"""A model as it lies in a folder, and what can be wrong with it."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

from dexter.errors import IntegrityError, PredictorError
from registry.manifest import Manifest

MODEL_FILE = "model.ubj"


@dataclass(frozen=True, slots=True)
class Registered:
    """A model as it lies in a folder."""

    manifest: Manifest
    folder: Path
    shipped: bool
    champion: bool

    def model(self) -> bytes:
        """The weights, held against the hash in the manifest.

        Raises:
            IntegrityError: they are missing or not what was registered.
        """
        path = self.folder / MODEL_FILE
        version = self.manifest.version
        try:
            content = path.read_bytes()
        except OSError as error:
            raise DamagedModelError(version, f"{path.name} cannot be read") from error
        if hashlib.sha256(content).hexdigest() != self.manifest.files.get(MODEL_FILE):
            raise DamagedModelError(version, f"{path.name} is not what was registered")
        return content


class NoChampionError(PredictorError):
    """Nothing was trained or shipped."""

    def __init__(self) -> None:
        super().__init__(
            "There is no champion model.", "Train one with `dexter train`."
        )


class UnknownModelError(PredictorError):
    """No model goes by that version."""

    exit_code = 2

    def __init__(self, version: str) -> None:
        super().__init__(
            f"There is no model {version!r}.", "See them with `dexter models list`."
        )


class DamagedModelError(IntegrityError):
    """A model's files do not hold together."""

    def __init__(self, version: str, what: str) -> None:
        super().__init__(
            f"The model {version} is damaged: {what}.",
            "Train it again, or restore the shipped files.",
        )
