"""Starting is quick because nothing heavy is loaded before it is needed."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT

HEAVY = {
    "anthropic",
    "lxml",
    "numpy",
    "openai",
    "pandas",
    "pdfplumber",
    "pyarrow",
    "pydantic",
    "pypdfium2",
    "sqlalchemy",
    "xgboost",
}
NOT_FOR_AN_ANSWER = {"anthropic", "openai", "pandas", "pdfplumber", "sklearn"}
_RUN = """
import json, sys
sys.argv[1:] = json.loads(sys.argv[1])
from cli import main
try:
    main()
except SystemExit as end:
    sys.stdout.flush()
    loaded = sorted({name.partition(".")[0] for name in sys.modules})
    print(json.dumps({"exit": end.code or 0, "loaded": loaded}), file=sys.stderr)
"""


def loaded_by(*arguments: str) -> set[str]:
    """The top-level modules a command leaves loaded, once it succeeded."""
    done = subprocess.run(  # noqa: S603 - our own code
        [sys.executable, "-c", _RUN, json.dumps(arguments)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    told = json.loads(done.stderr.splitlines()[-1])
    assert told["exit"] == 0, done.stderr
    return set(told["loaded"])


def test_help_loads_nothing_heavy() -> None:
    loaded = loaded_by("--help")

    assert "rich" in loaded, "this is the help people see"
    assert loaded & HEAVY == set()


@pytest.mark.parametrize("command", [("ask",), ("runs",), ("models", "promote")])
def test_help_of_a_command_loads_nothing_of_ours_that_is_heavy(
    command: tuple[str, ...],
) -> None:
    loaded = loaded_by(*command, "--help")

    # Typer itself looks at the types of parameters with pydantic.
    assert loaded & (HEAVY - {"pydantic"}) == set()


def test_an_offline_answer_loads_no_more_than_it_needs(tmp_path: Path) -> None:
    saved = tmp_path / "answer.json"
    question = ("ask", "Who surprised most this week?", "--model", "offline")
    loaded_by(*question)  # sets the sample market up

    loaded = loaded_by(*question, "--save", str(saved))

    assert saved.stat().st_size, "it was answered"
    assert loaded & NOT_FOR_AN_ANSWER == set()
