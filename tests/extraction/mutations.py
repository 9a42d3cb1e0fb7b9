"""Broken on purpose, seeded: what a damaged or doctored file may look like."""

import base64
import io
import random
import re
import zlib
from collections.abc import Callable, Sequence
from decimal import Decimal, InvalidOperation
from pathlib import Path

import pdfplumber
import pypdfium2 as pdfium  # type: ignore[import-untyped]  # ships no types

from dexter.domain.filing import Review
from dexter.domain.statement import Item, Method, Statement
from dexter.errors import DexterError
from dexter.extraction.document import read
from dexter.extraction.pages import scan
from dexter.extraction.pages.figures import figure
from dexter.extraction.pages.sheet import Box, Frame
from tests.extraction.builders import GENERAL, TEXTS, inline, pdf, plain
from tests.extraction.crafted import stream, updated

Mutation = Callable[[random.Random, bytes], bytes]
_STREAM = re.compile(rb"stream\r?\n(.*?)endstream", re.DOTALL)
_SHOWN = re.compile(rb"\(([^()\\]*\d[^()\\]*)\) Tj")
_PLACE = re.compile(r"contextRef=\"(?P<context>[^\"]*)\"")
_SLACK = 1.0
_AFTER_TAX = (
    *(Item.SHARE_OF_ASSOCIATES, Item.DISCONTINUED, Item.REGULATORY_DEFERRAL),
    *(Item.EARLIER_TAX, Item.EXCEPTIONAL),
)


def flipped(rng: random.Random, content: bytes) -> bytes:
    out = bytearray(content)
    for _ in range(rng.choice((1, 1, 2, 5, 30))):
        out[rng.randrange(len(out))] ^= 1 << rng.randrange(8)
    return bytes(out)


def shortened(rng: random.Random, content: bytes) -> bytes:
    start = rng.randrange(len(content))
    return content[:start] + content[start + rng.choice((1, 2, 10, 200)) :]


def cut(rng: random.Random, content: bytes) -> bytes:
    return content[: rng.randrange(len(content))]


def repeated(rng: random.Random, content: bytes) -> bytes:
    start = rng.randrange(len(content))
    stop = start + rng.choice((1, 8, 300))
    return content[:stop] + content[start:stop] + content[stop:]


def shuffled(rng: random.Random, content: bytes) -> bytes:
    """Two stretches that look alike from outside change places."""
    parts = re.split(rb"(?=\n\d+ 0 obj\n)|(?=<f:)|(?=<td>)", content)
    if len(parts) > 3:
        a, b = rng.sample(range(1, len(parts)), 2)
        parts[a], parts[b] = parts[b], parts[a]
    return b"".join(parts)


def renumbered(rng: random.Random, content: bytes) -> bytes:
    """One digit of the file's own text becomes another."""
    places = [found.start() for found in re.finditer(rb"\d", content)]
    out = bytearray(content)
    out[rng.choice(places)] = ord(rng.choice("0123456789"))
    return bytes(out)


def retold(rng: random.Random, content: bytes) -> bytes:
    """One value of one attribute becomes that of another."""
    found = list(re.finditer(rb"=(\"[^\"]*\"|'[^']*')", content))
    if len(found) < 2:
        return flipped(rng, content)
    one, other = rng.sample(found, 2)
    return content[: one.start(1)] + other.group(1) + content[one.end(1) :]


def joined(rng: random.Random, content: bytes) -> bytes:
    other = rng.choice((pdf(), plain(), pdf(title="Press note"), b"\0" * 50))
    return content + other if rng.random() < 0.5 else other + content


