"""Every sentence passes the claim check, whatever subset of evidence there is."""

import random
import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from dexter.domain.briefs import SynthesisBrief
from dexter.domain.evidence import Derivation, Evidence, EvidenceKind, Measure, Source
from dexter.domain.filing import Basis
from dexter.domain.research import Absence, Conflict
from dexter.features.catalogue import SPECS
from dexter.llm.offline.synthesis import synthesise
from dexter.orchestrator import claims
from dexter.orchestrator.references import Sources

WHEN = datetime(2024, 7, 12, 12, 30, tzinfo=UTC)
NAMES = {"TCS": "Tata Consultancy Services", "INFY": "Infosys", "NEW": "Newco"}
UNITS = {
    "revenue_from_operations": Measure.RUPEES,
    "net_profit": Measure.RUPEES,
    "total_income": Measure.RUPEES,
    "eps_basic": Measure.RUPEES_PER_SHARE,
    "net_margin": Measure.FRACTION,
    "net_margin_change": Measure.POINTS,
    "sue": Measure.DEVIATIONS,
    "close_before": Measure.RUPEES_PER_SHARE,
    "close_after": Measure.RUPEES_PER_SHARE,
    "reaction": Measure.CHANGE,
    "reaction_later": Measure.CHANGE,
    "blockbuster": Measure.SCORE,
    "probability": Measure.PROBABILITY,
    "base_rate": Measure.PROBABILITY,
    "vcp_contractions": Measure.COUNT,
    "vcp_stood": Measure.COUNT,
    "vcp_template_passed": Measure.COUNT,
    "rank": Measure.COUNT,
    "rsi_14": Measure.RATIO,
    "sma_50": Measure.RUPEES_PER_SHARE,
}


def value(
    name: str,
    amount: str,
    symbol: str = "TCS",
    period: str | None = "Q1 FY25",
    basis: Basis | None = Basis.CONSOLIDATED,
) -> Evidence:
    return Evidence(
        id="",
        kind=EvidenceKind.FACT,
        name=name,
        unit=UNITS.get(name, Measure.CHANGE),
        value=Decimal(amount),
        source=Source("filing.xml"),
        symbol=symbol,
        company=NAMES[symbol],
        period=period,
        basis=basis,
        known_at=WHEN,
    )


def said(
    name: str, text: str, symbol: str = "TCS", period: str | None = None
) -> Evidence:
    unit = Measure.TEXT if name in {"headline", "circuit"} else Measure.DATE
    plain = value(name, "0", symbol, period, None)
    return replace(plain, value=None, text=text, unit=unit)


def numbered(evidence: Sequence[Evidence]) -> tuple[Evidence, ...]:
    return tuple(replace(e, id=f"e{i}") for i, e in enumerate(evidence, 1))


def over(evidence: Evidence, *inputs: str) -> Evidence:
    return replace(evidence, source=Derivation("formula", inputs))


def brief(
    question: str,
    evidence: Sequence[Evidence],
    *,
    understood: str = "",
    absences: tuple[Absence, ...] = (),
    conflicts: tuple[Conflict, ...] = (),
    refused: tuple[str, ...] = (),
) -> SynthesisBrief:
    return SynthesisBrief(
        question=question,
        understood_as=understood,
        as_of=WHEN,
        evidence=tuple(evidence),
        absences=absences,
        conflicts=conflicts,
        warnings=(),
        refused=refused,
    )


def lines(asked: SynthesisBrief) -> list[str]:
    """The sentences as published: each checked, then rendered by code."""
    passages = {
        f"a{i}": f"{a.what}: {a.reason}" for i, a in enumerate(asked.absences, 1)
    }
    passages |= {f"c{i}": c.what for i, c in enumerate(asked.conflicts, 1)}
    sources = Sources({e.id: e for e in asked.evidence}, passages)
    written = synthesise(asked)["sentences"]
    assert isinstance(written, list)
    rendered = []
    for sentence in written:
        checked = claims.check(sentence["text"], sources)
        assert not checked.problems, (sentence["text"], checked.problems)
        rendered.append(claims.rendered(checked, sources))
    return rendered


