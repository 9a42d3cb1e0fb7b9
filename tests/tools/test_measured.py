"""A measure cites the figures it read, no more and no fewer, in every tool alike."""

from dataclasses import replace
from datetime import timedelta

from dexter.domain.evidence import Evidence
from dexter.domain.period import Quarter
from dexter.domain.results import QuarterFigures
from dexter.features.event import EventInputs, build
from dexter.tools import cite
from dexter.tools.measured import measured
from dexter.tools.surprise import MEASURES, TOOL, EarningsSurprise
from tests.tools.fakes import LATEST, PUBLISHED, Market
from tests.tools.making import CONSOLIDATED, company, row

SUBJECT = cite.Subject("HCL", "Hcl Limited", str(LATEST), CONSOLIDATED)


def figures(*without: int, quarters: int = 16) -> list[QuarterFigures]:
    rows = []
    for back in range(quarters):
        profit = 100 + (quarters - back) * 3 + (7 * back) % 5
        if back not in without:
            rows.append(row(str(LATEST.shift(-back)), str(profit), eps="10"))
    return rows[::-1]


def inputs(rows: list[QuarterFigures]) -> EventInputs:
    return EventInputs(
        symbol="HCL",
        published_at=PUBLISHED,
        quarter=LATEST,
        basis=CONSOLIDATED,
        prices=None,
        indices={},
        market=None,
        figures=rows,
        headlines=(),
    )


def of(rows: list[QuarterFigures], name: str) -> tuple[Evidence, ...]:
    asked = inputs(rows)
    value = build(asked).features[name].value
    assert value is not None
    return measured(SUBJECT, asked, name, value)


def quarters(found: tuple[Evidence, ...]) -> list[Quarter]:
    return sorted({Quarter.parse(str(e.period)) for e in found[:-1]}, reverse=True)


def test_a_surprise_reads_thirteen_quarters_where_all_are_there() -> None:
    assert quarters(of(figures(), "sue")) == [LATEST.shift(-n) for n in range(13)]


def test_a_surprise_cites_only_quarters_whose_changes_are_known() -> None:
    # Without the quarter eight back its own change and that of four back are unknown;
    # four back is read for the change on the year, twelve back for nothing.
    found = quarters(of(figures(8), "sue"))
    assert found == [LATEST.shift(-n) for n in range(12) if n != 8]


def test_a_margin_reads_its_quarter_and_growth_two() -> None:
    assert quarters(of(figures(), "net_margin")) == [LATEST]
    assert quarters(of(figures(), "profit_yoy")) == [LATEST, LATEST.shift(-4)]


async def test_it_is_the_same_evidence_as_the_surprise_tool_s() -> None:
    for without in ((), (8,)):
        rows = figures(*without)
        context = Market([company()], rows=rows).context(PUBLISHED)
        told = await TOOL.run(EarningsSurprise(symbol="HCL"), context)
        mine = replace(SUBJECT, family=company().family)
        for name in ("sue", "profit_yoy", "net_margin_change"):
            value = build(inputs(rows)).features[name].value
            assert value is not None
            here = measured(mine, inputs(rows), name, value)
            there = next(e for e in told.evidence if e.name == name)
            assert here[-1] == there, (name, without)


def test_what_was_published_later_is_not_cited() -> None:
    rows = figures()
    late = replace(rows[5], known_at=PUBLISHED + timedelta(days=1))
    found = of([*rows[:5], late, *rows[6:]], "sue")
    assert late.quarter not in quarters(found)


def test_every_measure_names_figures_that_can_be_cited() -> None:
    assert all(set(fields) <= set(cite.FIGURES) for _, _, fields in MEASURES.values())
