"""One company's figures for one basis: books, shares, and the texts of each column."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from dexter.domain.statement import ColumnRole
from tests.extraction.synthetic.books import PLACE, Family, Traits, quarters
from tests.extraction.synthetic.columns import Span
from tests.extraction.synthetic.style import Style
from tests.extraction.synthetic.totals import column

Texts = dict[ColumnRole, dict[str, str]]
_FACES = (1, 2, 5, 10)


@dataclass(frozen=True, slots=True)
class Capital:
    """Paid-up capital as printed (last places), and the shares it stands for."""

    printed: int
    shares: Decimal
    face: int
    dilution: Decimal


def traits(rng: random.Random, family: Family, *, rounded: bool) -> Traits:
    group = family is Family.GROUP
    plain = family in {Family.BANK, Family.OLDER}
    return Traits(
        exceptional=0 if plain else rng.choices((0, 1, -1), (5, 3, 2))[0],
        associates=rng.choice(("", "before", "after")) if group else "",
        minority=group and rng.random() < 0.6,
        discontinued=not plain and rng.random() < 0.08,
        earlier_tax=rng.random() < 0.25,
        tax_total=family is Family.BANK or rng.random() < 0.85,
        rounded=rounded,
        loss=rng.random() < 0.2,
        no_other_income=rng.random() < 0.06,
    )


def columns_of(
    rng: random.Random, family: Family, kind: Traits, spans: Sequence[Span]
) -> dict[ColumnRole, dict[str, int]]:
    """Each column's lines in thousandths of a printed place."""
    size = round(10 ** rng.uniform(3.9, 7.6))
    if kind.rounded:
        size = round(10 ** rng.uniform(2.7, 5.2))
    back = quarters(rng, family, kind, size)
    return {
        span.role: column(family, kind, [back[i] for i in span.quarters])
        for span in spans
    }


def capital_of(
    rng: random.Random, style: Style, lines: Mapping[ColumnRole, Mapping[str, int]]
) -> Capital:
    """Shares so that a quarter earns a plausible amount per share."""
    place = Decimal(10) ** style.numbers.places
    profits = [abs(one["owners"]) for one in list(lines.values())[:3]]
    profit = Decimal(sum(profits)) / 3 / PLACE / place * style.unit.rupees
    wanted = Decimal(str(round(10 ** rng.uniform(-0.7, 1.7), 3)))
    face = rng.choice(_FACES)
    count = max(profit / wanted, Decimal(20_000))
    printed = max(1, round(count * face / style.unit.rupees * place))
    shares = printed / place * style.unit.rupees / face
    dilution = Decimal(rng.choice(("0", "0", "0", "0.002", "0.015")))
    return Capital(printed, shares, face, dilution)


def texts_of(
    rng: random.Random,
    style: Style,
    lines: Mapping[ColumnRole, Mapping[str, int]],
    capital: Capital,
) -> Texts:
    """Every printed token, by column and line."""
    numbers = style.numbers
    reserves = rng.randint(capital.printed, capital.printed * 40)
    meaningless = rng.random() < 0.08
    blank = rng.random() < 0.4
    made: Texts = {}
    for role, values in lines.items():
        texts = {key: numbers.text(value) for key, value in values.items()}
        texts["exceptional"] = numbers.text(values.get("exceptional", 0))
        texts["extraordinary"] = numbers.nil
        texts["capital"] = numbers.printed(capital.printed, numbers.places)
        if role is ColumnRole.PREVIOUS_YEAR:
            texts["reserves"] = numbers.printed(reserves, numbers.places)
        elif not blank:
            texts["reserves"] = numbers.nil
        basic, diluted = _eps(style, values["owners"], capital)
        unsaid = meaningless and role is not ColumnRole.CURRENT and basic < 0
        for key, amount in (("basic", basic), ("diluted", diluted)):
            text = "NM" if unsaid else numbers.printed(amount, 2)
            texts[f"eps_{key}"] = texts[f"again_{key}"] = text
        made[role] = texts
    return made


def _eps(style: Style, owners: int, capital: Capital) -> tuple[int, int]:
    """Basic and diluted in paise; a loss is never diluted."""
    place = Decimal(10) ** style.numbers.places
    profit = Decimal(owners) / PLACE / place * style.unit.rupees
    basic = _paise(profit / capital.shares)
    if profit <= 0:
        return basic, basic
    return basic, _paise(profit / (capital.shares * (1 + capital.dilution)))


def _paise(amount: Decimal) -> int:
    return int((amount * 100).quantize(Decimal(1), ROUND_HALF_UP))
