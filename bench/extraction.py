"""Reading PDFs: text beside PDFium's and pdfplumber's, scans beside rapidocr's.

Real filings are read where they lie beside the repository; without them the bundled
sample market's filings stand in.
"""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path
from statistics import median
from time import perf_counter, process_time
from typing import Any

import numpy as np
import pdfplumber
import pypdfium2 as pdfium  # type: ignore[import-untyped]  # ships no types

from bench.tables import ROOT, Part, Target, table
from dexter.domain.filing import Grade, Review
from dexter.domain.statement import Item
from dexter.extraction.document import read
from dexter.extraction.pages import ocr, scan
from dexter.extraction.pages import picture as paper
from dexter.extraction.pages.classes import PageClass, describe
from dexter.extraction.pages.figures import figure
from pipelines import compute

REAL = ROOT.parent / "shared" / "data" / "filings"
SAMPLE = ROOT / "data" / "sample"
ROUNDS = 5
SCANS = 5
DPI = 200
FLOOR = "pypdfium2, all text"
BOXES = "pypdfium2, all text and character boxes"
PLUMBER = "pdfplumber, text of every page"
OURS = "dexter, identities exact"
SECOND = "dexter, second reader needed"


@dataclass(frozen=True, slots=True)
class Paper:
    """A file with the pages that hold a statement, and the values printed there."""

    path: Path
    pages: int
    trusted: bool
    printed: tuple[tuple[int, tuple[Decimal, ...]], ...]


def measure(folder: Path) -> Part:
    """Text, scans and two workers, each beside its floor or peer."""
    del folder
    papers = _papers()
    text, kept = _text([one for one in papers if one.trusted])
    scans, quicker = _scans([one for one in papers if not one.trusted and one.printed])
    pool, faster = _workers(papers)
    return Part("extraction", f"{text}\n\n{scans}\n\n{pool}", (*kept, *quicker, faster))


def _papers() -> list[Paper]:
    root, files = (REAL, REAL) if REAL.is_dir() else (SAMPLE, SAMPLE / "filings")
    rows = [
        json.loads(line) for line in (root / "truth.jsonl").read_text().splitlines()
    ]
    found = []
    for path in sorted(files.glob("pdf/*.pdf")):
        try:
            document = pdfium.PdfDocument(path)
        except pdfium.PdfiumError:
            continue
        kinds = [describe(document[i], i + 1).kind for i in range(len(document))]
        document.close()
        mine = [row for row in rows if row["file"].endswith(path.name)]
        printed = tuple((row["page"], _values(row)) for row in mine)
        trusted = all(kind is PageClass.TRUSTED for kind in kinds)
        found.append(Paper(path, len(kinds), trusted, printed))
    return found


def _values(row: dict[str, Any]) -> tuple[Decimal, ...]:
    return tuple(
        Decimal(str(value))
        for role in row["columns"]
        for item, value in row[role].items()
        if item in set(Item) and value is not None
    )


def _text(papers: list[Paper]) -> tuple[str, tuple[Target, ...]]:
    exact = [one for one in papers if not _rounded(one)]
    ways: dict[str, tuple[Callable[[Path], object], list[Paper]]] = {
        FLOOR: (_all_text, papers),
        BOXES: (_all_boxes, papers),
        PLUMBER: (_plumbed, papers),
        OURS: (_read, exact),
        SECOND: (_read, [one for one in papers if one not in exact]),
    }
    taken: dict[str, list[float]] = {name: [] for name in ways}
    ratios: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(ROUNDS):
        for name, (way, those) in ways.items():
            floor = _seconds(_all_text, those)
            spent = _seconds(way, those)
            taken[name].append(spent / sum(one.pages for one in those))
            ratios[name].append(spent / floor)
    found = {PLUMBER: _found(papers, _plumbed), OURS: _found(papers, _values_read)}
    total = sum(len(values) for one in papers for _, values in one.printed)
    rows = [
        (
            name,
            f"{sum(one.pages for one in ways[name][1])}",
            f"{median(taken[name]) * 1000:.2f}",
            f"{median(ratios[name]):.1f}",
            f"{found[name]} of {total}" if name in found else "",
        )
        for name in ways
    ]
    head = ("Text", "pages", "CPU ms per page", "× floor", "printed values found")
    right = found[OURS] / max(found[PLUMBER], 1)
    return table(head, rows), (
        Target("text path / pypdfium2 text", 5, median(ratios[OURS])),
        Target("values right / pdfplumber everywhere", 1, right, at_least=True),
    )


@cache
def _rounded(one: Paper) -> bool:
    statements = read(one.path.name, one.path.read_bytes()).statements
    return any(each.grade is Grade.B for each in statements)


def _seconds(way: Callable[[Path], object], papers: Iterable[Paper]) -> float:
    began = process_time()
    for one in papers:
        way(one.path)
    return process_time() - began


def _all_text(path: Path) -> None:
    document = pdfium.PdfDocument(path)
    for page in document:
        text = page.get_textpage()
        text.get_text_range()
        text.close()
    document.close()


def _all_boxes(path: Path) -> None:
    document = pdfium.PdfDocument(path)
    for page in document:
        text = page.get_textpage()
        text.get_text_range()
        for index in range(text.count_chars()):
            text.get_charbox(index)
        text.close()
    document.close()


