"""Versions as folders: read with their manifests held, written whole or not at all."""

import json
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path

from pydantic import ValidationError

from registry import lines
from registry.index import Index
from registry.manifest import FORMATS, MANIFEST_FILE, Manifest, is_name
from registry.registered import DamagedModelError, digest


def names(root: Path) -> Iterator[str]:
    """The versions under a folder; half-made ones are none."""
    for path in sorted(root.glob(f"*/{MANIFEST_FILE}")):
        if is_name(path.parent.name):
            yield path.parent.name


def read(root: Path, version: str, index: Index) -> Manifest:
    """The manifest of a version, held against the hash it was registered with.

    One of format 1 was registered before hashes were kept, and may have none.

    Raises:
        IntegrityError: it does not read, was edited, or names another version.
    """
    try:
        content = (root / version / MANIFEST_FILE).read_bytes()
    except OSError as error:
        raise DamagedModelError(version, "its manifest cannot be read") from error
    registered = index.manifest(version)
    if registered is not None and digest(content) != registered:
        raise DamagedModelError(version, "its manifest is not what was registered")
    manifest = _parsed(version, content)
    if registered is None and manifest.format > 1:
        raise DamagedModelError(version, "nobody registered it here")
    if manifest.version != version:
        raise DamagedModelError(version, f"its manifest names {manifest.version!r}")
    return manifest


def _parsed(version: str, content: bytes) -> Manifest:
    try:
        told = json.loads(content)
        kind = told.get("format", 1) if isinstance(told, dict) else 1
        if kind not in FORMATS:
            raise DamagedModelError(version, f"its manifest is of format {kind!r}")
        return Manifest.model_validate_json(content)
    except (ValueError, ValidationError) as error:
        raise DamagedModelError(version, "its manifest does not read") from error


def hold(manifest: Manifest, files: Mapping[str, bytes]) -> bytes:
    """Hold files against the manifest that is to be kept with them, and write that out.

    Raises:
        DamagedModelError: a file is missing, more than named, or of another hash; or
            the manifest would not read again.
    """
    for name in sorted({*files, *manifest.files}):
        content = files.get(name)
        if content is None or digest(content) != manifest.files.get(name):
            what = f"{name} is not what its manifest says"
            raise DamagedModelError(manifest.version, what)
    text = f"{manifest.model_dump_json(indent=1)}\n".encode()
    _parsed(manifest.version, text)
    return text


def write(
    root: Path, version: str, manifest: bytes, files: Mapping[str, bytes], index: Index
) -> None:
    """Keep a version; the caller holds the lock.

    The hash goes into the index first and the folder appears by its name last, so a
    writer killed anywhere leaves no version that reads.

    Raises:
        OSError: it cannot be written.
    """
    part = root / f".{version}.part"
    clean(root)
    part.mkdir(parents=True)
    for name, content in {**files, MANIFEST_FILE: manifest}.items():
        lines.write(part / name, content)
    lines.settle(part)
    index.add_manifest(version, digest(manifest))
    part.rename(root / version)
    lines.settle(root)


def clean(root: Path) -> None:
    """Remove what killed writers left half-made; the caller holds the lock."""
    for path in root.glob(".*.part"):
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink()