def a_quarter(
    symbol: str = "TCS", *, falling: bool = False, suffix: str = "yoy"
) -> list[Evidence]:
    sign = "-" if falling else ""
    before = "Q1 FY24" if suffix == "yoy" else "Q4 FY24"
    margin = "net_margin_change" + ("" if suffix == "yoy" else "_qoq")
    return [
        value("revenue_from_operations", "626130000000", symbol),
        value("net_profit", "121050000000", symbol),
        value("eps_basic", "33.28", symbol),
        value("net_margin", "0.1933", symbol),
        value("revenue_from_operations", "593810000000", symbol, before),
        value("net_profit", "111200000000", symbol, before),
        value(f"revenue_{suffix}", f"{sign}0.0544", symbol),
        value(f"profit_{suffix}", f"{sign}0.0886", symbol),
        value(f"eps_{suffix}", f"{sign}0.1", symbol),
        replace(value(margin, f"{sign}0.006", symbol), unit=Measure.POINTS),
    ]


def everything(symbol: str = "TCS") -> list[Evidence]:
    return [
        *a_quarter(symbol),
        value("sue", "1.42", symbol, basis=Basis.STANDALONE),
        value("net_profit", "90000000000", symbol, "Q3 FY23", Basis.STANDALONE),
        value("close_before", "3923.7", symbol, basis=None),
        value("close_after", "4184.45", symbol, basis=None),
        value("reaction", "0.0665", symbol, basis=None),
        value("reaction_later", "-0.01", symbol, basis=None),
        said("circuit", "did not close at an upper price band", symbol, "Q1 FY25"),
        said("headline", "TCS Q1 profit up 9%", symbol),
        value("blockbuster", "71", symbol),
        value("probability", "0.041", symbol),
        value("base_rate", "0.036", symbol),
        value("vcp_contractions", "3", symbol, basis=None),
        value("vcp_template_passed", "7", symbol, basis=None),
    ]


def test_results_lead_with_the_figures_and_follow_the_signs() -> None:
    told = lines(brief("How did TCS do?", numbered(everything())))
    assert told[0].startswith(
        "Tata Consultancy Services reported revenue of ₹62,613 crore and net profit of "
        "₹12,105 crore for Q1 FY25 (consolidated, from a filing public since 12 July "
        "2024"
    )
    assert "revenue rose 5.4%" in told[1]
    assert "net profit rose 8.9%" in told[1]
    assert "Net margin was 19.3%, up 0.6 percentage points" in told[2]
    assert "(SUE) was 1.42 standard deviations for Q1 FY25 on standalone" in told[3]
    assert "analysts' estimates" in told[3]
    assert any("share price rose 6.7%, from ₹3,923.7" in line for line in told)
    assert any("4.1% beside a base rate of 3.6%" in line for line in told)
    assert 3 <= len(told) <= 8


def test_falling_figures_fall() -> None:
    told = lines(brief("TCS results", numbered(a_quarter(falling=True))))
    assert "revenue fell 5.4%, net profit fell 8.9% and basic EPS fell 10%" in told[1]
    assert "down 0.6 percentage points" in told[2]


def test_growth_names_its_base_quarter_and_value() -> None:
    evidence = list(numbered(a_quarter()))
    evidence[6] = over(evidence[6], "e1", "e5")
    evidence[7] = over(evidence[7], "e2", "e6")
    told = lines(brief("How much did TCS profit grow?", evidence))
    assert told[0] == (
        "Tata Consultancy Services: against Q1 FY24, net profit rose 8.9% from "
        "₹11,120 crore."
    )


def test_a_turnaround_tells_both_values_instead_of_a_rate() -> None:
    evidence = [
        value("revenue_from_operations", "2000000000"),
        value("net_profit", "140000000"),
        value("revenue_from_operations", "1600000000", period="Q1 FY24"),
        value("net_profit", "-150000000", period="Q1 FY24"),
        over(value("revenue_yoy", "0.25"), "e1", "e3"),
    ]
    absent = (Absence("profit_yoy", "net_profit was negative in the base period"),)
    told = lines(brief("TCS results", numbered(evidence), absences=absent))
    assert "net profit came to ₹14 crore from −₹15 crore" in told[1]
    alone = [e for e in numbered(evidence) if e.name == "net_profit"]
    told = lines(brief("Did TCS profit grow?", alone, absences=absent))
    assert told[0].startswith("For Q1 FY25, net profit was ₹14 crore")
    assert told[1].startswith("For Q1 FY24, net profit was −₹15 crore")
    assert told[2] == (
        "Not available: profit_yoy: net_profit was negative in the base period."
    )


