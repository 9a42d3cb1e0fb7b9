"""The fixed plan every filing of a day is researched by."""

from dexter.domain.period import Quarter
from dexter.domain.research import Plan, Task
from dexter.orchestrator.run import Question
from pipelines.daily.unit import Unit

DECIDING = frozenset({"blockbuster", "prediction", "alert"})
"""Tasks of the plan that rules decide by: where one breaks, nothing is decided."""


def question_of(unit: Unit, quarter: Quarter) -> Question:
    """What is asked about a filing's results, and the plan that answers it.

    Everything is as of the filing's publication, so that a day made up for gives the
    same scores as one that was watched. The first telling of results is scored as the
    event; a later one as the results stand by then.
    """
    return Question(
        f"Results of {unit.symbol} for {quarter}",
        unit.published_at,
        _plan(unit, quarter),
    )


def _plan(unit: Unit, quarter: Quarter) -> Plan:
    about: dict[str, object] = {"symbol": unit.symbol, "quarter": str(quarter)}
    event = about | ({} if unit.first else {"revised": True})
    basis = unit.basis and unit.basis.value
    read = Task("read", "read_statement", about | {"basis": basis})
    surprise = Task("surprise", "earnings_surprise", about | {"basis": basis})
    scores = tuple(
        Task(name, tool, event)
        for name, tool in (
            ("blockbuster", "blockbuster_score"),
            ("prediction", "predict"),
            ("pattern", "vcp"),
        )
    )
    needs = ("surprise", *(one.id for one in scores))
    alert = Task("alert", "alert", event, needs)
    return Plan(
        (read, surprise, *scores, alert),
        f"The {quarter} results of {unit.symbol}, {basis or 'on their basis'}, scored "
        f"as of {'their publication' if unit.first else 'a later document'}.",
    )
