"""dexter.toml as read: what it may say, and the sentence that refuses it."""

import os
from datetime import time
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from dexter.domain.alert import Confidence, Priority
from dexter.domain.filing import Grade
from dexter.errors import OperatingError
from dexter.operating import (
    FILE,
    Budgets,
    ChannelName,
    Daily,
    Operating,
    QuietHours,
    faults,
    read,
)

FULL = """
[watch]
symbols = ["reliance", " M&M ", "RELIANCE", "500325"]

[alerts]
watched_priority = "medium"
per_hour = 20
per_day = 100
quiet = { from = "22:30", to = 07:00:00, passes = "medium" }

[[alerts.rules]]
name = "liquid"
priority = "high"
blockbuster = 70
probability = 0.1
confidence = "HIGH"
grade = "B"
grades = ["A", "imported"]
edge = "demonstrated"
skill = "demonstrated"
turnover = 50_000_000
watched = true

[[recipients]]
name = "me"
channel = "telegram"
to = -1001234567890
thread = 7

[[recipients]]
name = "desk"
channel = "email"
to = "desk@example.com"
least = "high"
notices = false

[email]
security = "starttls"
user = "me@gmail.com"

[heartbeat]
url = "https://hc.example/ping/dexter"

[budgets]
usd_per_run = 0.5
usd_per_day = 5

[daily]
poll_minutes = 10
"""


def written(home: Path, text: str | bytes) -> Path:
    """A home with a file in it."""
    content = text.encode() if isinstance(text, str) else text
    (home / FILE).write_bytes(content)
    return home


def refused(home: Path) -> OperatingError:
    """The one sentence a file is refused with."""
    with pytest.raises(OperatingError) as raised:
        read(home)
    error = raised.value
    assert error.exit_code == 2
    assert error.sentence.startswith(str(home / FILE))
    assert error.sentence.count("\n") == 0
    assert error.sentence.endswith(".")
    assert error.hint
    return error


def test_without_a_file_everything_is_the_default(tmp_path: Path) -> None:
    assert read(tmp_path) == Operating()
    assert read(tmp_path / "nowhere") == Operating()
    assert faults(tmp_path) == ()
    assert read(written(tmp_path, "")) == Operating()


def test_everything_that_may_be_said_is_understood(tmp_path: Path) -> None:
    found = read(written(tmp_path, FULL))
    assert found.watch.symbols == ("RELIANCE", "M&M", "500325")
    assert found.alerts.watched_priority is Priority.MEDIUM
    assert (found.alerts.per_hour, found.alerts.per_day) == (20, 100)
    hours = QuietHours(from_=time(22, 30), to=time(7), passes=Priority.MEDIUM)
    assert found.alerts.quiet == hours
    (rule,) = found.alerts.rules
    assert (rule.name, rule.priority) == ("liquid", "high")
    assert (rule.blockbuster, rule.coverage) == (Decimal(70), Decimal("0.5"))
    assert rule.probability == Decimal("0.1"), "as written, not as a binary fraction"
    assert rule.confidence is Confidence.HIGH
    assert (rule.grade, rule.grades) == (Grade.B, (Grade.A, Grade.IMPORTED))
    assert (rule.edge, rule.skill, rule.watched) == ("demonstrated",) * 2 + (True,)
    assert rule.turnover == Decimal(50_000_000)
    me, desk = found.recipients
    assert (me.channel, me.to, me.thread) == (ChannelName.TELEGRAM, "-1001234567890", 7)
    assert (me.least, me.notices) == (Priority.MEDIUM, True)
    assert (desk.least, desk.notices) == (Priority.HIGH, False)
    assert found.email is not None
    assert (found.email.port, found.email.from_address) == (587, "me@gmail.com")
    assert found.budgets == Budgets(usd_per_run=Decimal("0.5"), usd_per_day=Decimal(5))
    assert found.daily == Daily(poll_minutes=10)


