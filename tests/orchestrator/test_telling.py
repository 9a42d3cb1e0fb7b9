"""What the writer sees: what was asked, not every input."""

from dexter.domain.research import Absence, Finding
from dexter.orchestrator.telling import absences_told, tellable
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
