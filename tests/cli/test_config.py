"""dexter config: what is in force, what is wrong, and what doctor says of it."""

import shutil
from pathlib import Path

import pytest

from dexter.operating import FILE, Operating, read
from dexter.operating.example import example
from tests.cli.terminal import QUESTION, Terminal, failed_document, refused
from tests.llm.loopback import Loopback
from tests.llm.wires import Reply

SECRETS = {
    "DEXTER_TELEGRAM_TOKEN": "8123456789:MADE-UP-made-up-MADE-UP-made-up-MAD",
    "DEXTER_SMTP_PASSWORD": "made-up-password",
    "DEXTER_WEBHOOK_SECRET": "made-up-secret",
    "DEXTER_APPRISE_URLS": "team=slack://made/up/url",
}
TELLING = """
[watch]
symbols = ["tcs"]

[[recipients]]
name = "me"
channel = "telegram"
to = 12345

[[recipients]]
name = "team [red]"
channel = "apprise"
to = "team"

[budgets]
usd_per_run = 0.5
usd_per_day = 5
"""


@pytest.fixture
def bare(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home with nothing in it, and an environment without secrets or budgets."""
    budgets = ("DEXTER_BUDGET_USD_PER_RUN", "DEXTER_BUDGET_USD_PER_DAY")
    for name in (*SECRETS, *budgets):
        monkeypatch.delenv(name, raising=False)
    home = tmp_path / "home"
    home.mkdir()
    monkeypatch.chdir(home)
    monkeypatch.setenv("DEXTER_HOME", str(home))
    monkeypatch.setenv("COLUMNS", "100")
    return home


@pytest.fixture
def telling(bare: Path) -> Path:
    """A home whose file has recipients."""
    (bare / FILE).write_text(TELLING)
    return bare


@pytest.fixture
def secrets(bare: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An environment that holds every secret."""
    assert bare.is_dir()
    for name, value in SECRETS.items():
        monkeypatch.setenv(name, value)


def row(out: str, key: str) -> list[str]:
    """The words of a line of the table."""
    return next(line.split() for line in out.splitlines() if line.startswith(key))


def test_without_a_file_all_of_it_is_shown_as_default(
    dexter: Terminal, bare: Path
) -> None:
    said = dexter("config", "show")
    assert said.code == 0
    assert f"{FILE} is not there: everything is the default" in " ".join(
        said.out.split()
    )
    assert row(said.out, "daily.poll_minutes") == ["daily.poll_minutes", "5", "default"]
    assert row(said.out, "budgets.usd_per_day") == [
        "budgets.usd_per_day",
        "10",
        "default",
    ]
    assert row(said.out, "alerts.quiet") == ["alerts.quiet", "–", "default"]
    assert 'name = "good score", priority = "medium", blockbuster = 60' in said.out
    assert row(said.out, "DEXTER_TELEGRAM_TOKEN")[1:] == ["not", "set"]
    assert list(bare.iterdir()) == [], "looking makes nothing"


@pytest.mark.usefixtures("telling", "secrets")
def test_each_part_says_who_said_it(
    dexter: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DEXTER_BUDGET_USD_PER_DAY", "7")
    said = dexter("config", "show")
    assert row(said.out, "watch.symbols")[1:] == ['["TCS"]', "dexter.toml"]
    assert row(said.out, "budgets.usd_per_run")[1:] == ["0.5", "dexter.toml"]
    assert row(said.out, "budgets.usd_per_day")[1:] == ["7", "environment"]
    assert row(said.out, "webhook.timeout")[1:] == ["10", "default"]
    assert 'name = "team [red]"' in said.out
    assert row(said.out, "DEXTER_SMTP_PASSWORD")[1:] == ["set"]
    assert row(said.out, "DEXTER_APPRISE_URLS")[1:] == ["set:", "team"]


@pytest.mark.usefixtures("telling", "secrets")
def test_shown_as_json_it_is_one_document(
    dexter: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DEXTER_BUDGET_USD_PER_DAY", "7")
    told = dexter("config", "show", "--json").document
    assert told["found"] is True
    assert told["values"]["watch"] == {"symbols": ["TCS"]}
    assert told["values"]["budgets"] == {"usd_per_run": "0.5", "usd_per_day": "7"}
    assert told["values"]["recipients"][0]["to"] == "12345"
    assert told["said"]["budgets.usd_per_day"] == "environment"
    assert told["said"]["recipients[1]"] == "dexter.toml"
    assert told["said"]["alerts.rules[0]"] == "default"
    assert told["secrets"] == dict.fromkeys(SECRETS, "set") | {
        "DEXTER_SMTP_URL": "not set"
    }
    assert told["apprise"] == ["team"]


@pytest.mark.usefixtures("telling", "secrets")
@pytest.mark.parametrize("line", [("show",), ("show", "--json"), ("check", "--json")])
def test_no_secret_is_ever_shown(dexter: Terminal, line: tuple[str, ...]) -> None:
    said = dexter("config", *line)
    for value in SECRETS.values():
        assert value.removeprefix("team=") not in said.out + said.err


@pytest.mark.usefixtures("bare")
def test_a_url_without_a_name_is_not_shown_as_one(
    dexter: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DEXTER_APPRISE_URLS", "slack://madeup?x=y")
    said = dexter("config", "show")
    assert row(said.out, "DEXTER_APPRISE_URLS")[1:] == ["set"]


def test_the_default_file_can_be_put_to_use(dexter: Terminal, bare: Path) -> None:
    said = dexter("config", "show", "--default")
    assert said.out == example()
    (bare / FILE).write_text(said.out)
    assert read(bare) == Operating()
    assert dexter("config", "check").code == 0
    assert dexter("config", "show", "--default", "--json").document == {
        "text": said.out
    }


def test_the_default_file_is_shown_beside_a_broken_one(
    dexter: Terminal, bare: Path
) -> None:
    (bare / FILE).write_text("broken")
    assert dexter("config", "show", "--default").code == 0


def test_an_unusable_file_is_refused_in_one_sentence(
    dexter: Terminal, bare: Path
) -> None:
    (bare / FILE).write_text("[alerts]\nruels = []")
    said = dexter("config", "show")
    refused(said, 2)
    assert "at alerts.ruels: there is no such key; the nearest is rules." in said.words
    document = failed_document(dexter("config", "show", "--json"), 2)
    assert "alerts.ruels" in document["reason"]


@pytest.mark.usefixtures("secrets", "telling")
def test_a_usable_file_ends_with_nothing(dexter: Terminal) -> None:
    said = dexter("config", "check")
    assert said.code == 0
    assert "✗" not in said.out
    document = dexter("config", "check", "--json").document
    assert (document["status"], document["problems"]) == ("fine", [])


@pytest.mark.usefixtures("bare")
def test_nobody_to_tell_is_a_warning(dexter: Terminal) -> None:
    said = dexter("config", "check")
    assert said.code == 0
    assert "! recipients: there are none" in said.out
    (warning,) = dexter("config", "check", "--json").document["warnings"]
    assert warning["where"] == "recipients"


def test_no_rules_are_a_warning(dexter: Terminal, bare: Path) -> None:
    (bare / FILE).write_text("alerts.rules = []")
    assert "! alerts.rules: there are none" in dexter("config", "check").out


@pytest.mark.usefixtures("telling")
def test_missing_secrets_are_listed(dexter: Terminal) -> None:
    said = dexter("config", "check")
    assert said.code == 2
    assert "✗ recipients[0]: the channel telegram is used" in said.out
    assert "DEXTER_TELEGRAM_TOKEN is not set" in said.out
    assert "DEXTER_APPRISE_URLS has no URL called team" in said.out
    document = dexter("config", "check", "--json").document
    assert document["status"] == "unusable"
    assert len(document["problems"]) == 2


def test_every_fault_is_listed_at_once(dexter: Terminal, bare: Path) -> None:
    (bare / FILE).write_text("[daily]\npoll_minutes = 0\n[alerts]\nruels = 1")
    said = dexter("config", "check")
    assert said.code == 2
    assert "✗ alerts.ruels: there is no such key; the nearest is rules" in said.out
    assert "✗ daily.poll_minutes: it is 0 where 1 or more is due" in said.out
    assert said.out.count("config show --default") == 1
    document = dexter("config", "check", "--json")
    assert document.code == 2
    assert [one["where"] for one in document.document["problems"]] == [
        "alerts.ruels",
        "daily.poll_minutes",
    ]


@pytest.mark.usefixtures("secrets", "telling")
def test_watched_symbols_of_an_empty_home_are_not_looked_up(
    dexter: Terminal, bare: Path
) -> None:
    said = dexter("config", "check")
    assert said.code == 0
    assert "the watched symbols were not looked up" in " ".join(said.out.split())
    assert not (bare / "dexter.db").exists()


def test_watched_symbols_are_looked_up(
    dexter: Terminal, bare: Path, sample_home: Path
) -> None:
    for file in (sample_home / "sample").glob("dexter.db*"):
        shutil.copy(file, bare)
    (bare / FILE).write_text('watch.symbols = ["DHRUVAERO", "DRUVAERO", "QQQQQQQQ"]')
    document = dexter("config", "check", "--json")
    assert document.code == 0
    found = {one["where"]: one for one in document.document["warnings"]}
    assert set(found) == {"recipients", "watch.symbols[1]", "watch.symbols[2]"}
    assert "no company DRUVAERO is known here" in found["watch.symbols[1]"]["what"]
    assert "DHRUVAERO (Dhruvtara Aero" in found["watch.symbols[1]"]["hint"]
    assert "nearest" not in found["watch.symbols[2]"]["hint"]


def test_a_damaged_directory_is_a_warning(dexter: Terminal, bare: Path) -> None:
    (bare / FILE).write_text('watch.symbols = ["TCS"]')
    (bare / "dexter.db").write_bytes(b"garbage" * 1000)
    said = dexter("config", "check")
    assert said.code == 0
    assert "the watched symbols were not looked up" in " ".join(said.out.split())


FULL_URL = "smtps://apikey:made-up%2Fpassword@mail.example"
BY_ENVIRONMENT = {
    "DEXTER_TELEGRAM_TOKEN": SECRETS["DEXTER_TELEGRAM_TOKEN"],
    "DEXTER_TELEGRAM_CHAT_ID": "-100123",
    "DEXTER_SMTP_URL": "smtps://me%40example.com:made-up%2Fpassword@mail.example",
}


@pytest.fixture
def outside(bare: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home without a file, whose environment says who is told and how."""
    for name, value in BY_ENVIRONMENT.items():
        monkeypatch.setenv(name, value)
    return bare


@pytest.mark.usefixtures("outside")
def test_what_the_environment_says_is_in_force_without_a_file(dexter: Terminal) -> None:
    said = dexter("config", "show")
    assert row(said.out, "recipients[0]")[-1] == "environment"
    assert row(said.out, "email.host")[1:] == ['"mail.example"', "environment"]
    assert row(said.out, "email.port")[1:] == ["465", "environment"]
    assert row(said.out, "email.user")[1:] == ['"me@example.com"', "environment"]
    assert row(said.out, "email.sender")[1:] == ["–", "default"]
    assert row(said.out, "DEXTER_SMTP_URL")[1:] == ["set"]
    assert "made-up" not in said.out
    told = dexter("config", "show", "--json")
    assert told.document["values"]["recipients"][0]["to"] == "-100123"
    assert told.document["said"]["recipients[0]"] == "environment"
    assert told.document["said"]["email.security"] == "environment"
    assert "made-up" not in told.out
    checked = dexter("config", "check", "--json").document
    assert (checked["problems"], checked["warnings"]) == ([], [])
    assert probe(dexter)["detail"] == "1 told by telegram; secrets are set"


@pytest.mark.usefixtures("outside")
def test_a_chat_of_the_environment_hears_of_notices(dexter: Terminal) -> None:
    assert dexter("alerts", "notice", "The disk is full").code == 0
    (letter,) = dexter("alerts", "outbox", "--json").document["deliveries"]
    assert (letter["recipient"], letter["channel"]) == ("telegram", "telegram")


def test_a_user_of_a_url_that_is_no_address_is_not_shown(
    dexter: Terminal, outside: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (outside / FILE).write_text('email.sender = "me@example.com"')
    monkeypatch.setenv("DEXTER_SMTP_URL", FULL_URL)
    for line in (("show",), ("show", "--json"), ("check",)):
        said = dexter("config", *line)
        assert said.code == 0
        assert "apikey" not in said.out
    assert row(dexter("config", "show").out, "email.sender")[-1] == "dexter.toml"


def test_what_is_said_twice_is_a_warning(
    dexter: Terminal, outside: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mine = '[email]\nhost = "old.example"\nuser = "me@example.com"\n'
    (outside / FILE).write_text(TELLING.partition("[[")[2].join(["[[", ""]) + mine)
    for name in ("DEXTER_SMTP_PASSWORD", "DEXTER_APPRISE_URLS"):
        monkeypatch.setenv(name, SECRETS[name])
    document = dexter("config", "check", "--json")
    assert document.code == 0
    chat, *told = [one["what"] for one in document.document["warnings"]]
    assert chat.startswith("DEXTER_TELEGRAM_CHAT_ID is not looked at: dexter.toml says")
    assert told == [
        "not looked at (host, user): DEXTER_SMTP_URL says which server",
        "DEXTER_SMTP_PASSWORD is not looked at: DEXTER_SMTP_URL holds a password",
    ]
    shown = dexter("config", "show").out
    assert row(shown, "email.host")[1:] == ['"mail.example"', "environment"]
    assert row(shown, "recipients[0]")[-1] == "dexter.toml"


UNUSABLE = [
    ("DEXTER_TELEGRAM_TOKEN", "junk", "no token of a bot"),
    ("DEXTER_TELEGRAM_TOKEN", "8123456789:too-short", "no token of a bot"),
    ("DEXTER_TELEGRAM_BASE_URL", "junk", "no address like https://api.telegram.org"),
    ("DEXTER_TELEGRAM_BASE_URL", "http://[junk", "no address like"),
    ("DEXTER_TELEGRAM_CHAT_ID", "junk", "no chat id"),
    ("DEXTER_SMTP_URL", "junk", "not like smtps://"),
    ("DEXTER_APPRISE_URLS", "a=junk", "apprise does not know the URL called a"),
    ("DEXTER_APPRISE_URLS", "a=json://h/junk junk", "entry 2 is not NAME=URL"),
]


@pytest.mark.usefixtures("outside")
@pytest.mark.parametrize(("variable", "value", "why"), UNUSABLE)
def test_a_variable_that_cannot_be_used_is_a_problem(
    dexter: Terminal,
    monkeypatch: pytest.MonkeyPatch,
    variable: str,
    value: str,
    why: str,
) -> None:
    monkeypatch.setenv(variable, value)
    said = dexter("config", "check", "--json")
    assert said.code == 2
    (problem,) = said.document["problems"]
    assert problem["where"] == "environment"
    assert problem["what"].startswith(f"{variable} cannot be used: ")
    assert why in problem["what"]
    assert "junk" not in said.out
    doctor = probe(dexter)
    assert (doctor["state"], why in doctor["detail"]) == ("broken", True)


def test_faults_of_file_and_environment_are_told_together(
    dexter: Terminal, outside: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (outside / FILE).write_text("daily = 1")
    monkeypatch.setenv("DEXTER_TELEGRAM_TOKEN", "junk")
    problems = dexter("config", "check", "--json").document["problems"]
    assert [one["where"] for one in problems] == ["daily", "environment"]


@pytest.mark.usefixtures("outside")
def test_without_a_file_it_is_not_the_file_that_is_wrong(
    dexter: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DEXTER_TELEGRAM_TOKEN", "junk")
    out = dexter("config", "check").out
    assert out.startswith("✗ What the environment says cannot be used as it is:")


@pytest.mark.usefixtures("outside")
def test_a_database_elsewhere_is_refused_by_every_command(
    dexter: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DEXTER_DATABASE_URL", "postgresql://me:made-up@localhost/x")
    for line in (("config", "check"), ("config", "show"), ("alerts", "list")):
        said = dexter(*line)
        refused(said, 2)
        assert "PostgreSQL is not there yet" in said.words
        assert "made-up" not in said.words


def test_secrets_that_everybody_can_read_are_a_warning(
    dexter: Terminal, outside: Path
) -> None:
    dotenv = outside / ".env"
    dotenv.write_text("DEXTER_SMTP_PASSWORD=made-up\nOPENAI_API_KEY=\nDEXTER_WORKERS=1")
    dotenv.chmod(0o644)
    warnings = dexter("config", "check", "--json").document["warnings"]
    (warning,) = [one for one in warnings if one["where"] == ".env"]
    assert warning["what"].endswith("and it holds DEXTER_SMTP_PASSWORD")
    assert "chmod 600" in warning["hint"]
    assert "everybody on this machine" in probe(dexter)["detail"]
    dotenv.chmod(0o640)
    assert ".env" not in dexter("config", "check").out
    dotenv.write_text("DEXTER_WORKERS=1")
    dotenv.chmod(0o644)
    assert ".env" not in dexter("config", "check").out


def test_what_is_odd_is_a_warning(dexter: Terminal, outside: Path) -> None:
    rule = '[[alerts.rules]]\nname = "{}"\npriority = "{}"\n'
    text = rule.format("all", "silent") + rule.format("more", "high")
    (outside / FILE).write_text(text)
    said = dexter("config", "check")
    assert said.code == 0
    assert '! alerts.rules[1]: "more" never speaks' in said.out


def probe(dexter: Terminal) -> dict[str, str]:
    """What doctor says of alerts."""
    document = dexter("doctor", "--no-sources", "--json").document
    found = {one["name"]: one for one in document["probes"]}
    alerts: dict[str, str] = found["alerts"]
    return alerts


def test_doctor_says_whether_anybody_is_told(
    dexter: Terminal, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in SECRETS:
        monkeypatch.delenv(name, raising=False)
    assert probe(dexter)["state"] == "absent"
    (home / FILE).write_text(TELLING)
    lacking = probe(dexter)
    assert lacking["state"] == "broken"
    assert "DEXTER_TELEGRAM_TOKEN is not set, and 1 more" in lacking["detail"]
    for name, value in SECRETS.items():
        monkeypatch.setenv(name, value)
    fine = probe(dexter)
    assert fine["state"] == "fine"
    assert "2 told by apprise, telegram" in fine["detail"]
    (home / FILE).write_text("[alerts]\nruels = 1")
    broken = probe(dexter)
    assert broken["state"] == "broken"
    assert "alerts.ruels" in broken["detail"]


PAID = ("ask", QUESTION, "--model", "anthropic:claude-opus-4-1")


@pytest.mark.parametrize("key", ["usd_per_run", "usd_per_day"])
def test_a_budget_of_nothing_in_the_file_calls_nobody(
    dexter: Terminal, home: Path, monkeypatch: pytest.MonkeyPatch, key: str
) -> None:
    (home / FILE).write_text(f"budgets.{key} = 0")
    with Loopback(lambda _: Reply()) as server:
        monkeypatch.setenv("ANTHROPIC_API_KEY", "made-up")
        monkeypatch.setenv("ANTHROPIC_BASE_URL", server.url)
        said = dexter(*PAID)
        assert server.asked == []
    refused(said, 1)
    assert "budget" in said.words


def test_a_broken_file_stops_what_may_cost_money_and_nothing_else(
    dexter: Terminal, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (home / FILE).write_text("budgets = 5")
    with Loopback(lambda _: Reply()) as server:
        monkeypatch.setenv("ANTHROPIC_API_KEY", "made-up")
        monkeypatch.setenv("ANTHROPIC_BASE_URL", server.url)
        said = dexter(*PAID)
        assert server.asked == []
    refused(said, 2)
    assert "cannot be used at budgets: it is 5 where a table is due" in said.words
    assert dexter("ask", QUESTION).code == 0
