"""A model that says what it was told to, and a toolbox of three small tools."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal

from dexter.agents.drafts import TaskDraft
from dexter.domain.conversation import ModelReply, ModelRequest, StopReason, ToolCall
from dexter.domain.evidence import Evidence, EvidenceKind, Measure, Source
from dexter.domain.filing import Basis
from dexter.domain.moment import AsOf
from dexter.domain.research import Absence, Finding, Task
from dexter.ports import Runtime
from dexter.tools.base import Arguments, Symbol, Tool, Toolbox, ToolContext

NOW = datetime(2025, 8, 14, 20, tzinfo=UTC)


def evidence(name: str = "net_profit", value: str = "564600000", **of: str) -> Evidence:
    """A figure of Kaveri Cables, keyed by its content."""
    return Evidence(
        id="",
        kind=EvidenceKind.FACT,
        name=name,
        unit=Measure.RUPEES,
        value=Decimal(value),
        source=Source(of.get("document", "results.pdf")),
        symbol="KAVCAB",
        company="Kaveri Cables Limited",
        period=of.get("period", "Q1 FY26"),
        basis=Basis(of.get("basis", "standalone")),
        known_at=NOW,
    ).with_key()


def says(document: Mapping[str, object] | None = None, text: str = "") -> ModelReply:
    """A reply with a document, or with text that holds none."""
    said = json.dumps(document) if document is not None else text
    return ModelReply(said, StopReason.END, "scripted", data=document)


def calls(*wanted: tuple[str, Mapping[str, object] | None]) -> ModelReply:
    """A reply that calls tools; arguments of none are malformed."""
    made = tuple(
        ToolCall(f"c{i}", name, given, "{" if given is None else json.dumps(given))
        for i, (name, given) in enumerate(wanted)
    )
    return ModelReply("", StopReason.TOOL_USE, "scripted", made)


@dataclass
class Scripted:
    """Replies (or errors) in order; every request is kept."""

    replies: Iterable[ModelReply | Exception]
    name: str = "scripted"
    asked: list[ModelRequest] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.left = list(self.replies)

    async def complete(self, request: ModelRequest) -> ModelReply:
        self.asked.append(request)
        reply = self.left.pop(0)
        if isinstance(reply, Exception):
            raise reply
        return reply

    def sent_back(self, number: int = -1) -> str:
        """What the latest (or a numbered) request answered to the turn before it."""
        return self.asked[number].history[-1].reply_to_model or ""


class AboutCompany(Arguments):
    """Whose."""

    symbol: Symbol


async def _statement(arguments: AboutCompany, _: ToolContext) -> Finding:
    if arguments.symbol != "KAVCAB":
        return Finding(absences=(Absence(arguments.symbol, "nothing is kept"),))
    return Finding(evidence=(evidence(),), subjects=("KAVCAB",))


def toolbox(*more: Tool[AboutCompany]) -> Toolbox:
    """``read_statement``, ``results_calendar`` and ``alert``, each for a symbol."""
    named = ("read_statement", "results_calendar", "alert")
    tools = [
        Tool(name, f"{name} of a company", AboutCompany, _statement, name != "alert")
        for name in named
    ]
    return Toolbox((*more, *tools))


def context() -> ToolContext:
    """A context whose ports nobody may use."""
    nothing: Runtime = None  # type: ignore[assignment]  # these tools use no port
    return ToolContext(nothing, AsOf(NOW, explicit=True), {})


def task(name: str, tool: str | None = "read_statement", **fields: object) -> Task:
    """A task as a model would have drafted it."""
    draft = {"id": name, "tool": tool, "arguments": {"symbol": "KAVCAB"}} | fields
    return TaskDraft.model_validate(draft).task()