def test_coverage_is_asked_only_where_a_score_is(tmp_path: Path) -> None:
    text = '[[alerts.rules]]\nname = "{}"\npriority = "low"\n{}\n'
    lines = ("", "blockbuster = 60", "blockbuster = 60\ncoverage = 0")
    text = "".join(text.format(number, line) for number, line in enumerate(lines))
    rules = read(written(tmp_path, text)).alerts.rules
    assert [rule.coverage for rule in rules] == [None, Decimal("0.5"), Decimal(0)]


def test_what_was_read_is_never_changed(tmp_path: Path) -> None:
    found = read(tmp_path)
    with pytest.raises(ValidationError, match="frozen"):
        found.daily.poll_minutes = 1


RULE = '[[alerts.rules]]\nname = "x"\npriority = "high"\n'
CALLED = '[[recipients]]\nname = "me"\n'
UNUSABLE = [
    ("[alerts]\nruels = []", "alerts.ruels", "the nearest is rules"),
    (f"{RULE}Confidence = 1", "alerts.rules[0].Confidence", "is confidence"),
    ("[rules]\nx = 1", "rules", "there is alerts.rules"),
    ("[daily]\nbudget = 1", "daily.budget", "there are poll_minutes, concurrency, "),
    ('"a b\\n" = 1', r'"a b\n"', "there is no such key"),
    ("alerts = 5", "alerts", "it is 5 where a table is due"),
    ("[alerts.rules]\nname = 1", "alerts.rules", "a table where a list is due"),
    ("alerts.rules = [5]", "alerts.rules[0]", "it is 5 where a table is due"),
    ('[[alerts.rules]]\npriority = "low"', "alerts.rules[0].name", "it is missing"),
    (f"{RULE}confidence = 'HIHG'", "alerts.rules[0].confidence", "nearest is HIGH"),
    (f"{RULE}confidence = 'high'", 'confidence (of "x")', "LOW, MEDIUM or HIGH is"),
    (f"{RULE}grade = 'D'", "alerts.rules[0].grade", "A, B, C or imported is due"),
    (f"{RULE}grades = []", "alerts.rules[0].grades", "a list where 1 or more"),
    (f"{RULE}grade = 'A'\ngrades = ['C']", "alerts.rules[0]", "is A or better"),
    (f"{RULE}blockbuster = 101", "rules[0].blockbuster", "it is 101 where at most 100"),
    (f"{RULE}blockbuster = '60'", "rules[0].blockbuster", '"60" where a number is due'),
    (f"{RULE}blockbuster = true", "rules[0].blockbuster", "true where a number is due"),
    (f"{RULE}probability = nan", "rules[0].probability", "a finite number is due"),
    (f"{RULE}turnover = -1", "alerts.rules[0].turnover", "it is -1 where 0 or more"),
    (f"{RULE}watched = 'yes'", "alerts.rules[0].watched", "true or false is due"),
    (f"{RULE}edge = 'no'", "alerts.rules[0].edge", "demonstrated is due"),
    (f"{RULE}{RULE}", "alerts.rules", 'two rules are called "x"'),
    ("[alerts]\nper_hour = 1.5", "alerts.per_hour", "1.5 where a whole number is due"),
    ("[alerts]\nper_day = 0", "alerts.per_day", "it is 0 where 1 or more is due"),
    ("alerts.quiet.from = '25:00'", "alerts.quiet.from", "(IST) like 22:30 is due"),
    ("alerts.quiet.from = 22:30:15", "alerts.quiet.from", "it is 22:30:15 where"),
    ("alerts.quiet = {from = '7:00', to = 07:00:00}", "alerts.quiet", "end when they"),
    ("alerts.quiet = {from_ = '7:00', to = '8:00'}", "quiet.from_", "nearest is from"),
    ("watch.symbols = 'TCS'", "watch.symbols", "a list is due"),
    ("watch.symbols = ['A B']", "watch.symbols[0]", "a symbol like RELIANCE is due"),
    ("watch.symbols = ['TCS', 5]", "watch.symbols[1]", "a symbol like RELIANCE is due"),
    (
        f"watch.symbols = [0x{'f' * 6000}]",
        "symbols[0]",
        "a symbol like RELIANCE is due",
    ),
    ("watch.symbols = [500325]", "symbols[0]", 'where a text, "500325" in quotes, is'),
    (f"{CALLED}channel = 'telegam'\nto = 1", "recipients[0].channel", "is telegram"),
    (f"{CALLED}channel = 'telegram'\nto = 'me'", 'to (of "me")', "a chat id like"),
    (f"{CALLED}channel = 'email'\nto = 'a@b.c,d@e.f'", "to (of", "an e-mail address"),
    (f"{CALLED}channel = 'email'\nto = \"a@b.c\\nx\"", "to (of", r'it is "a@b.c\nx"'),
    (f"{CALLED}channel = 'webhook'\nto = 'ftp://x'", "to (of", "like https://"),
    (f"{CALLED}channel = 'webhook'\nto = 'http://x:0/'", "to (of", "like https://"),
    (f"{CALLED}channel = 'apprise'\nto = 'a b'", "to (of", "a name of DEXTER_APPRISE"),
    (f"{CALLED}channel = 'email'\nto = 'a@b.c'\nthread = 1", "thread", "only a recip"),
    (2 * f"{CALLED}channel = 'telegram'\nto = 1\n", "recipients", 'are called "me"'),
    ("[email]\nuser = 'me'", "email", "does not say whom mail is from"),
    ("[email]\nsecurity = 'none'\nsender = 'a@b.c'", "email.security", "unencrypted"),
    ("[email]\nhost = 'a b'\nsender = 'a@b.c'", "email.host", "a mail server like"),
    ("[heartbeat]\nurl = 'hc.example'", "heartbeat.url", "an address like https://"),
    ("[budgets]\nusd_per_run = -1", "budgets.usd_per_run", "it is -1 where 0 or more"),
    ("[daily]\npoll_minutes = 0", "daily.poll_minutes", "it is 0 where 1 or more"),
    (
        f"[daily]\nconcurrency = 0x{'f' * 6000}",
        "daily.concurrency",
        "a very long number",
    ),
]


