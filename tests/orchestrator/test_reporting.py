"""The status of a report: answered only when the question itself was."""

from dataclasses import replace

import pytest

from dexter.agents.validation import Verdict
from dexter.domain.research import (
    Absence,
    Answer,
    Claim,
    Finding,
    ReportStatus,
    Task,
    TaskOutcome,
    TaskStatus,
)
from dexter.domain.statement import Check
from dexter.orchestrator.claims import Sentence
from dexter.orchestrator.publishing import Published
from dexter.orchestrator.reporting import _absences, _status, _tasks
from tests.orchestrator.outcomes import ended, figure, told

ANSWERED, PARTIAL = ReportStatus.ANSWERED, ReportStatus.PARTIAL
FOUND = Finding(evidence=(figure("net_profit", 20),))
NOTHING = Finding(absences=(Absence("Q1 FY25 results of HCL", "not published yet"),))
SAID = Published(
    Answer("…", (Claim("…", "…", None, None, ("e1",)),)),
    (),
)
UNPROVED = Published(SAID.answer, (Sentence("Profit doubled.", (), ("a number",)),))
SILENT = Published(Answer("", ()), ())
ONLY_ABSENCES = Published(Answer("…", (Claim("{{a1}}", "…", None, None, ()),)), ())


@pytest.mark.parametrize(
    ("outcomes", "published", "status", "reason"),
    [
        ((ended("t1", finding=FOUND),), SAID, ANSWERED, None),
        (
            (ended("t1", finding=FOUND), ended("t2", "vcp", reason="No bars.")),
            SAID,
            PARTIAL,
            "t2: No bars.",
        ),
        (
            (ended("t1", finding=FOUND), ended("t2", finding=NOTHING)),
            SAID,
            PARTIAL,
            "Q1 FY25 results of HCL: not published yet",
        ),
        # A score nobody asked for that is missing leaves the question answered.
        (
            (ended("t1", finding=FOUND), ended("t2", "vcp", NOTHING)),
            SAID,
            ANSWERED,
            None,
        ),
        (
            (
                ended("t1", finding=FOUND),
                ended("t2", reason="needs t9, which failed: x", skipped=True),
            ),
            SAID,
            PARTIAL,
            "t2: needs t9, which failed: x",
        ),
        (
            (ended("t1", finding=FOUND),),
            UNPROVED,
            PARTIAL,
            "1 sentence could not be proved",
        ),
        (
            (ended("t1", finding=NOTHING),),
            SILENT,
            ReportStatus.ABSTAINED,
            "Q1 FY25 results of HCL: not published yet",
        ),
        (
            (ended("t1", finding=NOTHING),),
            ONLY_ABSENCES,
            ReportStatus.ABSTAINED,
            "Q1 FY25 results of HCL: not published yet",
        ),
        (
            (ended("t1", finding=FOUND), ended("t2", "vcp", reason="No bars.")),
            SILENT,
            ReportStatus.ABSTAINED,
            "t2: No bars.",
        ),
        (
            (ended("t1", finding=FOUND),),
            Published(SILENT.answer, UNPROVED.refused),
            ReportStatus.ABSTAINED,
            "no sentence of the answer could be proved",
        ),
        (
            (ended("t1", finding=FOUND),),
            SILENT,
            ReportStatus.ABSTAINED,
            "nothing was found that answers it",
        ),
    ],
)
def test_status(
    outcomes: tuple[TaskOutcome, ...],
    published: Published,
    status: ReportStatus,
    reason: str | None,
) -> None:
    assert _status(told(*outcomes), published, None) == (status, reason)


def test_a_failed_check_leaves_the_question_half_answered() -> None:
    found = told(ended("t1", finding=FOUND))
    checks = (
        Check("bases", ok=True, detail="one"),
        Check("sums", ok=False, detail="1, not 2"),
    )
    found = replace(found, verdict=Verdict(checks, ()))

    assert _status(found, SAID, None) == (PARTIAL, "a check failed: sums: 1, not 2")


def test_a_model_that_failed_leaves_what_was_found() -> None:
    found = told(ended("t1", finding=FOUND))

    assert _status(found, SILENT, "The budget is spent.") == (
        PARTIAL,
        "The budget is spent.",
    )


def test_a_repeated_task_is_one_row_and_a_row_for_each() -> None:
    planned = (
        Task("t1", "results_calendar", {}),
        Task("t2", "earnings_surprise", {}, ("t1",), each="t1"),
    )
    outcomes = (
        ended("t1", "results_calendar", FOUND),
        ended("t2.A", "earnings_surprise", FOUND, each="t1"),
        ended("t2.B", "earnings_surprise", reason="It broke.", each="t1"),
    )

    rows = _tasks(told(*outcomes, tasks=planned))

    assert [(r.id, r.status) for r in rows] == [
        ("t1", TaskStatus.DONE),
        ("t2", TaskStatus.DONE),
        ("t2.A", TaskStatus.DONE),
        ("t2.B", TaskStatus.FAILED),
    ]
    assert rows[1].reason == "repeated for 2 companies, 1 done"


def test_failures_are_absences_too() -> None:
    outcomes = (
        ended("t1", reason="It broke."),
        ended("t2", finding=NOTHING),
        ended("t3", finding=NOTHING),
    )

    assert _absences(outcomes) == (
        Absence("read_statement (t1)", "It broke."),
        NOTHING.absences[0],
    )


def test_what_was_asked_by_name_and_not_found_leaves_it_partial() -> None:
    lacking = Absence("diluted EPS of HCL", "the figures read here have no such line")
    found = replace(told(ended("t1", finding=FOUND)), unmet=(lacking,))
    why = f"{lacking.what}: {lacking.reason}"

    assert _status(found, SAID, None) == (PARTIAL, why)
    assert _status(found, SILENT, None) == (ReportStatus.ABSTAINED, why)
