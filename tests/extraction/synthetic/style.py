"""How a page looks: figures, fonts, rules, header and numbering, by chance."""

import random
from dataclasses import dataclass

from dexter.domain.statement import Unit
from tests.extraction.synthetic.books import PLACE, Family
from tests.extraction.synthetic.chance import weighted

_FONTS = {
    ("Helvetica", "Helvetica-Bold"): 4.0,
    ("Times-Roman", "Times-Bold"): 4.0,
    ("Vera", "VeraBd"): 2.0,
    ("Courier", "Courier-Bold"): 0.7,
}
_UNIT_WORDS = {
    Unit.LAKH: ("Rs. in lakhs", "Rs. in Lacs", "INR in Lakhs", "Rupees in lakhs"),
    Unit.CRORE: ("Rs. in crores", "Rs. in Crore", "INR in crore", "Rs. in Crs."),
    Unit.MILLION: ("Rs. in million", "Rs. in millions", "INR in Millions", "Rs. in Mn"),
}
_DATES = (
    "%d.%m.%Y",
    "%d-%m-%Y",
    "%d/%m/%Y",
    "%d-%b-%y",
    "%d-%b-%Y",
    "%B %d, %Y",
    "%d %B %Y",
    "%b %d, %Y",
    "%d.%m.%y",
    "{th} %B, %Y",
)


@dataclass(frozen=True, slots=True)
class Numbers:
    """How figures are printed."""

    places: int
    grouping: str
    negative: str
    nil: str

    def text(self, thousandths: int) -> str:
        return self.printed(_rounded(thousandths), self.places)

    def printed(self, amount: int, places: int) -> str:
        """An amount in last printed places as the page shows it."""
        if amount == 0:
            return self.nil
        whole, rest = divmod(abs(amount), 10**places)
        digits = _grouped(str(whole), self.grouping)
        digits += f".{rest:0{places}d}" if places else ""
        if amount > 0:
            return digits
        return {"bracket": "({})", "minus": "-{}", "spaced": "- {}"}[
            self.negative
        ].format(digits)


def _rounded(thousandths: int) -> int:
    """Half away from zero, as accountants round."""
    size = (abs(thousandths) + PLACE // 2) // PLACE
    return size if thousandths >= 0 else -size


def _grouped(digits: str, grouping: str) -> str:
    if grouping == "none" or len(digits) <= 3:
        return digits
    head, tail = digits[:-3], digits[-3:]
    step = 2 if grouping == "indian" else 3
    parts: list[str] = []
    while head:
        parts.insert(0, head[-step:])
        head = head[:-step]
    return ",".join([*parts, tail])


@dataclass(frozen=True, slots=True)
class Style:
    """Everything about a page that is not a figure."""

    unit: Unit
    unit_words: str
    unit_place: str
    numbers: Numbers
    font: tuple[str, str]
    size: float
    landscape: bool
    rules: str
    header: str
    dates: str
    value_line: str
    serial_column: bool
    numbering: str
    align: str
    column_numbers: bool
    audit_row: bool
    shaded: bool
    swapped: bool
    notes: bool
    part_heading: bool
    air: float


def style(rng: random.Random, family: Family, *, rounded: bool) -> Style:
    unit = weighted(rng, {Unit.LAKH: 5.0, Unit.CRORE: 4.0, Unit.MILLION: 1.5})
    places = 0 if rounded else rng.choices((2, 0, 1), (8, 1.2, 0.4))[0]
    numbers = Numbers(
        places,
        rng.choices(("indian", "western", "none"), (5, 3, 2))[0],
        rng.choices(("bracket", "minus", "spaced"), (8, 2, 0.6))[0],
        rng.choices(("-", "–", "--", "0.00" if places == 2 else "-"), (8, 2, 0.6, 2))[
            0
        ],
    )
    older = family is Family.OLDER
    kinds = ("older", "own", "spanning") if older else ("spanning", "own", "stacked")
    return Style(
        unit=unit,
        unit_words=rng.choice(_UNIT_WORDS[unit]),
        unit_place=rng.choices(("right", "title", "particulars"), (7, 2, 1))[0],
        numbers=numbers,
        font=weighted(rng, _FONTS),
        size=rng.choice((6.5, 7, 7.5, 8, 8.5, 9, 9.5, 10)),
        landscape=rng.random() < 0.18,
        rules=rng.choices(("grid", "columns", "totals", "none"), (5, 2, 2, 2))[0],
        header=rng.choices(kinds, (5, 3, 2))[0],
        dates=rng.choice(_DATES),
        value_line=rng.choices(("first", "last", "middle"), (4, 4, 2))[0],
        serial_column=rng.random() < 0.55,
        numbering=rng.choices(("decimal", "roman", "none"), (5, 3, 1.5))[0],
        align=rng.choices(("right", "centre"), (8, 2))[0],
        column_numbers=rng.random() < 0.12,
        audit_row=rng.random() < 0.85,
        shaded=rng.random() < 0.12,
        swapped=rng.random() < 0.12,
        notes=rng.random() < 0.75,
        part_heading=rng.random() < (0.6 if older else 0.05),
        air=rng.choice((0.2, 0.3, 0.45, 0.6, 0.9, 1.2)),
    )