@pytest.mark.parametrize(("text", "where", "why"), UNUSABLE)
def test_a_refusal_names_the_key_and_what_is_due(
    tmp_path: Path, text: str, where: str, why: str
) -> None:
    error = refused(written(tmp_path, text))
    assert f"{where}" in error.sentence
    assert why in error.sentence
    assert "config show --default" in error.hint


def test_unencrypted_mail_goes_to_this_machine_alone(tmp_path: Path) -> None:
    for host in ("localhost", "127.0.0.1", "::1"):
        text = f"[email]\nhost = '{host}'\nsecurity = 'none'\nsender = 'a@b.c'"
        found = read(written(tmp_path, text)).email
        assert found is not None
        assert (found.host, found.port) == (host, 25)


def test_all_faults_are_counted_and_listed_unknown_keys_first(tmp_path: Path) -> None:
    home = written(
        tmp_path, "[alerts.quiet]\nform = 1\nto = 5\n[daily]\npoll_minutes = 0"
    )
    error = refused(home)
    found = faults(home)
    assert error.sentence == found[0].sentence
    assert "lists all 4 of them" in error.hint
    assert [one.where for one in found] == [
        "alerts.quiet.form",
        "alerts.quiet.from",
        "alerts.quiet.to",
        "daily.poll_minutes",
    ]


