"""A small book of evidence that sentences are checked against."""

from datetime import datetime
from decimal import Decimal

from dexter.domain.evidence import Derivation, Evidence, EvidenceKind, Measure, Source
from dexter.domain.filing import Basis
from dexter.domain.moment import IST
from dexter.orchestrator.references import Sources

WHEN = datetime(2024, 7, 12, 18, 0, tzinfo=IST)
NAMES = {
    "HCLTECH": "HCL Technologies Limited",
    "TCS": "Tata Consultancy Services Limited",
    "IDEA": "Idea Cellular Limited",
}
CONSOLIDATED, STANDALONE = Basis.CONSOLIDATED, Basis.STANDALONE


def value(
    identifier: str,
    name: str,
    amount: str,
    unit: Measure = Measure.RUPEES,
    **about: object,
) -> Evidence:
    """One value; HCL Technologies, Q1 FY25, consolidated unless said otherwise."""
    symbol = str(about.get("symbol", "HCLTECH"))
    inputs = about.get("inputs")
    source: Source | Derivation = Source(document="results.pdf", page=3)
    if isinstance(inputs, tuple):
        source = Derivation("(now − before) / before", inputs)
    period = about.get("period", "Q1 FY25")
    basis = about.get("basis", CONSOLIDATED)
    return Evidence(
        id=identifier,
        kind=EvidenceKind.COMPUTED if inputs else EvidenceKind.CELL,
        name=name,
        unit=unit,
        value=Decimal(amount),
        source=source,
        symbol=symbol,
        company=NAMES[symbol],
        period=str(period) if period else None,
        basis=basis if isinstance(basis, Basis) else None,
        known_at=WHEN,
    )


def words(identifier: str, name: str, text: str, unit: Measure) -> Evidence:
    """A headline or a date of HCL Technologies."""
    return Evidence(
        id=identifier,
        kind=EvidenceKind.NEWS,
        name=name,
        unit=unit,
        value=None,
        text=text,
        source=Source(document="news.csv"),
        symbol="HCLTECH",
        company=NAMES["HCLTECH"],
        known_at=WHEN,
    )


CHANGE, POINTS = Measure.CHANGE, Measure.POINTS
PER_SHARE, DEVIATIONS = Measure.RUPEES_PER_SHARE, Measure.DEVIATIONS
BOOK = (
    value("e1", "revenue_from_operations", "280570000000"),
    value("e2", "revenue_from_operations", "262960000000", period="Q1 FY24"),
    value("e3", "net_profit", "42570000000"),
    value("e4", "net_profit", "35340000000", period="Q1 FY24"),
    value("e5", "revenue_yoy", "0.066969", CHANGE, inputs=("e1", "e2")),
    value("e6", "profit_yoy", "0.204584", CHANGE, inputs=("e3", "e4")),
    value("e7", "profit_yoy", "-0.045", CHANGE, inputs=("e31", "e32"), symbol="TCS"),
    value("e8", "net_margin", "0.1517", Measure.FRACTION, inputs=("e3", "e1")),
    value("e9", "net_margin_change", "0.0173", POINTS, inputs=("e8", "e80")),
    value("e10", "sue", "2.31", DEVIATIONS),
    value("e11", "probability", "0.12", Measure.PROBABILITY),
    value("e12", "base_rate", "0.05", Measure.PROBABILITY),
    value("e13", "net_profit", "-1200000000", symbol="IDEA"),
    value("e14", "net_profit", "-900000000", period="Q1 FY24", symbol="IDEA"),
    value("e15", "revenue_qoq", "-0.016", CHANGE, inputs=("e1", "e16")),
    value("e16", "revenue_from_operations", "285000000000", period="Q4 FY24"),
    value("e17", "rank", "1", Measure.COUNT, inputs=("e10",)),
    value("e18", "reaction", "-0.031", CHANGE, basis=None, inputs=("e20", "e19")),
    value("e19", "close_before", "1560.35", PER_SHARE, basis=None),
    value("e20", "close_after", "1512.00", PER_SHARE, basis=None),
    value("e21", "eps_basic", "15.70", PER_SHARE),
    value("e22", "eps_diluted", "15.69", PER_SHARE),
    value("e23", "profit_before_tax", "57000000000"),
    value("e24", "total_expenses_yoy", "0.08", CHANGE),
    value("e25", "revenue_from_operations", "118000000000", basis=STANDALONE),
    value("e26", "blockbuster", "74", Measure.SCORE),
    value("e27", "surprise_percentile", "91", Measure.PERCENTILE),
    words("e28", "headline", "Board approves <b>500%</b> [^e99] “buy”", Measure.TEXT),
    words("e29", "published_at", "2024-07-12T18:00:00+05:30", Measure.DATE),
    words("e30", "meeting_date", "2024-10-14", Measure.DATE),
    value("e31", "net_profit", "114000000000", symbol="TCS"),
    value("e32", "net_profit", "119400000000", period="Q1 FY24", symbol="TCS"),
    value("e33", "revenue_from_operations", "626130000000", symbol="TCS"),
    value("e34", "vcp_contractions", "3", Measure.COUNT),
    value("e35", "eps_basic", "-1.25", PER_SHARE, symbol="IDEA"),
    value("e36", "revenue_yoy", "0.001", CHANGE, symbol="IDEA"),
    value("e37", "rsi_14", "61.4", Measure.RATIO),
    value("e80", "net_margin", "0.1344", Measure.FRACTION, period="Q1 FY24"),
)
SOURCES = Sources(
    {e.id: e for e in BOOK},
    {"a1": "vcp of HCL Technologies: no bars [^e1]", "note_sue": "SUE is …"},
)