def test_absences_of_other_measures_are_left_to_the_report() -> None:
    absent = (
        Absence("eps_yoy", "no base"),
        Absence("profit_yoy", "no base."),
        Absence("profit_yoy of TCS", "a turnaround"),
        Absence("Q1 FY24 results of TCS", "not imported"),
    )
    told = lines(brief("TCS profit growth", numbered(a_quarter()[:2]), absences=absent))
    assert told[-2:] == [
        "Not available: profit_yoy: no base.",
        "Not available: Q1 FY24 results of TCS: not imported.",
    ]


def test_headlines_are_told_once_and_those_on_results_first() -> None:
    evidence = [
        said("headline", "Financial results for the quarter"),
        said("headline", "Financial results for the quarter"),
        said("headline", "Investor meet"),
    ]
    told = lines(brief("news about TCS", numbered(evidence)))
    assert len(told) == 2
    told = lines(brief("TCS results", numbered([*a_quarter()[:2], *evidence])))
    assert "Financial results" in told[-1]


def test_a_meeting_already_held_is_not_told_as_ahead() -> None:
    evidence = numbered(
        [
            said("published_at", "2024-07-12T18:00:00+05:30", "TCS", "Q1 FY25"),
            said("meeting_date", "2024-07-12", "TCS"),
        ]
    )
    told = lines(brief("who reports this week?", evidence))
    assert len(told) == 1
    assert "published" in told[0]


def test_several_companies_are_each_named() -> None:
    told = lines(
        brief("Score TCS and Infosys", numbered([*everything(), *everything("INFY")]))
    )
    assert all("Tata Consultancy" in line or "Infosys" in line for line in told)


def test_sequential_change_is_told_as_sequential() -> None:
    told = lines(brief("TCS profit QoQ", numbered(a_quarter(suffix="qoq"))))
    assert any("On the quarter before" in line for line in told)
    assert not any("year" in line for line in told)


def test_one_figure_is_one_sentence() -> None:
    told = lines(brief("What was TCS's EPS in Q1 FY25?", numbered(a_quarter()[:4])))
    (only,) = told
    assert only == (
        "Tata Consultancy Services reported basic EPS of ₹33.28 for Q1 FY25 "
        "(consolidated, from a filing public since 12 July 2024, 18:00 IST)."
    )


def test_a_bank_without_revenue_reports_total_income() -> None:
    evidence = [value("total_income", "90000000000"), value("net_profit", "9000000000")]
    told = lines(brief("TCS results", numbered(evidence)))
    assert "total income of ₹9,000 crore and net profit of ₹900 crore" in told[0]


def test_a_loss_is_printed_with_its_sign() -> None:
    evidence = [
        value("revenue_from_operations", "90000000"),
        value("net_profit", "-10000000"),
    ]
    told = lines(brief("TCS results", numbered(evidence)))
    assert "net profit of −₹1 crore" in told[0]


def test_quarters_side_by_side_newest_on_top() -> None:
    evidence = [
        value("net_profit", amount, period=period)
        for period, amount in (
            ("Q1 FY24", "1000"), ("Q2 FY24", "2000"), ("Q1 FY25", "3000"),
        )
    ]  # fmt: skip
    told = lines(brief("TCS profit over the last quarters", numbered(evidence)))
    assert [re.findall(r"Q\d FY\d\d", line)[0] for line in told] == [
        "Q1 FY25", "Q2 FY24", "Q1 FY24",
    ]  # fmt: skip


def test_companies_are_compared_largest_first() -> None:
    evidence = numbered([*a_quarter("INFY")[:3], *a_quarter("TCS")[:4]])
    smaller = tuple(
        replace(e, value=Decimal(10_000_000)) if e.symbol == "INFY" else e
        for e in evidence
    )
    told = lines(brief("Compare Infosys and TCS on net profit", smaller))
    assert told[0] == (
        "Net profit for Q1 FY25 (consolidated) came to ₹12,105 crore at Tata "
        "Consultancy Services and ₹1 crore at Infosys."
    )


