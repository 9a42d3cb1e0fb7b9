"""One seed, one file: pages, and the truth about them."""

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace

from dexter.domain.filing import Basis
from dexter.domain.statement import ColumnRole, Item
from tests.extraction.synthetic import columns, heads, letters
from tests.extraction.synthetic.books import Family
from tests.extraction.synthetic.chance import chooser
from tests.extraction.synthetic.company import (
    Texts,
    capital_of,
    columns_of,
    texts_of,
    traits,
)
from tests.extraction.synthetic.names import Company, company
from tests.extraction.synthetic.paper import Drawn, Paper
from tests.extraction.synthetic.plan import Plan, plan
from tests.extraction.synthetic.rows import Row, rows
from tests.extraction.synthetic.sheet import Column, Sheet, draw
from tests.extraction.synthetic.style import Style, style
from tests.extraction.synthetic.traps import (
    Misprints,
    Trap,
    amount,
    spoil_amount,
    spoil_eps,
)
from tests.extraction.synthetic.truth import Token, Truth
from tests.extraction.synthetic.wording import ITEMS

_A4 = (595.28, 841.89)
_LETTER = (612.0, 792.0)
_TRIES = 40


@dataclass(frozen=True, slots=True)
class Case:
    """A file and what is printed in it; ``traits`` names what it is made of."""

    seed: int
    content: bytes
    truths: tuple[Truth, ...]
    traits: tuple[str, ...]
    drawn: tuple[Drawn, ...]
    trap: Trap | None


@dataclass(frozen=True, slots=True)
class Printed:
    """One basis, ready to be drawn."""

    basis: Basis
    rows: Sequence[Row]
    texts: Texts
    poisoned: Misprints


def make(seed: int, trap: Trap | None = None, arrangement: str | None = None) -> Case:
    """The file of a seed: the same bytes every time."""
    wanted = plan(seed, trap, arrangement or ("one" if trap else None))
    for attempt in range(_TRIES):
        made = _attempt(wanted, attempt)
        if made is not None:
            return made
    message = f"no layout fits seed {seed}"
    raise AssertionError(message)


def _attempt(wanted: Plan, attempt: int) -> Case | None:
    rng = chooser("style", wanted.seed, attempt)
    look = style(rng, wanted.family, rounded=wanted.rounded)
    if wanted.trap is Trap.NO_UNIT:
        look = replace(look, unit_words="")
    if wanted.arrangement == "beside":
        look = replace(look, landscape=True)
    size = rng.choices((_A4, _LETTER), (3, 1))[0]
    paper = Paper(*(size[::-1] if look.landscape else size))
    who = company(rng, wanted.family)
    statements = [_printed(wanted, look, basis) for basis in _bases(rng, wanted)]
    if rng.random() < 0.25:
        letters.cover(rng, paper, who, wanted.last)
        paper.turn()
    pages = _draw(rng, paper, (wanted, look, who), statements)
    if pages is None:
        return None
    truths = [
        _truth(wanted, look, paper, (one, i), pages) for i, one in enumerate(statements)
    ]
    return Case(
        wanted.seed,
        paper.content(),
        tuple(truths),
        _names(wanted, look),
        tuple(paper.drawn),
        wanted.trap,
    )


def _bases(rng: random.Random, wanted: Plan) -> tuple[Basis, ...]:
    if wanted.arrangement in {"pair", "beside"}:
        both = (Basis.STANDALONE, Basis.CONSOLIDATED)
        return both if rng.random() < 0.7 else both[::-1]
    group = wanted.family is Family.GROUP
    return (Basis.CONSOLIDATED if group else Basis.STANDALONE,)


def _spans(wanted: Plan, look: Style) -> tuple[columns.Span, ...]:
    count = min(wanted.count, 4) if wanted.arrangement == "beside" else wanted.count
    found = columns.spans(wanted.last, count)
    if look.swapped:
        found = (found[0], found[2], found[1], *found[3:])
    return found


def _printed(wanted: Plan, look: Style, basis: Basis) -> Printed:
    alone = basis is Basis.STANDALONE
    family = wanted.family
    if family is Family.GROUP and alone:
        family = Family.GENERAL
    rng = chooser("books", wanted.seed, "" if wanted.arrangement == "beside" else basis)
    kind = traits(rng, family, rounded=wanted.rounded)
    if wanted.arrangement == "beside":
        # One column of labels serves both, so both have the same lines.
        kind = replace(kind, associates="", minority=False)
    lines = rows(rng, family, kind, 10, look.numbering)
    rng = chooser("figures", wanted.seed, basis)
    amounts = columns_of(rng, family, kind, _spans(wanted, look))
    capital = capital_of(rng, look, amounts)
    lines = [
        replace(one, label=one.label.replace("Rs. 10", f"Rs. {capital.face}"))
        for one in lines
    ]
    texts = texts_of(rng, look, amounts, capital)
    poisoned: Misprints = {}
    if wanted.trap is Trap.DIGIT:
        shown = {one.key: True for one in lines if one.key}
        poisoned = spoil_amount(rng, texts, shown)
    elif wanted.trap is Trap.EPS:
        poisoned = spoil_eps(rng, texts)
    return Printed(basis, lines, texts, poisoned)


