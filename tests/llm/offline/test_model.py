"""The offline model behind its port: acting, validating, reading, costing nothing."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from dexter.domain.briefs import (
    ActionBrief,
    Brief,
    PlanningBrief,
    SynthesisBrief,
    ValidationBrief,
)
from dexter.domain.conversation import (
    ModelReply,
    ModelRequest,
    StopReason,
    TokenUsage,
    Turn,
)
from dexter.domain.evidence import Evidence, EvidenceKind, Measure, Source
from dexter.domain.research import Absence, Task
from dexter.domain.statement import Check
from dexter.llm.offline import OfflineModel
from dexter.ports import LanguageModel

NOW = datetime(2024, 8, 9, tzinfo=UTC)
READ = Task(
    "t1", "read_statement",
    {"symbol": "TCS", "quarter": "Q1 FY24", "basis": "consolidated"},
)  # fmt: skip
OTHER = Absence(
    "Q1 FY24 consolidated results",
    "no accepted statement is visible; a standalone one is known",
)
FOUND = Evidence(
    "x1", EvidenceKind.FACT, "net_profit", Measure.RUPEES, Decimal(1), Source("f"),
)  # fmt: skip


async def complete(brief: Brief, history: tuple[Turn, ...] = ()) -> ModelReply:
    model: LanguageModel = OfflineModel()
    request = ModelRequest("agent", "", "", brief, "0" * 64, history=history)
    return await model.complete(request)


async def test_it_is_called_offline_and_costs_nothing() -> None:
    reply = await complete(SynthesisBrief("TCS?", "", NOW, (), (), (), ()))
    assert OfflineModel().name == reply.model == "offline"
    assert reply.usage == TokenUsage()
    assert reply.usd == "0"
    assert reply.data == {"sentences": []}


async def test_planning_and_the_text_say_the_same(
    make_brief: Callable[[str], PlanningBrief],
) -> None:
    reply = await complete(make_brief("TCS results"))
    assert reply.data is not None
    assert json.loads(reply.text) == reply.data
    assert reply.data["tasks"]


async def test_an_absent_basis_is_asked_for_once_on_the_other() -> None:
    brief = ActionBrief(READ, NOW, (OTHER,), ())
    reply = await complete(brief)
    assert reply.stop is StopReason.TOOL_USE
    (call,) = reply.calls
    assert call.name == "read_statement"
    assert call.arguments == {**READ.arguments, "basis": "standalone"}
    again = await complete(brief, (Turn("", reply.calls),))
    assert again.stop is StopReason.END
    assert again.calls == ()


@pytest.mark.parametrize(
    "brief",
    [
        ActionBrief(READ, NOW, (Absence("results", "nothing was published"),), ()),
        ActionBrief(READ, NOW, (OTHER,), (FOUND,)),
        ActionBrief(Task("t1", "headlines", {"symbol": "TCS"}), NOW, (OTHER,), ()),
        ActionBrief(Task("t1", None, {}, goal="look"), NOW, (), ()),
    ],
)
async def test_otherwise_acting_is_done(brief: ActionBrief) -> None:
    reply = await complete(brief)
    assert reply.stop is StopReason.END
    assert reply.data == {"done": True, "notes": []}


def validation(*checks: Check, left: int = 3, compares: int = 1) -> ValidationBrief:
    tasks = [
        READ,
        Task("t2", "read_statement", {**READ.arguments, "quarter": "Q1 FY23"}),
    ]
    tasks += [
        Task(
            f"c{n}", "compare", {"current": "t1", "base": "t2", "kind": "year_on_year"}
        )
        for n in range(compares)
    ]
    return ValidationBrief("q", tuple(tasks), checks, (), (), (), left)


CLASH = Check(
    "both statements have one basis", ok=False, detail="consolidated against standalone"
)


async def test_a_comparison_across_bases_is_made_again_on_one() -> None:
    reply = await complete(validation(CLASH))
    assert reply.data is not None
    follow_ups = reply.data["follow_ups"]
    assert isinstance(follow_ups, list)
    reread, compare = follow_ups
    assert reread["arguments"] == {**READ.arguments, "basis": "standalone"}
    assert compare["arguments"]["current"] == reread["id"]
    assert compare["arguments"]["base"] == "t2"
    assert compare["depends_on"] == [reread["id"], "t2"]


async def test_the_side_that_is_consolidated_is_the_one_read_again() -> None:
    turned = Check(CLASH.name, ok=False, detail="standalone against consolidated")
    reply = await complete(validation(turned))
    assert reply.data is not None
    follow_ups = reply.data["follow_ups"]
    assert isinstance(follow_ups, list)
    assert follow_ups[0]["arguments"]["quarter"] == "Q1 FY23"


@pytest.mark.parametrize(
    "brief",
    [
        validation(
            Check(CLASH.name, ok=True, detail="consolidated against consolidated")
        ),
        validation(CLASH, left=1),
        validation(CLASH, compares=2),
        validation(Check("sum of lines", ok=False, detail="off by 3")),
    ],
)
async def test_otherwise_validation_adds_nothing(brief: ValidationBrief) -> None:
    reply = await complete(brief)
    assert reply.data == {"follow_ups": [], "remarks": []}


async def test_the_same_request_gives_the_same_reply() -> None:
    brief = ValidationBrief("How did it do?", (), (), (), (), (), 0)
    assert await complete(brief) == await complete(brief)


def test_the_rules_import_only_lower_rooms() -> None:
    room = Path(__file__).parents[3] / "dexter" / "llm" / "offline"
    for file in room.glob("*.py"):
        lines = file.read_text(encoding="utf-8").splitlines()
        imported = [line.split()[1] for line in lines if line.startswith("from dexter")]
        allowed = ("dexter.errors", "dexter.domain", "dexter.llm.offline")
        assert all(name.startswith(allowed) for name in imported), file