def test_a_comparison_says_when_the_bases_differ() -> None:
    evidence = numbered(
        [
            value("net_profit", "500000000", "TCS"),
            value("net_profit", "300000000", "INFY", basis=Basis.STANDALONE),
        ]
    )
    told = lines(brief("TCS vs Infosys profit", evidence))
    assert "at Infosys (standalone)" in told[0]


def test_a_ranking_is_one_sentence_a_company_and_explains_sue() -> None:
    first = replace(value("sue", "4.2", "INFY"), id="e1")
    second = replace(value("sue", "2.1", "TCS"), id="e2")
    places = [
        over(replace(value("rank", "2", "TCS"), id="e3"), "e2"),
        over(replace(value("rank", "1", "INFY"), id="e4"), "e1"),
    ]
    told = lines(brief("Who surprised most this season?", [first, second, *places]))
    assert told[0].startswith(
        "Place 1 goes to Infosys with an earnings surprise (SUE) "
    )
    assert told[1].startswith("Place 2 goes to Tata Consultancy Services")
    assert "own past changes of profit rather than from analysts' estimates" in told[2]


@pytest.mark.parametrize(
    "name", ["profit_yoy", "net_margin", "blockbuster", "probability", "reaction",
             "vcp_stood", "revenue_yoy", "eps_yoy"]
)  # fmt: skip
def test_every_ranking_value_can_be_told(name: str) -> None:
    top = replace(value(name, "0.25", "NEW"), id="e1")
    rank = over(replace(value("rank", "1", "NEW"), id="e2"), "e1")
    rate = replace(value("base_rate", "0.03", "NEW"), id="e3")
    told = lines(brief("top companies this week", [top, rank, rate]))
    assert "Place 1 goes to Newco" in told[0]


@pytest.mark.parametrize(
    ("question", "note"),
    [
        ("did TCS surprise?", "note_sue"),
        ("Score TCS", "note_probability"),
        ("Does TCS have a VCP?", "note_vcp"),
    ],
)
def test_notes_of_code_are_placed_where_the_question_is_about_them(
    question: str, note: str
) -> None:
    evidence = numbered(everything())
    asked = replace(brief(question, evidence), notes=((note, "What it means."),))
    written = synthesise(asked)["sentences"]
    assert isinstance(written, list)
    assert {"text": f"{{{{{note}}}}}"} in written
    assert {"text": f"{{{{{note}}}}}"} not in synthesise(brief(question, evidence))[
        "sentences"
    ]  # type: ignore[operator]  # a list, as asserted above


def test_a_ranking_takes_code_s_note_instead_of_its_own_words() -> None:
    top = replace(value("sue", "4.2", "INFY"), id="e1")
    place = over(replace(value("rank", "1", "INFY"), id="e2"), "e1")
    asked = brief("Who surprised most this season?", [top, place])
    written = synthesise(replace(asked, notes=(("note_sue", "SUE is …"),)))["sentences"]
    assert isinstance(written, list)
    assert [line["text"] for line in written][1:] == ["{{note_sue}}"]


def test_calendar_lists_reporters_and_meetings() -> None:
    evidence = numbered(
        [
            said("published_at", "2024-07-12T18:00:00+05:30", "TCS", "Q1 FY25"),
            said("meeting_date", "2024-07-18", "INFY"),
        ]
    )
    told = lines(brief("who reports this week?", evidence))
    reported, due = told
    assert reported == (
        "Tata Consultancy Services published its Q1 FY25 results on 12 July 2024, "
        "18:00 IST."
    )
    assert due == "The board of Infosys meets for its results on 18 July 2024."


def test_when_one_company_reports_only_that_company_is_told() -> None:
    evidence = numbered(
        [
            said("meeting_date", "2024-07-17", "NEW"),
            said("meeting_date", "2024-07-18", "INFY"),
        ]
    )
    told = lines(
        brief("When does Infosys report?", evidence, understood="When Infosys (INFY) …")
    )
    assert told == ["The board of Infosys meets for its results on 18 July 2024."]