def test_a_fault_is_not_told_again_by_what_follows_from_it(tmp_path: Path) -> None:
    home = written(tmp_path, "[email]\nsecurity = 'ssl'\nsender = 'a@b.c'")
    assert [one.where for one in faults(home)] == ["email.security"]


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"a = [", "it is not TOML: invalid value"),
        (b"a = 1\ra = 2", "it is not TOML"),
        (b"a = 1\nb = 2\na = 3\n", "a key stands there twice (at line 3"),
        (b"[daily]\n[daily]\n", "a table stands there twice (at line 2"),
        (b"a = 1\x00", "it is not TOML"),
        (b"# caf\xe9", "it is not UTF-8 (line 1)"),
        (b"a = 1\n# \xff", "it is not UTF-8 (line 2)"),
        ("# x".encode("utf-16"), "it is UTF-16; save it as UTF-8"),
        (b"#" * 10_000_000, "it has 10.0 MB, and 1 MB are the most"),
        (b"a = " + b"[" * 5000, "it is nested too deeply"),
        (b".".join([b"a"] * 3000) + b" = 1", "it is nested too deeply"),
        (b"a = " + b"9" * 5000, "too long or too large"),
        (b"a = 1e99999999999999999999", "too long or too large"),
    ],
    ids=lambda value: str(value)[:30],
)
def test_what_is_no_toml_file_is_told_in_a_sentence(
    tmp_path: Path, content: bytes, why: str
) -> None:
    home = written(tmp_path, content)
    assert why in refused(home).sentence
    assert [one.sentence for one in faults(home)] == [refused(home).sentence]


def test_a_byte_order_mark_and_windows_lines_are_read_over(tmp_path: Path) -> None:
    home = written(tmp_path, b"\xef\xbb\xbf[daily]\r\npoll_minutes = 7\r\n")
    assert read(home).daily.poll_minutes == 7


def test_what_is_no_file_is_not_taken_for_an_absent_one(tmp_path: Path) -> None:
    path = tmp_path / FILE
    path.mkdir()
    assert "it is a folder" in refused(tmp_path).sentence
    path.rmdir()
    os.mkfifo(path)
    assert "it is no file of text" in refused(tmp_path).sentence
    path.unlink()
    path.symlink_to("gone.toml")
    assert "it is a link to nothing" in refused(tmp_path).sentence
    path.unlink()
    path.symlink_to(FILE)
    assert "it cannot be read (too many levels" in refused(tmp_path).sentence


def test_a_file_that_may_not_be_read_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = written(tmp_path, "")

    def locked(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", locked)
    error = refused(home)
    assert "it cannot be read (permission denied)" in error.sentence
    assert "Let the user that runs dexter read it" in error.hint


@pytest.fixture(scope="module")
def fuzzed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home whose file is written again and again."""
    return tmp_path_factory.mktemp("fuzzed")


def _read_or_refused(home: Path) -> None:
    try:
        found = read(home)
    except OperatingError as error:
        told = [one.sentence for one in faults(home)]
        assert told[0] == error.sentence  # noqa: PT017 - either way is right
        assert all(one.isprintable() for one in told)
    else:
        assert isinstance(found, Operating)
        assert faults(home) == ()


@given(content=st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
def test_no_bytes_whatever_end_in_anything_else(fuzzed: Path, content: bytes) -> None:
    _read_or_refused(written(fuzzed, content))


_LINES = [line for line in FULL.splitlines() if line]
_VALUES = st.sampled_from(
    (
        *("1", "-1", "true", '"x"', "[]", "{}", "[1, [2]]", "{a = {b = 1}}", "nan"),
        *("1e400", "07:00:00", "2025-01-01", '"\\u001b"', "9" * 400, "[{}]", '"high"'),
    )
)


@given(
    lines=st.lists(st.sampled_from(_LINES), max_size=25),
    place=st.integers(0, 30),
    value=_VALUES,
)
def test_lines_in_any_order_with_any_value_end_in_nothing_else(
    fuzzed: Path, lines: list[str], place: int, value: str
) -> None:
    if place < len(lines) and "=" in lines[place]:
        lines[place] = f"{lines[place].partition('=')[0]}= {value}"
    _read_or_refused(written(fuzzed, "\n".join(lines)))
