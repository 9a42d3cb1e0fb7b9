"""A tool, the box it is offered from, and what it is handed when it runs."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Generic, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from dexter.domain.conversation import ToolSpec
from dexter.domain.filing import Basis
from dexter.domain.moment import AsOf
from dexter.domain.period import Quarter
from dexter.domain.research import Finding, TaskOutcome
from dexter.errors import ToolArgumentsError, UnknownToolError
from dexter.ports import Runtime

A = TypeVar("A", bound="Arguments")


class Arguments(BaseModel):
    """Arguments come from a plan or a model, so they are checked, not trusted."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def _canonical(text: str) -> str:
    return str(Quarter.parse(text))


Symbol = Annotated[
    str, Field(min_length=1, max_length=32, description="NSE symbol, e.g. HCLTECH")
]
QuarterText = Annotated[
    str,
    AfterValidator(_canonical),
    Field(description="fiscal quarter, e.g. Q1 FY25 (April to June 2024)"),
]
BasisText = Annotated[
    Basis | None,
    Field(
        description="null takes consolidated where it exists; for a surprise the "
        "basis with the longest history"
    ),
]
TaskId = Annotated[str, Field(min_length=1, description="id of an earlier task")]


@dataclass(frozen=True, slots=True)
class ToolContext:
    """What a running tool may see: the ports, the moment, and its task's needs.

    ``needs`` maps a task id to its outcomes (several when it was repeated).
    """

    runtime: Runtime
    as_of: AsOf
    needs: Mapping[str, tuple[TaskOutcome, ...]]


@dataclass(frozen=True, slots=True)
class Tool(Generic[A]):
    """A named, read-only function of typed arguments.

    ``for_symbol`` tools take ``symbol`` and can be repeated for every subject of an
    earlier task; ``yields_subjects`` tools are such earlier tasks. ``tolerant`` tools
    run on whatever their needs brought back, even when some of them failed.
    """

    name: str
    description: str
    arguments: type[A]
    run: Callable[[A, ToolContext], Awaitable[Finding]]
    yields_subjects: bool = False
    tolerant: bool = False

    @property
    def for_symbol(self) -> bool:
        """Whether the tool is about one company."""
        return "symbol" in self.arguments.model_fields

    def spec(self) -> ToolSpec:
        """The tool as offered to a model."""
        schema = self.arguments.model_json_schema()
        return ToolSpec(self.name, self.description, schema)


class Toolbox:
    """Tools by name."""

    def __init__(self, tools: tuple[Tool[Any], ...]) -> None:
        self._tools = {tool.name: tool for tool in tools}

    @property
    def names(self) -> tuple[str, ...]:
        """Names, in the order given."""
        return tuple(self._tools)

    @property
    def tools(self) -> tuple[Tool[Any], ...]:
        """The tools, in the order given."""
        return tuple(self._tools.values())

    def get(self, name: str) -> Tool[Any]:
        """A tool by name.

        Raises:
            UnknownToolError: there is none; lists those there are.
        """
        tool = self._tools.get(name)
        if tool is None:
            raise UnknownToolError(name, self.names)
        return tool

    def check(self, name: str, arguments: Mapping[str, object]) -> Arguments:
        """Validated arguments for a tool.

        Raises:
            UnknownToolError: no such tool.
            ToolArgumentsError: they do not fit, with each problem in words.
        """
        tool = self.get(name)
        try:
            checked: Arguments = tool.arguments.model_validate(dict(arguments))
        except ValidationError as error:
            problems = [
                f"{'.'.join(map(str, e['loc'])) or 'arguments'}: {e['msg']}"
                for e in error.errors(include_url=False)
            ]
            raise ToolArgumentsError(name, problems) from error
        return checked

    async def call(
        self, name: str, arguments: Mapping[str, object], context: ToolContext
    ) -> Finding:
        """Check the arguments and run the tool."""
        checked = self.check(name, arguments)
        return await self.get(name).run(checked, context)
