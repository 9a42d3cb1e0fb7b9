"""``dexter runs``: list, show, why, verify, replay, export."""

import asyncio
from pathlib import Path

from dexter.console import answer, runs
from dexter.domain.evidence import Derivation, Evidence, Source
from dexter.domain.research import JournalHead, Report
from dexter.errors import (
    UnknownEvidenceError,
    UnknownRunError,
)
from dexter.journal import export as export_run
from dexter.journal import verify as verify_run
from dexter.orchestrator.reporting import as_document, as_json
from pipelines import research
from pipelines.commands import screen
from pipelines.runtime import Desk, open_shelves
from pipelines.silent import Silent


def listed(most: int, *, as_json_too: bool) -> int:
    """Runs, newest first."""
    desk = open_shelves()
    found = desk.journals.runs()[:most]
    if as_json_too:
        screen.print_json(
            [
                {
                    "run_id": r.run_id,
                    "query": r.query,
                    "started": r.started.isoformat(),
                    "status": r.status.value,
                    "events": r.events,
                    "model": r.model,
                }
                for r in found
            ]
        )
    else:
        runs.listed(found, screen.out())
    return 0


def show(run_id: str, *, as_json_too: bool) -> int:
    """One run's tasks and answer, made again from its record."""
    report = _report(open_shelves(), run_id)
    if as_json_too:
        screen.print_json(as_json(report))
    else:
        runs.tasks(report, screen.out())
        answer.show(report, screen.out())
    return 0


def why(
    run_id: str, identifier: str, picture: Path | None, *, as_json_too: bool
) -> int:
    """Where one value of a run stands; a page crop as PNG where it is on a page."""
    desk = open_shelves()
    report = _report(desk, run_id)
    item = report.evidence.get(identifier)
    if item is None:
        raise UnknownEvidenceError(run_id, identifier, len(report.evidence))
    if as_json_too:
        screen.print_json(as_document(report)["evidence"][identifier])
    else:
        runs.why(identifier, report.evidence, screen.out())
    for source in _documents(item, report):
        _prove(desk, run_id, identifier, source, picture)
    return 0


def verify(run_id: str) -> int:
    """Check the chain, the blobs, and the head kept outside."""
    desk = open_shelves()
    _known(desk, run_id)
    found = verify_run(desk.journals, run_id, desk.kept_head(run_id))
    runs.verified(run_id, found, screen.out())
    return 0 if found.ok else 4


def replay(run_id: str, *, as_json_too: bool) -> int:
    """Make the report again from the record alone and compare it byte for byte."""
    desk = open_shelves()
    _known(desk, run_id)
    done = asyncio.run(research.replay(desk.journals, run_id, Silent()))
    if as_json_too:
        screen.print_json(as_json(done))
    runs.replayed(run_id, done.journal, screen.err())
    return 0


def export(run_id: str, path: Path) -> int:
    """Write a run as a bundle that can be verified elsewhere."""
    desk = open_shelves()
    _known(desk, run_id)
    export_run(desk.journals, run_id, path)
    screen.err().print(f"[green]✓[/] run {run_id} written to {path}")
    return 0


def _report(desk: Desk, run_id: str) -> Report:
    _known(desk, run_id)
    return asyncio.run(research.replay(desk.journals, run_id, Silent()))


def _known(desk: Desk, run_id: str) -> None:
    head: JournalHead | None = desk.kept_head(run_id)
    if head is None and not desk.journals.read(run_id):
        raise UnknownRunError(run_id)


def _documents(item: Evidence, report: Report) -> list[Source]:
    """The documents a value stands in, itself or through its inputs."""
    if not isinstance(item.source, Derivation):
        return [item.source]
    found = [
        source
        for each in item.source.inputs
        if each in report.evidence
        for source in _documents(report.evidence[each], report)
    ]
    return list(dict.fromkeys(found))


def _prove(
    desk: Desk, run_id: str, identifier: str, source: Source, picture: Path | None
) -> None:
    """The page crop or the quoted fact, from the document as kept."""
    content = desk.document(source.sha256) if source.sha256 else None
    if content is None:
        return
    from dexter.extraction import crop  # noqa: PLC0415 - only where a page is drawn

    if source.page is not None and source.bbox is not None:
        path = picture or Path(f"{run_id}-{identifier}.png")
        said = " ".join(filter(None, [source.row, source.column]))
        path.write_bytes(crop.draw(content, source.page, source.bbox, said))
        screen.err().print(f"[dim]page {source.page} of {source.document} → {path}[/]")
    elif source.context and source.row:
        quoted = crop.quote(content, source.context, source.row)
        screen.err().print(quoted, markup=False, style="dim")
