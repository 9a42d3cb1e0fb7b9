"""The facts a filing reports, before any syntax."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from balance import balance_facts
from filings import CONTRADICTORY, Filing
from notes import notes
from statements import Statement
from taxonomy import BANK_EPS, EPS, INTIMATED, NOTES, amounts

LEGACY_QUARTER = "{} quarter"


@dataclass(frozen=True)
class Fact:
    """One reported fact.

    Attributes:
        name: Local name of the element.
        context: Context id.
        value: Text, or ticks of the company's unit where ``unit`` is INR.
        unit: Unit id, None for text.
    """

    name: str
    context: str
    value: str | int
    unit: str | None = None


def facts(filing: Filing) -> list[Fact]:
    """Everything one filing says, in the order filings say it."""
    found = _about(filing)
    found += _statement(filing, filing.statement, "OneD")
    found.append(Fact(NOTES, "OneD", " ".join(["Notes :", *notes(filing)])))
    if filing.to_date:
        found += _period(filing, "FourD")
        found += _statement(filing, filing.to_date, "FourD")
    if filing.integrated and filing.quarter.audited:
        found += [Fact(n, c, v, "INR") for n, c, v in balance_facts(filing)]
    return found + _details(filing)


def _about(filing: Filing) -> list[Fact]:
    company, quarter = filing.company, filing.quarter
    named = "NameOfBank" if company.family == "bank" else "NameOfTheCompany"
    board = filing.release.board_date
    level = "LevelOfRounding" + (
        "" if filing.integrated else "UsedInFinancialStatements"
    )
    pairs = [
        ("ScripCode", str(company.bse_code)),
        ("Symbol", company.symbol),
        ("MSEISymbol", "NOTLISTED"),
        (named, company.name),
        ("ClassOfSecurity", "Equity"),
        ("DateOfStartOfFinancialYear", quarter.year_start.isoformat()),
        ("DateOfEndOfFinancialYear", quarter.year_end.isoformat()),
        (
            "DateOfBoardMeetingWhenFinancialResultsWereApproved",
            board.isoformat(),
        ),
        (INTIMATED, (board - timedelta(days=9)).isoformat()),
        ("DescriptionOfPresentationCurrency", "INR"),
        (level, company.unit.level),
        (
            "ReportingQuarter",
            "Yearly" if quarter.audited else (LEGACY_QUARTER.format(quarter.ordinal)),
        ),
        *_sitting(filing),
        (
            "DeclarationOfUnmodifiedOpinionOrStatementOnImpactOfAuditQualification",
            "Declaration of unmodified opinion"
            if quarter.audited
            else "Not applicable",
        ),
        ("IsCompanyReportingMultisegmentOrSingleSegment", "Single segment"),
        ("DescriptionOfSingleSegment", company.industry),
    ]
    if filing.integrated or company.family == "bank":
        pairs.insert(3, ("ISIN", company.isin_on(filing.filed)))
    pairs += _submission(filing) if filing.integrated else []
    said = [Fact(name, "OneD", value) for name, value in pairs]
    return said + _period(filing, "OneD")


def _sitting(filing: Filing) -> list[tuple[str, str]]:
    """The board meeting; results go out within half an hour of its close."""
    board = filing.release.board_date
    started = datetime.combine(board, datetime.min.time()) + timedelta(hours=11)
    ended = filing.release.published - timedelta(minutes=22)
    if ended.date() != board:
        ended = started + timedelta(hours=9)
    started = min(started, ended - timedelta(hours=2))
    return [
        ("StartTimeOfBoardMeeting", f"{started:%H:%M:%S}"),
        ("EndTimeOfBoardMeeting", f"{ended:%H:%M}:00"),
        ("DateOfStartOfBoardMeeting", board.isoformat()),
        ("DateOfEndOfBoardMeeting", board.isoformat()),
    ]


def _submission(filing: Filing) -> list[tuple[str, str]]:
    """What only integrated filings say of themselves."""
    yearly = filing.quarter.audited
    found = [
        ("TypeOfSubmission", "Revision" if filing.remark else "Original"),
        ("TypeOfReportingPeriod", "Yearly" if yearly else "Quarterly"),
    ]
    return [*found, ("RemarksForRevision", filing.remark)] if filing.remark else found


def _period(filing: Filing, context: str) -> list[Fact]:
    quarter = filing.quarter
    start = quarter.year_start if context == "FourD" else quarter.start
    status = "Audited" if quarter.audited else "Unaudited"
    return [
        Fact("DateOfStartOfReportingPeriod", context, start.isoformat()),
        Fact("DateOfEndOfReportingPeriod", context, quarter.end.isoformat()),
        Fact("WhetherResultsAreAuditedOrUnaudited", context, status),
        Fact(
            "NatureOfReportStandaloneConsolidated", context, filing.basis.capitalize()
        ),
    ]


def _statement(filing: Filing, period: Statement, context: str) -> list[Fact]:
    company, items = filing.company, dict(period.items)
    if filing.key == CONTRADICTORY and context == "OneD":
        items["tax"] = items["current_tax"] - items["deferred_tax"]
    found = [
        Fact(name, context, items.get(item, 0), "INR")
        for name, item in amounts(company.family, filing.basis)
    ]
    tick, face = company.unit.tick, period.face_value(filing.filed)
    found += [
        Fact("PaidUpValueOfEquityShareCapital", context, period.paid_up // tick, "INR"),
        Fact("FaceValueOfEquityShareCapital", context, str(face), "INRPerShare"),
    ]
    basic = str(period.eps(filing.filed))
    diluted = str(period.eps(filing.filed, diluted=True))
    for name in BANK_EPS if company.family == "bank" else EPS:
        value = basic if name.startswith("Basic") else diluted
        nil = "FromDiscontinuedOperations" in name
        found.append(Fact(name, context, "0.00" if nil else value, "INRPerShare"))
    if company.family == "bank":
        found += _quality(period, context)
    return found


def _quality(period: Statement, context: str) -> list[Fact]:
    """A bank's asset quality; ratios are fractions of one."""
    items = period.items
    gross = items["gross_npa"] / items["loans"]
    net = items["net_npa"] / (items["loans"] - items["gross_npa"] + items["net_npa"])
    earned = items["profit"] / items["assets"] * (4 if context == "OneD" else 1)
    ratios = {
        "CET1Ratio": 0.1412,
        "AdditionalTier1Ratio": 0.0,
        "PercentageOfGrossNpa": gross,
        "PercentageOfNpa": net,
        "ReturnOnAssets": earned,
    }
    return [
        Fact("GrossNonPerformingAssets", context, items["gross_npa"], "INR"),
        Fact("NonPerformingAssets", context, items["net_npa"], "INR"),
        *(Fact(name, context, f"{x:.4f}", "pure") for name, x in ratios.items()),
    ]


