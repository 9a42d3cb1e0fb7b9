"""The run of ``extract --vision``: one model, one journal, many files.

The looking is a run of its own: every request with its pictures, every reply and what
it cost are recorded, under the same throttle and the same ceilings as any other run.
What OCR sees is a pure function of the file, so it is not recorded, and a replay needs
the file again.
"""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from decimal import Decimal
from typing import Any

from dexter.errors import BlindModelError, DexterError, DocumentError, IntegrityError
from dexter.extraction.copies.second_opinion import pages_in_doubt
from dexter.extraction.document import read
from dexter.extraction.lines import as_line
from dexter.extraction.result import Extraction
from dexter.journal import Journal, JournalStore, journalled
from dexter.journal.codec import canonical
from dexter.journal.events import digest
from dexter.llm.offline import OfflineModel
from dexter.ports import Compute, LanguageModel
from dexter.store.documents import Documents
from pipelines.research import fresh_id
from pipelines.runtime import Desk, open_shelves, unreachable_model
from pipelines.vision import Paper, read_pages

KIND = "extract"


class SecondReader:
    """Looks at the pages in doubt of one file after another, all in one run.

    The run begins with the first page that is shown, so that nothing in doubt leaves
    nothing behind.
    """

    def __init__(self, desk: Desk, model: LanguageModel, compute: Compute) -> None:
        self._desk, self._model, self._compute = desk, model, compute
        self._journal: Journal | None = None
        self._told: list[dict[str, Any]] = []
        # One loop for all files: connections and the throttle belong to it.
        self._loop = asyncio.Runner()

    @property
    def run_id(self) -> str | None:
        """The run in the journal, once a page was looked at."""
        return self._journal.run_id if self._journal else None

    def mended(self, name: str, content: bytes, extraction: Extraction) -> Extraction:
        """A file's reading with its pages in doubt looked at.

        Raises:
            ModelKeyError: the provider wants another key.
        """
        if not pages_in_doubt(extraction):
            return extraction
        self._journal = self._journal or self._begun(name)
        # A replay needs the file, wherever the one named here goes.
        Documents(self._desk.settings.home).put(content)
        paper = Paper(name, content)
        done = self._loop.run(
            _recorded(self._journal, paper, extraction, (self._model, self._compute))
        )
        self._told.append(as_line(done, name))
        return done

    def _begun(self, name: str) -> Journal:
        desk = self._desk
        header = desk.header(f"extract {name}", None, self._model.name)
        return Journal.begin(desk.journals, fresh_id(desk), header | {"kind": KIND})

    def finish(self, error: BaseException | None = None) -> None:
        """End the run as it went, and let the model's connections go."""
        try:
            self._ended(error)
        finally:
            close = getattr(self._model, "aclose", None)
            if close is not None:
                self._loop.run(close())
            self._loop.close()

    def _ended(self, error: BaseException | None) -> None:
        journal = self._journal
        if journal is None:
            return
        if error is None:
            self._loop.run(journal.finish("finished", {}))
            told = digest(canonical(self._told))
            self._desk.keep_head(journal.run_id, journal.head, told)
        elif isinstance(error, DexterError) and not isinstance(error, IntegrityError):
            error.run_id = journal.run_id
            self._loop.run(journal.finish("failed", {"reason": error.sentence}))
        else:
            journal.interrupt(type(error).__name__)


@contextmanager
def opened(
    spec: str, compute: Compute, *, budget: Decimal | None = None
) -> Iterator[SecondReader]:
    """A vision model by its name, ready to look; its run ends with the block.

    Args:
        spec: ``anthropic:NAME`` or ``openai:NAME``.
        compute: where pages are drawn and OCR looks at them.
        budget: USD this run may cost; the settings' ceiling when not given.

    Raises:
        SettingError: the name is of no known form, or no budget can hold it.
        BlindModelError: the model cannot look at pictures.
        ModelKeyError: its provider needs a key.
    """
    desk = open_shelves()
    model = desk.model(spec, budget)
    if isinstance(model, OfflineModel):
        raise BlindModelError(model.name)
    reader = SecondReader(desk, model, compute)
    try:
        yield reader
    except BaseException as error:
        reader.finish(error)
        raise
    reader.finish()


async def _recorded(
    journal: Journal,
    paper: Paper,
    extraction: Extraction,
    by: tuple[LanguageModel, Compute],
) -> Extraction:
    """A file's reading mended, the model's calls and the outcome in the journal."""
    model, compute = by
    asked = {"name": paper.name, "sha256": extraction.sha256}
    with journal.span(f"file:{extraction.sha256[:12]}"):
        await journal.note("looking", asked)
        heard = journalled(model, LanguageModel, "model", journal)
        done = await read_pages(paper, extraction, heard, compute)
        await journal.note("looked", as_line(done, paper.name))
    return done


async def replay(
    store: JournalStore,
    run_id: str,
    document: Callable[[str], bytes | None],
    compute: Compute,
) -> tuple[Extraction, ...]:
    """Mend the same files again from the record: no network, no model.

    Args:
        store: where the run is recorded.
        run_id: a run of ``extract --vision``.
        document: a file's bytes by their sha256; the record holds only the pictures.
        compute: where the files are read.

    Raises:
        UnknownRunError: there is no such run.
        DocumentError: a file is no longer there.
        IntegrityError: the record does not hold, or a reading comes out otherwise.
    """
    journal = Journal.replay(store, run_id)
    model = unreachable_model(journal)
    done = []
    for asked in journal.recorded("looking"):
        name, sha256 = str(asked["name"]), str(asked["sha256"])
        content = document(sha256)
        if content is None:
            raise DocumentError(name, "the file with the recorded hash is not kept")
        before: Any = await asyncio.wrap_future(compute.submit(read, name, content))
        done.append(
            await _recorded(journal, Paper(name, content), before, (model, compute))
        )
    await journal.finish("finished", {})
    return tuple(done)
