"""Command lines that cannot be read, help, and what --help may load."""

import subprocess
import sys

import pytest

from tests.cli.terminal import QUESTION, Terminal, failed_document, refused
from tests.conftest import ROOT

COMMANDS = [
    "ask",
    "extract",
    "extract review",
    "features",
    "train",
    "backtest",
    "daily",
    "backup",
    "restore",
    "doctor",
    "schema",
    *(f"data {name}" for name in ("sync", "import", "status", "sample")),
    *(
        f"runs {name}"
        for name in ("list", "show", "why", "verify", "replay", "resume", "export")
    ),
    *(f"alerts {name}" for name in ("list", "show", "outcomes", "test", "outbox")),
    *(f"config {name}" for name in ("show", "check")),
    *(f"schedule {name}" for name in ("install", "status", "remove")),
    *(f"models {name}" for name in ("list", "show", "verify", "promote", "rollback")),
]


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself(dexter: Terminal, command: str) -> None:
    said = dexter(*command.split(), "--help")
    assert said.code == 0
    assert f"dexter {command}" in said.out


@pytest.mark.parametrize(
    "group",
    [
        (),
        *((one,) for one in ("data", "runs", "models", "alerts", "config", "schedule")),
    ],
)
def test_without_a_command_help_is_shown_and_the_exit_is_usage(
    dexter: Terminal, group: tuple[str, ...]
) -> None:
    said = dexter(*group)
    assert said.code == 2
    assert "Commands" in said.out
    assert "✗" not in said.err


UNREADABLE = [
    ["nosuch"],
    ["ask"],
    ["ask", "one", "two"],
    ["ask", QUESTION, "--nope"],
    ["ask", QUESTION, "--budget", "abc"],
    ["ask", QUESTION, "--budget", "-1"],
    ["ask", QUESTION, "--budget", "nan"],
    ["runs", "list", "--most", "0"],
    ["train", "--until", "tomorrow"],
]


@pytest.mark.parametrize("line", UNREADABLE, ids=" ".join)
def test_an_unreadable_line_is_a_sentence_and_a_hint(
    dexter: Terminal, line: list[str]
) -> None:
    said = dexter(*line)
    refused(said, 2)
    assert "--help" in said.words


@pytest.mark.parametrize("line", UNREADABLE[:3], ids=" ".join)
def test_with_json_an_unreadable_line_is_a_document_too(
    dexter: Terminal, line: list[str]
) -> None:
    said = dexter(*line, "--json")
    assert "--help" in failed_document(said, 2)["hint"]


def test_an_unforeseen_fault_is_one_sentence(
    dexter: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_name: str) -> int:
        msg = "a fault\nof ours"
        raise ZeroDivisionError(msg)

    monkeypatch.setattr("pipelines.commands.schemas.schema", broken)
    said = dexter("schema", "ask")
    refused(said, 1)
    assert "ZeroDivisionError: a fault of ours" in said.words
    with pytest.raises(ZeroDivisionError):
        dexter("--debug", "schema", "ask")
    refused(dexter("schema", "ask"), 1)


def test_an_unknown_schema_names_those_there_are(dexter: Terminal) -> None:
    said = dexter("schema", "nosuch")
    refused(said, 2)
    assert "ask" in said.words


def test_the_module_runs_and_help_loads_nothing_heavy() -> None:
    code = (
        "import runpy, sys; sys.argv = ['dexter', '--help']\n"
        "try: runpy.run_module('cli', run_name='__main__')\n"
        "except SystemExit as ended: assert not ended.code\n"
        "heavy = {'pandas', 'numpy', 'pyarrow', 'sqlalchemy', 'xgboost', 'openai',"
        " 'anthropic', 'pdfplumber', 'pypdfium2', 'pydantic_settings'}\n"
        "print('LOADED', sorted(heavy & sys.modules.keys()))"
    )
    done = subprocess.run(  # noqa: S603 - this interpreter, our words
        [sys.executable, "-c", code],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.endswith("LOADED []\n")


def test_shells_can_complete(dexter: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("_TYPER_COMPLETE_TEST_DISABLE_SHELL_DETECTION", "1")
    said = dexter("--show-completion", "bash")
    assert said.code == 0
    assert "complete" in said.out
