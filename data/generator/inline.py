"""The inline-XBRL HTML form BSE serves since the March 2025 quarter."""

from datetime import date
from html import escape

from facts import Fact, facts
from filings import Filing
from xbrl import COMMON, FICTION, UNITS, contexts, namespaces

UNDATED = "RANGOLIRET"
"""One filer uses the early template, which has no reporting-period dates."""
SECTIONS = (("General information about company", False), ("Financial Results", True))


def inline_document(filing: Filing) -> str:
    """An HTML page with single-quoted ``ix:`` facts, scaled and signed."""
    spaces, schema = namespaces(filing)
    own = [pair for pair in spaces if pair not in COMMON]
    declared = " ".join(
        f"xmlns:{name}='{uri}'"
        for name, uri in [
            *own,
            *COMMON,
            ("ix", "http://www.xbrl.org/2013/inlineXBRL"),
            ("ixt3", "http://www.xbrl.org/inlineXBRL/transformation/2015-02-26"),
        ]
    )
    reported = [fact for fact in facts(filing) if _shown(filing, fact)]
    resources = "\n".join(contexts(filing, reported, "in-capmkt")) + UNITS
    body = "".join(
        f"<h3>{title}</h3>\n<table border='1'>\n"
        + "".join(_row(filing, f) for f in reported if (f.unit is not None) is money)
        + "</table>\n"
        for title, money in SECTIONS
    )
    return (
        f"<html xmlns='http://www.w3.org/1999/xhtml' {declared}>\n<head>"
        f"<meta charset='UTF-8'/><title>{escape(filing.company.name)}</title></head>\n"
        f"<body>{FICTION}\n<div style='display:none'><ix:header><ix:references>"
        f"<link:schemaRef xlink:type='simple' xlink:href='{schema}'></link:schemaRef>"
        "</ix:references><ix:resources>\n"
        + resources.replace('"', "'")
        + f"</ix:resources></ix:header></div>\n{body}</body>\n</html>\n"
    )


def _shown(filing: Filing, fact: Fact) -> bool:
    undated = filing.company.symbol == UNDATED
    return not (undated and fact.name.endswith("OfReportingPeriod"))


def _row(filing: Filing, fact: Fact) -> str:
    label = escape(_words(fact.name))
    return f"<tr><th>{label}</th><td>{_tag(filing, fact)}</td></tr>\n"


def _words(name: str) -> str:
    spaced = "".join(" " + c.lower() if c.isupper() else c for c in name)
    return spaced.strip().capitalize()


def _tag(filing: Filing, fact: Fact) -> str:
    common = f"name='in-capmkt:{fact.name}' contextRef='{fact.context}'"
    if fact.unit is None:
        text = escape(_day(str(fact.value)), quote=False)
        return f"<ix:nonNumeric {common}>{text}</ix:nonNumeric>"
    if fact.unit == "INR":
        unit = filing.company.unit
        ticks = int(fact.value)
        sign = " sign='-'" if ticks < 0 else ""
        return (
            f"<ix:nonFraction {common} unitRef='INR' scale='{unit.scale}' "
            f"decimals='{unit.decimals - unit.scale}'{sign} "
            f"format='ixt3:numdotdecimalin'>{unit.printed(ticks)}</ix:nonFraction>"
        )
    text, sign = str(fact.value), ""
    if text.startswith("-"):
        text, sign = text[1:], " sign='-'"
    return (
        f"<ix:nonFraction {common} unitRef='{fact.unit}' decimals='INF'{sign} "
        f"format='ixt3:numdotdecimalin'>{text}</ix:nonFraction>"
    )


def _day(text: str) -> str:
    """ISO dates become dd-mm-yyyy; other text stays."""
    try:
        return date.fromisoformat(text).strftime("%d-%m-%Y")
    except ValueError:
        return text
