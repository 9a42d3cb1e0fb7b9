"""What a backup says is not believed: anything odd in it changes nothing."""

import gzip
import os
import shutil
import sqlite3
import tarfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from pipelines.backup import manifest as manifests
from pipelines.backup.refusals import (
    DamagedBackupError,
    HomeUnmovableError,
    LaterBackupError,
)
from pipelines.backup.restoring import restore
from tests.pipelines.backup_scenes import (
    LATER,
    add,
    fingerprint,
    manifest_of,
    names,
    packed,
    write,
    write_rows,
)

FILES = {"dexter.toml": b"new", "reports/a.md": b"text"}


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home that is in the way."""
    write(tmp_path / "home" / "dexter.toml", b"old")
    return tmp_path / "home"


def hostile(name: str, kind: bytes, link: str = "") -> Callable[[Path], None]:
    def make(file: Path) -> None:
        with tarfile.open(file, "w:gz") as tar:
            told = tarfile.TarInfo(name)
            told.type, told.linkname = kind, link
            tar.addfile(told)
            add(tar, manifests.NAME, manifest_of({}).text())

    return make


def named(name: str) -> Callable[[Path], None]:
    """A manifest that names it too, so that only the name is wrong."""

    def make(file: Path) -> None:
        text = manifest_of({"dexter.toml": b"x"}).text()
        text = text.replace(b'"dexter.toml"', f'"{name}"'.encode())
        packed(file, {name: b"x"}, text)

    return make


def twice(file: Path) -> None:
    with tarfile.open(file, "w:gz") as tar:
        add(tar, "home/a", b"x")
        add(tar, "home/a", b"x")
        add(tar, manifests.NAME, manifest_of({"a": b"x"}).text())


def sparse(file: Path) -> None:
    """A few bytes that say they are many."""
    many = manifest_of({"a": b"\0" * 10_000})
    with tarfile.open(file, "w:gz", format=tarfile.PAX_FORMAT) as tar:
        told = tarfile.TarInfo("home/a")
        told.pax_headers = {"GNU.sparse.map": "0,0", "GNU.sparse.size": "10000"}
        tar.addfile(told)
        add(tar, manifests.NAME, many.text())


def cut(file: Path) -> None:
    packed(file, {"a": os.urandom(100_000)})
    file.write_bytes(file.read_bytes()[:50_000])


def flipped(file: Path) -> None:
    packed(file, {"a": b"x" * 100_000})
    raw = bytearray(gzip.decompress(file.read_bytes()))
    raw[5000] ^= 1
    file.write_bytes(gzip.compress(bytes(raw)))


def damaged_database(file: Path) -> None:
    place = file.with_name("making")
    write_rows(place / "dexter.db", *(str(n) * 99 for n in range(2000)))
    with closing(sqlite3.connect(place / "dexter.db")) as db:
        db.execute("PRAGMA journal_mode=DELETE")
    content = bytearray((place / "dexter.db").read_bytes())
    content[4096 : 4096 + 3000] = b"\xff" * 3000
    shutil.rmtree(place)
    packed(file, {"dexter.db": bytes(content)})


def no_database(file: Path) -> None:
    packed(file, {"dexter.db": b"not one" * 999})


WRONG = {
    "climbs": named("../out"),
    "climbs within": named("reports/../../out"),
    "absolute": named("/nowhere/out"),
    "a backslash": named("..\\\\out"),
    "a dot": named("./a"),
    "a symbolic link": hostile("home/a", tarfile.SYMTYPE, "/etc"),
    "a hard link": hostile("home/a", tarfile.LNKTYPE, "home/b"),
    "a device": hostile("home/a", tarfile.CHRTYPE),
    "a pipe": hostile("home/a", tarfile.FIFOTYPE),
    "a folder": hostile("home/a", tarfile.DIRTYPE),
    "outside home/": hostile("a", tarfile.REGTYPE),
    "twice the same": twice,
    "sparse": sparse,
    "cut": cut,
    "a bit flipped": flipped,
    "no gzip": lambda file: write(file, b"PK\x03\x04 something else"),
    "empty": lambda file: write(file, b""),
    "no manifest": lambda file: tarfile.open(file, "w:gz").close(),
    "a manifest of nonsense": lambda file: packed(file, FILES, b"{]"),
    "a manifest of another form": lambda file: packed(
        file, FILES, manifest_of(FILES).model_copy(update={"format": 2})
    ),
    "more than its manifest": lambda file: packed(
        file, FILES, manifest_of({"dexter.toml": b"new"})
    ),
    "less than its manifest": lambda file: packed(
        file, {"dexter.toml": b"new"}, manifest_of(FILES)
    ),
    "another hash": lambda file: packed(
        file, FILES, manifest_of(FILES, **{"reports/a.md": "0" * 64})
    ),
    "a file that is also a folder": lambda file: packed(file, {"a": b"", "a/b": b""}),
    "a damaged database": damaged_database,
    "no database": no_database,
}


@pytest.mark.parametrize("wrong", WRONG)
def test_what_is_no_whole_backup_changes_nothing(
    home: Path, tmp_path: Path, wrong: str
) -> None:
    (tmp_path / "b").mkdir()
    file = tmp_path / "b" / "b.tar.gz"
    WRONG[wrong](file)
    before = names(tmp_path)
    with pytest.raises((DamagedBackupError, HomeUnmovableError)) as refused:
        restore(file, home, LATER, force=True)
    assert refused.value.hint
    assert {n for n in names(tmp_path) if not n.endswith(".lock")} == before
    assert fingerprint(home) == "old"


def test_a_folder_with_a_link_in_it(home: Path, tmp_path: Path) -> None:
    folder = tmp_path / "b"
    write(folder / "MANIFEST.json", manifest_of({"a": b"x"}).text())
    write(tmp_path / "secret", b"x")
    (folder / "home").mkdir()
    (folder / "home" / "a").symlink_to(tmp_path / "secret")
    with pytest.raises(DamagedBackupError, match="no plain file"):
        restore(folder, home, LATER, force=True)


def test_a_backup_of_a_later_dexter(home: Path, tmp_path: Path) -> None:
    for note, revision in (("99", "0005"), ("5", "0099")):
        write_rows(tmp_path / "dexter.db")
        with closing(sqlite3.connect(tmp_path / "dexter.db")) as db, db:
            db.execute("CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT)")
            db.execute("CREATE TABLE alembic_version (version_num TEXT)")
            db.execute("INSERT INTO meta VALUES ('schema_version', ?)", (note,))
            db.execute("INSERT INTO alembic_version VALUES (?)", (revision,))
            db.commit()
            db.execute("PRAGMA journal_mode=DELETE")
        content = (tmp_path / "dexter.db").read_bytes()
        (tmp_path / "dexter.db").unlink()
        file = packed(tmp_path / f"{note}.tar.gz", {"dexter.db": content})
        with pytest.raises(LaterBackupError):
            restore(file, home, LATER, force=True)
    assert fingerprint(home) == "old"


def test_no_such_backup(home: Path, tmp_path: Path) -> None:
    with pytest.raises(DamagedBackupError, match="no such file"):
        restore(tmp_path / "nowhere", home, LATER, force=True)