def test_price_reaction_leads_with_the_move() -> None:
    told = lines(brief("How did the TCS stock react?", numbered(everything())))
    assert told[0].startswith("Tata Consultancy Services: the share price rose 6.7%")
    assert "fell 1%" in told[1]
    assert "“did not close at an upper price band”" in told[2]


def test_headlines_are_quoted_with_their_time() -> None:
    told = lines(
        brief("news about TCS", numbered([said("headline", "Profit of 9 doubled")]))
    )
    assert told == [
        "Tata Consultancy Services, 12 July 2024, 18:00 IST: “Profit of 9 doubled”"
    ]


@pytest.mark.parametrize(
    "question",
    ["biggest price reaction this week", "which companies hit upper circuit this week?",
     "top movers on results", "worst price reaction this season", "share price moves"],
)  # fmt: skip
def test_a_ranking_by_reaction_tells_the_price_band(question: str) -> None:
    top = replace(value("reaction", "0.2", "NEW", basis=None), id="e1")
    band = replace(said("circuit", "closed at its upper price band", "NEW"), id="e2")
    place = over(replace(value("rank", "1", "NEW"), id="e3"), "e1")
    (told,) = lines(brief(question, [top, band, place]))
    assert "price band record of that session reads “closed at its upper" in told


def test_many_reporters_are_named_in_sentences_of_their_own() -> None:
    published = said("published_at", "2024-07-12T18:00:00+05:30", "TCS", "Q1 FY25")
    evidence = numbered(
        [
            replace(published, symbol=f"C{i}", company=f"Company of {'long ' * i}names")
            for i in range(150)
        ]
    )
    written = synthesise(brief("who reported last week?", evidence))["sentences"]
    assert isinstance(written, list)
    assert max(len(line["text"]) for line in written) <= 1200
    named = " ".join(line["text"] for line in written)
    assert all(f"{{{{{e.id}.company}}}}" in named for e in evidence)


@pytest.mark.parametrize(
    "question",
    ["diluted EPS of TCS", "TCS employee cost", "TCS finance costs growth", "TCS tax",
     "compare TCS depreciation with last year"],
)  # fmt: skip
def test_no_other_figure_stands_in_for_the_one_asked(question: str) -> None:
    lacking = Absence("it of TCS", "the figures read here have no such line")
    asked = brief(question, numbered(a_quarter()), absences=(lacking,))
    told = lines(replace(asked, unmet=(lacking,)))
    assert told == [
        "Not available: it of TCS: the figures read here have no such line."
    ]


@pytest.mark.parametrize(
    ("name", "question", "words"),
    [
        ("employee_cost", "TCS employee cost", "employee cost of ₹100 crore"),
        ("eps_diluted", "diluted EPS of TCS", "diluted EPS of"),
        ("depreciation", "TCS depreciation", "depreciation of ₹100 crore"),
        ("finance_costs", "interest cost of TCS", "finance costs of ₹100 crore"),
        ("tax", "how much tax did TCS pay", "tax of ₹100 crore"),
        ("provisions", "TCS provisions", "provisions of ₹100 crore"),
        ("exceptional_items", "TCS exceptional items", "exceptional items of ₹100"),
        ("profit_before_exceptional_items", "TCS profit before exceptional items",
         "profit before exceptional items of ₹100 crore"),
    ],
)  # fmt: skip
def test_every_line_asked_for_is_told(name: str, question: str, words: str) -> None:
    one = replace(value(name, "1000000000"), unit=Measure.RUPEES)
    (told,) = lines(brief(question, numbered([*a_quarter()[:2], one])))
    assert words in told


def test_measures_of_different_quarters_are_each_told_in_their_own() -> None:
    evidence = numbered(
        [
            value("revenue_from_operations", "20000000", period="Q4 FY24"),
            value("net_profit", "10000000", period="Q4 FY24"),
            value("revenue_from_operations", "40000000", period="Q3 FY24"),
            value("net_profit", "30000000", period="Q3 FY24"),
        ]
    )
    told = lines(brief("TCS revenue Q4 FY24 and profit Q3 FY24", evidence))
    assert len(told) == 2
    assert "For Q4 FY24, revenue was ₹2 crore" in told[0]
    assert "For Q3 FY24, net profit was ₹3 crore" in told[1]


