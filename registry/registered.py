"""A model as it lies in a folder, and what can be wrong with it."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

from dexter.errors import IntegrityError, PredictorError
from registry.manifest import MANIFEST_FILE, MODEL_FILE, Manifest

__all__ = [
    "MODEL_FILE",
    "DamagedModelError",
    "NoChampionError",
    "Registered",
    "UnknownModelError",
    "VersionTakenError",
    "digest",
]


@dataclass(frozen=True, slots=True)
class Registered:
    """A model as it lies in a folder."""

    manifest: Manifest
    folder: Path
    shipped: bool
    champion: bool
    challenger: bool = False

    def file(self, name: str) -> bytes:
        """A file of the version, held against the hash in the manifest.

        Raises:
            IntegrityError: it is missing, not of the version, or not what it was.
        """
        version, expected = self.manifest.version, self.manifest.files.get(name)
        if expected is None:
            raise DamagedModelError(version, f"{name} is none of its files")
        try:
            content = (self.folder / name).read_bytes()
        except OSError as error:
            raise DamagedModelError(version, f"{name} cannot be read") from error
        if digest(content) != expected:
            raise DamagedModelError(version, f"{name} is not what was registered")
        return content

    def files(self) -> dict[str, bytes]:
        """Every file of the version with its content, each held against its hash.

        Raises:
            IntegrityError: one is missing or not what was registered.
        """
        return {name: self.file(name) for name in self.manifest.files}

    def manifest_text(self) -> bytes:
        """The manifest as it is written."""
        return (self.folder / MANIFEST_FILE).read_bytes()


def digest(content: bytes) -> str:
    """The sha256 of a file's content, in hexadecimal."""
    return hashlib.sha256(content).hexdigest()


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


class VersionTakenError(PredictorError):
    """Another model was registered under that version; versions never change."""

    def __init__(self, version: str) -> None:
        super().__init__(
            f"The version {version} is registered already, with other weights.",
            "See it with `dexter models show`.",
        )


class DamagedModelError(IntegrityError):
    """A model's files do not hold together."""

    def __init__(self, version: str, what: str) -> None:
        super().__init__(
            f"The model {version} is damaged: {what}.",
            "Train it again, or restore the shipped files.",
        )
