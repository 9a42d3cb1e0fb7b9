"""XBRL instances in the two shapes NSE has served."""

from collections.abc import Iterable
from decimal import Decimal
from html import escape

from facts import Fact, facts
from filings import UNDECLARED, Filing

FICTION = "<!-- Sample data: the company and its figures are invented. -->"
COMMON = (
    ("link", "http://www.xbrl.org/2003/linkbase"),
    ("xlink", "http://www.w3.org/1999/xlink"),
    ("iso4217", "http://www.xbrl.org/2003/iso4217"),
    ("xbrldi", "http://xbrl.org/2006/xbrldi"),
    ("xbrli", "http://www.xbrl.org/2003/instance"),
)
LEGACY_SCHEMA = {
    "general": ("2020-03-31", "Ind-AS_entry_point_2020-03-31.xsd"),
    "nbfc": ("2020-03-31", "in-bse-fin-2020-03-31.xsd"),
    "bank": ("2019-09-30", "banking_entry_point_2019-09-30.xsd"),
}
ENTRY = {"general": "IndAS", "nbfc": "NBFC_IndAS", "bank": "Banking"}
AXES = {
    "OperatingExpenses": "DetailsOfOtherExpensesAxis",
    "ItemsThatWillNotBeReclassifiedToProfitAndLoss": (
        "ItemsThatWillNotBeReclassifiedToProfitAndLossAxis"
    ),
    "ItemsThatWillBeReclassifiedToProfitAndLoss": (
        "ItemsThatWillBeReclassifiedToProfitAndLossAxis"
    ),
}
UNITS = (
    '<xbrli:unit id="INR"><xbrli:measure>iso4217:INR</xbrli:measure></xbrli:unit>'
    '<xbrli:unit id="pure"><xbrli:measure>xbrli:pure</xbrli:measure></xbrli:unit>'
    '<xbrli:unit id="shares"><xbrli:measure>xbrli:shares</xbrli:measure></xbrli:unit>'
    '<xbrli:unit id="INRPerShare"><xbrli:divide><xbrli:unitNumerator><xbrli:measure>'
    "iso4217:INR</xbrli:measure></xbrli:unitNumerator><xbrli:unitDenominator>"
    "<xbrli:measure>xbrli:shares</xbrli:measure></xbrli:unitDenominator>"
    "</xbrli:divide></xbrli:unit>"
)


def instance(filing: Filing) -> str:
    """The XML document of a filing."""
    prefix = "in-capmkt" if filing.integrated else "in-bse-fin"
    spaces, schema = namespaces(filing)
    declared = " ".join(f'xmlns:{name}="{uri}"' for name, uri in spaces)
    reported = facts(filing)
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        FICTION,
        f"<xbrli:xbrl {declared}>",
        f'<link:schemaRef xlink:type="simple" xlink:href="{schema}"/>',
        *contexts(filing, reported, prefix),
        UNITS,
        *(_element(filing, fact, prefix) for fact in reported),
        "</xbrli:xbrl>",
        "",
    ]
    return "\n".join(lines)


def namespaces(filing: Filing) -> tuple[list[tuple[str, str]], str]:
    """Prefixes with their URIs, and the relative schema reference."""
    family = filing.company.family
    if filing.integrated:
        sebi = "http://www.sebi.gov.in/xbrl"
        entry = f"{sebi}/IntegratedFinance_{ENTRY[family]}/2025-01-31"
        own = [
            ("in-capmkt", f"{sebi}/2025-01-31/in-capmkt"),
            ("in-capmkt-ent", f"{entry}/in-capmkt/in-capmkt-ent"),
        ]
        return own + list(COMMON), "in-capmkt-ent-2025-01-31.xsd"
    version, schema = LEGACY_SCHEMA[family]
    home = f"http://www.bseindia.com/xbrl/fin/{version}"
    own = [
        ("in-bse-fin", f"{home}/in-bse-fin"),
        ("in-bse-fin-roles", f"{home}/in-bse-fin-roles"),
    ]
    return own + list(COMMON), schema


def contexts(filing: Filing, reported: Iterable[Fact], prefix: str) -> list[str]:
    """Declared contexts, in the order of their first use.

    One old-style file leaves its plain contexts undeclared, as such files do.
    """
    used = dict.fromkeys(fact.context for fact in reported)
    used |= {} if "OneI" in used else {"OneI": None}
    plain = ("OneD", "FourD", "OneI")
    if filing.key == UNDECLARED:
        used = {name: None for name in used if name not in plain}
    return [context(filing, name, prefix) for name in used]


def context(filing: Filing, name: str, prefix: str) -> str:
    """One context. Old files date ``FourD`` like the quarter; new ones do not."""
    quarter = filing.quarter
    start = quarter.start
    if name.startswith("Four") and filing.integrated:
        start = quarter.year_start
    if name.endswith("I"):
        period = f"<xbrli:instant>{quarter.end}</xbrli:instant>"
    else:
        period = (
            f"<xbrli:startDate>{start}</xbrli:startDate>"
            f"<xbrli:endDate>{quarter.end}</xbrli:endDate>"
        )
    scheme, value = "http://www.nseindia.com/NSESymbol", filing.company.symbol
    if filing.integrated:
        scheme = "http://www.sebi.gov.in/in-capmkt/ScripCode"
        value = str(filing.company.bse_code)
    return (
        f'<xbrli:context id="{name}"><xbrli:entity><xbrli:identifier '
        f'scheme="{scheme}">{value}</xbrli:identifier></xbrli:entity>'
        f"<xbrli:period>{period}</xbrli:period>{_scenario(name, prefix)}"
        "</xbrli:context>"
    )


def _scenario(name: str, prefix: str) -> str:
    for subject, axis in AXES.items():
        if subject not in name:
            continue
        member = f"{prefix}:{name[:-1]}Member"
        if subject == "OperatingExpenses":
            inner = (
                f'<xbrldi:explicitMember dimension="{prefix}:{axis}">{member}'
                "</xbrldi:explicitMember>"
            )
        else:
            domain = axis.removesuffix("Axis") + "Domain"
            inner = (
                f'<xbrldi:typedMember dimension="{prefix}:{axis}"><{prefix}:{domain}>'
                f"{member}</{prefix}:{domain}></xbrldi:typedMember>"
            )
        return f"<xbrli:scenario>{inner}</xbrli:scenario>"
    return ""


def _element(filing: Filing, fact: Fact, prefix: str) -> str:
    name = f"{prefix}:{fact.name}"
    if fact.unit is None:
        text = escape(str(fact.value), quote=False)
        return f'<{name} contextRef="{fact.context}">{text}</{name}>'
    value, decimals = str(fact.value), "INF"
    if fact.unit == "INR":
        unit = filing.company.unit
        value = f"{Decimal(fact.value) * unit.tick}.00"
        decimals = str(unit.decimals - unit.scale)
    return (
        f'<{name} contextRef="{fact.context}" unitRef="{fact.unit}" '
        f'decimals="{decimals}">{value}</{name}>'
    )
