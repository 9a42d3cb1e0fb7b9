"""What the writer sees: what was asked, not every input."""

from dataclasses import replace

import pytest

from dexter.domain.filing import Basis
from dexter.domain.research import Absence, Finding
from dexter.orchestrator.telling import absences_told, tellable, unmet
from tests.orchestrator.outcomes import ended, figure, over


def test_inputs_of_other_quarters_stay_out_of_a_surprise() -> None:
    old = figure("net_profit", 10, period="Q1 FY24")
    new = figure("net_profit", 20)
    sue = over("sue", 2, new, old)
    finding = Finding(evidence=(old, new, sue))

    told = tellable((ended("t1", "earnings_surprise", finding),))
    same = tellable(
        (
            ended(
                "t1",
                "earnings_surprise",
                finding,
                arguments={"symbol": "HCL", "quarter": "q1 fy2025"},
            ),
        )
    )

    assert told == same == (new, sue)


def test_without_a_sue_the_newest_quarter_is_told() -> None:
    older = figure("net_profit", 10, period="Q4 FY24")
    newest = figure("net_profit", 20, period="Q1 FY25")
    finding = Finding(evidence=(older, newest))

    assert tellable((ended("t1", "earnings_surprise", finding),)) == (newest,)


def test_lines_nobody_asks_for_are_not_told() -> None:
    lines = Finding(evidence=(figure("net_profit", 1), figure("face_value", 2)))
    features = Finding(evidence=(figure("rsi_14", 60), figure("skew_60", 1)))

    told = tellable(
        (ended("t1", finding=lines), ended("t2", "compute_features", features))
    )

    assert [e.name for e in told] == ["net_profit", "rsi_14"]


def test_of_a_score_its_figures_stay_out() -> None:
    profit = figure("net_profit", 10)
    sue = over("sue", 2, profit)
    rank = over("surprise_percentile", 90, sue)
    score = over("blockbuster", 90, rank)
    finding = Finding(evidence=(profit, sue, rank, score))

    assert tellable((ended("t1", "blockbuster_score", finding),)) == (rank, score)


def test_what_features_and_patterns_were_made_from_stays_out() -> None:
    close, high = figure("close", 95), figure("high", 96)
    rsi = over("rsi_14", 61, close)
    features = Finding(evidence=(close, figure("net_profit", 10), rsi))
    pattern = over("vcp_contractions", 3, high, close)
    base = Finding(evidence=(high, close, pattern))

    told = tellable(
        (ended("t1", "compute_features", features), ended("t2", "vcp", base))
    )

    assert told == (rsi, pattern)


def test_of_a_ranking_only_the_top_is_told() -> None:
    first, second = figure("sue", 3, symbol="A"), figure("sue", 1, symbol="B")
    rank = over("rank", 1, first)
    outcomes = (
        ended("t2.A", "earnings_surprise", Finding(evidence=(first,)), each="t1"),
        ended(
            "t2.B",
            "earnings_surprise",
            Finding(evidence=(second,), absences=(Absence("eps_yoy of B", "short"),)),
            each="t1",
        ),
        ended(
            "t3",
            "rank",
            Finding((first, rank), subjects=("A",)),
            arguments={"of": "t2"},
        ),
    )

    assert {e.symbol for e in tellable(outcomes)} == {"A"}
    assert absences_told(outcomes) == ()


def test_what_failed_is_told_in_codes_own_words() -> None:
    outcomes = (
        ended("t1", None, reason="It stopped.", goal="Profit was 500 crore"),
        ended("t2", reason="needs t1", skipped=True),
        ended("t3", finding=Finding(absences=(Absence("x", "y"), Absence("x", "y")))),
    )

    assert absences_told(outcomes) == (
        Absence("task t1 (an open goal)", "It stopped."),
        Absence("task t2 (read_statement)", "needs t1"),
        Absence("x", "y"),
    )


def test_a_value_the_question_names_is_told() -> None:
    features = Finding(evidence=(figure("pe_ttm", 20), figure("roe_ttm", 1)))
    lines = Finding(evidence=(figure("employee_cost", 5), figure("purchases", 6)))
    outcomes = (
        ended("t1", "compute_features", features),
        ended("t2", finding=lines),
    )

    assert tellable(outcomes) == ()
    told = tellable(outcomes, "P/E and employee costs")
    assert [e.name for e in told] == ["pe_ttm", "employee_cost"]


@pytest.mark.parametrize(
    ("words", "lacking"),
    [
        ("diluted EPS", "diluted EPS of HCL"),
        ("employee benefit expense", "employee benefit expense of HCL"),
        ("revenue and finance costs", "finance costs of HCL"),
        ("how much tax was paid", "tax of HCL"),
        ("gross NPA", "gross NPA of HCL"),
        ("revenue and profit", None),
        ("how did it do", None),
    ],
)
def test_lines_named_and_not_read_are_unmet(words: str, lacking: str | None) -> None:
    read = Finding(
        evidence=(figure("revenue_from_operations", 9), figure("net_profit", 1))
    )

    found = unmet((ended("t1", finding=read),), words)

    assert [one.what for one in found] == ([lacking] if lacking else [])


def test_a_feature_a_probability_and_a_basis_asked_for_are_unmet() -> None:
    no_book = Absence("pb of HCL", "no balance sheet")
    no_odds = Absence("prediction for HCL", "futures trade")
    other = replace(figure("net_profit", 1), basis=Basis.STANDALONE)
    no_basis = Absence("consolidated results of HCL", "a standalone one is known")
    outcomes = (
        ended("t1", "compute_features", Finding((figure("rsi_14", 5),), (no_book,))),
        ended("t2", "predict", Finding(absences=(no_odds,))),
        ended(
            "t3",
            finding=Finding((other,), (no_basis,)),
            arguments={"basis": "consolidated"},
        ),
    )

    assert unmet(outcomes, "price to book") == (no_book,)
    assert unmet(outcomes, "RSI") == ()
    for words in ("probability of a circuit", "how likely is it", "odds", "chances"):
        assert unmet(outcomes, words) == (no_odds,)
    assert unmet(outcomes, "consolidated profit") == (no_basis,)
    assert unmet(outcomes, "profit") == ()


def test_reporters_beyond_what_is_told_are_counted() -> None:
    dates = tuple(figure("published_at", i, symbol=f"C{i}") for i in range(170))
    symbols = tuple(e.symbol for e in dates if e.symbol)
    calendar = ended("t1", "results_calendar", Finding(dates, subjects=symbols))

    (said,) = absences_told((calendar,))

    assert said.what == "10 further companies"
