"""The outbox: any steps in any order, and none leads out of an end."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from dexter.domain.delivery import (
    Delivery,
    DeliveryState,
    Key,
    Receipt,
)
from dexter.store.database import Database
from dexter.store.outbox import Outbox
from tests.store.making_outbox import NOW, letter

PENDING, SENDING, SENT, UNKNOWN, DEAD = DeliveryState


class _Steps(RuleBasedStateMachine):
    """Any steps in any order, by a clock that goes any way."""

    home: Path

    @initialize()
    def open(self) -> None:
        name = str(len(list(self.home.iterdir())))
        self.database = Database.open(self.home / name)
        self.outbox = Outbox(self.database)
        self.read: dict[Key, Delivery] = {}
        self.last: dict[Key, Delivery] = {}
        self.taken_up: set[Key] = set()
        self.number = 0

    def teardown(self) -> None:
        if hasattr(self, "database"):
            self.database.close()

    def _row(self, pick: int) -> Delivery:
        """A row as it is, or as it was when it was looked at last."""
        rows = self.outbox.all()
        row = rows[pick % len(rows)]
        return self.read.get(row.key, row) if pick % 3 == 0 else row

    @rule(version=st.integers(1, 3), desk=st.booleans())
    def put(self, version: int, *, desk: bool) -> None:
        self.outbox.post(
            [letter(version=version, recipient="desk" if desk else "me")], NOW
        )

    @precondition(lambda self: self.outbox.all())
    @rule(
        pick=st.integers(0, 99),
        step=st.sampled_from(
            ["begin", "begin", "sent", "again", "lost", "dead", "hold", "look"]
        ),
        hours=st.integers(-100, 100),
    )
    def step(self, pick: int, step: str, hours: int) -> None:
        row, at = self._row(pick), NOW + timedelta(hours=hours)
        steps: dict[str, Callable[[], object]] = {
            "begin": lambda: self.outbox.begin(row, at),
            "sent": lambda: self.outbox.sent(row, Receipt(), at),
            "again": lambda: self.outbox.again(row, at, "down"),
            "lost": lambda: self.outbox.lost(row, at, "no answer"),
            "dead": lambda: self.outbox.dead(row, at, "refused"),
            "hold": lambda: self.outbox.hold([row], at, "quiet"),
            "look": lambda: self.read.__setitem__(row.key, row),
        }
        steps[step]()

    @rule()
    def supersede(self) -> None:
        self.outbox.supersede(NOW)

    @precondition(lambda self: self.outbox.all())
    @rule()
    def take_up(self) -> None:
        letters = {row.key for row in self.outbox.dead_letters()}
        self.taken_up = letters
        assert self.outbox.take_up(self.outbox.all()[0].item, NOW) == len(letters)

    @invariant()
    def steps_lead_where_they_may(self) -> None:
        if not hasattr(self, "outbox"):
            return
        rows = {row.key: row for row in self.outbox.all()}
        for key, before in self.last.items():
            self._held(before, rows[key])
        self.last, self.taken_up = rows, set()

    def _held(self, before: Delivery, after: Delivery) -> None:
        if before == after:
            return
        ends = before.state
        assert ends is not SENT
        assert ends is not DEAD or before.key in self.taken_up
        assert after.attempts >= before.attempts
        assert after.repeats >= before.repeats
        tried = after.attempts - before.attempts
        assert tried == int(after.state is SENDING)
        assert after.repeats - before.repeats == int(tried and before.unsure)
        # What may have arrived stays so until an answer comes.
        assert after.unsure or not before.unsure or after.state is SENT
        assert after.state is not PENDING or not after.unsure
        assert after.state is not UNKNOWN or after.unsure
        assert (after.sent_at is not None) == (after.state is SENT)


def test_no_step_leads_out_of_an_end(tmp_path: Path) -> None:
    machine = type("_Steps", (_Steps,), {"home": tmp_path})
    run_state_machine_as_test(
        machine,
        settings=settings(max_examples=25, stateful_step_count=25, deadline=None),
    )
