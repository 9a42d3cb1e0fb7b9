"""An XBRL instance, plain or inline, as facts, contexts and units.

Local names are matched without namespace or case: the exchange taxonomies move to a
dated namespace each year, and an HTML parser lower-cases tags.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from lxml import etree, html

from dexter.errors import (
    HostileDocumentError,
    NotADocumentError,
    TruncatedDocumentError,
)

_NUMBER = re.compile(r"[+-]?\d{1,24}(?:\.\d{0,12})?|[+-]?\.\d{1,12}")
_DASHES = frozenset("-–—−")
_MAX_SCALE = 12
_COMMA = re.compile(r"num-?comma-?(?:decimal)?", re.IGNORECASE)
_INLINE = ("nonfraction", "nonnumeric")


@dataclass(frozen=True, slots=True)
class Fact:
    """One reported value: ``number`` as printed, ``scale`` as a power of ten."""

    concept: str
    context: str
    unit: str | None
    decimals: int | None
    text: str
    number: Decimal | None
    scale: int
    reason: str | None

    @property
    def value(self) -> Decimal | None:
        """The number with its scale applied by moving the decimal point."""
        return None if self.number is None else self.number.scaleb(self.scale)


@dataclass(frozen=True, slots=True)
class Context:
    """A period; ``dimensioned`` when it speaks of a segment, not the company."""

    id: str
    start: date | None
    end: date | None
    dimensioned: bool
    entity: str | None
    scheme: str | None


@dataclass(frozen=True, slots=True)
class Instance:
    """Everything one XBRL document says."""

    facts: Mapping[tuple[str, str], tuple[Fact, ...]]
    contexts: Mapping[str, Context]
    units: Mapping[str, str]
    schema: str

    def of(self, context: str, concept: str) -> tuple[Fact, ...]:
        """The facts of a concept in a context, in document order."""
        return self.facts.get((context, concept), ())

    def text(self, concept: str, contexts: tuple[str, ...]) -> str | None:
        """The first non-empty text of a concept, trying contexts in order."""
        for context in contexts:
            for fact in self.of(context, concept):
                if fact.text.strip():
                    return fact.text.strip()
        return None


def local(element: etree._Element) -> str:
    """The tag without namespace, prefix or case (empty for comments)."""
    # Comments and processing instructions have a function for a tag.
    tag: object = element.tag
    if not isinstance(tag, str):
        return ""
    return tag.rpartition("}")[2].rpartition(":")[2].lower()


def attribute(element: etree._Element, name: str) -> str | None:
    """An attribute by local name, whatever its case or prefix."""
    for key, value in element.attrib.items():
        if str(key).rpartition("}")[2].rpartition(":")[2].lower() == name:
            return str(value)
    return None


def parse_root(name: str, content: bytes, *, inline: bool) -> etree._Element:
    """Parse untrusted XML without network, entities or a document type.

    Raises:
        HostileDocumentError: the file declares entities or a document type.
        TruncatedDocumentError: the XML is not well-formed.
    """
    _refuse_declarations(name, content, inline=inline)
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
    )
    try:
        root = etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        if inline:
            return _html_root(name, content)
        raise TruncatedDocumentError(name, str(error).split(",", 1)[0]) from error
    # A web page may name its document type; an instance has no use for one.
    if not inline and root.getroottree().docinfo.internalDTD is not None:
        raise HostileDocumentError(name, "the file declares a document type")
    return root


def _refuse_declarations(name: str, content: bytes, *, inline: bool) -> None:
    # NULs go so that a UTF-16 file cannot hide its declarations.
    plain = content.replace(b"\0", b"").lower()
    if b"<!entity" in plain:
        raise HostileDocumentError(
            name,
            "the file declares XML entities",
            "Results never need them; get the file from the exchange again.",
        )
    if b"<!doctype" in plain and not inline:
        raise HostileDocumentError(name, "the file declares a document type")


def _html_root(name: str, content: bytes) -> etree._Element:
    parser = html.HTMLParser(no_network=True, huge_tree=False)
    try:
        root = html.document_fromstring(content, parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError) as error:
        raise TruncatedDocumentError(name, "not readable as HTML") from error
    # libxml2 closes what was left open, so a cut file must be noticed here.
    if b"</html" not in content.lower():
        raise TruncatedDocumentError(name, "the HTML never ends")
    return root


def parse(name: str, content: bytes, *, inline: bool = False) -> Instance:
    """Read an instance from its bytes.

    Raises:
        HostileDocumentError: entities or a document type.
        TruncatedDocumentError: not well-formed.
        NotADocumentError: well-formed XML without a single fact.
    """
    root = parse_root(name, content, inline=inline)
    if not inline and local(root) != "xbrl":
        raise NotADocumentError(name, f"XML of another kind (<{local(root)}>)")
    found: dict[tuple[str, str], list[Fact]] = {}
    for element in fact_elements(root):
        fact = _fact(element)
        found.setdefault((fact.context, fact.concept), []).append(fact)
    if not found:
        raise NotADocumentError(name, "XBRL without a single fact")
    contexts = {c.id: c for c in map(_context, _all(root, "context"))}
    units = {
        attribute(u, "id") or "": _measure(u)
        for u in _all(root, "unit")
        if attribute(u, "id")
    }
    schemas = [attribute(e, "href") or "" for e in _all(root, "schemaref")]
    facts = {key: tuple(values) for key, values in found.items()}
    return Instance(facts, contexts, units, " ".join(schemas))


def _all(root: etree._Element, name: str) -> Iterator[etree._Element]:
    return (element for element in root.iter() if local(element) == name)


def fact_elements(root: etree._Element) -> Iterator[etree._Element]:
    """Every element that carries a fact, inline or plain."""
    for element in root.iter():
        if attribute(element, "contextref") is None:
            continue
        tag = str(element.tag)
        inline = local(element) in _INLINE and (
            "inlinexbrl" in tag.lower() or tag.lower().startswith("ix:")
        )
        if inline or element.getparent() is root:
            yield element


def concept_of(element: etree._Element) -> str:
    """The concept's local name: the tag itself, or the inline ``name``."""
    named = attribute(element, "name") if local(element) in _INLINE else None
    tag = named or str(element.tag)
    return tag.rpartition("}")[2].rpartition(":")[2]


