"""The run of a study: what it asks is in the journal before any outcome is read.

A run notes the specification, then what the open periods measured, then that it opens
the locked ones, then what those measured. A home's openings stay; whoever asks the same
again is told what the first look found.
"""

import asyncio
import json
from collections.abc import Callable, Mapping
from typing import Any

from dexter.domain.run import RunStatus
from dexter.errors import (
    DexterError,
    IntegrityError,
    ReplayDiffersError,
    StoreError,
)
from dexter.journal import Journal, JournalStore
from dexter.journal.codec import canonical
from dexter.journal.events import digest
from dexter.ml.study import TooFewError
from pipelines.research import fresh_id
from pipelines.runtime import Desk
from pipelines.study.openings import Line, Opening, Openings
from pipelines.study.sample import Events, Progress
from pipelines.study.spec import Period
from pipelines.study.study import Document, Study

KIND = "study"
FEWEST = 200
"""Events of a period below which there is nothing to be said."""

SLACK_DAYS = 7
"""A period's last day may fall on holidays."""


Source = Callable[[Study, Progress], Events]
"""Events up to a study's last day, no outcome yet; asked once it is written down."""


class TooLittleError(StoreError):
    """The data at hand cannot answer."""

    def __init__(self, study: str, why: str) -> None:
        super().__init__(
            f"The data cannot answer the study {study}: {why}.",
            "Import dated results and prices with `dexter data import`.",
        )


class StudyBusyError(DexterError):
    """Another run holds the one look."""

    def __init__(self, study: str, run_id: str) -> None:
        super().__init__(
            f"Run {run_id} is looking at the locked period of {study} now.",
            "Ask again when it has ended; it will be told what that run found.",
        )


def run(desk: Desk, study: Study, source: Source, tell: Progress) -> Document:
    """Run a study, or tell what its one look found.

    Raises:
        TooLittleError: too few events, or data that end before the study does.
        StudyBusyError: another run has opened it and goes on.
        IntegrityError: the record of the first look does not hold.
    """
    openings = Openings(desk.market.home)
    there = openings.of(study.spec.sha256)
    if there is not None and there.found is not None:
        return recorded(desk.journals, there.found)
    header = desk.header(f"study {study.spec.name}", None, "none")
    journal = Journal.begin(desk.journals, fresh_id(desk), header | {"kind": KIND})
    with asyncio.Runner() as loop:
        hand = _Hand(desk, study, openings, journal, loop)
        try:
            document = hand.carried_out(source, tell)
        except BaseException as error:
            hand.broken(error)
            raise
    return document


def recorded(store: JournalStore, line: Line) -> Document:
    """What a run found, from its own record.

    Raises:
        UnknownRunError: the run is gone.
        IntegrityError: its record does not hold, or says something else.
    """
    document = document_of(store, line.run_id)
    if digest(canonical(document)) != line.document:
        raise _differs(line.run_id)
    return document


def document_of(store: JournalStore, run_id: str) -> Document:
    """The document of a run of a study.

    Raises:
        UnknownRunError: the run is gone.
        IntegrityError: its record does not hold, or holds none.
    """
    found = Journal.replay(store, run_id).recorded("found")
    if not found:
        raise _differs(run_id)
    return dict(found[-1])


def replay(store: JournalStore, run_id: str, study: Study) -> Document:
    """Conclude again from what the run measured; no data are read.

    Raises:
        IntegrityError: the record does not hold.
        ReplayDiffersError: it is concluded otherwise now.
    """
    document = document_of(store, run_id)
    notes = Journal.replay(store, run_id).recorded("measured")
    measured: dict[str, Document] = _plain({n["period"]: n["found"] for n in notes})
    again = _plain(study.conclude(study.spec, measured))
    if again != document["verdict"] or measured != document["periods"]:
        raise ReplayDiffersError(run_id)
    return document


def _differs(run_id: str) -> IntegrityError:
    return IntegrityError(
        f"The record of run {run_id} does not hold what the study found.",
        "Restore journal.db from a copy; a locked period is not opened twice.",
    )


def _plain(value: object) -> Any:  # noqa: ANN401 - whatever JSON makes of it
    """A value as its record will say it."""
    return json.loads(canonical(value))


