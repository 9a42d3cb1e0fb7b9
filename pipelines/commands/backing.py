"""``dexter backup`` and ``dexter restore``: the home copied, and put back."""

from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.markup import escape

from dexter.domain.moment import IST
from pipelines.backup.manifest import Manifest
from pipelines.backup.restoring import Restored
from pipelines.backup.restoring import restore as put_back
from pipelines.backup.taking import Taken, take
from pipelines.clock import SystemClock
from pipelines.commands import screen
from pipelines.runtime import settings_here

_SECRETS = "Keys, tokens and passwords are not in it: they live in the environment."


def backup(file: Path, *, as_json_too: bool) -> int:
    """Copy the home while everything runs.

    Raises:
        DexterError: as ``pipelines.backup.taking.take``.
    """
    moment = SystemClock().present()
    home = settings_here().home
    with screen.bars(passing=True) as tell:
        taken = take(home, file.absolute(), moment, dexter=_version(), on_progress=tell)
    if as_json_too:
        screen.print_json(_taken(taken))
        return 0
    console = screen.out()
    _summary(console, taken.file, taken.manifest)
    console.print(f"[dim]{taken.packed / 1e6:,.1f} MB on the disk. {_SECRETS}[/]")
    return 0


def restore(file: Path, *, force: bool, as_json_too: bool) -> int:
    """Make a backup the home; the home before is set aside, never deleted.

    Raises:
        DexterError: as ``pipelines.backup.restoring.restore``.
    """
    moment = SystemClock().present()
    home = settings_here().home
    with screen.bars(passing=True) as tell:
        done = put_back(file.absolute(), home, moment, force=force, on_progress=tell)
    if as_json_too:
        screen.print_json(_restored(file, done))
        return 0
    console = screen.out()
    _summary(console, done.home, done.manifest)
    if done.aside:
        console.print(f"  the home before is kept in {escape(str(done.aside))}")
    if done.may_repeat:
        console.print(
            f"[yellow]![/] {done.may_repeat} letters were to go out when the backup "
            "was taken; they may have gone since, and go out marked as possible repeats"
        )
    console.print(f"[dim]{_SECRETS}[/]")
    return 0


def _summary(console: Console, place: Path, manifest: Manifest) -> None:
    databases = ", ".join(one.path for one in manifest.files if one.database)
    made = f"{manifest.made_at.astimezone(IST):%d %b %Y %H:%M:%S} IST"
    console.print(f"[green]✓[/] {escape(str(place))}: the home as of {made}")
    console.print(
        f"  {len(manifest.files):,} files, {manifest.size / 1e6:,.1f} MB; "
        f"databases: {escape(databases) or 'none'}"
    )


def _taken(taken: Taken) -> dict[str, Any]:
    return {
        "file": str(taken.file),
        **_document(taken.manifest),
        "packed_bytes": taken.packed,
    }


def _restored(file: Path, done: Restored) -> dict[str, Any]:
    return {
        "home": str(done.home),
        "file": str(file.absolute()),
        **_document(done.manifest),
        "aside": str(done.aside) if done.aside else None,
        "may_repeat": done.may_repeat,
    }


def _document(manifest: Manifest) -> dict[str, Any]:
    return {
        "made_at": manifest.made_at.astimezone(IST).isoformat(),
        "dexter": manifest.dexter,
        "schema_version": manifest.schema_version,
        "files": len(manifest.files),
        "bytes": manifest.size,
        "databases": [one.path for one in manifest.files if one.database],
        "holds_secrets": False,
    }


def _version() -> str:
    try:
        return version("dexter")
    except PackageNotFoundError:  # run from the source tree
        return "unknown"
