"""``dexter train`` and ``dexter models``."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

from rich.markdown import Markdown
from rich.markup import escape
from rich.table import Table

from dexter.errors import CommandError, PredictorError, UnsavableError
from pipelines.clock import SystemClock
from pipelines.commands import screen
from pipelines.ingest.report import Progress
from pipelines.runtime import settings_here
from registry.best import ranked, value
from registry.comparing import Comparison, FactPair, MetricPair, compare
from registry.manifest import Interval, Manifest
from registry.registered import Registered
from registry.store import ModelStore
from registry.verdict import Check, PromotionRefusedError


class EventsNotKeptError(PredictorError):
    """A model of before events were kept beside models."""

    def __init__(self, version: str) -> None:
        super().__init__(
            f"The events {version} was judged by were not kept with it.",
            "Its table is in `dexter models show`; train it again for a report.",
        )


_MARKS = {True: "[green]✓[/]", False: "[red]✗[/]"}


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


def listed(*, best: str | None = None, group: str = "all", as_json_too: bool) -> int:
    """Every registered model, the aliases marked.

    Args:
        best: A metric: only models that have it, the best first.
        group: The group of events it was measured on.
        as_json_too: One JSON document on stdout.

    Returns:
        4 when a model is damaged; it is named on stderr.
    """
    versions, damaged = store_here().survey()
    if best is not None:
        versions = ranked(versions, best, group)
    rows = [_row(r) for r in versions]
    if best is not None:
        for row, registered in zip(rows, versions, strict=True):
            row[best] = value(registered.manifest, best, group)
    for error in damaged:
        screen.err().print(f"[red]✗[/] {escape(error.sentence)}")
    if as_json_too:
        screen.print_json(rows)
    else:
        screen.out().print(_list(rows, best) if rows else "[dim]no models[/]")
    return damaged[0].exit_code if damaged else 0


def _list(rows: Sequence[dict[str, Any]], best: str | None) -> Table:
    table = Table(box=None, pad_edge=False, header_style="dim")
    names = ["", "version", "label", "trained until", "base rate", "skill", "edge"]
    if best is not None:
        names.append(f"its {best}")
    for name in names:
        # The version whole: it is what `show` and `promote` take.
        table.add_column(name, overflow="fold", no_wrap=name in {"", "version"})
    for row in rows:
        cells = [
            _alias(row),
            row["version"],
            row["label"],
            row["trained_until"],
            f"{row['base_rate']:.2%}",
            row["skill"].replace("_", " "),
            row["edge"].replace("_", " "),
        ]
        table.add_row(*cells, *([f"{row[best]:.4f}"] if best is not None else []))
    return table


def _alias(row: dict[str, Any]) -> str:
    if row["champion"]:
        return "[green]champion[/]"
    return "[cyan]challenger[/]" if row["challenger"] else ""


def show(
    version: str | None,
    *,
    html: Path | None = None,
    full: bool = False,
    as_json_too: bool,
) -> int:
    """One model's evaluation report; the champion's by default.

    Raises:
        CommandError: the report was to be saved as something else.
        UnsavableError: it cannot be written.
    """
    if html is not None and html.suffix.lower() != ".html":
        why = f"a report cannot be saved as {html.name}; give it a name in .html"
        raise CommandError(why, "dexter models show")
    store = store_here()
    registered = store.show(version) if version else store.champion()
    if as_json_too:
        screen.print_json(registered.manifest.model_dump(mode="json"))
    if html is None and as_json_too:
        return 0
    # Its pictures and intervals are drawn anew from the registered events.
    from dexter.console import model_report  # noqa: PLC0415 - heavy
    from registry import record  # noqa: PLC0415

    report = record.model_report(registered)
    if html is not None:
        if report is not None:
            _save(html, model_report.page(report))
        elif record.REPORT_FILE in registered.manifest.files:
            _save(html, registered.file(record.REPORT_FILE).decode())
        else:
            raise EventsNotKeptError(registered.manifest.version)
    elif report is not None:
        model_report.show(report, screen.out(), full=full)
    else:
        _show(registered)
    return 0


def _save(path: Path, page: str) -> None:
    try:
        path.write_text(page, "utf-8")
    except OSError as error:
        raise UnsavableError(path, error.strerror or str(error)) from error
    screen.err().print(f"[dim]saved to {escape(str(path))}[/]")


def verify(version: str | None) -> int:
    """Check a model's files against its manifest."""
    store = store_here()
    names = [version] if version else [r.manifest.version for r in store.versions()]
    for name in names:
        store.verify(name)
        screen.out().print(f"[green]✓[/] {name}: every file is as registered")
    return 0


def promote(
    version: str,
    *,
    force: bool = False,
    because: str | None = None,
    as_json_too: bool = False,
) -> int:
    """Make a registered model the champion, if the rule says so or a person does.

    Raises:
        CommandError: forced without a reason.
        PromotionRefusedError: the rule says no; every check was shown.
    """
    from dexter.features.catalogue import catalogue_hash  # noqa: PLC0415 - heavy

    if force != bool(because and because.strip()):
        why = "--force and --because go together"
        raise CommandError(why, "dexter models promote")
    try:
        done = store_here().promote(
            version,
            catalogue=catalogue_hash(),
            force=because if force else None,
            at=SystemClock().present(),
        )
    except PromotionRefusedError as refusal:
        _checks(refusal.verdict.checks, aside=True)
        raise
    if as_json_too:
        screen.print_json(
            {
                "version": version,
                "changed": done.changed,
                "twin": done.twin,
                **asdict(done.verdict),
            }
        )
        return 0
    if done.changed:  # held against itself a champion says nothing
        _checks(done.verdict.checks, aside=False)
    state = "is" if done.changed else "was already"
    served = "single rows by its ONNX twin" if done.twin else "without a twin"
    screen.out().print(f"[green]✓[/] {version} {state} the champion [dim]{served}[/]")
    return 0