def _draw(
    rng: random.Random,
    paper: Paper,
    shared: tuple[Plan, Style, Company],
    statements: Sequence[Printed],
) -> list[tuple[int, ...]] | None:
    """Draw every statement; the pages each of them ended on."""
    wanted, look, who = shared
    spans = _spans(wanted, look)
    groups = (
        [statements] if wanted.arrangement == "beside" else [[s] for s in statements]
    )
    first = statements[0]
    offset = 0
    pages: list[tuple[int, ...]] = []
    for group in groups:
        if offset:
            paper.turn()
        bases = [one.basis for one in group]
        named = [] if wanted.trap is Trap.NO_BASIS else bases
        head = heads.columns(rng, look, spans, swap=wanted.trap is Trap.SWAPPED)
        made = [
            Column(offset + i, span.role, one.texts[span.role])
            for i, one in enumerate(group)
            for span in spans
        ]
        body = group[0].rows if wanted.arrangement != "beside" else first.rows
        split = None
        if wanted.arrangement == "continued":
            keys = [row.key for row in body]
            split = keys.index("total_expenses") + rng.randint(1, 5)
        notes = letters.notes(rng, wanted.last) if look.notes else ()
        sheet = Sheet(
            who,
            heads.title(rng, look, named, spans),
            _beside(head, bases, len(spans)) if len(group) > 1 else head,
            made,
            body,
            notes,
            split,
        )
        start = paper.page
        if not draw(paper, sheet, look):
            return None
        pages += [tuple(range(start, paper.page + 1))] * len(group)
        offset += len(group)
    return pages


def _beside(
    head: Sequence[heads.HeadLine], bases: Sequence[Basis], width: int
) -> list[heads.HeadLine]:
    top = [
        (b.capitalize(), i * width, (i + 1) * width - 1) for i, b in enumerate(bases)
    ]
    lines = [
        [
            (text, first + i * width, last + i * width)
            for i in range(len(bases))
            for text, first, last in line
        ]
        for line in head
    ]
    return [top, *lines]


def _truth(
    wanted: Plan,
    look: Style,
    paper: Paper,
    which: tuple[Printed, int],
    pages: Sequence[tuple[int, ...]],
) -> Truth:
    one, index = which
    cells: dict[tuple[ColumnRole, Item], tuple[Token, ...]] = {}
    every = []
    parts: dict[ColumnRole, list[Token]] = {}
    for drawn in paper.drawn:
        if drawn.mark is None or drawn.mark[0] != index:
            continue
        _, key, name = drawn.mark
        role = ColumnRole(name)
        token = Token(drawn.text, amount(drawn.text), drawn.page, drawn.box, key, role)
        every.append(token)
        if key in ITEMS:
            cells[role, ITEMS[key]] = (token,)
        if key in {"current_tax", "deferred_tax", "earlier_tax"}:
            parts.setdefault(role, []).append(token)
    taxes = {(role, Item.TAX): tuple(tokens) for role, tokens in parts.items()}
    now = _spans(wanted, look)[0]
    bad = {Trap.NO_UNIT, Trap.SWAPPED}
    return Truth(
        basis=one.basis,
        unit=look.unit,
        period_end=now.end,
        months=now.months,
        pages=pages[index],
        cells=taxes | cells,
        parts=taxes,
        tokens=tuple(every),
        poisoned=one.poisoned,
        why_not=wanted.trap.value if wanted.trap in bad and wanted.trap else None,
    )


def _names(wanted: Plan, look: Style) -> tuple[str, ...]:
    return (
        f"family {wanted.family}",
        f"arrangement {wanted.arrangement}",
        f"columns {wanted.count}",
        f"unit {look.unit}",
        f"places {look.numbers.places}",
        f"grouping {look.numbers.grouping}",
        f"negative {look.numbers.negative}",
        f"nil {look.numbers.nil}",
        f"header {look.header}",
        f"dates {look.dates}",
        f"rules {look.rules}",
        f"font {look.font[0]}",
        f"unit_place {look.unit_place}",
        f"value_line {look.value_line}",
        f"numbering {look.numbering}{' column' if look.serial_column else ''}",
        f"align {look.align}",
        f"order {'year ago second' if look.swapped else 'usual'}",
        f"rounded {wanted.rounded}",
        f"landscape {look.landscape}",
        f"column_numbers {look.column_numbers}",
        f"quarter Q{wanted.last.number}",
    )
