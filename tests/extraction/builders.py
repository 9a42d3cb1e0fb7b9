"""Small documents made in code: XBRL instances, inline pages and result PDFs."""

import io
from collections.abc import Iterable, Mapping, Sequence

from reportlab.pdfgen.canvas import Canvas

QUARTER = ("2025-04-01", "2025-06-30")
GENERAL = {
    "RevenueFromOperations": "9000000000",
    "OtherIncome": "1000000000",
    "Income": "10000000000",
    "Expenses": "8000000000",
    "ProfitBeforeExceptionalItemsAndTax": "2000000000",
    "ExceptionalItemsBeforeTax": "0",
    "ProfitBeforeTax": "2000000000",
    "TaxExpense": "500000000",
    "ProfitLossForPeriod": "1500000000",
    "PaidUpValueOfEquityShareCapital": "1000000000",
}
PER_SHARE = {
    "FaceValueOfEquityShareCapital": "10",
    "BasicEarningsLossPerShareFromContinuingAndDiscontinuedOperations": "15.00",
    "DilutedEarningsLossPerShareFromContinuingAndDiscontinuedOperations": "14.95",
}
TEXTS = {
    "Symbol": "SAMPLE",
    "NameOfTheCompany": "Sample Works Limited",
    "NatureOfReportStandaloneConsolidated": "Standalone",
    "WhetherResultsAreAuditedOrUnaudited": "Unaudited",
}
_UNITS = (
    '<xbrli:unit id="INR"><xbrli:measure>iso4217:INR</xbrli:measure></xbrli:unit>'
    '<xbrli:unit id="INRPerShare"><xbrli:divide><xbrli:unitNumerator>'
    "<xbrli:measure>iso4217:INR</xbrli:measure></xbrli:unitNumerator>"
    "<xbrli:unitDenominator><xbrli:measure>xbrli:shares</xbrli:measure>"
    "</xbrli:unitDenominator></xbrli:divide></xbrli:unit>"
)
_ROOT = (
    '<xbrli:xbrl xmlns:xbrli="http://www.xbrl.org/2003/instance"'
    ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
    ' xmlns:xbrldi="http://xbrl.org/2006/xbrldi"'
    ' xmlns:f="{namespace}">'
)
LEGACY = "http://www.bseindia.com/xbrl/fin/2020-03-31/in-bse-fin"
CAPMKT = "http://www.sebi.gov.in/xbrl/2026-01-31/in-capmkt"


def context(name: str, start: str, end: str, *, member: str = "") -> str:
    """A duration context, dimensioned when it names a member."""
    scenario = (
        f'<xbrli:scenario><xbrldi:explicitMember dimension="f:Axis">f:{member}'
        "</xbrldi:explicitMember></xbrli:scenario>"
        if member
        else ""
    )
    return (
        f'<xbrli:context id="{name}"><xbrli:entity><xbrli:identifier scheme="x">S'
        f"</xbrli:identifier></xbrli:entity><xbrli:period><xbrli:startDate>{start}"
        f"</xbrli:startDate><xbrli:endDate>{end}</xbrli:endDate></xbrli:period>"
        f"{scenario}</xbrli:context>"
    )


def facts(name: str, changes: Mapping[str, str | None] | None = None) -> str:
    """Facts of a general company in one context, some changed or left out."""
    wanted: dict[str, str | None] = {**GENERAL, **PER_SHARE, **TEXTS}
    wanted |= changes or {}
    parts = []
    for concept, value in wanted.items():
        if value is None:
            continue
        unit = ""
        if concept not in TEXTS and not concept.startswith(("Date", "Disclosure")):
            per_share = concept in PER_SHARE or concept.startswith("BasicAnd")
            unit = f' unitRef="{"INRPerShare" if per_share else "INR"}" decimals="0"'
        parts.append(f'<f:{concept} contextRef="{name}"{unit}>{value}</f:{concept}>')
    return "".join(parts)


def instance(*parts: str, namespace: str = LEGACY) -> bytes:
    """An instance from contexts and facts."""
    root = _ROOT.format(namespace=namespace)
    return f"{root}{''.join(parts)}{_UNITS}</xbrli:xbrl>".encode()


def plain(changes: Mapping[str, str | None] | None = None) -> bytes:
    """A sound standalone quarter, changed as asked."""
    return instance(context("OneD", *QUARTER), facts("OneD", changes))


