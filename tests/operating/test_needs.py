"""What recipients need of the environment."""

from dataclasses import replace

import pytest

from dexter.operating import Email, Operating, Recipient
from dexter.operating.needs import Held, apprise_names, lacking

NOTHING = Held(
    telegram_token=False, smtp_password=False, webhook_secret=False, apprise=frozenset()
)
ALL = Held(
    telegram_token=True,
    smtp_password=True,
    webhook_secret=True,
    apprise=frozenset({"team"}),
)
ADDRESSES = {
    "telegram": "1",
    "email": "me@example.com",
    "webhook": "https://example.com",
    "apprise": "team",
}


def _of(*channels: str, email: Email | None = None) -> Operating:
    recipients = [
        {"name": f"{number}", "channel": channel, "to": ADDRESSES[channel]}
        for number, channel in enumerate(channels)
    ]
    made = tuple(Recipient.model_validate(one) for one in recipients)
    return Operating(recipients=made, email=email)


SIGNS_IN = Email(user="me@example.com")


@pytest.mark.parametrize(
    ("channel", "missing", "variable"),
    [
        ("telegram", "telegram_token", "DEXTER_TELEGRAM_TOKEN is not set"),
        ("email", "smtp_password", "DEXTER_SMTP_PASSWORD is not set"),
        ("webhook", "webhook_secret", "DEXTER_WEBHOOK_SECRET is not set"),
        ("apprise", "apprise", "DEXTER_APPRISE_URLS has no URL called team"),
    ],
)
def test_each_channel_needs_its_own_secret(
    channel: str, missing: str, variable: str
) -> None:
    operating = _of(channel, email=SIGNS_IN)
    assert lacking(operating, ALL) == ()
    without = replace(ALL, **{missing: getattr(NOTHING, missing)})
    (lack,) = lacking(operating, without)
    assert variable in lack.what
    assert lack.where.startswith("recipients[0]")
    assert lack.hint


def test_nobody_needs_the_secret_of_a_channel_that_is_not_used() -> None:
    assert lacking(_of(email=SIGNS_IN), NOTHING) == ()


def test_a_secret_many_recipients_need_is_told_once() -> None:
    found = lacking(_of("telegram", "telegram", "webhook", "telegram"), NOTHING)
    assert [lack.where for lack in found] == ["recipients[0]", "recipients[2]"]


def test_mail_needs_a_server_and_a_password_only_to_sign_in() -> None:
    (lack,) = lacking(_of("email"), ALL)
    assert "[email]" in lack.what
    open_door = Email(host="localhost", security="none", sender="a@example.com")
    assert lacking(_of("email", email=open_door), NOTHING) == ()


def test_names_of_apprise_never_hold_what_is_no_name() -> None:
    urls = (
        "team=slack://a/b/c \n me.2=tgram://t/1?x=y slack://secret?x=y lone= =z a/b=c"
    )
    assert apprise_names(urls) == {"team", "me.2"}
    assert apprise_names("") == frozenset()
