"""The peer: LangGraph, in its own environment; no line of ours is loaded.

Its threads (``invoke``) stand for it: in memory they were faster than its coroutines
(``ainvoke``), with SQLite now one and now the other. Its tool does not let a loop turn.
"""

import operator
import sqlite3
from collections.abc import Callable, Mapping
from pathlib import Path
from time import perf_counter
from typing import Annotated, Any, TypedDict

# Installed in the bench's own environment alone.
from langgraph.checkpoint.sqlite import (  # type: ignore[import-not-found]
    SqliteSaver,
)
from langgraph.graph import (  # type: ignore[import-not-found]
    END,
    START,
    StateGraph,
)
from langgraph.types import Send  # type: ignore[import-not-found]


class State(TypedDict, total=False):
    """What the graph carries along."""

    count: int
    tasks: list[int]
    findings: Annotated[list[int], operator.add]
    verdict: int
    answer: str


def _plan(state: State) -> State:
    return {"tasks": list(range(state["count"]))}


def _fan(state: State) -> list[Any]:
    return [Send("act", {"task": number}) for number in state["tasks"]]


def _act(one: Mapping[str, int]) -> State:
    return {"findings": [one["task"]]}


def _validate(state: State) -> State:
    return {"verdict": len(state["findings"])}


def _synthesise(state: State) -> State:
    return {"answer": f"{state['verdict']} findings"}


def open_flow(name: str, folder: Path) -> Callable[[int], float]:
    """``memory``; ``sync`` (each step durable before the next) or ``async``."""
    graph: Any = StateGraph(State)
    graph.add_node("plan", _plan)
    graph.add_node("act", _act)
    graph.add_node("validate", _validate)
    graph.add_node("synthesise", _synthesise)
    graph.add_edge(START, "plan")
    graph.add_conditional_edges("plan", _fan, ["act"])
    graph.add_edge("act", "validate")
    graph.add_edge("validate", "synthesise")
    graph.add_edge("synthesise", END)
    if name == "memory":
        compiled = graph.compile()
        return lambda tasks: _timed(compiled, tasks, {}, {})
    file = sqlite3.connect(folder / "graph.db", check_same_thread=False)
    saver = SqliteSaver(file)
    saver.setup()
    compiled = graph.compile(checkpointer=saver)
    made = iter(range(1_000_000))
    how = {"durability": name}

    def flow(tasks: int) -> float:
        thread = {"configurable": {"thread_id": str(next(made))}}
        return _timed(compiled, tasks, thread, how)

    return flow


def _timed(
    graph: Any,  # noqa: ANN401 - a compiled graph; the package is not here to ask
    tasks: int,
    config: Mapping[str, object],
    how: Mapping[str, object],
) -> float:
    began = perf_counter()
    state = graph.invoke({"count": tasks}, config, **how)
    seconds = perf_counter() - began
    if state["verdict"] != tasks:
        msg = f"{state['verdict']} of {tasks} tasks were done"
        raise AssertionError(msg)
    return seconds
