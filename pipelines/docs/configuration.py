"""docs/configuration.md: what the operator decides, key by key, and the whole file."""

from collections.abc import Iterator

from pydantic.fields import FieldInfo

from dexter.operating import Operating
from dexter.operating.example import example, words, written
from dexter.operating.kinds import Part
from dexter.operating.layout import fields, inner, is_list
from pipelines.docs.markdown import prose, table

_INTRO = """
What the operator decides stands in `dexter.toml` in `DEXTER_HOME`: who is told of what,
how loudly and when, which companies matter most, and what may be spent. Without the
file everything is the default, alerts are kept and nobody is told. A file that cannot
be used is refused in a sentence that names the key, counted from 0
(`alerts.rules[2].confidence`), and never half obeyed.

`dexter config show` says what is in force and who said so; `dexter config show
--default` prints the file below to begin with; `dexter config check` ends with 2 where
the file, or the secrets it needs, cannot be used, and lists every reason.

Secrets never stand in the file: a password, a token, or an address that signs in or
asks with `?token=` or the like is refused. They are the environment's (or `.env`'s):
`DEXTER_TELEGRAM_TOKEN`, `DEXTER_SMTP_PASSWORD` or `DEXTER_SMTP_URL`,
`DEXTER_WEBHOOK_SECRET` and `DEXTER_APPRISE_URLS`, which holds `NAME=URL` pairs apart by
spaces or lines. `config check` warns of a `.env` that everybody can read.
"""
_OUTSIDE = """
`DEXTER_TELEGRAM_CHAT_ID` is a recipient called `telegram`, who hears of alerts of
medium priority or more and of notices. Where the file names a recipient by telegram,
the file has the last word and the variable is not looked at.

`DEXTER_SMTP_URL` is the mail server in one line: `smtps://USER:PASSWORD@HOST:465` for
TLS from the first byte, `smtp://USER:PASSWORD@HOST:587` for STARTTLS, and
`smtp://localhost:25`, unencrypted, to this machine alone. What is special in user or
password is percent-encoded: `%2F` for `/`, `%40` for `@`. It has the last word: it
stands in for `host`, `security`, `port` and `user` of `[email]`, for all four whatever
the file says of them, so that a password never goes to another server than its own.
`sender` and `reply_to` stay the file's; without a `sender` mail is from the user, who
must then be an address. A password in it stands in for `DEXTER_SMTP_PASSWORD`, which
counts where the URL holds none.

`config show` marks what the environment said and shows no password, and of a user only
one that is an address; `config check` warns of what is said twice.
"""
_RULES = """
Rules look at the fields of an alert and never at its words. They are tried in their
order; the first whose conditions all hold speaks. Where it says silent, or none holds,
the result is not alerted, and the reason is kept beside the filing: the nearest miss
with its value, and what other rules lacked.

The default rules give every alert its own priority: high for a score of 80 or more that
the model's confidence agrees with, medium for either alone. An amendment of an alert
that went out is always sent.

A data grade is that of the weakest figure an alert rests on, so `grade` asks that none
is weaker. `imported` comes after C: of a row nothing was even tried.
"""
_MONEY = """
The first that says something: `--budget`, the environment
(`DEXTER_BUDGET_USD_PER_RUN`, `DEXTER_BUDGET_USD_PER_DAY`), the file, the default. A
file that cannot be used stops every run that could cost money.
"""


def blocks() -> Iterator[str]:
    """The page, block by block."""
    yield "# Configuration"
    yield prose(_INTRO)
    yield "## How rules decide"
    yield prose(_RULES)
    yield "## Who has the last word on money"
    yield prose(_MONEY)
    yield "## Telegram and mail by the environment"
    yield prose(_OUTSIDE)
    yield "## Every key"
    yield from _parts(Operating, "")
    yield "## The file to begin with"
    yield f"```toml\n{example()}```"


def _parts(part: type[Part], path: str) -> Iterator[str]:
    """A section for each table, and for those within it."""
    for key, _, field in fields(part):
        held = inner(field)
        if held is None:
            continue
        name = f"{path}{key}"
        yield f"### {f'[[{name}]]' if is_list(field) else f'[{name}]'}"
        yield prose(field.description)
        yield prose(words(held))
        yield table(("key", "when left out", "meaning"), _rows(held))
        yield from _parts(held, f"{name}.")


def _rows(part: type[Part]) -> Iterator[tuple[str, str, str]]:
    for key, _, field in fields(part):
        if inner(field) is None:
            yield f"`{key}`", _left_out(field), prose(field.description)


def _left_out(field: FieldInfo) -> str:
    if field.is_required():
        return "not to be left out"
    if field.default_factory is not None:
        return "as said"
    return "–" if field.default is None else f"`{written(field.default)}`"
