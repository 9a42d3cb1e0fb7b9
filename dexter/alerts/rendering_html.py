"""A card as an e-mail's HTML: one page that needs nothing else, light or dark.

Every colour stands inline with the ground it is read on, because Gmail keeps no other
style sheet; readers that know dark screens take the sheet in the head instead.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from html import escape

from dexter.alerts.card_shape import Card, Part, Row, Section
from dexter.domain.alert import Priority


@dataclass(frozen=True, slots=True)
class Colours:
    """What is drawn on one ground, as ``#rrggbb``."""

    ground: str
    ink: str
    faint: str
    rule: str
    bar: str
    mark_ground: str
    mark_ink: str


LIGHT = Colours(
    "#ffffff", "#1b1f24", "#57606a", "#d0d7de", "#2a7f62", "#fff3cd", "#664d03"
)
DARK = Colours(
    "#0d1117", "#e6edf3", "#9aa4af", "#30363d", "#3fa580", "#4d3b00", "#ffe69c"
)
LOUD = {Priority.HIGH: "#b42318", Priority.MEDIUM: "#8a5a00", Priority.LOW: "#175cd3"}
"""The ground of the priority, in white letters on light and dark alike."""

_FONT = "font-family:-apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif"
_DARK = (
    f".g{{background:{DARK.ground}!important;color:{DARK.ink}!important}}"
    f".f{{color:{DARK.faint}!important}}"
    f".r{{border-color:{DARK.rule}!important}}"
    f".t{{background:{DARK.rule}!important}}"
    f".b{{background:{DARK.bar}!important}}"
    f".m{{background:{DARK.mark_ground}!important;color:{DARK.mark_ink}!important}}"
)
_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="supported-color-schemes" content="light dark">
<title>{title}</title>
<style>@media (prefers-color-scheme: dark) {{{dark}}}</style>
</head><body class="g" style="margin:0;padding:0;{ground}">
<table role="presentation" class="g" width="100%" cellpadding="0" cellspacing="0" \
style="{ground}"><tr><td align="center" style="padding:16px 8px">
<table role="presentation" class="g" width="100%" cellpadding="0" cellspacing="0" \
style="max-width:640px;text-align:left;{font};font-size:15px;line-height:1.5;{ground}">
{rows}
</table>
</td></tr></table>
</body></html>
"""
_GROUND = f"background:{LIGHT.ground};color:{LIGHT.ink}"
_FAINT = f'class="f" style="color:{LIGHT.faint}'


def page(card: Card, picture: str | None = None) -> str:
    """A card as a page.

    Args:
        card: What it says.
        picture: The address of its chart, such as ``cid:…``; null without one.
    """
    blocks = [*(map(_mark, card.marks)), _head(card), *(map(_section, card.first))]
    if card.rows:
        blocks.append(_table(card.rows))
    if picture:
        blocks.append(_picture(card, picture))
    blocks += [*(map(_section, card.last)), _foot(card)]
    return _PAGE.format(
        title=escape(card.title),
        dark=_DARK,
        ground=_GROUND,
        font=_FONT,
        rows="\n".join(f"<tr><td>{block}</td></tr>" for block in blocks),
    )


def _mark(said: str) -> str:
    style = (
        f"background:{LIGHT.mark_ground};color:{LIGHT.mark_ink};padding:8px 12px;"
        "margin-bottom:8px;font-weight:bold"
    )
    return f'<div class="m" style="{style}">⚠ {escape(said)}</div>'


def _head(card: Card) -> str:
    badge = (
        f"background:{LOUD[card.priority]};color:#ffffff;padding:2px 8px;"
        "font-size:13px;font-weight:bold"
    )
    about = f'<div {_FAINT}">{escape(card.about)}</div>' if card.about else ""
    return (
        f'<div style="font-size:20px;font-weight:bold;overflow-wrap:anywhere">'
        f'<span style="{badge}">{card.priority.value.upper()}</span> '
        f"{escape(card.title)}</div>{about}"
    )


def _section(section: Section) -> str:
    title = (
        f'<div style="font-weight:bold">{escape(section.title)}</div>'
        if section.title
        else ""
    )
    items = "".join(f"<li>{escape(said)}</li>" for said in section.lines)
    style = "margin:4px 0;padding-left:20px;overflow-wrap:anywhere"
    return (
        f'<div style="padding-top:12px">{title}<ul style="{style}">{items}</ul></div>'
    )


def _table(rows: tuple[Row, ...]) -> str:
    said = "".join(map(_row, rows))
    return (
        '<table role="presentation" width="100%" cellpadding="0" cellspacing="0" '
        f'style="margin-top:12px;border-collapse:collapse">{said}</table>'
    )


def _row(row: Row) -> str:
    cell = (
        f'class="r" style="border-top:1px solid {LIGHT.rule};padding:8px 8px 8px 0;'
        "vertical-align:top"
    )
    notes = "".join(f'<div {_FAINT}">{escape(note)}</div>' for note in row.notes)
    return (
        f'<tr><td {cell};width:34%;font-weight:bold">{escape(row.name)}</td>'
        f'<td {cell};overflow-wrap:anywhere">{escape(row.said)}'
        f"{''.join(_parts(row.parts))}{notes}</td></tr>"
    )


def _parts(parts: tuple[Part, ...]) -> Iterator[str]:
    for part in parts:
        said = f"{escape(part.name)}: {escape(part.said)}"
        yield f'<div {_FAINT}">{said}</div>{_bar(part)}'


def _bar(part: Part) -> str:
    """A percentile as a bar; none where there is no percentile."""
    if part.percentile is None:
        return ""
    wide = min(100, max(0, round(part.percentile)))
    return (
        f'<div class="t" style="background:{LIGHT.rule};height:6px;max-width:240px;'
        f'margin-bottom:4px">'
        f'<div class="b" style="background:{LIGHT.bar};height:6px;width:{wide}%">'
        "</div></div>"
    )


def _picture(card: Card, picture: str) -> str:
    return (
        f'<img src="{escape(picture)}" alt="Chart: {escape(card.title)}" width="640" '
        'style="display:block;width:100%;max-width:640px;height:auto;margin-top:12px">'
    )


def _foot(card: Card) -> str:
    said = "".join(f"<div>{escape(line)}</div>" for line in card.foot)
    style = (
        f"color:{LIGHT.faint};font-size:13px;padding-top:12px;overflow-wrap:anywhere"
    )
    return f'<div class="f" style="{style}">{said}</div>'
