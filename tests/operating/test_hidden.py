"""Secrets in dexter.toml are refused wherever they stand, and never repeated."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dexter.operating import FILE, faults, read
from tests.operating.test_reading import refused, written

TOKEN = "8123456789:AAF-made_up_MADE-UP_made-up_MADE-up"  # noqa: S105 - made up
MODEL_KEY = "sk-made-up-MADE-UP-made-up-MADE-UP"
HOOK = "https://hooks.slack.com/services/T000/B000/madeup"
SIGNED = "https://me:madeup@example.com/x"


@pytest.mark.parametrize(
    ("text", "where", "secret", "variable"),
    [
        (
            '[email]\npassword = "madeup"',
            "email.password",
            "madeup",
            "DEXTER_SMTP_PASSWORD",
        ),
        (
            '[smtp]\nPassWord = "madeup"',
            "smtp.PassWord",
            "madeup",
            "DEXTER_SMTP_PASSWORD",
        ),
        (
            "[telegram]\ntoken = 12345",
            "telegram.token",
            "12345",
            "DEXTER_TELEGRAM_TOKEN",
        ),
        (
            'webhook.secret = "madeup"',
            "webhook.secret",
            "madeup",
            "DEXTER_WEBHOOK_SECRET",
        ),
        ('openai_api_key = "madeup"', "openai_api_key", "madeup", "OPENAI_API_KEY"),
        ('db_passwd = "madeup"', "db_passwd", "madeup", "the environment or .env"),
        (f'x = "{TOKEN}"', "at x", TOKEN, "DEXTER_TELEGRAM_TOKEN"),
        (f'watch.symbols = ["TCS", "{TOKEN}"]', "watch.symbols[1]", TOKEN, "TELEGRAM"),
        (f'x = [[{{y = "bot{TOKEN}"}}]]', "x[0][0].y", TOKEN, "DEXTER_TELEGRAM_TOKEN"),
        (
            f'[heartbeat]\nurl = "https://a/bot{TOKEN}/b"',
            "heartbeat.url",
            TOKEN,
            "TOKEN",
        ),
        (f'[daily]\n"{TOKEN}" = 1', "at daily:", TOKEN, "DEXTER_TELEGRAM_TOKEN"),
        (
            f'[[recipients]]\nto = "{HOOK}"',
            "recipients[0].to",
            HOOK,
            "DEXTER_APPRISE_URLS",
        ),
        (f'[heartbeat]\nurl = "{SIGNED}"', "heartbeat.url", SIGNED, "the environment"),
        (
            f'x = "{MODEL_KEY}"',
            "at x",
            MODEL_KEY,
            "ANTHROPIC_API_KEY or OPENAI_API_KEY",
        ),
    ],
)
def test_a_secret_is_sent_back_to_the_environment(
    tmp_path: Path, text: str, where: str, secret: str, variable: str
) -> None:
    error = refused(written(tmp_path, text))
    assert where in error.sentence
    assert "secrets belong to the environment" in error.sentence
    assert variable in error.hint
    assert secret not in f"{error.sentence} {error.hint}"


@pytest.mark.parametrize(
    ("channel", "to"),
    [("webhook", "https://me@example.com/x"), ("apprise", "slack://aaa/bbb/ccc")],
)
def test_an_address_that_carries_a_secret_is_not_repeated(
    tmp_path: Path, channel: str, to: str
) -> None:
    text = f'[[recipients]]\nname = "x"\nchannel = "{channel}"\nto = "{to}"'
    error = refused(written(tmp_path, text))
    assert 'recipients[0].to (of "x")' in error.sentence
    assert to not in error.sentence


def test_every_secret_is_listed_before_anything_else(tmp_path: Path) -> None:
    text = f'[daily]\nbudget = 1\n[email]\npassword = "x"\nuser = "{TOKEN}"'
    home = written(tmp_path, text)
    assert [one.where for one in faults(home)] == ["email.password", "email.user"]


@pytest.mark.parametrize(
    "asked",
    [
        "?token=madeup",
        "?a=1&secret=madeup",
        "?a=1;password=madeup",
        "?access_token=madeup&b",
        "?X-Amz-Signature=madeup",
        "?se=2030&sig=madeup",
        "?api-key=madeup",
        "?key=madeup",
        "?tok%65n=madeup",
        "#access_token=madeup",
    ],
)
@pytest.mark.parametrize(
    "frame",
    [
        '[heartbeat]\nurl = "{}"',
        '[[recipients]]\nname = "x"\nchannel = "webhook"\nto = "{}"',
    ],
)
def test_an_address_that_asks_with_a_secret_is_refused(
    tmp_path: Path, frame: str, asked: str
) -> None:
    error = refused(written(tmp_path, frame.format(f"https://h.example/x{asked}")))
    assert "secrets belong to the environment" in error.sentence
    assert "madeup" not in f"{error.sentence} {error.hint}"


@pytest.mark.parametrize("asked", ["", "?status=up&msg=OK", "?token=", "?keys=1#top"])
def test_an_address_that_asks_for_something_else_is_none(
    tmp_path: Path, asked: str
) -> None:
    url = f"https://h.example/x{asked}"
    found = read(written(tmp_path, f'heartbeat.url = "{url}"')).heartbeat
    assert found is not None
    assert found.url == url


def test_ordinary_values_are_no_secrets(tmp_path: Path) -> None:
    text = '[[recipients]]\nname = "12:30 call"\nchannel = "webhook"\n'
    text += 'to = "http://127.0.0.1:8080/alerts-of-this-very-small-machine-here"'
    assert read(written(tmp_path, text)).recipients[0].name == "12:30 call"


@pytest.fixture(scope="module")
def fuzzed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home whose file is written again and again."""
    return tmp_path_factory.mktemp("fuzzed")


@given(
    token=st.from_regex(r"[1-9][0-9]{5,9}:[A-Za-z0-9_-]{30,40}", fullmatch=True),
    frame=st.sampled_from(
        (
            '[[recipients]]\nname = "{}"',
            '[[recipients]]\nname = "a"\nchannel = "{}"',
            '[[recipients]]\nname = "a"\nchannel = "telegram"\nto = "{}"',
            '[[alerts.rules]]\nname = "{}"\npriority = 5',
            'alerts.quiet.from = "{}"',
            '"{}".x = 1',
            'email.host = "x {} x"',
        )
    ),
)
def test_a_token_is_never_repeated(fuzzed: Path, token: str, frame: str) -> None:
    (fuzzed / FILE).write_text(frame.format(token))
    found = faults(fuzzed)
    assert found
    assert all(token not in f"{one.sentence} {one.hint}" for one in found)
