"""``dexter train`` and ``dexter models``."""

from datetime import date
from pathlib import Path
from typing import Any

from rich.markdown import Markdown
from rich.markup import escape
from rich.table import Table

from pipelines.clock import SystemClock
from pipelines.commands import screen
from pipelines.ingest.report import Progress
from pipelines.runtime import settings_here
from registry.manifest import Manifest
from registry.registered import Registered
from registry.store import ModelStore


def train(label: str, until: date | None) -> int:
    """Train a challenger on everything known by a day, and register it."""
    from pipelines.train import train as train_model  # noqa: PLC0415 - heavy

    settings = settings_here()
    clock = SystemClock()
    with screen.bars() as tell:
        registered = train_model(
            settings.home,
            label,
            until or clock.present().date(),
            lambda stage, done, total: tell(Progress(stage, done, total)),
            shelf=settings.shelf / "models",
            created=clock.present(),
        )
    _show(registered)
    return 0


def listed(*, as_json_too: bool) -> int:
    """Every registered model, the champion marked."""
    store = _store()
    versions = store.versions()
    if as_json_too:
        screen.print_json([_row(r) for r in versions])
        return 0
    table = Table(box=None, pad_edge=False, header_style="dim")
    for name in ("", "version", "label", "trained until", "base rate", "skill", "edge"):
        # The version whole: it is what `show` and `promote` take.
        table.add_column(name, overflow="fold", no_wrap=name == "version")
    for registered in versions:
        row = _row(registered)
        table.add_row(
            "[green]champion[/]" if row["champion"] else "",
            row["version"],
            row["label"],
            row["trained_until"],
            f"{row['base_rate']:.2%}",
            row["skill"].replace("_", " "),
            row["edge"].replace("_", " "),
        )
    screen.out().print(table if versions else "[dim]no models registered[/]")
    return 0


def show(version: str | None, *, as_json_too: bool) -> int:
    """One model's manifest and its out-of-sample table; the champion by default."""
    store = _store()
    registered = store.show(version) if version else store.champion()
    if as_json_too:
        screen.print_json(registered.manifest.model_dump(mode="json"))
    else:
        _show(registered)
    return 0


def verify(version: str | None) -> int:
    """Check a model's files against its manifest."""
    store = _store()
    names = [version] if version else [r.manifest.version for r in store.versions()]
    for name in names:
        store.verify(name)
        screen.out().print(f"[green]✓[/] {name}: every file is as registered")
    return 0


def promote(version: str) -> int:
    """Make a registered model the champion."""
    registered = _store().promote(version)
    screen.out().print(f"[green]✓[/] {registered.manifest.version} is the champion")
    return 0


def rollback() -> int:
    """Go back to the champion before."""
    registered = _store().rollback()
    screen.out().print(f"[green]✓[/] back to {registered.manifest.version}")
    return 0


def _store() -> ModelStore:
    settings = settings_here()
    return ModelStore(settings.shelf / "models", settings.home)


def _row(registered: Registered) -> dict[str, Any]:
    manifest: Manifest = registered.manifest
    return {
        "version": manifest.version,
        "label": manifest.label,
        "champion": registered.champion,
        "trained_until": str(manifest.trained_until),
        "base_rate": round(float(manifest.base_rate), 6),
        "skill": str(manifest.skill),
        "edge": str(manifest.edge),
        "folder": _folder(registered.folder),
    }


def _folder(path: Path) -> str:
    return path.name


def _show(registered: Registered) -> None:
    console = screen.out()
    for name, value in _row(registered).items():
        console.print(f"[dim]{name:<14}[/] {escape(str(value))}")
    console.print(Markdown(registered.manifest.evidence_table))
