"""The operator's file on the screen: what is in force, and what is wrong with it."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from rich.console import Console
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from dexter.operating.example import written
from dexter.operating.inforce import Origin, Said
from dexter.operating.needs import Lack

_NONE = "–"


def shown(
    path: Path,
    entries: Sequence[Said],
    secrets: Mapping[str, str],
    console: Console,
    *,
    found: bool,
) -> None:
    """Every key, what is in force there and who said so; then the secrets' state."""
    console.print(_file(path, found=found))
    table = Table(box=None, pad_edge=False, header_style="dim")
    table.add_column("key", no_wrap=True)
    table.add_column("in force", ratio=1, overflow="fold")
    table.add_column("said by", no_wrap=True)
    for one in entries:
        own = one.origin is not Origin.DEFAULT
        table.add_row(one.key, _value(one.value), _origin(one.origin, own=own))
    console.print(table)
    console.print()
    for variable, state in secrets.items():
        console.print(f"{variable:<22} {escape(state)}")


def checked(
    path: Path,
    problems: Sequence[Lack],
    warnings: Sequence[Lack],
    console: Console,
    *,
    found: bool,
) -> None:
    """Whether the file can be used: problems first, then what is only odd."""
    if not problems:
        console.print(f"[green]✓[/] {_file(path, found=found)}")
    else:
        what = escape(str(path)) if found else "What the environment says"
        console.print(f"[red bold]✗[/] {what} cannot be used as it is:")
    marked = [("[red bold]✗[/]", one) for one in problems]
    marked += [("[yellow]![/]", one) for one in warnings]
    following = [one.hint for _, one in marked[1:]] + [""]
    for (mark, one), next_hint in zip(marked, following, strict=False):
        where = f"{one.where}: " if one.where else ""
        console.print(f"{mark} {escape(where)}{escape(one.what)}")
        # One hint under a row of the same.
        if one.hint != next_hint:
            console.print(f"  [dim]{escape(one.hint)}[/]")


def _file(path: Path, *, found: bool) -> str:
    if found:
        return escape(str(path))
    return f"{escape(str(path))} is not there: everything is the default"


def _origin(origin: Origin, *, own: bool) -> Text:
    return Text(origin.value, style="" if own else "dim")


def _value(value: object) -> Text:
    """As the file spells it; a rule or recipient in one line."""
    if value is None:
        return Text(_NONE, style="dim")
    if isinstance(value, Mapping):
        return Text(", ".join(f"{key} = {written(one)}" for key, one in value.items()))
    return Text(written(value))