def test_companies_of_different_quarters_say_so() -> None:
    evidence = numbered(
        [
            value("net_profit", "500000000", "TCS", "Q4 FY24"),
            value("net_profit", "300000000", "INFY", "Q3 FY24"),
        ]
    )
    told = lines(brief("TCS Q4 FY24 profit vs Infosys Q3 FY24 profit", evidence))
    assert told[0] == (
        "Net profit for Q4 FY24 (consolidated) came to ₹50 crore at Tata Consultancy "
        "Services and ₹30 crore at Infosys (Q3 FY24)."
    )


def test_companies_over_several_quarters_are_told_quarter_by_quarter() -> None:
    evidence = numbered(
        [
            value("net_profit", amount, symbol, period)
            for symbol, amount, period in (
                ("TCS", "10000000", "Q3 FY24"), ("INFY", "20000000", "Q3 FY24"),
                ("TCS", "40000000", "Q4 FY24"), ("INFY", "30000000", "Q4 FY24"),
            )
        ]
    )  # fmt: skip
    told = lines(brief("TCS and Infosys profit in Q3 FY24 and Q4 FY24", evidence))
    assert [re.findall(r"Q\d FY\d\d", line) for line in told] == [
        ["Q4 FY24"], ["Q3 FY24"],
    ]  # fmt: skip


def test_that_the_basis_asked_for_is_missing_is_told_on_top() -> None:
    lacking = Absence("Q1 FY25 standalone results", "a consolidated one is known")
    asked = brief(
        "TCS standalone profit", numbered(a_quarter()[:2]), absences=(lacking,)
    )
    told = lines(replace(asked, unmet=(lacking,)))
    assert told[0].startswith("Not available: Q1 FY25 standalone results")
    assert "net profit of ₹12,105 crore" in told[1]
    assert len(told) == 2


def test_a_probability_asked_for_in_vain_is_said() -> None:
    lacking = Absence("prediction for TCS", "futures trade")
    others = tuple(Absence(f"quality of {i}", "unknown") for i in range(5))
    told = lines(
        brief(
            "probability of an upper circuit for TCS",
            numbered([value("blockbuster", "71")]),
            absences=(*others, lacking),
        )
    )
    assert told[1:] == ["Not available: prediction for TCS: futures trade."]


def test_a_pattern_is_told_in_one_grammatical_sentence() -> None:
    (told,) = lines(brief("Does TCS have a VCP?", numbered(everything()[-2:])))
    assert told.endswith(
        "no whole VCP stood: the VCP search counted 3 tightenings of the price range "
        "and 7 of the trend template's conditions were met."
    )


@pytest.mark.parametrize(
    ("question", "name"),
    [
        ("TCS PE ratio", "pe_ttm"),
        ("return on equity of TCS", "roe_ttm"),
        ("TCS debt to equity", "debt_to_equity"),
        ("price to book of TCS", "pb"),
        ("TCS 200 day moving average", "sma_200"),
    ],
)
def test_the_feature_asked_for_is_told_alone(question: str, name: str) -> None:
    names = [
        "rsi_14", "return_5", "pe_ttm", "roe_ttm", "debt_to_equity", "pb", "sma_200",
    ]  # fmt: skip
    evidence = numbered(
        [replace(value(one, "0.5"), unit=Measure.RATIO) for one in names]
    )
    written = synthesise(brief(question, evidence))["sentences"]
    assert isinstance(written, list)
    assert len(written) == 1
    assert f"{{{{e{names.index(name) + 1}}}}}" in written[0]["text"]
    others = [e for e in evidence if e.name != name]
    assert lines(brief(question, numbered(others))) == []


def test_features_are_named_without_digits() -> None:
    evidence = numbered([value("rsi_14", "61.5"), value("sma_50", "3900")])
    told = lines(brief("RSI of TCS", evidence))
    assert "“relative strength index (RSI)”" in told[0]
    assert "61.5" in told[0]
    assert len(told) == 1