def inline(amounts: Mapping[str, str], texts: Mapping[str, str]) -> bytes:
    """An inline page in crores: attributes in single quotes, losses by ``sign``."""
    rows = []
    for concept, value in {**amounts, **PER_SHARE}.items():
        per_share = concept in PER_SHARE
        sign = " sign='-'" if value.startswith("-") else ""
        unit = "INRPerShare" if per_share else "INR"
        scale = "0" if per_share else "7"
        rows.append(
            f"<ix:nonFraction name='f:{concept}' contextRef='OneD' unitRef='{unit}'"
            f" scale='{scale}'{sign} decimals='-5'>{value.lstrip('-')}</ix:nonFraction>"
        )
    rows += [
        f"<ix:nonNumeric name='f:{concept}' contextRef='OneD'>{value}</ix:nonNumeric>"
        for concept, value in texts.items()
    ]
    return (
        "<html xmlns='http://www.w3.org/1999/xhtml'"
        " xmlns:ix='http://www.xbrl.org/2013/inlineXBRL'"
        " xmlns:xbrli='http://www.xbrl.org/2003/instance'"
        " xmlns:iso4217='http://www.xbrl.org/2003/iso4217'"
        f" xmlns:f='{CAPMKT}'><body><ix:header><ix:resources>"
        f"{context('OneD', *QUARTER)}{_UNITS}</ix:resources></ix:header>"
        f"<table>{''.join(f'<tr><td>{row}</td></tr>' for row in rows)}</table>"
        "</body></html>"
    ).encode()


DATES = ("30.06.2025", "31.03.2025", "30.06.2024", "31.03.2025")
ROWS: tuple[tuple[str, Sequence[str]], ...] = (
    ("Revenue from operations", ("900.00", "880.50", "810.25", "3,300.00")),
    ("Other income", ("100.00", "50.50", "40.75", "200.00")),
    ("Total income", ("1,000.00", "931.00", "851.00", "3,500.00")),
    ("(a) Cost of materials consumed", ("500.00", "450.00", "400.00", "1,700.00")),
    ("(b) Finance costs", ("20.00", "21.00", "22.00", "80.00")),
    ("(c) Other expenses", ("280.00", "260.00", "229.00", "1,020.00")),
    ("Total expenses", ("800.00", "731.00", "651.00", "2,800.00")),
    ("Profit before exceptional items", ("200.00", "200.00", "200.00", "700.00")),
    ("Exceptional items", ("(40.00)", "-", "-", "(40.00)")),
    ("Profit before tax", ("160.00", "200.00", "200.00", "660.00")),
    ("Tax expense", ("40.00", "50.00", "50.00", "165.00")),
    ("Net profit for the period", ("120.00", "150.00", "150.00", "495.00")),
    (
        "Paid-up equity share capital (face value Rs. 10/- each)",
        ("100.00", "100.00", "100.00", "100.00"),
    ),
    ("Earnings per share (not annualised)", ()),
    ("(a) Basic", ("12.00", "15.00", "15.00", "49.50")),
    ("(b) Diluted", ("11.95", "14.95", "14.95", "49.30")),
)


def pdf(  # noqa: PLR0913 - every keyword is one thing a page may lack
    rows: Iterable[tuple[str, Sequence[str]]] = ROWS,
    *,
    title: str = "Statement of Unaudited Standalone Financial Results",
    unit: str = "(Rs. in crores)",
    dates: Sequence[str] = DATES,
    before: Sequence[str] = (),
    image: bool = False,
    hidden: str = "",
) -> bytes:
    """A born-digital statement page; ``image`` draws a picture over the whole
    page, ``hidden`` writes a line nobody sees."""
    out = io.BytesIO()
    page = Canvas(out, pagesize=(612, 792))
    page.setFont("Helvetica", 9)
    if image:
        page.drawInlineImage(_grey(), 0, 0, width=612, height=792)
    if hidden:
        words = page.beginText(40, 30)
        words.setTextRenderMode(3)
        words.textLine(hidden)
        words.setTextRenderMode(0)
        page.drawText(words)
    top = 760.0
    for line in (*before, "SAMPLE WORKS LIMITED", title):
        page.drawString(40, top, line)
        top -= 14
    page.drawRightString(570, top, unit)
    top -= 16
    places = (350, 420, 490, 560)
    page.drawString(300, top, "Quarter ended")
    if len(dates) > 3:
        page.drawString(520, top, "Year ended")
    top -= 12
    page.drawString(40, top, "Particulars")
    for x, day in zip(places, dates, strict=False):
        page.drawRightString(x, top, day)
    top -= 14
    for label, values in rows:
        page.drawString(40, top, label)
        for x, value in zip(places, values, strict=False):
            page.drawRightString(x, top, value)
        top -= 13
    page.showPage()
    page.save()
    return out.getvalue()


def _grey() -> object:
    from PIL import Image  # noqa: PLC0415 - only one test needs a picture

    return Image.new("RGB", (40, 40), (230, 230, 230))
