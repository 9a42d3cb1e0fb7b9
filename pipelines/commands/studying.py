"""``dexter study``, and its runs among ``dexter runs``."""

from pathlib import Path

from rich.markdown import Markdown
from rich.markup import escape

from dexter.errors import UnsavableError
from dexter.journal import JournalStore
from pipelines.commands import screen
from pipelines.ingest.report import Progress
from pipelines.runtime import open_desk
from pipelines.study import running
from pipelines.study.page import page
from pipelines.study.sample import Events, events_until
from pipelines.study.sample import Progress as Tell
from pipelines.study.shelf import STUDIES, study_called
from pipelines.study.study import Document, Study


def study(name: str, save: Path | None = None, *, as_json_too: bool) -> int:
    """A preregistered test and its report; a locked period is opened once.

    Args:
        name: Of ``STUDIES``.
        save: A folder for the page and its pictures.
        as_json_too: One JSON document on stdout.

    Raises:
        UnknownStudyError: no study goes by that name.
        UnsavableError: the folder cannot be written.
    """
    asked = study_called(name)
    if save is not None:
        _made(save)
    with screen.bars(passing=True) as tell:
        desk = open_desk(on_progress=tell)

        def source(study: Study, on_progress: Tell) -> Events:
            last = max(period.last for period in study.spec.periods)
            with desk.database() as database:
                return events_until(database, last, on_progress)

        try:
            document = running.run(
                desk,
                asked,
                source,
                lambda stage, done, total: tell(Progress(stage, done, total)),
            )
        finally:
            desk.close()
    _tell(document, asked, as_json_too=as_json_too)
    if save is not None:
        _save(document, asked, save)
    return 0


def show_run(store: JournalStore, run_id: str, *, as_json_too: bool) -> int:
    """What a run of a study found, as it was recorded."""
    document = running.document_of(store, run_id)
    _tell(document, study_called(document["study"]), as_json_too=as_json_too)
    return 0


def replay_run(store: JournalStore, run_id: str, *, as_json_too: bool) -> int:
    """Conclude again from the record alone."""
    name = running.document_of(store, run_id)["study"]
    document = running.replay(store, run_id, study_called(name))
    if as_json_too:
        screen.print_json(document)
    console = screen.err() if as_json_too else screen.out()
    console.print(
        f"[green]✓[/] run {run_id}: concluded again from what it measured, the same"
    )
    return 0


def names() -> tuple[str, ...]:
    """The studies there are."""
    return tuple(STUDIES)


def _tell(document: Document, asked: Study, *, as_json_too: bool) -> None:
    if as_json_too:
        screen.print_json(document)
    else:
        screen.out().print(Markdown(_page(document, asked)))


def _page(document: Document, asked: Study) -> str:
    return page(document, asked.verdict(document), asked.sections(document))


def _made(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UnsavableError(folder, (error.strerror or str(error)).lower()) from error


def _save(document: Document, asked: Study, folder: Path) -> None:
    """The page as ``NAME.md`` and its pictures beside it."""
    name = document["study"]
    files = {f"{name}.md": _page(document, asked).encode()}
    for picture, content in asked.pictures(document).items():
        files[f"{name}-{picture}.png"] = content
    for file, content in files.items():
        try:
            (folder / file).write_bytes(content)
        except OSError as error:
            why = (error.strerror or str(error)).lower()
            raise UnsavableError(folder / file, why) from error
    said = f"{len(files)} files in {escape(str(folder))}"
    screen.err().print(f"[green]✓[/] {said}")
