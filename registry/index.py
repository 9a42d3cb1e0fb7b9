"""The hashes of what was registered, kept apart from it in a log that only grows."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from registry import lines

INDEX_FILE = "index.jsonl"
_MANIFEST, _TWIN = "manifest", "twin"


class Index:
    """The index of a folder of models."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / INDEX_FILE

    def manifest(self, version: str) -> str | None:
        """The sha256 a manifest was registered with; null when it never was."""
        return self._last(_MANIFEST, version).get("sha256")

    def twin(self, version: str) -> Mapping[str, Any]:
        """What was noted when a version's twin was made; empty when none was."""
        return self._last(_TWIN, version)

    def add_manifest(self, version: str, sha256: str) -> None:
        """Note a manifest; the caller holds the lock."""
        if self.manifest(version) != sha256:
            self._add({"kind": _MANIFEST, "version": version, "sha256": sha256})

    def add_twin(self, version: str, sha256: str, facts: Mapping[str, Any]) -> None:
        """Note a twin and how it was held against its model; under the lock."""
        self._add({"kind": _TWIN, "version": version, "sha256": sha256, **facts})

    def _add(self, line: Mapping[str, Any]) -> None:
        lines.append(self._path, [line])

    def _last(self, kind: str, version: str) -> Mapping[str, Any]:
        found: Mapping[str, Any] = {}
        for line in self._of(kind):
            if line.get("version") == version:
                found = line
        return found

    def _of(self, kind: str) -> Iterator[Mapping[str, Any]]:
        return (line for line in lines.read(self._path) if line.get("kind") == kind)
