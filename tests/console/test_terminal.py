"""Nothing that is told can steer the terminal it is shown on."""

import json
from io import StringIO

from rich.live import Live
from rich.table import Table

from dexter.console.terminal import Terminal, plain, spelled

STEERING = "a\x1b[31mred\x07\x9b2J\u202ertl\u2066x\u061c\ud800\rz"


def test_what_would_steer_is_left_out_wherever_it_stands() -> None:
    out = StringIO()
    console = Terminal(width=60, file=out, force_terminal=False)
    table = Table("head", title=STEERING)
    table.add_row(STEERING)
    for shown in (STEERING, table):
        console.print(shown, markup=False)
    seen = out.getvalue()
    assert plain(seen) == seen
    assert seen.count("a[31mred2Jrtlxz") == 3
    assert plain("नमस्\u200dते\tx\n") == "नमस्\u200dते\tx\n"


def test_a_table_keeps_its_columns() -> None:
    out = StringIO()
    table = Table("a", "b", box=None)
    for text in (STEERING, "a[31mred2Jrtlxz"):
        table.add_row(text.replace("\ud800", "").replace("\r", ""), "|")
    Terminal(width=60, file=out, force_terminal=False).print(table, markup=False)
    first, second = out.getvalue().splitlines()[1:]
    assert first == second


def test_what_moves_the_cursor_for_us_passes() -> None:
    out = StringIO()
    console = Terminal(width=60, file=out, force_terminal=True)
    with Live("one", console=console, auto_refresh=False) as live:
        live.update("two", refresh=True)
    assert "\x1b[?25l" in out.getvalue()


def test_a_document_says_the_same() -> None:
    told = {"text": STEERING}
    written = spelled(json.dumps(told, ensure_ascii=False, indent=2))
    assert plain(written) == written
    assert json.loads(written) == told
