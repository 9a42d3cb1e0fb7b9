"""Where twins are kept: in the home, beside the versions and never in them."""

from pathlib import Path
from typing import TYPE_CHECKING

from registry import lines
from registry.index import Index
from registry.registered import DamagedModelError, Registered, digest

if TYPE_CHECKING:
    from registry.onnx_twin import Twin

_FOLDER = ".twins"


class Twins:
    """The ONNX twins of a home; each was held against its model when it was made."""

    def __init__(self, folder: Path) -> None:
        self._root = folder
        self._folder = folder / _FOLDER
        self._index = Index(folder)

    def content(self, registered: Registered) -> bytes | None:
        """The bytes of a twin; null when there is none for this very model.

        Raises:
            IntegrityError: the file is not what was made.
        """
        version = registered.manifest.version
        noted = self._index.twin(version)
        path = self._path(version)
        if not noted or not path.is_file():
            return None
        content = path.read_bytes()
        if digest(content) != noted.get("sha256"):
            what = f"its twin is not what was made; remove {path.name} in {_FOLDER}"
            raise DamagedModelError(version, what)
        return content if noted.get("of") == _identity(registered) else None

    def load(self, registered: Registered) -> "Twin | None":
        """A twin at work; null when there is no usable one, and the model serves."""
        from registry.onnx_twin import Twin  # noqa: PLC0415 - imports onnxruntime

        try:
            content = self.content(registered)
            return None if content is None else Twin(registered, content)
        except (DamagedModelError, OSError):
            return None

    def make(self, registered: Registered) -> bool:
        """Make a twin if the model can have one; whether it has one now.

        Raises:
            IntegrityError: the model's own files do not hold together.
            HomeUnwritableError: the home cannot be written.
        """
        from registry.onnx_twin import translate  # noqa: PLC0415 - as above

        if self.load(registered) is not None:
            return True
        made = translate(registered)
        if made is None:
            return False
        version = registered.manifest.version
        facts = {"of": _identity(registered), "gap": made.gap, "rows": made.rows}
        with lines.locked(self._root):
            self._folder.mkdir(exist_ok=True)
            lines.replace(self._path(version), made.content)
            self._index.add_twin(version, digest(made.content), facts)
        return True

    def _path(self, version: str) -> Path:
        return self._folder / f"{version}.onnx"


def _identity(registered: Registered) -> str:
    """What a twin must be of: the very manifest, which names every file's hash."""
    return digest(registered.manifest_text())
