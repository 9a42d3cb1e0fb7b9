"""Runs of ``extract --vision``: the pages a model looked at, shown and made again."""

import asyncio
from typing import Any

from dexter.console.statements import show as show_statements
from dexter.journal import Journal, JournalStore
from pipelines import looking
from pipelines.commands import screen
from pipelines.runtime import Desk, open_compute


def show(store: JournalStore, run_id: str, *, as_json_too: bool) -> int:
    """What came of each file the model looked at."""
    told: list[Any] = list(Journal.replay(store, run_id).recorded("looked"))
    if as_json_too:
        screen.print_json({"run_id": run_id, "files": told})
        return 0
    for line in told:
        show_statements(line, screen.out())
    return 0


def replay(desk: Desk, store: JournalStore, run_id: str, *, as_json_too: bool) -> int:
    """Look again from the record alone; the files must be kept here."""
    with open_compute(desk.settings) as compute:
        done = asyncio.run(looking.replay(store, run_id, desk.document, compute))
    if as_json_too:
        screen.print_json({"run_id": run_id, "files": len(done)})
    console = screen.err() if as_json_too else screen.out()
    console.print(
        f"[green]✓[/] run {run_id}: {len(done)} files read again from the record, "
        "with the network and the model off"
    )
    return 0
