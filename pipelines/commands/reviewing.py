"""``dexter extract review``: what waits for a person, and the settling of it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from rich.markup import escape

from dexter.console import queue
from dexter.domain.decision import Action, Case, Decision
from dexter.domain.filing import Review
from dexter.domain.statement import ColumnRole, Hand, Statement
from dexter.extraction.people import person, typed
from dexter.extraction.people.person import Corrections
from dexter.extraction.people.typed import DecisionError
from dexter.extraction.people.upheld import Proof, inexact, prove, settled
from dexter.store.database import DATABASE_FILE, Database
from dexter.store.documents import Documents
from dexter.store.reviews import Reviews, UnknownReviewError
from pipelines.clock import SystemClock
from pipelines.commands import screen
from pipelines.commands.pictures import Pictures, draw, tell
from pipelines.commands.told import as_document, as_row
from pipelines.commands.walking import walk
from pipelines.runtime import settings_here


@dataclass(frozen=True, slots=True)
class Wishes:
    """The flags of ``extract review``; everything as typed."""

    company: str | None = None
    everything: bool = False
    json: bool = False
    out: Path | None = None
    confirm: bool = False
    set: tuple[str, ...] = ()
    withhold: tuple[str, ...] = ()
    unit: str | None = None
    basis: str | None = None
    period_end: str | None = None
    page: int | None = None
    symbol: str | None = None
    reject: bool = False
    because: str | None = None
    by: str | None = None
    walk: bool = False

    @property
    def settles(self) -> bool:
        """Whether anything but a look or a rejection is asked for."""
        return self.confirm or self.walk or self.corrects

    @property
    def corrects(self) -> bool:
        """Whether something is to be changed; a page alone is only looked at."""
        said = (self.unit, self.basis, self.period_end, self.symbol)
        return bool(self.set or self.withhold) or any(said)


def review(identifier: str | None, wishes: Wishes) -> int:
    """List, show or settle; 3 when a settled statement still does not hold."""
    home = settings_here().home
    if identifier is None:
        if wishes.settles or wishes.reject:
            raise DecisionError.nothing_named()
        return _listed(home, wishes)
    if not (home / DATABASE_FILE).is_file():
        raise UnknownReviewError.nowhere(identifier)
    with _opened(home) as database:
        desk = _Desk(database, Reviews(database), wishes)
        if wishes.reject:
            return desk.reject(identifier)
        case = desk.one(identifier)
        return desk.settle(case) if wishes.settles else desk.show(case)


def _listed(home: Path, wishes: Wishes) -> int:
    cases: tuple[Case, ...] = ()
    if (home / DATABASE_FILE).is_file():
        with _opened(home) as database:
            queue_of = Reviews(database)
            cases = queue_of.cases(wishes.company, everything=wishes.everything)
    if wishes.json:
        screen.print_json([as_row(case) for case in cases])
    else:
        queue.waiting(cases, screen.out(), everything=wishes.everything)
    if Path("review").is_file():
        screen.err().print("[dim]to read the file named review: ./review[/]")
    return 0


@contextmanager
def _opened(home: Path) -> Iterator[Database]:
    database = Database.open(home)
    try:
        yield database
    finally:
        database.close()


@dataclass(frozen=True, slots=True)
class _Desk:
    """One look at the queue, or one decision."""

    database: Database
    reviews: Reviews
    wishes: Wishes

    def one(self, identifier: str) -> Case:
        """The one statement an id names."""
        cases = self.reviews.find(identifier)
        if len(cases) > 1:
            ids = [case.id for case in cases]
            raise UnknownReviewError.several(identifier, ids)
        return cases[0]

    def show(self, case: Case) -> int:
        """Values beside their doubts, and pictures of where they stand."""
        proof = prove(case.statement, case.reading)
        made = None
        if not self.wishes.json or self.wishes.out is not None:
            made = self._draw(case, proof)
        if self.wishes.json:
            screen.print_json(as_document(case, proof, made))
            return 0
        doubted = case.status is Review.REVIEW
        problems = proof.problems if doubted else ()
        queue.shown(case, proof.doubts, problems, screen.out())
        if made is not None:
            tell(made)
        if doubted:
            command = f"dexter extract review {case.id}"
            hint = f"as the page prints it? {command} --confirm --by NAME"
            if not case.statement.columns:
                hint = f"type its values: {command} --walk --by NAME"
            screen.err().print(f"[dim]{hint}[/]")
        return 0

    def settle(self, case: Case) -> int:
        """Take a person's word, and accept the statement if arithmetic agrees."""
        hand = self._hand()
        wishes = self._corrections()
        if self.wishes.walk:
            proof = prove(case.statement, case.reading)
            queue.shown(case, proof.doubts, proof.problems, screen.err())
            made = self._draw(case, proof)
            tell(made)
            console = screen.err()
            wishes = walk(
                case,
                wishes,
                made.cells,
                lambda text: console.input(text, markup=False),
                lambda text: console.print(text, markup=False, style="dim"),
            )
        if not wishes.any and case.status is Review.ACCEPTED:
            raise DecisionError.accepted(case.id)
        told, changes = person.corrected(case.statement, wishes, hand)
        proof = prove(told, case.reading)
        against = list(self._rivals(case, told))
        if not self.wishes.confirm:
            against += inexact(told, (role for _, role in wishes.values))
        result = settled(told, proof, hand, against)
        action = Action.CORRECTED if changes else Action.CONFIRMED
        decision = replace(
            _decision(case, action, hand, self.wishes.because),
            changes=changes,
            reading=case.reading,
            statement=result,
        )
        self.reviews.decide(case, decision)
        self._settle_market({case.filing.symbol, told.symbol})
        return self._outcome(case, proof, hand)

    def reject(self, identifier: str) -> int:
        """Take a statement, or a whole document, out of the queue."""
        hand = self._hand()
        if self.wishes.settles:
            raise DecisionError.both()
        if not (self.wishes.because or "").strip():
            raise DecisionError.no_reason()
        cases = self.reviews.find(identifier)
        case = cases[0]
        decision = _decision(case, Action.REJECTED, hand, self.wishes.because)
        if "-" in identifier:
            decision = replace(decision, reading=case.reading, statement=case.statement)
        else:
            decision = replace(decision, ordinal=None)
        self.reviews.decide(case, decision)
        self._settle_market({case.filing.symbol})
        again = self.reviews.find(identifier)
        if self.wishes.json:
            screen.print_json([as_row(one) for one in again])
        else:
            said = ", ".join(one.id for one in again)
            screen.out().print(f"[red]✗[/] {said} rejected by {escape(hand.by)}")
        return 0

    def _outcome(self, case: Case, proof: Proof, hand: Hand) -> int:
        """What became of a decision; found again, as the store now tells it."""
        name = case.id if "-" in case.id else f"{case.id}-1"
        (now,) = self.reviews.find(name)
        accepted = now.status is Review.ACCEPTED
        if self.wishes.json:
            screen.print_json(as_document(now, proof, None))
            return 0 if accepted else 3
        problems = proof.problems or ([now.reason] if now.reason else [])
        queue.shown(now, proof.doubts, problems, screen.out())
        if not accepted:
            screen.err().print(
                "[dim]kept, but not accepted: correct a value with --set "
                "ITEM\\[:COLUMN]=VALUE, leave it out with --withhold[/]"
            )
            return 3
        columns = now.statement.columns.values()
        cells = [cell for one in columns for cell in one.items.values()]
        count = sum(cell.value is not None for cell in cells)
        said = f"{escape(hand.by)} stands for {count} values"
        screen.out().print(f"[green]✓[/] {now.id} accepted at grade B: {said}")
        if now.filing.symbol is None:
            screen.err().print(
                "[yellow]![/] it is not known whose results these are, so `dexter ask` "
                "does not find them; add --symbol"
            )
        return 0

    def _hand(self) -> Hand:
        by = " ".join((self.wishes.by or "").split())
        if not by:
            raise DecisionError.nobody()
        return Hand(by, SystemClock().present())

    def _corrections(self) -> Corrections:
        said = self.wishes
        columns = [text for text in said.withhold if _is_column(text)]
        places = [text for text in said.withhold if not _is_column(text)]
        return Corrections(
            values=dict(typed.assigned(text) for text in said.set),
            withheld=tuple(typed.place(text) for text in places),
            dropped=tuple(typed.column_role(text) for text in columns),
            unit=typed.unit(said.unit) if said.unit else None,
            basis=typed.basis(said.basis) if said.basis else None,
            period_end=typed.last_day(said.period_end) if said.period_end else None,
            page=said.page,
            symbol=said.symbol.strip().upper() if said.symbol else None,
        )

    def _rivals(self, case: Case, told: Statement) -> Iterator[str]:
        """Another accepted statement of the same document, basis and period."""
        for other in self.reviews.find(case.filing.sha256):
            one = other.statement
            same = (one.basis, one.period_end) == (told.basis, told.period_end)
            mine = other.ordinal == case.ordinal
            if same and not mine and other.status is Review.ACCEPTED:
                yield f"{other.id} already speaks for this basis and period"

    def _draw(self, case: Case, proof: Proof) -> Pictures:
        content = Documents(self.database.home).read(case.filing.sha256)
        folder = self.wishes.out or Path(f"review-{case.id}")
        return draw(case, content, folder, proof.doubts, self.wishes.page)

    def _settle_market(self, symbols: set[str | None]) -> None:
        """Keys, events and seasons follow what is accepted now."""
        from pipelines.ingest.intake import Intake  # noqa: PLC0415 - heavy
        from pipelines.ingest.report import silent  # noqa: PLC0415
        from pipelines.ingest.season import measure_seasons  # noqa: PLC0415
        from pipelines.ingest.settle import settle  # noqa: PLC0415

        intake = Intake(self.database, silent, None)
        intake.refresh()
        intake.tally.touched.update(one for one in symbols if one)
        settle(intake)
        measure_seasons(intake)


def _is_column(text: str) -> bool:
    return text.strip().lower() in list(ColumnRole)


def _decision(case: Case, action: Action, hand: Hand, because: str | None) -> Decision:
    chains = [one.chain for one in case.decisions if one.ordinal is not None]
    return Decision(
        sha256=case.filing.sha256,
        number=0,
        chain=chains[-1] if chains else 0,
        ordinal=case.ordinal or 0,
        action=action,
        by=hand.by,
        at=hand.at,
        because=because.strip() if because else None,
        changes=(),
        reading=None,
        statement=None,
    )
