"""Features on the screen: one table a category, and the catalogue."""

from collections.abc import Mapping, Sequence

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from dexter.console.addresses import value_of
from dexter.domain.evidence import Evidence
from dexter.domain.moment import IST
from dexter.domain.research import Report
from dexter.features.catalogue import SPECS
from dexter.features.spec import Category, FeatureSpec


def show(
    report: Report, known: Mapping[str, tuple[str, Evidence]], console: Console
) -> None:
    """Every feature with its value or its reason, and where each comes from."""
    first = next((item for _, item in known.values()), None)
    if first is not None:
        seen = (first.known_at or report.as_of).astimezone(IST)
        basis = f", {first.basis.value} figures" if first.basis else ""
        console.print(
            f"[bold]{escape(first.company or '')}[/] ({first.symbol})  "
            f"[dim]as of {seen:%d %b %Y %H:%M} IST, {first.period}{basis}[/]"
        )
    why = reasons(report)
    for category in Category:
        mine = [spec for spec in SPECS if spec.category is category]
        filled = sum(spec.name in known for spec in mine)
        console.print(f"\n[bold]{category.value}[/] [dim]{filled} of {len(mine)}[/]")
        table = Table(box=None, pad_edge=False, show_header=False)
        table.add_column(no_wrap=True)
        table.add_column(justify="right", no_wrap=True)
        table.add_column(style="dim", no_wrap=True)
        table.add_column(style="dim", overflow="fold")
        for spec in mine:
            if spec.name in known:
                identifier, item = known[spec.name]
                cells = (value_of(item), identifier, spec.about)
            else:
                cells = ("–", "", why.get(spec.name, "not known"))
            table.add_row(spec.name, *map(escape, cells))
        console.print(table)
    console.print(
        f"\n[dim]run {report.run_id}; where a value comes from: "
        f"`dexter runs why {report.run_id} e1`[/]"
    )


def reasons(report: Report) -> dict[str, str]:
    """Why each absent feature is, by name."""
    return {a.what.partition(" of ")[0]: a.reason for a in report.absences}


def catalogue(specs: Sequence[FeatureSpec], digest: str, console: Console) -> None:
    """Every declaration, one table a category."""
    for category in Category:
        mine = [spec for spec in specs if spec.category is category]
        console.print(f"\n[bold]{category.value}[/] [dim]{len(mine)} features[/]")
        table = Table(box=None, pad_edge=False, header_style="dim")
        table.add_column("feature", no_wrap=True)
        for name in ("unit", "looks back", "formula", "absent"):
            table.add_column(name, overflow="fold")
        for spec in mine:
            table.add_row(
                spec.name,
                *map(
                    escape, (spec.unit.value, spec.look_back, spec.formula, spec.absent)
                ),
            )
        console.print(table)
    console.print(f"\n[dim]{len(specs)} features, catalogue {digest}[/]")