def _details(filing: Filing) -> list[Fact]:
    """Dimensioned breakdowns, which a careful reader skips."""
    if filing.company.family == "bank":
        return []
    found: list[Fact] = []
    periods = [("One", filing.statement)]
    if filing.to_date:
        periods.append(("Four", filing.to_date))
    for prefix, period in periods:
        other = period.items["other_expenses"]
        power = other * 3 // 10
        parts = (("Power and fuel", power), ("Other expenses", other - power))
        for place, (label, ticks) in enumerate(parts, 1):
            context = f"{prefix}OperatingExpenses{place:02d}D"
            found.append(Fact("DescriptionOfOtherExpenses", context, label))
            found.append(Fact("OtherExpenses", context, ticks, "INR"))
        found += _comprehensive(period, prefix)
    return found


def _comprehensive(period: Statement, prefix: str) -> list[Fact]:
    found: list[Fact] = []
    for verb, item, label in (
        ("WillNotBe", "oci_kept", "Remeasurement of the defined benefit plan"),
        ("WillBe", "oci_recycled", "Cash flow hedges"),
    ):
        context = f"{prefix}ItemsThat{verb}ReclassifiedToProfitAndLoss01D"
        element = f"ItemThat{verb}ReclassifiedToProfitAndLoss"
        found += [
            Fact(f"DescriptionOf{element}", context, label),
            Fact(f"AmountOf{element}", context, period.items[item], "INR"),
            Fact(f"AmountOf{element}", f"{prefix}D", period.items[item], "INR"),
        ]
    return found