def reprinted(rng: random.Random, content: bytes) -> bytes:
    """A PDF whose page prints one digit otherwise, all else in order."""
    numbers = [int(n) for n in re.findall(rb"/Contents (\d+) 0 R", content)]
    body = _drawing(content)
    shown = list(_SHOWN.finditer(body))
    if not numbers or not shown:
        return renumbered(rng, content)
    found = rng.choice(shown)
    text = bytearray(found.group(1))
    places = [index for index, byte in enumerate(text) if byte in b"0123456789"]
    text[rng.choice(places)] = ord(rng.choice("0123456789"))
    body = body[: found.start(1)] + bytes(text) + body[found.end(1) :]
    packed_anew = stream(zlib.compress(body), b"/Filter /FlateDecode")
    return updated(content, {numbers[-1]: packed_anew})


def _drawing(content: bytes) -> bytes:
    """What the first page draws; nothing where it cannot be unpacked."""
    packed = _STREAM.search(content)
    try:
        text = packed.group(1).strip()[:-2] if packed else b""
        return zlib.decompress(base64.a85decode(text)) if text else b""
    except (ValueError, zlib.error):
        return b""


def garbled(rng: random.Random, content: bytes) -> bytes:
    """The page's drawing itself is damaged before it is packed."""
    numbers = [int(n) for n in re.findall(rb"/Contents (\d+) 0 R", content)]
    body = _drawing(content)
    if not numbers or not body:
        return flipped(rng, content)
    body = rng.choice((flipped, shortened, repeated, cut))(rng, body)
    return updated(content, {numbers[-1]: stream(body)})


ON_PDF: tuple[Mutation, ...] = (
    *(flipped, shortened, cut, repeated, shuffled, renumbered, joined),
    *(reprinted, reprinted, reprinted, garbled, garbled),
)
ON_XBRL: tuple[Mutation, ...] = (
    *(flipped, shortened, cut, repeated, shuffled, retold, joined),
    *(renumbered, renumbered, renumbered),
)


def seeds(kind: str, real: Sequence[Path] = ()) -> list[bytes]:
    """Sound files to break: made in code, and real ones where there are any."""
    found = [path.read_bytes() for path in real]
    if kind == "pdf":
        return [*found, pdf(), pdf(unit="(Rs. in lakhs)")]
    loss = {**GENERAL, "TaxExpense": "2500000000", "ProfitLossForPeriod": "-500000000"}
    crores = {name: f"{int(value) / 10**7:.2f}" for name, value in GENERAL.items()}
    return [*found, plain(), plain(dict(loss)), inline(crores, TEXTS)]


def broken(kind: str, seed: int, real: Sequence[Path] = ()) -> bytes:
    """The file of this number: a seed file with one to three mutations."""
    rng = random.Random(f"{kind} {seed}")  # noqa: S311 - a repeatable choice, no secret
    content = rng.choice(seeds(kind, real))
    for _ in range(rng.choice((1, 1, 1, 2, 3))):
        mutation = rng.choice(ON_PDF if kind == "pdf" else ON_XBRL)
        try:
            content = mutation(rng, content) or b"\n"
        except (IndexError, ValueError):
            content += b"\n"  # too broken already for this one
    return content


def ending(kind: str, seed: int, real: Sequence[Path] = ()) -> tuple[str, list[str]]:
    """How reading it ends, in a word, and what is wrong with what was accepted."""
    content = broken(kind, seed, real)
    try:
        result = read(f"{kind}-{seed}", content)
    except DexterError as error:
        return type(error).__name__, []
    faults = [
        f"{kind}-{seed}: {fault}"
        for one in result.statements
        if one.status is Review.ACCEPTED
        for fault in (*_not_shown(one, content), *_not_adding_up(one))
    ]
    return result.status.value, faults


def _not_shown(one: Statement, content: bytes) -> list[str]:
    """Cells whose value is not what the file shows there, by an independent look."""
    cells = [
        (item, cell)
        for column in one.columns.values()
        for item, cell in column.items.items()
        if cell.value is not None
    ]
    if any(cell.method is Method.TEXT for _, cell in cells):
        seen = _plumbed(content, one.page or 1)
        doubtful = [
            (item, cell.value, cell.bbox)
            for item, cell in cells
            if cell.method is Method.TEXT and cell.bbox
            if (told := seen(cell.bbox)) is not None
            if figure(told) != cell.value
        ]
        shown = _spelled(content, one.page or 1, [box for *_, box in doubtful])
        return [
            f"{item} is {value}, the page shows {text!r}"
            for (item, value, _), text in zip(doubtful, shown, strict=True)
            if figure(text) != value
        ]
    text = content.decode("utf-8", "replace")
    return [
        f"{item} is {cell.value}, the file never says so of {cell.concept}"
        for item, cell in cells
        if cell.method is Method.XBRL and cell.concept
        if cell.value not in _said(text, cell.concept, cell.context or "")
    ]