def _checks(checks: Sequence[Check], *, aside: bool) -> None:
    console = screen.err() if aside else screen.out()
    for check in checks:
        console.print(f"{_MARKS[check.ok]} {check.name}: {escape(check.words)}")


def rollback(because: str | None = None) -> int:
    """Go back to the champion before."""
    registered = store_here().rollback(
        reason=because or "asked for", at=SystemClock().present()
    )
    screen.out().print(f"[green]✓[/] back to {registered.manifest.version}")
    return 0


def history(*, as_json_too: bool) -> int:
    """Every act on the aliases, oldest first."""
    acts = store_here().history()
    if as_json_too:
        screen.print_json([act.model_dump(mode="json") for act in acts])
        return 0
    table = Table(box=None, pad_edge=False, header_style="dim")
    for name in ("when", "what", "version", "by", "reason"):
        table.add_column(name, overflow="fold", no_wrap=name == "version")
    for act in acts:
        when = f"{act.at:%Y-%m-%d %H:%M}" if act.at else "unknown"
        what = f"{act.act.replace('_', ' ')}: {act.alias}"
        table.add_row(when, what, act.version, act.by, escape(act.reason))
    screen.out().print(table if acts else "[dim]the shipped champion, and no acts[/]")
    return 0


def compared(first: str, second: str, *, as_json_too: bool) -> int:
    """Two models side by side: what changed, and what was measured of each."""
    store = store_here()
    found = compare(store.show(first).manifest, store.show(second).manifest)
    if as_json_too:
        screen.print_json(_comparison(found))
        return 0
    console = screen.out()
    table = Table(box=None, pad_edge=False, header_style="dim")
    for name in ("", found.first, found.second):
        table.add_column(name, overflow="fold")
    for pair in (*found.facts, *found.parameters):
        style = "bold" if pair.changed else "dim"
        table.add_row(pair.name, _said(pair.first), _said(pair.second), style=style)
    for metric in found.metrics:
        style = "bold" if metric.apart else ""
        name = f"{metric.group}: {metric.name}"
        table.add_row(name, _said(metric.first), _said(metric.second), style=style)
    console.print(table)
    for name, only in ((first, found.only_first), (second, found.only_second)):
        if only:
            console.print(f"[dim]only {escape(name)} reads[/] {', '.join(only)}")
    console.print(f"[dim]{found.shared} inputs are read by both[/]")
    return 0


def _comparison(found: Comparison) -> dict[str, Any]:
    return {
        "first": found.first,
        "second": found.second,
        "changed": found.changed(),
        "facts": [_pair(pair) for pair in found.facts],
        "parameters": [_pair(pair) for pair in found.parameters],
        "inputs": {
            "shared": found.shared,
            "only_first": found.only_first,
            "only_second": found.only_second,
        },
        "metrics": [_metric(metric) for metric in found.metrics],
    }


def _pair(pair: FactPair) -> dict[str, Any]:
    return {**asdict(pair), "changed": pair.changed}


def _metric(pair: MetricPair) -> dict[str, Any]:
    def plain(found: Interval | float | None) -> Any:  # noqa: ANN401 - JSON
        return found.model_dump() if isinstance(found, Interval) else found

    return {
        "group": pair.group,
        "name": pair.name,
        "first": plain(pair.first),
        "second": plain(pair.second),
        "difference": pair.difference,
        "apart": pair.apart,
    }


def _said(found: Interval | str | float | None) -> str:
    if isinstance(found, Interval):
        return f"{found.value:.4f} ({found.low:.4f} to {found.high:.4f})"
    if found is None or isinstance(found, str):
        return "–" if found is None else escape(found)
    return f"{found:,}" if isinstance(found, int) else f"{found:.4g}"


def store_here() -> ModelStore:
    """The models of this home and of the shelf."""
    settings = settings_here()
    return ModelStore(settings.shelf / "models", settings.home)


def _row(registered: Registered) -> dict[str, Any]:
    manifest: Manifest = registered.manifest
    return {
        "version": manifest.version,
        "label": manifest.label,
        "champion": registered.champion,
        "challenger": registered.challenger,
        "members": [member.kind for member in manifest.members],
        "trained_until": str(manifest.trained_until),
        "base_rate": round(float(manifest.base_rate), 6),
        "skill": str(manifest.skill),
        "edge": str(manifest.edge),
        "folder": registered.folder.name,
    }


def _show(registered: Registered) -> None:
    console = screen.out()
    for name, found in _row(registered).items():
        said = ", ".join(found) if isinstance(found, list) else str(found)
        console.print(f"[dim]{name:<14}[/] {escape(said)}")
    console.print(Markdown(registered.manifest.evidence_table))
