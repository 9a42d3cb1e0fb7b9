"""A tiny directory that links names as the real one does, and briefs made of it."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest

from dexter.domain.briefs import Coverage, KnownQuarter, PlanningBrief, ToolSummary
from dexter.domain.company import Company, CompanyMatch
from dexter.domain.period import Quarter
from dexter.domain.phrases import find_quarters, find_windows, strip_time
from dexter.llm.offline.planning import plan

TODAY = date(2024, 8, 9)
LATEST = Quarter(2025, 1)
COMPANIES = {
    "TCS": "Tata Consultancy Services",
    "HCLTECH": "HCL Technologies",
    "INFY": "Infosys",
    "RELIANCE": "Reliance Industries",
    "3MINDIA": "3M India",
    "360ONE": "360 ONE WAM",
    "SECTOR7": "Sector 7 Foods",
    "KAVSEED": "Kaveri Seed",
    "KAVTEL": "Kaveri Telecom",
    "NEWCO": "Newco Chemicals",
}
MENTIONS = {
    "TCS": ["TCS"],
    "HCLTECH": ["HCL Tech", "HCLTECH", "HCL Technologies"],
    "INFY": ["Infosys", "INFY"],
    "RELIANCE": ["Reliance"],
    "3MINDIA": ["3M India", "3M"],
    "360ONE": ["360ONE", "360 ONE"],
    "SECTOR7": ["Sector 7 Foods"],
    "KAVSEED": ["Kaveri Seed"],
    "NEWCO": ["Newco"],
}
TOOLS = (
    "read_statement", "compare", "earnings_surprise", "results_calendar", "rank",
    "price_history", "headlines", "find_filings", "find_company", "compute_features",
    "blockbuster_score", "predict", "vcp", "alert",
)  # fmt: skip


def company(symbol: str) -> Company:
    return Company(symbol, COMPANIES[symbol])


def covered(symbol: str) -> Coverage:
    """Two years of both bases; standalone only for 3M; one quarter for Newco."""
    basis = ("standalone",) if symbol == "3MINDIA" else ("consolidated", "standalone")
    count = 1 if symbol == "NEWCO" else 10
    known = tuple(
        KnownQuarter(
            LATEST.shift(-back),
            ("standalone",) if symbol == "SECTOR7" and back == 4 else basis,
            datetime.combine(
                LATEST.shift(-back).end + timedelta(days=12),
                datetime.min.time(),
                UTC,
            ),
        )
        for back in range(count)
    )
    return Coverage(symbol, known)


def link(question: str) -> list[CompanyMatch]:
    text = strip_time(question)
    found: list[tuple[int, CompanyMatch]] = []
    for symbol, names in MENTIONS.items():
        for name in names:
            match = re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text, re.IGNORECASE)
            if match:
                pair = CompanyMatch(company(symbol), 100, match.group())
                found.append((match.start(), pair))
                break
    return [pair for _, pair in sorted(found, key=lambda one: one[0])]


def brief(
    question: str,
    *,
    today: date = TODAY,
    latest: Quarter | None = LATEST,
    tools: tuple[str, ...] = TOOLS,
    problems: tuple[str, ...] = (),
) -> PlanningBrief:
    matches = link(question)
    ambiguous: tuple[tuple[CompanyMatch, ...], ...] = ()
    if re.search(r"\bKaveri\b(?! Seed)", question):
        ambiguous = (
            tuple(
                CompanyMatch(company(symbol), 90, "Kaveri")
                for symbol in ("KAVSEED", "KAVTEL")
            ),
        )
    unknown = tuple(
        (name, ("Reliance Industries", "Infosys"))
        for name in re.findall(r"\b(?:Foobar\w*|Zorblax|EPS|SUE|VCP|Nifty)\b", question)
    )
    return PlanningBrief(
        question=question,
        as_of=datetime.combine(today, datetime.min.time(), UTC),
        today=today,
        companies=tuple(matches),
        ambiguous=ambiguous,
        unknown=unknown,
        quarters=find_quarters(question, today, latest),
        windows=find_windows(question, today),
        latest=latest,
        coverage=tuple(covered(match.company.symbol) for match in matches),
        tools=tuple(
            ToolSummary(name, name, {}, name in {"results_calendar", "rank"})
            for name in tools
        ),
        market="sample",
        problems=problems,
    )


@pytest.fixture
def make_brief() -> Callable[..., PlanningBrief]:
    return brief


@pytest.fixture
def ask() -> Callable[..., dict[str, object]]:
    """Question to plan."""

    def planned(question: str, **changes: object) -> dict[str, object]:
        return plan(brief(question, **changes))  # type: ignore[arg-type]

    return planned