def _plumbed(path: Path) -> dict[int, set[Decimal]]:
    with pdfplumber.open(path) as document:
        return {
            number: _numbers((page.extract_text() or "").split())
            for number, page in enumerate(document.pages, 1)
        }


def _numbers(words: Iterable[str]) -> set[Decimal]:
    return {value for word in words if (value := figure(word)) is not None}


def _read(path: Path) -> None:
    read(path.name, path.read_bytes())


def _values_read(path: Path) -> dict[int, set[Decimal]]:
    seen: dict[int, set[Decimal]] = {}
    for one in read(path.name, path.read_bytes()).statements:
        if one.status is Review.ACCEPTED and one.page:
            cells = [
                c for column in one.columns.values() for c in column.items.values()
            ]
            values = {cell.value for cell in cells if cell.value is not None}
            seen.setdefault(one.page, set()).update(values)
    return seen


def _found(
    papers: Iterable[Paper], way: Callable[[Path], dict[int, set[Decimal]]]
) -> int:
    """How many printed values a reader has on the right page."""
    count = 0
    for one in papers:
        if one.printed:
            seen = way(one.path)
            count += sum(
                value in seen.get(page, set())
                for page, values in one.printed
                for value in values
            )
    return count


def _scans(papers: list[Paper]) -> tuple[str, tuple[Target, ...]]:
    pages = [page for one in papers if (page := _scanned_page(one)) is not None]
    pages = pages[:: max(len(pages) // SCANS, 1)][:SCANS]
    taken: dict[str, list[float]] = {"rapidocr as it comes": [], "dexter": []}
    found = dict.fromkeys(taken, 0)
    _shipped()
    ocr.detect(np.full((DPI, DPI, 3), 255, dtype=np.uint8))  # loads both networks
    for path, number, values in pages:
        document = pdfium.PdfDocument(path)
        for name, way in (
            ("rapidocr as it comes", _as_it_comes),
            ("dexter", _by_dexter),
        ):
            began = process_time()
            seen = _numbers(way(document[number - 1]))
            taken[name].append(process_time() - began)
            found[name] += sum(value in seen for value in values)
        document.close()
    total = sum(len(values) for _, _, values in pages)
    rows = [
        (name, f"{len(pages)}", f"{median(spent):.1f}", f"{found[name]} of {total}")
        for name, spent in taken.items()
    ]
    head = ("Scans", "pages", "CPU s per page", "printed values found")
    pairs = zip(taken["dexter"], taken["rapidocr as it comes"], strict=True)
    return table(head, rows), (
        Target("scanned statement page", 8, median(taken["dexter"]), "CPU s"),
        Target(
            "scanned page / rapidocr as it comes", 1, median(a / b for a, b in pairs)
        ),
        Target(
            "values found on scans / rapidocr as it comes",
            1,
            found["dexter"] / max(found["rapidocr as it comes"], 1),
            at_least=True,
        ),
    )


def _scanned_page(one: Paper) -> tuple[Path, int, tuple[Decimal, ...]] | None:
    """A file's first statement page that the product reads by OCR.

    A file may be part scan, part text: a text page is no scan, whatever lies before it.
    """
    document = pdfium.PdfDocument(one.path)
    try:
        for number, values in one.printed:
            if describe(document[number - 1], number).kind is not PageClass.TRUSTED:
                return one.path, number, values
    finally:
        document.close()
    return None


@cache
def _shipped() -> Any:  # noqa: ANN401 - rapidocr is untyped
    from rapidocr import RapidOCR  # noqa: PLC0415 - only this part needs it

    return RapidOCR(
        params={
            "Global.log_level": "critical",
            "EngineConfig.onnxruntime.intra_op_num_threads": 1,
            "EngineConfig.onnxruntime.inter_op_num_threads": 1,
        }
    )


def _as_it_comes(page: pdfium.PdfPage) -> list[str]:
    """The whole engine on the page as it is stored."""
    pixels, _ = paper.picture(page, DPI)
    seen = _shipped()(pixels)
    return [word for line in seen.txts or () for word in line.split()]


def _by_dexter(page: pdfium.PdfPage) -> list[str]:
    return [word.text for word in scan.read(page).words]


def _workers(papers: list[Paper]) -> tuple[str, Target]:
    """The same documents by one worker and by two, each pool already warm."""
    chosen = [one for one in papers if one.printed and not one.trusted][:6]
    spent = {count: _by_workers(chosen, count) for count in (1, 2)}
    rows = [(f"{n} worker{'s' * (n > 1)}", f"{s:.1f}") for n, s in spent.items()]
    head = (f"{len(chosen)} scanned filings", "seconds")
    ratio = spent[1] / spent[2]
    return table(head, rows), Target("2 workers / 1", 1.6, ratio, at_least=True)


def _by_workers(papers: list[Paper], count: int) -> float:
    with compute.opened(count) as pool:
        warm = [pool.submit(_scan_one, str(papers[0].path)) for _ in range(count)]
        for future in warm:
            future.result()
        began = perf_counter()
        calls = [(one.path, (str(one.path),)) for one in papers]
        for _, future in compute.each(pool, _scan_one, calls):
            future.result()
        return perf_counter() - began


def _scan_one(path: str) -> str:
    return read(Path(path).name, Path(path).read_bytes()).status
