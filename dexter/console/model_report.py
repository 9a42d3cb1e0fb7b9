"""A model's evaluation on the screen, and as a page that needs nothing else."""

import base64
import html
from collections.abc import Iterator, Mapping, Sequence

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from dexter.console import model_tables as tables
from dexter.console.model_tables import Measure, Section
from dexter.console.plots import DARK, LIGHT, pictures
from dexter.domain.alert import Demonstrated
from dexter.ml.judgement import Kind
from dexter.ml.report import ModelReport
from dexter.ml.verdict import edge_sentence, skill_sentence

Pictures = Mapping[str, bytes]

_GROUPS = (Kind.TURNOVER, Kind.BAND, Kind.COHORT)
_CAPTIONS = {
    "reliability": "What was said and what happened; on the dashed line both agree.",
    "deciles": "Hits by tenth of the events, beside what was said of them.",
    "precision_recall": "Precision against recall.",
    "roc": "Hits against misses flagged, at every threshold.",
    "seasons": "Brier skill by season; a cross where events were too few.",
    "contributions": "The inputs that move predictions most.",
    "drift": "The inputs that moved most since training.",
}
_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>
:root {{ color-scheme: light dark; --ink: #24292f; --paper: #fff; --faint: #59636e;
  --line: #d0d7de; --band: #f6f8fa; --good: #1a7f37; --bad: #b5483a }}
body {{ font: 16px/1.5 system-ui, sans-serif; max-width: 70rem; margin: 2rem auto;
  padding: 0 1rem; color: var(--ink); background: var(--paper) }}
h1 {{ font-size: 1.5rem; overflow-wrap: anywhere }}
h2 {{ font-size: 1.15rem; margin-top: 2.5rem }}
.verdict {{ border-left: 4px solid var(--faint); padding: .1rem 0 .1rem 1rem }}
.verdict.yes {{ border-color: var(--good) }} .verdict.no {{ border-color: var(--bad) }}
details {{ margin-top: 1rem }} summary {{ cursor: pointer; color: var(--faint) }}
.scroll {{ overflow-x: auto }} .words, figcaption {{ color: var(--faint) }}
table {{ border-collapse: collapse; font-size: .85rem }}
th, td {{ border-bottom: 1px solid var(--line); padding: .25rem .6rem;
  text-align: right; vertical-align: top; font-variant-numeric: tabular-nums;
  white-space: nowrap }}
th {{ font-weight: 600; background: var(--band) }}
.text {{ text-align: left; white-space: normal; overflow-wrap: anywhere }}
figure {{ margin: 1rem 0; display: inline-block; max-width: 100% }}
img {{ max-width: 100%; height: auto }} figcaption {{ font-size: .85rem }}
@media (prefers-color-scheme: dark) {{ :root {{ --ink: #e6edf3; --paper: #0d1117;
  --faint: #9198a1; --line: #30363d; --band: #161b22; --good: #56d4a0;
  --bad: #ff8577 }} }}
</style></head><body>
{body}
</body></html>
"""


def show(report: ModelReport, console: Console, *, full: bool = False) -> None:
    """The verdict, then tables; ``full`` adds every measure of every group."""
    console.print(f"[bold]{escape(report.facts.version)}[/]\n")
    for sentence, found in _verdicts(report):
        colour = "green" if found is Demonstrated.YES else "yellow"
        console.print(f"[{colour}]●[/] {escape(sentence)}")
    for section in _on_screen(report, full=full):
        _print(section, console)


def page(report: ModelReport) -> str:
    """The evaluation as one HTML file, pictures inside, for light and dark screens."""
    light, dark = pictures(report, LIGHT), pictures(report, DARK)
    title = f"{report.facts.version}: evaluation"
    parts = [f"<h1>{html.escape(title)}</h1>"]
    for sentence, found in _verdicts(report):
        mark = "yes" if found is Demonstrated.YES else "no"
        parts.append(f'<p class="verdict {mark}">{html.escape(sentence)}</p>')
    for section in _on_page(report):
        parts += _html(section, light, dark)
    return _PAGE.format(title=html.escape(title), body="\n".join(parts))


def _verdicts(report: ModelReport) -> tuple[tuple[str, Demonstrated], ...]:
    judged = report.judged
    return (
        (skill_sentence(judged), judged.skill),
        (edge_sentence(judged), judged.edge),
    )


def _on_screen(report: ModelReport, *, full: bool) -> Iterator[Section]:
    yield tables.rivals(report)
    yield tables.measures(report)
    yield tables.groups(report, (Kind.SEASON,), tables.PROBABILITIES, "By season")
    sets: list[tuple[str, Sequence[Measure]]] = [
        ("said", tables.PROBABILITIES),
        ("likeliest", tables.LIKELIEST),
    ]
    if full:
        sets += [("flagged", tables.FLAGGED), ("errors", tables.ERRORS)]
    for name, measures in sets:
        yield tables.groups(report, _GROUPS, measures, f"By group: {name}")
        if full and measures is not tables.PROBABILITIES:
            title = f"By season: {name}"
            yield tables.groups(report, (Kind.SEASON,), measures, title)
    yield tables.reliability(report)
    yield from _told(report)


def _on_page(report: ModelReport) -> Iterator[Section]:
    yield tables.rivals(report)
    yield tables.measures(report)
    yield tables.reliability(report)
    yield from tables.every_group(report)
    yield from _told(report)


def _told(report: ModelReport) -> Iterator[Section]:
    """What the manifest tells rather than the events."""
    if report.facts.importances:
        yield tables.contributions(report)
    if report.facts.drift:
        yield tables.drift(report)
    yield tables.decided(report)
    yield tables.identity(report)


def _print(section: Section, console: Console) -> None:
    console.print(f"\n[bold]{escape(section.title)}[/]")
    if section.words:
        console.print(f"[dim]{escape(section.words)}[/]")
    headed = any(section.head)
    table = Table(box=None, pad_edge=False, header_style="dim", show_header=headed)
    for place, name in enumerate(section.head):
        words = place < section.left
        table.add_column(
            name,
            justify="left" if words else "right",
            overflow="fold",
            no_wrap=not words,
        )
    for row in section.rows:
        table.add_row(*map(escape, row))
    console.print(table)


def _html(section: Section, light: Pictures, dark: Pictures) -> Iterator[str]:
    title = html.escape(section.title)
    yield (
        f"<details><summary>{title}</summary>"
        if section.folded
        else f"<h2>{title}</h2>"
    )
    if section.words:
        yield f'<p class="words">{html.escape(section.words)}</p>'
    for name in section.pictures:
        if name in light:
            yield _figure(name, light[name], dark[name])
    head = _cells(section.head, "th", section.left) if any(section.head) else ""
    yield '<div class="scroll"><table>'
    if head:
        yield f"<thead><tr>{head}</tr></thead>"
    yield "<tbody>"
    for row in section.rows:
        yield f"<tr>{_cells(row, 'td', section.left)}</tr>"
    yield "</tbody></table></div>"
    if section.folded:
        yield "</details>"


def _cells(row: tuple[str, ...], tag: str, left: int) -> str:
    told = []
    for place, cell in enumerate(row):
        mark = ' class="text"' if place < left else ""
        told.append(f"<{tag}{mark}>{html.escape(cell)}</{tag}>")
    return "".join(told)


def _figure(name: str, light: bytes, dark: bytes) -> str:
    caption = html.escape(_CAPTIONS[name])
    return (
        '<figure><picture><source media="(prefers-color-scheme: dark)" '
        f'srcset="{_uri(dark)}"><img src="{_uri(light)}" alt="{caption}"></picture>'
        f"<figcaption>{caption}</figcaption></figure>"
    )


def _uri(picture: bytes) -> str:
    return f"data:image/png;base64,{base64.b64encode(picture).decode('ascii')}"