def _plumbed(
    content: bytes, number: int
) -> Callable[[tuple[float, float, float, float]], str | None]:
    try:
        with pdfplumber.open(io.BytesIO(content), pages=[number]) as document:
            chars = document.pages[0].chars
    except Exception:  # noqa: BLE001 - pdfminer gives up on files PDFium mends
        return lambda _: None

    def inside(box: tuple[float, float, float, float]) -> str | None:
        x0, top, x1, bottom = box
        found = [
            char
            for char in chars
            if x0 - _SLACK <= (char["x0"] + char["x1"]) / 2 <= x1 + _SLACK
            and top - _SLACK <= (char["top"] + char["bottom"]) / 2 <= bottom + _SLACK
        ]
        ordered = sorted(found, key=lambda char: float(char["x0"]))
        return "".join(str(char["text"]) for char in ordered).replace(" ", "") or None

    return inside


def _spelled(content: bytes, number: int, boxes: Sequence[Box]) -> list[str]:
    """What the page shows, where pdfminer mends a broken file otherwise than PDFium."""
    document = pdfium.PdfDocument(content)
    try:
        page = document[number - 1]
        return scan.spell(page, Frame(*page.get_size()), boxes) if boxes else []
    finally:
        document.close()


def _said(text: str, concept: str, context: str) -> set[Decimal]:
    """Every number the file's plain text puts beside a concept in a context."""
    found: set[Decimal] = set()
    name = re.escape(concept)
    tags = rf"<[^<>]*?(?:\b{name}\b)[^<>]*>([^<>]*)<"
    for tag in re.finditer(tags, text):
        if context not in tag.group(0):
            continue
        scale = re.search(r"scale=['\"](-?\d+)", tag.group(0))
        printed = re.sub(r"[,\s()]", "", tag.group(1))
        try:
            number = Decimal(printed)
        except InvalidOperation:
            continue
        power = int(scale.group(1)) if scale else 0
        found |= {number, -number, number.scaleb(power), -number.scaleb(power)}
    return found


def _not_adding_up(one: Statement) -> list[str]:
    """The plainest identities, written here a second time."""
    faults = []
    for role, column in one.columns.items():
        known = {item: cell.value for item, cell in column.items.items()}
        for total, parts in (
            (Item.TOTAL_INCOME, ((Item.REVENUE, 1), (Item.OTHER_INCOME, 1))),
            (Item.NET_PROFIT, ((Item.PROFIT_BEFORE_TAX, 1), (Item.TAX, -1))),
        ):
            whole, values = known.get(total), [known.get(part) for part, _ in parts]
            terms = [
                value * sign
                for value, (_, sign) in zip(values, parts, strict=True)
                if value is not None
            ]
            between = total is Item.NET_PROFIT and any(map(known.get, _AFTER_TAX))
            if whole is None or len(terms) < len(parts) or between:
                continue
            amount = sum(terms, Decimal(0))
            # A filing in rupees is whole rupees, whatever it prints behind the point.
            least = Decimal(1) if one.page is None else Decimal(0)
            if abs(whole - amount) > 2 * max(least, _step([whole, *terms])):
                faults.append(f"{role}: {total} {whole}, its parts {amount}")
    return faults


def _step(values: Sequence[Decimal]) -> Decimal:
    """One of the last place that was printed."""
    places = [int(value.as_tuple().exponent) for value in values]
    return Decimal(1).scaleb(min(places))
