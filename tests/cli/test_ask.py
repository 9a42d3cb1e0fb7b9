"""What ``ask`` prints and saves holds what the contract promises."""

import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from pydantic import TypeAdapter

from dexter.domain.research import Report
from tests.cli.terminal import PDF_ONLY, QUESTION, Terminal

QUESTIONS = [
    (QUESTION, None),
    (QUESTION, PDF_ONLY),
    ("Who surprised most this week?", None),
    ("Compare Kaveri Cables and Dhruvtara in Q1 FY26", "2025-08-14T09:00"),
    ("What is the meaning of life?", None),
]


@pytest.fixture
def contract(dexter: Terminal) -> Mapping[str, Any]:
    """The published schema of ``ask --json``."""
    found: Mapping[str, Any] = dexter("schema", "ask").document
    return found


@pytest.mark.parametrize(("question", "as_of"), QUESTIONS)
@pytest.mark.usefixtures("home")
def test_the_document_keeps_its_contract(
    dexter: Terminal,
    contract: Mapping[str, Any],
    question: str,
    as_of: str | None,
) -> None:
    moment = ["--as-of", as_of] if as_of else []
    said = dexter("ask", question, "--json", *moment)
    document = said.document
    assert list(misfits(document, contract, contract)) == []
    TypeAdapter(Report).validate_python(document)
    codes = {"answered": 0, "partial": 3, "abstained": 3}
    assert said.code == codes[document["status"]]
    limit = datetime.fromisoformat(document["as_of"])
    evidence = document["evidence"]
    for item in evidence.values():
        if item["known_at"] is not None:
            assert datetime.fromisoformat(item["known_at"]) <= limit
        assert item["value"] is not None or item["text"] or item["reason"]
        assert set(item["source"].get("inputs", ())) <= evidence.keys()
    for claim in document["answer"]["claims"]:
        assert claim["rendered"] in _unmarked(document)
        assert set(claim["evidence"]) <= evidence.keys()
        if claim["value"] is not None:
            assert claim["value"] == evidence[claim["evidence"][0]]["value"]


def _unmarked(document: Mapping[str, Any]) -> str:
    """The answer without its reference marks."""
    return re.sub(r"\[\^e\d+\]", "", document["answer"]["markdown"])


def misfits(
    value: object, shape: Mapping[str, Any], whole: Mapping[str, Any]
) -> Iterator[str]:
    """Where a document differs from its JSON Schema, as far as ours go."""
    if "$ref" in shape:
        name = shape["$ref"].rpartition("/")[2]
        yield from misfits(value, whole["$defs"][name], whole)
        return
    if "anyOf" in shape:
        tried = [list(misfits(value, option, whole)) for option in shape["anyOf"]]
        if all(tried):
            yield f"{value!r:.80} fits none: {tried}"
        return
    yield from _plain_misfits(value, shape)
    if isinstance(value, dict):
        yield from _object_misfits(value, shape, whole)
    if isinstance(value, list):
        for item in value:
            yield from misfits(item, shape.get("items", {}), whole)


def _plain_misfits(value: object, shape: Mapping[str, Any]) -> Iterator[str]:
    if "enum" in shape and value not in shape["enum"]:
        yield f"{value!r} is none of {shape['enum']}"
    if "type" in shape and not isinstance(value, _TYPES[shape["type"]]):
        yield f"{value!r:.80} is no {shape['type']}"


def _object_misfits(
    value: Mapping[str, Any], shape: Mapping[str, Any], whole: Mapping[str, Any]
) -> Iterator[str]:
    known = shape.get("properties", {})
    yield from (f"{n} is missing" for n in shape.get("required", ()) if n not in value)
    rest = shape.get("additionalProperties", {})
    for name, item in value.items():
        if name in known:
            yield from misfits(item, known[name], whole)
        elif known and not rest:
            yield f"{name} is not in the schema"
        elif isinstance(rest, dict):
            yield from misfits(item, rest, whole)


_TYPES: Mapping[str, type | tuple[type, ...]] = {
    "object": dict,
    "array": list,
    "string": str,
    "integer": int,
    "number": (int, float),
    "boolean": bool,
    "null": type(None),
}


@pytest.mark.usefixtures("home")
def test_progress_goes_to_stderr_and_the_answer_to_stdout(dexter: Terminal) -> None:
    said = dexter("ask", QUESTION)
    assert said.code == 0
    assert "Kaveri Cables Limited reported" in said.out
    assert "planning:" not in said.out
    assert "planning:" in said.err
    assert "\x1b" not in said.out + said.err


@pytest.mark.usefixtures("home")
def test_a_plan_is_shown_and_priced_without_being_carried_out(dexter: Terminal) -> None:
    said = dexter("ask", QUESTION, "--plan", "--json")
    assert said.code == 0
    assert said.document["tasks"]
    assert "nothing" in said.document["price"]
    assert "reported" not in dexter("ask", QUESTION, "--plan").out
    assert dexter("ask", "What is the meaning of life?", "--plan").code == 3


@pytest.mark.parametrize("width", [60, 80, 120])
@pytest.mark.usefixtures("home")
def test_the_answer_fits_the_screen(
    dexter: Terminal, monkeypatch: pytest.MonkeyPatch, width: int
) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    said = dexter("ask", QUESTION)
    assert max(map(len, said.out.splitlines())) <= width


@pytest.mark.usefixtures("home")
def test_in_a_terminal_the_plan_is_a_live_tree(
    dexter: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    said = dexter("ask", QUESTION)
    assert said.code == 0
    assert "├──" in said.err
    assert "read_statement" in said.err


@pytest.mark.usefixtures("home")
def test_one_score_is_one_figure(dexter: Terminal) -> None:
    document = dexter("ask", QUESTION, "--json", "--save", "a.html").document
    (score,) = re.findall(r"blockbuster score is (\d+)", _unmarked(document))
    said = dexter("runs", "show", document["run_id"])
    assert f"{score} of 100" in said.out
    assert f"{score} of 100" in Path("a.html").read_text(encoding="utf-8")


@pytest.mark.usefixtures("home")
def test_a_report_is_saved_in_three_forms(dexter: Terminal) -> None:
    for name in ("a.md", "a.html", "a.json"):
        said = dexter("ask", QUESTION, "--save", name)
        assert said.code == 0
        assert f"saved to {name}" in said.words
    page = Path("a.html").read_text(encoding="utf-8")
    anchors = {part.partition('"')[0] for part in page.split('id="')[1:]}
    links = {part.partition('"')[0] for part in page.split('href="#')[1:]}
    assert links
    assert links <= anchors
    assert "src=" not in page
    text = Path("a.md").read_text(encoding="utf-8")
    assert "[^e1]: " in text
    TypeAdapter(Report).validate_json(Path("a.json").read_bytes())


def test_hostile_words_stay_words_on_a_page(dexter: Terminal, home: Path) -> None:
    hostile = "<script>alert(1)</script> How did Kaveri Cables do in Q1 FY26?"
    dexter("ask", hostile, "--save", "a.html")
    assert home.is_dir()
    assert "<script" not in Path("a.html").read_text(encoding="utf-8")
