"""``dexter data``: a folder comes in, what is kept, the bundled sample."""

from pathlib import Path
from typing import Any

from rich.markup import escape

from dexter.errors import DiskFullError
from dexter.store.status import status as store_status
from pipelines.clock import SystemClock
from pipelines.commands import screen
from pipelines.ingest.report import ImportReport
from pipelines.runtime import open_compute, sample_market, settings_here

_MOST = 10
_HELD = ("prices", "filings", "statements", "documents", "results", "conflicts")
_AGAIN = "Free some disk space, then import again; what came in is kept."


def import_(folder: Path, *, as_json_too: bool) -> int:
    """Take in a folder of market tables, filings and payloads; 3 if a file failed."""
    from dexter.extraction.document import read  # noqa: PLC0415 - heavy
    from pipelines.ingest.folder import import_folder  # noqa: PLC0415 - heavy

    settings = settings_here()
    try:
        with open_compute(settings) as compute, screen.bars() as tell:
            report = import_folder(
                folder.resolve(),
                settings.home,
                read=read,
                on_progress=tell,
                compute=compute,
                moment=SystemClock().present(),
            )
    except DiskFullError as error:
        error.hint = _AGAIN
        raise
    if as_json_too:
        screen.print_json(_document(report))
    else:
        _show(report)
    return 3 if report.faults else 0


def status(*, as_json_too: bool) -> int:
    """What is kept, from when to when, and what is missing."""
    found: dict[str, Any] = store_status(settings_here().home)
    if as_json_too:
        screen.print_json(found)
        return 0
    console = screen.out()
    for name in _HELD:
        said = ", ".join(
            f"{k} {v}" for k, v in found[name].items() if v not in ([], {})
        )
        console.print(f"[bold]{name:<11}[/] {escape(said)}")
    for name, source in found["sources"].items():
        reach = f"{source['from']} to {source['to']}" if source["from"] else "undated"
        missing = f", {source['missing']} missing" if source.get("missing") else ""
        state = (source["state"] or "pending").replace("_", " ")
        console.print(f"[dim]{name:<22}[/] {state}, {reach}{missing}")
    for gap in found["gaps"][:_MOST]:
        console.print(f"[yellow]–[/] {escape(gap)}")
    held = found["results"]["total"] or found["filings"]["total"] or found["sources"]
    if not held:
        console.print(
            "Nothing was imported yet, so questions are answered from the bundled "
            "sample market.\n[dim]Collect it with `dexter data sync`, or bring it in "
            "with `dexter data import DIR`.[/]"
        )
    return 0


def sample() -> int:
    """Set the bundled sample market up, if it is not, and say what it is."""
    with screen.bars() as tell:
        market = sample_market(settings_here(), tell)
    screen.out().print(
        "The sample market is fictional: companies, filings and prices are invented.\n"
        f"[dim]It stands still at {market.latest:%d %b %Y %H:%M} IST; ask it with "
        "`dexter ask --sample QUESTION`.[/]"
    )
    return status_of(market.home)


def status_of(home: Path) -> int:
    """A line of what a home holds."""
    found: dict[str, Any] = store_status(home)
    screen.out().print(
        f"{found['prices']['symbols']} companies, {found['prices']['rows']} bars, "
        f"{found['results']['total']} dated results, {found['filings']['total']} "
        f"filings, {found['statements']['accepted']} statements accepted, "
        f"{found['statements']['review']} for review"
    )
    return 0


def _document(report: ImportReport) -> dict[str, Any]:
    return {
        "folder": str(report.folder),
        "files": dict(report.files),
        "rows": dict(report.rows),
        "faults": [{"file": f.file, "reason": f.reason} for f in report.faults],
        "ignored": list(report.ignored),
        "unmatched": list(report.unmatched),
        "seconds": round(report.seconds, 2),
    }


def _show(report: ImportReport) -> None:
    console = screen.out()
    files = ", ".join(f"{count} {what}" for what, count in report.files.items())
    mark = "[yellow]![/]" if report.faults else "[green]✓[/]"
    console.print(f"{mark} {files or 'nothing new'} in {report.seconds:.1f} s")
    for what, count in report.rows.items():
        console.print(f"  {count:>12,} {what}")
    for fault in report.faults[:_MOST]:
        console.print(f"[red]✗[/] {escape(fault.file)}: {escape(fault.reason)}")
    if len(report.faults) > _MOST:
        console.print(f"[dim]  and {len(report.faults) - _MOST} more; see --json[/]")
    if report.ignored:
        named = ", ".join(report.ignored[:_MOST])
        more = len(report.ignored) - _MOST
        rest = f" and {more} more; see --json" if more > 0 else ""
        console.print(f"[yellow]–[/] not recognised: {escape(named)}[dim]{rest}[/]")
    if report.unmatched:
        console.print(
            f"[yellow]–[/] {len(report.unmatched)} documents have no known publication "
            "time; they are visible only without --as-of"
        )