def test_what_another_feature_lacks_is_not_told() -> None:
    absences = (
        Absence("payout_with_results of TCS", "no announcement is kept"),
        Absence("rsi_14 of TCS", "no bar before publication"),
    )
    (_, lack) = lines(
        brief("RSI of TCS", numbered([value("rsi_14", "61.5")]), absences=absences)
    )
    assert lack == "Not available: rsi_14 of TCS: no bar before publication."


def test_every_catalogued_feature_can_be_told() -> None:
    for spec in SPECS:
        one = replace(value(spec.name, "0.25"), unit=Measure(spec.unit))
        (told,) = lines(brief("features of TCS", numbered([one])))
        assert "stood at" in told


def test_absences_and_conflicts_are_stated() -> None:
    told = lines(
        brief(
            "TCS results",
            numbered(a_quarter()[:2]),
            absences=(Absence("profit_yoy", "no figures for Q1 FY24"),),
            conflicts=(Conflict("PDF and XBRL differ", ("e1",)),),
        )
    )
    assert (
        "Sources disagree, and neither is preferred here: PDF and XBRL differ." in told
    )
    assert "Not available: profit_yoy: no figures for Q1 FY24." in told


def test_nothing_but_absences_says_so_and_nothing_at_all_is_silent() -> None:
    absent = (Absence("Q1 FY25 results of TCS", "nothing was published by then"),)
    told = lines(brief("TCS results", (), absences=absent))
    assert told == [
        "Not available: Q1 FY25 results of TCS: nothing was published by then."
    ]
    assert lines(brief("TCS results", ())) == []


def test_a_refused_sentence_is_not_written_again() -> None:
    evidence = numbered(a_quarter())
    first = synthesise(brief("TCS results", evidence))["sentences"]
    assert isinstance(first, list)
    refused = f"{first[0]['text']} — it types digits"
    again = synthesise(brief("TCS results", evidence, refused=(refused,)))["sentences"]
    assert isinstance(again, list)
    assert again == first[1:]


QUESTIONS = [
    "How did TCS do?", "TCS EPS", "TCS profit growth", "Compare TCS and Infosys",
    "Score TCS", "How did TCS stock react", "VCP of TCS", "news on TCS", "RSI of TCS",
    "filings of TCS", "did TCS surprise", "when does TCS report", "did TCS report",
    "TCS net margin and revenue", "who surprised most", "total expenses of TCS",
]  # fmt: skip


@pytest.mark.parametrize("question", QUESTIONS)
@pytest.mark.parametrize("seed", range(25))
def test_any_subset_of_evidence_passes_the_claim_check(
    question: str, seed: int
) -> None:
    chance = random.Random(seed)  # noqa: S311 - picks subsets, guards nothing
    pool = [*everything(), *everything("INFY"), *a_quarter("NEW", falling=True)]
    pool += [
        said("meeting_date", "2024-07-18", "INFY"),
        said("published_at", "2024-07-12T18:00:00+05:30", "TCS", "Q1 FY25"),
        replace(said("filing", "2024-07-12T18:00:00+05:30"), unit=Measure.DATE),
        value("rsi_14", "61.5"),
    ]
    kept = [e for e in pool if chance.random() < chance.choice([0.1, 0.5, 0.9])]
    kept = [replace(e, basis=None) if chance.random() < 0.1 else e for e in kept]
    kept = [replace(e, known_at=None) if chance.random() < 0.1 else e for e in kept]
    asked = brief(question, numbered(kept))
    for line in lines(asked):
        assert "None" not in line
        assert not re.search(r"\s[,.;]|\{\{|\}\}", line), line


def test_growth_of_another_basis_says_so_before_it_says_anything() -> None:
    evidence = numbered(
        [
            value("net_profit", "5000", basis=Basis.CONSOLIDATED),
            value("profit_yoy", "0.012", basis=Basis.STANDALONE),
        ]
    )
    told = lines(brief("how did they do?", evidence))
    growth = next(line for line in told if "rose" in line)
    assert growth.startswith("On standalone figures,")


def test_growth_of_a_bank_is_told_of_its_total_income() -> None:
    evidence = numbered(
        [value("total_income", "5000"), value("total_income_yoy", "1.125")]
    )
    told = lines(brief("how did they do?", evidence))
    assert any("total income rose 112.5%" in line for line in told)
