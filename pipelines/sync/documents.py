"""The documents that lists name: fetched once, kept by hash, read with the others."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import sqlalchemy as sa

from dexter.errors import (
    NotYetPublishedError,
    SourceBlockedError,
    SourceError,
    SourceShapeError,
    SourceUnavailableError,
)
from dexter.sources.download import Download
from dexter.sources.opened import Sources
from dexter.store import tables as t
from dexter.store.collected import State, Unit
from dexter.store.documents import Documents
from dexter.store.wanted import Want, Wanted, still_wanted, tried_document
from pipelines.ingest.intake import READ_STATE, Intake, SourceFile
from pipelines.ingest.report import Progress
from pipelines.sync.lanes import MOST_FAILURES, Present
from pipelines.sync.report import SyncTally, Trouble
from pipelines.sync.together import together
from pipelines.sync.wanting import Place

_AT_ONCE = 2
_ATTEMPTS, _DAYS = 6, timedelta(days=5)
"""After so many, over so many days, a document that is missing or none is given up."""
_UNREADABLE = f"does not come through: {READ_STATE}"
_CUT_TWICE = 2
_TAIL = 2048
_STAGE = "fetching"
_LANES = {
    Place.NSE: "NSE archives",
    Place.BSE: "BSE files",
    Place.BSE_XBRL: "BSE files",
}


@dataclass(slots=True)
class Fetcher:
    """Documents being fetched: the lanes they come by and what became of them."""

    sources: Sources
    intake: Intake
    present: Present
    tally: SyncTally
    done: int = 0

    async def fetch(self, only: Collection[str] = ()) -> None:
        """Fetch what is wanted, the sources beside each other, XBRL first.

        Args:
            only: Keys of companies to narrow it to; empty for every one.
        """
        with self.intake.database.read() as connection:
            waiting = still_wanted(connection)
        chosen = [one for one in waiting if not only or one.symbol in only]
        lanes: dict[str, dict[str, Wanted]] = {}
        for one in sorted(chosen, key=lambda one: one.url.lower().endswith(".pdf")):
            lanes.setdefault(_LANES[Place(one.kind)], {}).setdefault(one.url, one)
        total = sum(map(len, lanes.values()))
        await together(
            self._lane(name, list(mine.values()), total) for name, mine in lanes.items()
        )

    async def _lane(self, name: str, mine: Sequence[Wanted], total: int) -> None:
        """A lane, a few at once; a refusal or silence leaves the rest for next time."""
        queue, failures = list(reversed(mine)), 0

        async def work(most: int) -> None:
            nonlocal failures
            while queue and failures < MOST_FAILURES and most:
                most -= 1
                error = await self._one(queue.pop())
                self.done += 1
                self.intake.on_progress(Progress(_STAGE, self.done, total))
                down = isinstance(error, SourceUnavailableError)
                failures = failures + 1 if down else 0
                if isinstance(error, SourceBlockedError):
                    failures = MOST_FAILURES

        # One alone first: a host that rested lets one request show that it is well.
        await work(1)
        await together(work(len(queue)) for _ in range(_AT_ONCE))
        self.tally.stopped[name] += len(queue)

    async def _one(self, one: Wanted) -> SourceError | None:
        folder = self.intake.database.home / "incoming"
        try:
            came = await self._ask(one, folder)
        except SourceError as error:
            state = _ending(error, one, self.present())
            self._note(one, state, reason=error.sentence)
            piece = Unit(_LANES[Place(one.kind)], _STAGE, one.url)
            trouble = Trouble(piece, State(error.state), error.sentence)
            self.tally.troubles.append(trouble)
            return error
        documents = Documents(self.intake.database.home)
        # The same bytes may come by two names at once; then the first keeps them.
        if not documents.has(came.sha256):
            # Taken away and not kept: by the other name it was found to be cut.
            content = came.path.read_bytes() if came.path.exists() else b""
            early = one.attempts < _CUT_TWICE and not ends(content)
            if early or not content:
                came.path.unlink(missing_ok=True)
                self._note(one, Want.WANTED, reason="it ends before its own end")
                return None
            documents.put(content)
        came.path.unlink(missing_ok=True)
        self._note(one, Want.KEPT, sha256=came.sha256)
        return None

    async def _ask(self, one: Wanted, folder: Path) -> Download:
        match Place(one.kind):
            case Place.NSE:
                return await self.sources.nse.document(one.url, folder)
            case Place.BSE:
                return await self.sources.bse.attachment(one.url, folder)
            case Place.BSE_XBRL:
                return await self.sources.bse.xbrl(one.url, folder)

    def _note(
        self,
        one: Wanted,
        state: Want,
        *,
        sha256: str | None = None,
        reason: str | None = None,
    ) -> None:
        at = self.present()
        with self.intake.database.write() as connection:
            tried_document(connection, one.url, state, at, sha256=sha256, reason=reason)
        self.tally.documents[state.value] += 1


def ends(content: bytes) -> bool:
    """Whether a document comes to its own end: a server may promise too few bytes.

    Some sound files never do; one that comes the same again and again is kept.
    """
    tail = content[-_TAIL:].rstrip(b"\0 \r\n\t")
    if content.lstrip()[:4] == b"%PDF":
        return b"%%EOF" in tail
    return tail.endswith(b">")


def _ending(error: SourceError, one: Wanted, now: datetime) -> Want:
    """Where a failure leaves a document: asked for again, until it must be hopeless.

    A page in its place may be a passing answer, so one miss proves nothing; a source
    that refuses or is silent says nothing of the document at all.
    """
    tried = one.attempts + 1 >= _ATTEMPTS and now - one.seen_at >= _DAYS
    if isinstance(error, SourceShapeError):
        return Want.REFUSED if tried else Want.WANTED
    missing = isinstance(error, NotYetPublishedError)
    return Want.GONE if missing and tried else Want.WANTED


def to_read(intake: Intake) -> list[SourceFile]:
    """Kept documents this reader has not tried yet, oldest publication first.

    Under every name they came by: the same bytes are one document.
    """
    w, i = t.wanted.c, t.imports.c
    read = sa.select(i.sha256).where(i.state == READ_STATE)
    query = (
        sa.select(w.sha256, w.url)
        .where(w.state == Want.KEPT.value)
        .where(sa.or_(w.reason.is_(None), w.reason != _UNREADABLE))
        .order_by(w.known_at.is_(None), w.known_at, w.url)
    )
    with intake.database.read() as connection:
        already = set(connection.scalars(read))
        rows = connection.execute(query.distinct()).all()
    documents = Documents(intake.database.home)
    found: dict[str, SourceFile] = {}
    for sha256, url in rows:
        name = url.replace("\\", "/").split("?")[0].rsplit("/", 1)[-1]
        intake.called.append((sha256, name))
        if sha256 not in already:
            file = SourceFile(documents.path(sha256), name, sha256)
            found.setdefault(sha256, file)
    lost = [sha256 for sha256 in found if not documents.has(sha256)]
    if lost:
        # Fetched, then deleted by somebody: they are fetched again.
        again = sa.update(t.wanted).where(w.sha256.in_(lost))
        with intake.database.write() as connection:
            connection.execute(again.values(state=Want.WANTED.value, sha256=None))
    return [file for sha256, file in found.items() if sha256 not in lost]


def note_unread(intake: Intake, files: Sequence[SourceFile]) -> None:
    """Note which files could not be read, so that this reader does not try again."""
    unread = [one.sha256 for one in files if not intake.taken(one.sha256, READ_STATE)]
    which = t.wanted.c.sha256.in_(unread)
    if unread:
        with intake.database.write() as connection:
            connection.execute(
                sa.update(t.wanted).where(which).values(reason=_UNREADABLE)
            )
