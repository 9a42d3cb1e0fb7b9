"""Questions, moments, models, keys and budgets that cannot be used."""

from pathlib import Path

import pytest

from tests.cli.terminal import QUESTION, Terminal, failed_document, refused
from tests.llm.loopback import Loopback, Refused
from tests.llm.wires import Reply

KEY = "sk-never-to-be-shown"


@pytest.mark.parametrize("text", ["", "   \n", "?!?!…", "🚀🚀🚀"])
@pytest.mark.usefixtures("home")
def test_no_question_at_all(dexter: Terminal, text: str) -> None:
    refused(dexter("ask", text), 2)


ABSURD = [
    "What is the meaning of life?",
    "'; DROP TABLE filings; --",
    "Robert'); DELETE FROM events WHERE 1=1 OR ('a'='a",
    "Wie lief das Quartal für Kaveri Cables?",
    "कावेरी केबल्स का मुनाफा कितना था?",
    "[bold]{{e1}}[/bold] \x1b[31m../../etc/passwd",
]


@pytest.mark.parametrize("text", ABSURD)
@pytest.mark.usefixtures("home")
def test_an_absurd_question_is_abstained_from(dexter: Terminal, text: str) -> None:
    said = dexter("ask", text, "--json")
    assert said.code == 3
    assert said.document["status"] == "abstained"
    assert said.document["reason"]
    assert said.document["evidence"] == {}
    listed = dexter("runs", "list", "--json").document
    assert listed[0]["query"] == text


@pytest.mark.usefixtures("home")
def test_a_question_of_five_thousand_characters_is_not_echoed(dexter: Terminal) -> None:
    said = dexter("ask", "why did it grow " * 320)
    refused(said, 2)
    assert "5,1" in said.words
    assert len(said.err) < 600


@pytest.mark.usefixtures("home")
def test_an_unknown_company_gets_the_nearest(dexter: Terminal) -> None:
    said = dexter("ask", "How did Palaash Chemicls do in Q1 FY26?", "--json")
    told = f"{said.document['reason']} {said.document['plan']['understood_as']}"
    assert "Palash Chemicals" in told
    nobody = dexter("ask", "How did Reliance do?", "--json")
    assert nobody.code == 3
    assert "Reliance" in nobody.document["reason"]


UNREADABLE = ["garbage", "", "2025", "2025-13-45", "2025-W30", "2025-07-14T99:00"]


@pytest.mark.parametrize("moment", [*UNREADABLE, "0001-01-01"])
@pytest.mark.usefixtures("home")
def test_an_unreadable_moment_begins_no_run(dexter: Terminal, moment: str) -> None:
    said = dexter("ask", QUESTION, "--as-of", moment)
    refused(said, 2)
    assert "2024-07-13T09:00" in said.words
    assert dexter("runs", "list", "--json").document == []


@pytest.mark.parametrize(
    ("moment", "word"),
    [
        ("2999-01-01", "ahead"),
        ("9999-12-31T23:59-12:00", "ahead"),
        ("2001-01-01", "the data begins 2022-"),
    ],
)
@pytest.mark.usefixtures("home")
def test_a_moment_outside_the_data(dexter: Terminal, moment: str, word: str) -> None:
    said = dexter("ask", QUESTION, "--as-of", moment)
    refused(said, 2)
    assert word in said.words
    run = dexter("runs", "list", "--json").document[0]
    assert run["status"] == "failed"
    assert run["run_id"] in said.err


@pytest.mark.parametrize("name", ["gpt", "openai:", "anthropic", "offline:x"])
@pytest.mark.usefixtures("home")
def test_an_unknown_model(dexter: Terminal, name: str) -> None:
    said = dexter("ask", QUESTION, "--model", name)
    refused(said, 2)


@pytest.mark.parametrize(
    ("name", "variable"),
    [("anthropic:claude-x", "ANTHROPIC_API_KEY"), ("openai:gpt-x", "OPENAI_API_KEY")],
)
@pytest.mark.usefixtures("home")
def test_a_missing_key_names_its_variable(
    dexter: Terminal, name: str, variable: str
) -> None:
    said = dexter("ask", QUESTION, "--model", name, "--json")
    assert variable in failed_document(said, 1)["reason"]


@pytest.mark.parametrize(
    ("name", "provider"),
    [("anthropic:claude-opus-4-1", "ANTHROPIC"), ("openai:gpt-5", "OPENAI")],
)
@pytest.mark.usefixtures("home")
def test_a_wrong_key_is_told_without_showing_it(
    dexter: Terminal, monkeypatch: pytest.MonkeyPatch, name: str, provider: str
) -> None:
    wrong = Refused(401, "authentication_error", f"invalid key {KEY}")
    with Loopback(lambda _: Reply(), [wrong] * 9) as server:
        monkeypatch.setenv(f"{provider}_API_KEY", KEY)
        monkeypatch.setenv(f"{provider}_BASE_URL", server.url)
        said = dexter("ask", QUESTION, "--model", name)
    refused(said, 1)
    assert f"refused the key in {provider}_API_KEY" in said.words
    assert KEY not in said.err
    run = dexter("runs", "list", "--json").document[0]
    assert run["run_id"] in said.err
    assert run["status"] == "failed"


@pytest.mark.usefixtures("home")
def test_a_budget_of_nothing_calls_nobody(
    dexter: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Loopback(lambda _: Reply()) as server:
        monkeypatch.setenv("ANTHROPIC_API_KEY", KEY)
        monkeypatch.setenv("ANTHROPIC_BASE_URL", server.url)
        model = ["--model", "anthropic:claude-opus-4-1", "--budget", "0"]
        said = dexter("ask", QUESTION, *model)
        assert server.asked == []
    refused(said, 1)
    assert "budget" in said.words
    free = dexter("ask", QUESTION, "--budget", "0")
    assert free.code == 0


@pytest.mark.parametrize("name", ["x.txt", "x", "nowhere/x.md", "."])
def test_a_place_nothing_can_be_saved_in_is_told_before_the_run(
    dexter: Terminal, home: Path, name: str
) -> None:
    said = dexter("ask", QUESTION, "--save", name)
    refused(said, 2)
    assert not (home / "journal.db").exists()


@pytest.mark.usefixtures("home")
def test_an_answer_that_cannot_be_saved_is_printed(
    dexter: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_text", full)
    said = dexter("ask", QUESTION, "--json", "--save", "x.html")
    assert said.code == 2
    assert said.document["status"] == "answered"
    assert "no space left" in said.words
    assert said.document["run_id"] in said.err
