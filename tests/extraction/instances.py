"""XBRL filings written from books whose truth is known, plain and inline.

Shaped like the exchange's: `OneD` and `FourD`, balances in `OneI`, dimensioned contexts
for segments, `in-bse-fin` and `in-capmkt` names. No real `in-capmkt` file was at hand.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from tests.extraction.builders import CAPMKT, LEGACY
from tests.extraction.families import Book


def _context(name: str, dates: tuple[str, ...], member: str = "") -> str:
    tags = ("startDate", "endDate") if len(dates) == 2 else ("instant",)
    when = "".join(
        f"<xbrli:{tag}>{day}</xbrli:{tag}>"
        for tag, day in zip(tags, dates, strict=True)
    )
    axis = (
        '<xbrli:scenario><xbrldi:explicitMember dimension="f:Axis">'
        f"f:{member}</xbrldi:explicitMember></xbrli:scenario>"
        if member
        else ""
    )
    return (
        f'<xbrli:context id="{name}"><xbrli:entity><xbrli:identifier scheme="x">S'
        f"</xbrli:identifier></xbrli:entity><xbrli:period>{when}</xbrli:period>{axis}"
        "</xbrli:context>"
    )


_UNITS = (
    '<xbrli:unit id="INR"><xbrli:measure>iso4217:INR</xbrli:measure></xbrli:unit>'
    '<xbrli:unit id="pure"><xbrli:measure>xbrli:pure</xbrli:measure></xbrli:unit>'
    '<xbrli:unit id="INRPerShare"><xbrli:divide><xbrli:unitNumerator>'
    "<xbrli:measure>iso4217:INR</xbrli:measure></xbrli:unitNumerator>"
    "<xbrli:unitDenominator><xbrli:measure>xbrli:shares</xbrli:measure>"
    "</xbrli:unitDenominator></xbrli:divide></xbrli:unit>"
)
_SPACES = (
    'xmlns:xbrli="http://www.xbrl.org/2003/instance"'
    ' xmlns:xbrldi="http://xbrl.org/2006/xbrldi"'
    ' xmlns:iso4217="http://www.xbrl.org/2003/iso4217"'
    ' xmlns:ix="http://www.xbrl.org/2013/inlineXBRL"'
)


@dataclass(frozen=True)
class Shape:
    """How a filing is written down."""

    inline: bool = False
    capmkt: bool = True
    scale: int = 5
    basis: str = "Consolidated"
    declared: bool = True


def filing(
    one: Book,
    shape: Shape,
    *,
    year: Book | None = None,
    texts: Mapping[str, str] | None = None,
) -> bytes:
    """The document of a quarter, with nine months to date where given."""
    quarter = ("2025-10-01", "2025-12-31")
    contexts = [
        _context("OneSegmentX01D", quarter, "X"),
        *([_context("OneD", quarter)] if shape.declared else []),
        *([_context("OneI", ("2025-12-31",))] if shape.declared else []),
    ]
    words = {
        "Symbol": "SAMPLE",
        "NameOfTheCompany": "Sample Works Limited",
        "NatureOfReportStandaloneConsolidated": shape.basis,
        "WhetherResultsAreAuditedOrUnaudited": "Unaudited",
        **(texts or {}),
    }
    facts = [_text(shape, name, value) for name, value in words.items()]
    facts += _facts(one, shape, "OneD")
    facts += [_amount(shape, c, "OneI", v) for c, v in one.balances.items()]
    if year is not None:
        contexts.append(_context("FourD", ("2025-04-01", "2025-12-31")))
        facts += _facts(year, shape, "FourD")
    return _document(shape, contexts, facts)


def _facts(one: Book, shape: Shape, where: str) -> list[str]:
    found = [_amount(shape, c, where, v) for c, v in one.facts.items()]
    found += [_plain(shape, c, where, "pure", v) for c, v in one.rates.items()]
    unit = "INRPerShare"
    return found + [_plain(shape, c, where, unit, v) for c, v in one.per_share.items()]


def _document(shape: Shape, contexts: list[str], facts: list[str]) -> bytes:
    space = f'xmlns:f="{CAPMKT if shape.capmkt else LEGACY}"'
    head = "".join(contexts) + _UNITS
    if not shape.inline:
        body = head + "".join(facts)
        return f"<xbrli:xbrl {_SPACES} {space}>{body}</xbrli:xbrl>".encode()
    rows = "".join(f"<tr><td>{fact}</td></tr>" for fact in facts)
    return (
        f'<html xmlns="http://www.w3.org/1999/xhtml" {_SPACES} {space}><body>'
        f"<ix:header><ix:resources>{head}</ix:resources></ix:header>"
        f"<table>{rows}</table></body></html>"
    ).encode()


def _text(shape: Shape, concept: str, value: str) -> str:
    if shape.inline:
        return (
            f"<ix:nonNumeric name='f:{concept}' contextRef='OneD'>{value}"
            "</ix:nonNumeric>"
        )
    return f'<f:{concept} contextRef="OneD">{value}</f:{concept}>'


def _amount(shape: Shape, concept: str, where: str, value: Decimal) -> str:
    if not shape.inline:
        return (
            f'<f:{concept} contextRef="{where}" unitRef="INR" decimals="-5">'
            f"{value:.2f}</f:{concept}>"
        )
    printed = value.scaleb(-shape.scale)
    sign = " sign='-'" if printed < 0 else ""
    # A nil line is printed as a dash, as statements do.
    text = f"{abs(printed):,.2f}" if printed else "-"
    style = "ixt:num-dot-decimal" if printed else "ixt:fixed-zero"
    return (
        f"<ix:nonFraction name='f:{concept}' contextRef='{where}' unitRef='INR'"
        f" scale='{shape.scale}' format='{style}'{sign} decimals='-5'>{text}"
        "</ix:nonFraction>"
    )


def _plain(shape: Shape, concept: str, where: str, unit: str, value: Decimal) -> str:
    if not shape.inline:
        return (
            f'<f:{concept} contextRef="{where}" unitRef="{unit}" decimals="INF">'
            f"{value}</f:{concept}>"
        )
    sign = " sign='-'" if value < 0 else ""
    return (
        f"<ix:nonFraction name='f:{concept}' contextRef='{where}' unitRef='{unit}'"
        f" scale='0'{sign} decimals='INF'>{abs(value)}</ix:nonFraction>"
    )
