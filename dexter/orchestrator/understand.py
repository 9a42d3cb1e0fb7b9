"""What code can find in a question before any model reads it: names and times."""

import asyncio
import re
from dataclasses import dataclass

from dexter.domain.briefs import Coverage, PlanningBrief, ToolSummary
from dexter.domain.company import CompanyMatch
from dexter.domain.phrases import find_quarters, find_windows, strip_time
from dexter.errors import QuestionError
from dexter.orchestrator.run import Moment, Run
from dexter.ports import Directory
from dexter.tools.base import Toolbox

_LONGEST = 2000
_NEAREST = 3
_LIKELY = 72
# “How did NAME do”, “results of NAME for”, “NAME's profit”: where a name would stand.
_NAME = r"(?P<name>[A-Za-z0-9&][\w&.'’ -]{1,60}?)"
_NAME_PLACES = (
    re.compile(
        rf"\b(?:did|does|has|was|were|is|are|will)\s+{_NAME}\s+(?:do|doing|report\w*"
        r"|perform\w*|fare\w*|post\w*|earn\w*|surprise\w*|beat|announce\w*|go|miss)\b",
        re.IGNORECASE,
    ),
    re.compile(
        rf"\b(?:results?|profit|revenue|sales|eps|earnings|margin|filings?|alert"
        rf"|score|numbers|performance)\s+(?:of|for|from|at|on)\s+{_NAME}"
        r"(?=\s*(?:$|[?.!,]|\b(?:in|for|this|last|against|versus|vs|and|on|as|since)\b))",
        re.IGNORECASE,
    ),
    re.compile(rf"\b{_NAME}['’]s\s+(?:results?|profit|revenue|sales|eps|earnings)"),
)
_NOT_NAMES = re.compile(
    r"^(?:due|next|expected|likely|set|going|the|a|an|it|they|he|she|this|that|these|those|who|which|what|there|we|you|any"
    r"|every|all|each|companies|company|everyone|everybody|anyone|results|stocks?"
    r"|reporters|sector|market|india|industry|banks?|nbfcs?)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class _Found:
    companies: tuple[CompanyMatch, ...]
    ambiguous: tuple[tuple[CompanyMatch, ...], ...]
    unknown: tuple[tuple[str, tuple[str, ...]], ...]


async def understand(text: str, moment: Moment, run: Run) -> PlanningBrief:
    """Link names to companies and phrases to dates, as of the moment.

    Raises:
        QuestionError: there is no question, or it is absurdly long.
    """
    question = " ".join(text.split())
    if not re.search(r"\w", question):
        raise QuestionError.empty()
    if len(question) > _LONGEST:
        raise QuestionError.too_long(len(question), _LONGEST)
    today = moment.as_of.day
    latest = await run.runtime.filings.latest_quarter(moment.as_of)
    found = await _names(question, run.runtime.directory)
    return PlanningBrief(
        question=question,
        as_of=moment.as_of.moment,
        today=today,
        companies=found.companies,
        ambiguous=found.ambiguous,
        unknown=found.unknown,
        quarters=find_quarters(question, today, latest),
        windows=find_windows(question, today),
        latest=latest,
        coverage=await _coverage(found.companies, moment, run),
        tools=_summaries(run.toolbox),
        market=run.runtime.market,
    )


async def _names(question: str, directory: Directory) -> _Found:
    mentions = await directory.mentions(question)
    companies = tuple(group[0] for group in mentions if len(group) == 1)
    ambiguous = tuple(group for group in mentions if len(group) > 1)
    if mentions:
        return _Found(companies, ambiguous, ())
    unknown = []
    for name in _name_like(question):
        near = await directory.find(name, _NEAREST)
        likely = tuple(
            f"{m.company.name} ({m.company.symbol})" for m in near if m.score >= _LIKELY
        )
        unknown.append((name, likely))
    return _Found((), (), tuple(unknown))


def _name_like(question: str) -> list[str]:
    """Words standing where a company's name would stand."""
    bare = strip_time(question)
    found = []
    for place in _NAME_PLACES:
        for match in place.finditer(bare):
            name = match.group("name").strip(" .,'’")
            if name and not _NOT_NAMES.match(name):
                found.append(name)
    return list(dict.fromkeys(found))[:3]


async def _coverage(
    companies: tuple[CompanyMatch, ...], moment: Moment, run: Run
) -> tuple[Coverage, ...]:
    symbols = list(dict.fromkeys(m.company.symbol for m in companies))
    async with asyncio.TaskGroup() as group:
        running = [
            group.create_task(run.runtime.directory.coverage(s, moment.as_of))
            for s in symbols
        ]
    return tuple(task.result() for task in running)


def _summaries(toolbox: Toolbox) -> tuple[ToolSummary, ...]:
    return tuple(
        ToolSummary(t.name, t.description, t.spec().schema, t.yields_subjects)
        for t in toolbox.tools
    )
