"""A small mind: it plans and writes by reading the text of dexter's own prompts.

It knows nothing but the request as it came over the wire: who it is from the system
text, what was found from the headings of the prompt. So it fails where a prompt leaves
out what a model would need. It understands three forms of question: how a company did,
who surprised most in some days, a single figure; and one open goal, about documents.
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import cast

from tests.llm.wires import Call, Json, Reply

Tasks = list[Json]
_MEASURES = {
    "net profit": "net_profit",
    "profit": "net_profit",
    "revenue": "revenue_from_operations",
    "eps": "eps_basic",
}
_NOUNS = {
    "revenue_from_operations": ("revenue", "revenue_yoy"),
    "net_profit": ("net profit", "profit_yoy"),
    "eps_basic": ("basic EPS", "eps_yoy"),
}
_BEFORE_RESULTS = timedelta(days=10)


def mind(asked: Json) -> Reply:
    """The reply to a request, decided by its words alone."""
    system, said = _conversation(asked)
    for role, answer in _ROLES.items():
        if role in system:
            return answer(said)
    msg = f"nobody is addressed by {system[:60]!r}"
    raise AssertionError(msg)


@dataclass(frozen=True)
class Said:
    """What the user and the tools have said so far; the prompt by its headings."""

    prompt: str
    results: tuple[str, ...]

    def line(self, name: str) -> str:
        """What stands after ``name:`` on its line."""
        found = re.search(rf"^{re.escape(name)}: (.*)$", self.prompt, re.MULTILINE)
        return found[1].strip() if found else ""

    def block(self, name: str) -> list[str]:
        """The lines below a heading that begins with ``name``, none for "(none)"."""
        found = re.search(
            rf"^{re.escape(name)}[^\n]*:\n((?:.+\n?)*)", self.prompt, re.MULTILINE
        )
        lines = found[1].splitlines() if found else []
        return [one for one in lines if one != "(none)"]


def _conversation(asked: Json) -> tuple[str, Said]:
    system = _text(asked.get("system"))
    user: list[str] = []
    results: list[str] = []
    for message in cast("list[Json]", asked["messages"]):
        role, content = message.get("role"), message.get("content")
        if role in {"system", "developer"}:
            system += _text(content)
        elif role == "tool" or message.get("type") == "function_call_output":
            results.append(_text(content or message.get("output")))
        elif role == "user":
            parts = content if isinstance(content, list) else [content]
            for part in cast("list[object]", parts):
                block = part if isinstance(part, dict) else {}
                wrong = "Error: " if block.get("is_error") else ""
                heard = results if block.get("type") == "tool_result" else user
                heard.append(wrong + _text(part))
    return system, Said(user[0], tuple(results))


def _text(value: object) -> str:
    if isinstance(value, list):
        return "\n".join(map(_text, value))
    if isinstance(value, dict):
        return _text(value.get("text") or value.get("content") or "")
    return str(value or "")


def _document(value: Mapping[str, object]) -> Reply:
    return Reply(json.dumps(value, ensure_ascii=False))


def _plan(said: Said) -> Reply:
    question = said.line("Question")
    symbols = [line.split(" (")[0] for line in said.block("Companies found")]
    windows = re.findall(r"is (\S+) to (\S+)", said.line("Windows named"))
    tasks: Tasks = []
    if symbols and "document" in question:
        goal = f"List the documents kept of {symbols[0]} and when each became public."
        tasks = [_task("t1", None, {}, goal=goal)]
    elif symbols and question.lower().startswith("what was"):
        tasks = [_task("t1", "read_statement", _figure(said, symbols[0], question))]
    elif symbols:
        tasks = _results(said, symbols[0])
    elif windows and "surprise" in question:
        tasks = _surprises(*windows[0])
    why = None if tasks else "No company and no window were found in the question."
    understood = f"The mind reads it as: {question}"
    return _document({"understood_as": understood, "cannot": why, "tasks": tasks})


def _task(
    name: str,
    tool: str | None,
    arguments: Mapping[str, object],
    needs: tuple[str, ...] = (),
    *,
    each: str | None = None,
    goal: str | None = None,
) -> Json:
    return {
        "id": name,
        "tool": tool,
        "arguments": json.dumps(arguments),
        "depends_on": list(needs),
        "each": each,
        "goal": goal,
    }


def _quarter(said: Said) -> str | None:
    named = re.findall(r"Q\d FY\d\d", said.line("Quarters named"))
    return named[0] if named else None


def _year_ago(quarter: str) -> str:
    return f"{quarter[:-2]}{int(quarter[-2:]) - 1:02}"


def _figure(said: Said, symbol: str, question: str) -> Json:
    found = re.search(r"standalone|consolidated", question)
    quarter = _quarter(said)
    basis = found[0] if found else _basis(said, symbol, quarter)
    return {"symbol": symbol, "quarter": quarter, "basis": basis}


def _basis(said: Said, symbol: str, *quarters: str | None) -> str | None:
    """Consolidated where the coverage has all quarters on it, else standalone."""
    lines = [line for line in said.block("Coverage") if line.startswith(symbol)]
    for basis in ("consolidated", "standalone"):
        for first, last in _stretches(lines[0] if lines else "", basis):
            if all(q and last <= _order(q) <= first for q in quarters):
                return basis
    return None


def _stretches(line: str, basis: str) -> Iterator[tuple[int, int]]:
    found = re.search(rf"{basis} ([^;]*)", line)
    for stretch in found[1].split(", ") if found else ():
        ends = [_order(q) for q in re.findall(r"Q\d FY\d\d", stretch)]
        yield max(ends), min(ends)


def _order(quarter: str) -> int:
    return int(quarter[-2:]) * 4 + int(quarter[1])


def _results(said: Said, symbol: str) -> Tasks:
    quarter = _quarter(said)
    assert quarter is not None
    base = _year_ago(quarter)
    basis = _basis(said, symbol, quarter, base)
    today = date.fromisoformat(said.prompt.split("today is ")[1].split()[1][:10])
    found = re.search(rf"{quarter} became public on (\S+)", said.prompt)
    published = date.fromisoformat(found[1]) if found else today
    event = {"symbol": symbol, "quarter": quarter}
    days = {"start": str(published - _BEFORE_RESULTS), "end": str(today)}
    scores = ("blockbuster_score", "predict", "vcp")
    return [
        _task("t1", "read_statement", {**event, "basis": basis}),
        _task("t2", "read_statement", {**event, "quarter": base, "basis": basis}),
        _task("t3", "compare", {"current": "t1", "base": "t2"}, ("t1", "t2")),
        _task("t4", "earnings_surprise", event),
        _task("t5", "price_history", event),
        _task("t6", "headlines", {"symbol": symbol, **days}),
        *(_task(f"t{i}", tool, event) for i, tool in enumerate(scores, 7)),
        _task("t10", "alert", event, ("t4", "t7", "t8", "t9")),
    ]


def _surprises(start: str, end: str) -> Tasks:
    days = {"start": start, "end": end, "status": "reported"}
    return [
        _task("t1", "results_calendar", days),
        _task("t2", "earnings_surprise", {"quarter": None}, ("t1",), each="t1"),
        _task("t3", "rank", {"of": "t2", "by": "sue", "top": 5}, ("t2",)),
    ]


def _act(said: Said) -> Reply:
    """The documents of the company in the goal; the other basis of a statement."""
    planned = re.match(r"(\w+) (\{.*\})", said.line("Planned call"))
    if any(not result.startswith("Error") for result in said.results[-1:]):
        return Reply("done")
    if planned is None:
        symbol = re.search(r"documents kept of (\w+)", said.line("Task"))
        wanted = {"symbol": symbol[1] if symbol else "", "limit": 20}
        return Reply(calls=(Call("find_filings", wanted),))
    if planned[1] != "read_statement":
        return Reply("done")
    arguments = json.loads(planned[2])
    other = {"standalone": "consolidated", "consolidated": "standalone"}
    arguments["basis"] = other[arguments["basis"]]
    return Reply(calls=(Call("read_statement", arguments),))


def _validate(_: Said) -> Reply:
    return _document({"follow_ups": [], "remarks": []})


@dataclass
class Known:
    """The evidence of a prompt, as its lines say it."""

    ids: dict[tuple[str, str], str] = field(default_factory=dict)
    headings: list[str] = field(default_factory=list)
    ranks: list[tuple[int, str]] = field(default_factory=list)

    def id(self, heading: str, name: str) -> str | None:
        return self.ids.get((heading, name))


def _known(said: Said) -> Known:
    known, heading = Known(), ""
    for line in said.block("Evidence"):
        if line.startswith("# "):
            heading = line
            known.headings.append(line)
            continue
        name, what = line.split(" | ")
        measure, value = what.split(" ", 1)
        known.ids.setdefault((heading, measure), name)
        if measure == "rank":
            known.ranks.append((int(value.split()[0]), heading))
    return known


def _write(said: Said) -> Reply:
    known, question = _known(said), said.line("Question").lower()
    sentences = list(_ranking(known)) or list(_statement(known, question))
    sentences = sentences or list(_documents(known))
    if not sentences:
        absent = [line.split(" | ")[0] for line in said.block("Not found")]
        sentences = [f"{{{{{name}}}}}" for name in absent[:1]]
    return _document({"sentences": [{"text": text} for text in sentences]})


def _ranking(known: Known) -> Iterator[str]:
    for _, heading in sorted(known.ranks):
        rank, sue = known.id(heading, "rank"), known.id(heading, "sue")
        yield (
            f"Place {{{{{rank}}}}} goes to {{{{{sue}.company}}}} with a surprise of "
            f"{{{{{sue}}}}}."
        )
    if known.ranks:
        yield "{{note_sue}}"


def _statement(known: Known, question: str) -> Iterator[str]:
    asked = [name for noun, name in _MEASURES.items() if noun in question]
    for heading in known.headings:
        changed = [name for name, (_, yoy) in _NOUNS.items() if known.id(heading, yoy)]
        for name in asked[:1] or changed:
            noun, yoy = _NOUNS[name]
            value, change = known.id(heading, name), known.id(heading, yoy)
            if value is None:
                continue
            tail = f", a change of {{{{{change}}}}} on the year" if change else ""
            yield (
                f"{{{{{value}.company}}}} reported {{{{{value}.basis}}}} {noun} of "
                f"{{{{{value}}}}} for {{{{{value}.period}}}}{tail}."
            )


def _documents(known: Known) -> Iterator[str]:
    for (_, name), evidence in known.ids.items():
        if name == "filing":
            yield f"A document became public on {{{{{evidence}}}}}."


_ROLES: Mapping[str, Callable[[Said], Reply]] = {
    "You are the planner": _plan,
    "You are an action agent": _act,
    "You are the validation agent": _validate,
    "You write the answer": _write,
}