def _fact(element: etree._Element) -> Fact:
    text = "".join(str(part) for part in element.itertext()).strip()
    unit = attribute(element, "unitref")
    number, reason = _number(element, text)
    return Fact(
        concept=concept_of(element),
        context=(attribute(element, "contextref") or "").strip(),
        unit=unit,
        decimals=_integer(attribute(element, "decimals")),
        text=text,
        number=number,
        scale=_integer(attribute(element, "scale")) or 0,
        reason=reason,
    )


def _number(element: etree._Element, text: str) -> tuple[Decimal | None, str | None]:
    reason = _no_number(element, text)
    if reason:
        return None, reason
    printed = text.replace(",", "").replace("\u00a0", "").replace(" ", "")
    bracketed = printed.startswith("(") and printed.endswith(")")
    printed = printed[1:-1] if bracketed else printed
    if not _NUMBER.fullmatch(printed):
        return None, "not a number"
    number = Decimal(printed)
    negative = bracketed != ((attribute(element, "sign") or "") == "-")
    return (-number if negative and number else number), None


def _no_number(element: etree._Element, text: str) -> str | None:
    """Why a fact carries no figure at all, if that is so."""
    if (attribute(element, "nil") or "").lower() in {"true", "1"}:
        return "reported as nil"
    if not text:
        return "reported empty"
    if set(text) <= _DASHES:
        return "printed as a dash"
    scale = attribute(element, "scale")
    exponent = _integer(scale)
    if scale and (exponent is None or abs(exponent) > _MAX_SCALE):
        return f"the scale {scale[:20]!r} is not usable"
    european = _COMMA.search(attribute(element, "format") or "")
    return "the number format is not an Indian one" if european else None


def _integer(text: str | None) -> int | None:
    return int(text) if text and re.fullmatch(r"[+-]?\d{1,3}", text.strip()) else None


def _context(element: etree._Element) -> Context:
    parts = {local(child): child for child in element.iter()}
    start = parts.get("startdate")
    end = parts["enddate"] if "enddate" in parts else parts.get("instant")
    who = parts.get("identifier")
    return Context(
        id=(attribute(element, "id") or "").strip(),
        start=read_date(start.text) if start is not None else None,
        end=read_date(end.text) if end is not None else None,
        dimensioned="segment" in parts or "scenario" in parts,
        entity=(who.text or "").strip() if who is not None else None,
        scheme=attribute(who, "scheme") if who is not None else None,
    )


def read_date(text: str | None) -> date | None:
    """A date as filed: ``2026-06-30`` or ``30-06-2026``; anything else is ``None``."""
    found = re.fullmatch(
        r"(\d{4})-(\d\d)-(\d\d)(?:T.*)?|(\d\d)[-/.](\d\d)[-/.](\d{4})",
        (text or "").strip(),
    )
    if not found:
        return None
    year, month, day, *turned = found.groups()
    if year is None:
        day, month, year = turned
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None


def _measure(unit: etree._Element) -> str:
    measures = [
        (element.text or "").strip().rpartition(":")[2]
        for element in _all(unit, "measure")
    ]
    return "/".join(measures)