class _Hand:
    """One run of a study, from its specification to its end."""

    def __init__(
        self,
        desk: Desk,
        study: Study,
        openings: Openings,
        journal: Journal,
        loop: asyncio.Runner,
    ) -> None:
        self._desk, self._study, self._openings = desk, study, openings
        self._journal, self._loop = journal, loop

    def carried_out(self, source: Source, tell: Progress) -> Document:
        """Write down, look, conclude, and let the run end well."""
        spec = self._study.spec
        self._note("specification", {"sha256": spec.sha256, "spec": spec.told()})
        events = source(self._study, tell)
        self._refuse_too_little(events)
        periods = {
            period.name: self._measured(events, period, tell)
            for period in spec.periods
            if not period.locked
        }
        opening = self._opened() if spec.locked else None
        if opening is not None and opening.found is not None:
            # Somebody was quicker; theirs is the look that counts.
            self._end("finished", {"told_by": opening.found.run_id})
            return recorded(self._desk.journals, opening.found)
        for period in spec.locked:
            periods[period.name] = self._measured(events, period, tell)
        document = _plain(self._document(periods, opening))
        self._note("found", document)
        self._end("finished", {})
        told = digest(canonical(document))
        self._desk.keep_head(self._journal.run_id, self._journal.head, told)
        return self._counted(document, told) if spec.locked else document

    def broken(self, error: BaseException) -> None:
        """End the run as it went."""
        if isinstance(error, DexterError) and not isinstance(error, IntegrityError):
            error.run_id = self._journal.run_id
            self._end("failed", {"reason": error.sentence})
        else:
            self._journal.interrupt(type(error).__name__)

    def _refuse_too_little(self, events: Events) -> None:
        spec = self._study.spec
        last = max(period.last for period in spec.periods)
        if not len(events.world.calendar) or (last - events.last_day).days > SLACK_DAYS:
            why = f"its prices do not reach {last:%d %b %Y}"
            raise TooLittleError(spec.name, why)
        for period in spec.periods:
            size = self._study.size(spec, events, period)
            if size < FEWEST:
                why = f"its {period.name} period has {size} events, under {FEWEST}"
                raise TooLittleError(spec.name, why)

    def _measured(self, events: Events, period: Period, tell: Progress) -> Document:
        tell(f"measuring: {period.name}", 0, 1)
        spec = self._study.spec
        try:
            found: Document = _plain(self._study.measure(spec, events, period))
        except TooFewError as error:
            raise TooLittleError(spec.name, str(error)) from error
        self._note("measured", {"period": period.name, "found": found})
        tell(f"measuring: {period.name}", 1, 1)
        return found

    def _opened(self) -> Opening:
        """Open the locked periods, or go on under the opening of a run that died."""
        line = self._line("opened")
        opening = self._openings.add(line)
        theirs = opening.opened.run_id
        if opening.found is None and theirs != line.run_id and self._runs(theirs):
            raise StudyBusyError(self._study.spec.name, theirs)
        self._note("opened", opening.opened.model_dump(mode="json"))
        return opening

    def _runs(self, run_id: str) -> bool:
        """Whether a run still goes on."""
        return any(
            run.run_id == run_id and run.status is RunStatus.RUNNING
            for run in self._desk.journals.runs()
        )

    def _counted(self, document: Document, told: str) -> Document:
        """The document that counts: the first one found under the opening."""
        line = self._line("found").model_copy(update={"document": told})
        found = self._openings.add(line).found
        if found is None or found.run_id == line.run_id:
            return document
        return recorded(self._desk.journals, found)

    def _line(self, act: str) -> Line:
        spec = self._study.spec
        return Line.model_validate(
            {
                "act": act,
                "study": spec.name,
                "spec_sha256": spec.sha256,
                "run_id": self._journal.run_id,
                "at": self._desk.clock.present(),
            }
        )

    def _document(
        self, periods: Mapping[str, Document], opening: Opening | None
    ) -> Document:
        spec = self._study.spec
        others = self._openings.of_others(spec.name, spec.sha256)
        return {
            "study": spec.name,
            "spec": spec.told(),
            "spec_sha256": spec.sha256,
            "run_id": self._journal.run_id,
            "market": self._desk.market.name,
            "opening": opening.opened.model_dump(mode="json") if opening else None,
            "other_openings": [line.model_dump(mode="json") for line in others],
            "periods": periods,
            "verdict": self._study.conclude(spec, periods),
        }

    def _note(self, kind: str, data: Mapping[str, object]) -> None:
        self._loop.run(self._journal.note(kind, data))

    def _end(self, status: str, data: Mapping[str, object]) -> None:
        self._loop.run(self._journal.finish(status, data))
