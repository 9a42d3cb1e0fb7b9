"""``dexter runs``: list, show, why, verify, replay, export."""

import asyncio
from pathlib import Path

from rich.markup import escape

from dexter.console import answer, runs
from dexter.console.picture import captioned
from dexter.domain.evidence import Derivation, Evidence, Source
from dexter.domain.research import JournalHead, Report
from dexter.domain.run import RunStatus
from dexter.errors import (
    StoreError,
    UnknownEvidenceError,
    UnknownRunError,
    UnsavableError,
)
from dexter.journal import JournalStore, ended_as, trusted
from dexter.journal import export as export_run
from dexter.journal import load as load_run
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
    """One run's tasks and answer, as they were recorded."""
    desk = open_shelves()
    _trusted(desk, run_id)
    kind = research.kind_of(desk.journals, run_id)
    if kind == "extract":
        from pipelines.commands import looked  # noqa: PLC0415 - reads documents

        return looked.show(desk.journals, run_id, as_json_too=as_json_too)
    if kind == "tones":
        from pipelines.commands import toning  # noqa: PLC0415 - start-up

        return toning.show(desk.journals, run_id, as_json_too=as_json_too)
    if kind == "study":
        from pipelines.commands import studying  # noqa: PLC0415 - start-up

        return studying.show_run(desk.journals, run_id, as_json_too=as_json_too)
    if kind == "daily":
        from pipelines.commands import dailying  # noqa: PLC0415 - start-up

        return dailying.show_run(desk.journals, run_id, as_json_too=as_json_too)
    report = research.recorded(desk.journals, run_id)
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
    # The screen writes [12] for e12.
    bare = identifier.strip("[]^")
    identifier = f"e{bare}" if bare.isdecimal() else bare
    item = report.evidence.get(identifier)
    if item is None:
        raise UnknownEvidenceError(run_id, identifier, len(report.evidence))
    if not as_json_too:
        runs.why(identifier, report.evidence, screen.out())
    path = picture or Path(f"{run_id}-{identifier}.png")
    drawn = 0
    for source in _documents(item, report):
        drawn += _prove(desk, source, numbered(path, drawn))
    if picture is not None and not drawn:
        screen.err().print("[dim]nothing drawn: it stands on no page that is kept[/]")
    # After everything that may fail, which would be a second document.
    if as_json_too:
        screen.print_json(as_document(report)["evidence"][identifier])
    return 0


def verify(run: str) -> int:
    """Check the chain, the blobs, and the head kept outside; 3 without that head.

    ``run`` is a run id, or a bundle that ``runs export`` wrote anywhere.
    """
    store, run_id, head, why = _opened(run)
    found = verify_run(store, run_id, head)
    runs.verified(run_id, found, screen.out())
    if head is None:
        screen.err().print(
            f"[yellow]![/] no head outside the journal to compare with, so a tail "
            f"that was cut would not show: {escape(why)}"
        )
    if not found.ok:
        return 4
    return 0 if head else 3


def replay(run: str, *, as_json_too: bool) -> int:
    """Make the report again from the record alone and compare it byte for byte."""
    store, run_id, head, _ = _opened(run)
    trusted(store, run_id, head)
    kind = research.kind_of(store, run_id)
    if kind == "extract":
        from pipelines.commands import looked  # noqa: PLC0415 - reads documents

        return looked.replay(open_shelves(), store, run_id, as_json_too=as_json_too)
    if kind == "tones":
        from pipelines.commands import toning  # noqa: PLC0415 - start-up

        return toning.replay(store, run_id, as_json_too=as_json_too)
    if kind == "study":
        from pipelines.commands import studying  # noqa: PLC0415 - start-up

        return studying.replay_run(store, run_id, as_json_too=as_json_too)
    if kind == "daily":
        from pipelines.commands import dailying  # noqa: PLC0415 - start-up

        return dailying.replay_run(store, run_id, as_json_too=as_json_too)
    done = asyncio.run(research.replay(store, run_id, Silent()))
    if as_json_too:
        screen.print_json(as_json(done))
    console = screen.err() if as_json_too else screen.out()
    runs.replayed(run_id, done.journal, console)
    return 0


def _opened(run: str) -> tuple[JournalStore, str, JournalHead | None, str]:
    """The record of a run here or in a bundle, the head kept beside it, or why none."""
    path = Path(run)
    if path.is_file():
        bundle = load_run(path)
        return bundle.store, bundle.run_id, bundle.head, ""
    desk = open_shelves()
    head, why = _kept(desk, run)
    return desk.journals, run, head, why


def export(run_id: str, path: Path) -> int:
    """Write a run whose record holds as a bundle that can be verified elsewhere."""
    desk = open_shelves()
    _trusted(desk, run_id)
    if path.is_dir():
        raise UnsavableError(path, "it is a folder")
    try:
        export_run(desk.journals, run_id, path)
    except OSError as error:
        raise UnsavableError(path, (error.strerror or str(error)).lower()) from error
    screen.err().print(f"[green]✓[/] run {run_id} written to {path}")
    return 0


def _report(desk: Desk, run_id: str) -> Report:
    _trusted(desk, run_id)
    return research.recorded(desk.journals, run_id)


def _trusted(desk: Desk, run_id: str) -> None:
    """Refuse a run nobody recorded, and one whose record does not hold."""
    trusted(desk.journals, run_id, _kept(desk, run_id)[0])


def _kept(desk: Desk, run_id: str) -> tuple[JournalHead | None, str]:
    """The head kept outside the journal, or why there is none to compare with.

    Raises:
        UnknownRunError: neither an event nor a head is there.
    """
    there = bool(desk.journals.read(run_id))
    try:
        head = desk.kept_head(run_id)
    except StoreError as error:
        if not there:
            raise
        # The journal answers without the database, which may be damaged.
        return None, error.sentence
    if head is None and not there:
        raise UnknownRunError(run_id)
    return head, _headless(ended_as(desk.journals, run_id))


def _headless(end: str | None) -> str:
    """Why no head of a run is kept, by how it ended."""
    if end == RunStatus.FINISHED:
        return "the run finished, yet none is kept: it could not be, or it is gone"
    return f"none is kept of a run that {f'ended as {end}' if end else 'did not end'}"


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


def numbered(path: Path, drawn: int) -> Path:
    """The path of the next picture: a computed value may stand on several pages."""
    return path.with_stem(f"{path.stem}-{drawn + 1}") if drawn else path


def _prove(desk: Desk, source: Source, path: Path) -> bool:
    """The page crop or the quoted fact, as kept; whether a picture was drawn."""
    content = desk.document(source.sha256) if source.sha256 else None
    if content is None:
        return False
    from dexter.extraction.pictures import crop  # noqa: PLC0415 - only where a page is drawn

    if source.page is not None and source.bbox is not None:
        picture = crop.draw(content, source.page, source.bbox)
        try:
            path.write_bytes(captioned(picture, source))
        except OSError as error:
            why = (error.strerror or str(error)).lower()
            raise UnsavableError(path, why) from error
        told = f"page {source.page} of {source.document} → {path}"
        screen.err().print(told, markup=False, style="dim")
        return True
    if source.context and source.row:
        quoted = crop.quote(content, source.context, source.row)
        screen.err().print(quoted, markup=False, style="dim")
    return False
