"""``dexter extract``: statements from files, one JSON line or one block each."""

import hashlib
import json
import sys
from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures import TimeoutError as TooLateError
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.markup import escape

from dexter.domain.statement import Item
from dexter.errors import DocumentError, DocumentTooLargeError, HostileDocumentError
from dexter.extraction.document import read
from dexter.extraction.lines import as_line, as_refusal
from pipelines.commands import screen

_SECONDS = 120.0
_WIDTH = 34
_COLUMN = 18


def extract(files: Iterable[Path], *, as_json_too: bool) -> int:
    """Read every file; one that refuses, hangs or crashes costs itself only."""
    console = screen.out()
    failed = 0
    for path in files:
        line = _line(path)
        failed += line["status"] == "rejected"
        if as_json_too:
            sys.stdout.write(json.dumps(line, ensure_ascii=False) + "\n")
            sys.stdout.flush()
        else:
            show(line, console)
    return 3 if failed else 0


def _line(path: Path) -> dict[str, Any]:
    try:
        content = path.read_bytes()
    except OSError as error:
        refused = DocumentError(path.name, (error.strerror or str(error)).lower())
        return as_refusal(refused, str(path), None)
    sha256 = hashlib.sha256(content).hexdigest()
    try:
        return as_line(_read(path.name, content), str(path))
    except DocumentError as error:
        return as_refusal(error, str(path), sha256)


def _read(name: str, content: bytes) -> Any:  # noqa: ANN401 - an Extraction
    """Read in a process of its own, so that no file can take this one down."""
    pool = ProcessPoolExecutor(1, mp_context=get_context("forkserver"))
    try:
        return pool.submit(read, name, content).result(timeout=_SECONDS)
    except TooLateError as error:
        what = f"took more than {_SECONDS:.0f} seconds to read"
        raise DocumentTooLargeError(name, what) from error
    except BrokenProcessPool as error:
        raise HostileDocumentError(name, "its reader crashed") from error
    finally:
        for process in list((pool._processes or {}).values()):  # noqa: SLF001 - a hung reader has to be killed
            process.kill()
        pool.shutdown(wait=False, cancel_futures=True)


def show(line: dict[str, Any], console: Console) -> None:
    """A file's statements for a person."""
    marks = {"accepted": "[green]✓[/]", "review": "[yellow]?[/]"}
    mark = marks.get(line["status"], "[red]✗[/]")
    reason = f": {escape(line['reason'])}" if line["reason"] else ""
    said = f"{line['kind']}, {line['status']}{reason}"
    console.print(f"{mark} [bold]{escape(line['file'])}[/] {said}")
    for statement in line["statements"]:
        _statement(statement, console)


def _statement(statement: dict[str, Any], console: Console) -> None:
    audited = {True: "audited", False: "unaudited"}.get(statement["audited"], "")
    where = f"page {statement['page']}" if statement["page"] else ""
    said = [
        statement["basis"] or "basis unknown",
        statement["period_end"] or "period unknown",
        f"in {statement['unit']}" if statement["unit"] else "unit unknown",
        audited,
        where,
        f"grade {statement['grade']}",
        statement["status"],
    ]
    console.print(f"  {' · '.join(filter(None, said))}")
    if statement["reason"]:
        console.print(f"  [yellow]{escape(statement['reason'])}[/]")
    columns = statement["columns"]
    names = {n for c in columns.values() for n in c["items"]}
    heads = "".join(f"{role[: _COLUMN - 2]:>{_COLUMN}}" for role in columns)
    ends = "".join(f"{c['period_end']:>{_COLUMN}}" for c in columns.values())
    console.print(f"  {'':<{_WIDTH}}{heads}", style="dim", soft_wrap=True)
    console.print(f"  {'':<{_WIDTH}}{ends}", style="dim", soft_wrap=True)
    for name in (item.value for item in Item if item.value in names):
        cells = [c["items"].get(name) for c in columns.values()]
        row = "".join(f"{_printed(cell):>{_COLUMN}}" for cell in cells)
        console.print(f"  {name:<{_WIDTH}}{row}", markup=False, soft_wrap=True)
    failed = [c for c in statement["checks"] if not c["ok"]]
    passed = len(statement["checks"]) - len(failed)
    console.print(f"  [dim]{passed} checks passed[/]")
    for check in failed:
        console.print(f"  [red]✗[/] {escape(check['name'])}: {escape(check['detail'])}")


def _printed(cell: dict[str, Any] | None) -> str:
    return str(cell["value"]) if cell and cell["value"] is not None else "–"
