"""``dexter config``: what the operator decided, and whether it can be used."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Protocol

from pydantic import SecretStr

from dexter.alerts.discretion import HIDDEN
from dexter.errors import DexterError, UnusableVariableError
from dexter.operating import FILE, Operating, faults, read
from dexter.operating.example import example
from dexter.operating.inforce import Origin, Said, in_force
from dexter.operating.needs import Held, Lack, apprise_names, lacking
from dexter.operating.oddities import oddities
from dexter.operating.outside import CHAT_ID, SERVER_KEYS, SMTP_URL, names_chats
from pipelines import budgets
from pipelines.commands import screen
from pipelines.outside import (
    Environment,
    holds_password,
    laid_over,
    operating_of,
    said_outside,
)
from pipelines.runtime import settings_here
from pipelines.variables import Variables, unusable

_NOBODY = Lack(
    "recipients",
    "there are none: alerts are kept and shown, and nobody is told",
    "Add some: `dexter config show --default` has an example.",
)
_SILENT = Lack(
    "alerts.rules",
    "there are none: only watched companies are alerted, if watched_priority is set",
    "Leave the key away to have the default rules.",
)


_OUTSIDE = "environment"
_ONE = "Take one of the two away."
OWN = "Keep it to yourself: chmod 600 .env"


class Secrets(Environment, Variables, Protocol):
    """What the environment holds for channels."""

    smtp_password: SecretStr | None
    webhook_secret: SecretStr | None

    def exposed(self) -> tuple[str, ...]:
        """The secrets in a file everybody can read."""
        ...


@dataclass(frozen=True, slots=True)
class Checked:
    """What is wrong with a file, and what is only odd."""

    problems: tuple[Lack, ...]
    warnings: tuple[Lack, ...]


def show(*, default: bool, as_json_too: bool) -> int:
    """What is in force and where each part was said, or the file to begin with.

    Args:
        default: The complete file with every default and word instead.
        as_json_too: One JSON document on stdout.

    Raises:
        OperatingError: the file cannot be used.
        UnusableVariableError: what the environment says instead cannot be used.
    """
    if default:
        text = example()
        screen.print_json({"text": text} if as_json_too else text.rstrip("\n"))
        return 0
    settings = settings_here()
    found = (settings.home / FILE).is_file()
    outside = said_outside(read(settings.home), operating_of(settings))
    operating = _discreet(operating_of(settings), outside)
    entries = tuple(
        replace(one, origin=Origin.ENVIRONMENT) if one.key in outside else one
        for one in in_force(operating, _budgets(operating, settings))
    )
    secrets, names = _words(settings), sorted(held(settings).apprise)
    if as_json_too:
        document = {
            "file": str(settings.home / FILE),
            "found": found,
            **_document(operating, entries),
            "secrets": secrets,
            "apprise": names,
        }
        screen.print_json(document)
        return 0
    from dexter.console import configuration as view  # noqa: PLC0415 - heavy

    if names:
        secrets["DEXTER_APPRISE_URLS"] += f": {', '.join(names)}"
    view.shown(settings.home / FILE, entries, secrets, screen.out(), found=found)
    return 0


def check(*, as_json_too: bool) -> int:
    """Whether the file can be used and every secret it needs is set; 2 if not.

    Args:
        as_json_too: One JSON document on stdout.
    """
    settings = settings_here()
    path = settings.home / FILE
    checked = checked_here(settings)
    if as_json_too:
        screen.print_json(
            {
                "status": "unusable" if checked.problems else "fine",
                "file": str(path),
                "found": path.is_file(),
                **asdict(checked),
            }
        )
    else:
        from dexter.console import configuration as view  # noqa: PLC0415 - heavy

        view.checked(
            path,
            checked.problems,
            checked.warnings,
            screen.out(),
            found=path.is_file(),
        )
    return 2 if checked.problems else 0


def checked_here(settings: Secrets) -> Checked:
    """Everything that is wrong or odd with the file of a home and the environment.

    Args:
        settings: Where the file and the directory of companies are, and the secrets.
    """
    wrong = faults(settings.home)
    if wrong:
        told = tuple(Lack(e.where, e.why, e.hint) for e in wrong)
        return Checked((*told, *_variables(settings)), _exposed(settings))
    filed = read(settings.home)
    operating, refused = laid_over(filed, settings)
    problems = (*map(_lack, refused), *lacks(operating, settings))
    return Checked(problems, _odd(filed, operating, settings))


def lacks(operating: Operating, settings: Secrets) -> tuple[Lack, ...]:
    """What of the environment cannot be used, and what recipients need of it.

    Args:
        operating: What is in force.
        settings: The secrets.
    """
    return (*_variables(settings), *lacking(operating, held(settings)))


def held(settings: Secrets) -> Held:
    """Which secrets the environment holds."""
    urls = settings.apprise_urls
    passes = settings.smtp_password is not None or holds_password(settings.smtp_url)
    return Held(
        telegram_token=settings.telegram_token is not None,
        smtp_password=passes,
        webhook_secret=settings.webhook_secret is not None,
        apprise=apprise_names(urls.get_secret_value()) if urls else frozenset(),
    )


def _variables(settings: Secrets) -> tuple[Lack, ...]:
    return tuple(map(_lack, unusable(settings)))


def _lack(error: UnusableVariableError) -> Lack:
    return Lack(_OUTSIDE, error.sentence.rstrip("."), error.hint)


def _discreet(operating: Operating, outside: Collection[str]) -> Operating:
    """Without the user a URL signs in, who may be a key; an address is none."""
    office = operating.email
    user = office.user if office and "email.user" in outside else None
    if office is None or user is None or "@" in user:
        return operating
    hidden = office.model_copy(update={"user": HIDDEN})
    return operating.model_copy(update={"email": hidden})


def _words(settings: Secrets) -> dict[str, str]:
    """Each secret as set or not set; never its value."""
    secrets = {
        "DEXTER_TELEGRAM_TOKEN": settings.telegram_token,
        "DEXTER_SMTP_PASSWORD": settings.smtp_password,
        SMTP_URL: settings.smtp_url,
        "DEXTER_WEBHOOK_SECRET": settings.webhook_secret,
        "DEXTER_APPRISE_URLS": settings.apprise_urls,
    }
    return {name: "not set" if one is None else "set" for name, one in secrets.items()}


def _odd(filed: Operating, operating: Operating, settings: Secrets) -> tuple[Lack, ...]:
    odd = [] if operating.recipients else [_NOBODY]
    if not operating.alerts.rules:
        odd.append(_SILENT)
    odd += oddities(operating)
    if operating.watch.symbols:
        odd += _unknown(operating.watch.symbols, settings.home)
    return (*odd, *_said_twice(filed, settings), *_exposed(settings))


def _said_twice(filed: Operating, settings: Secrets) -> Iterator[Lack]:
    """What the file and the environment both say, so that one is not looked at."""
    if settings.telegram_chat_id is not None and names_chats(filed):
        what = f"{CHAT_ID} is not looked at: dexter.toml says who is told by telegram"
        yield Lack(_OUTSIDE, what, _ONE)
    mine = filed.email.model_fields_set if filed.email else set()
    unread = [key for key in SERVER_KEYS if key in mine]
    if settings.smtp_url is not None and unread:
        what = f"not looked at ({', '.join(unread)}): {SMTP_URL} says which server"
        yield Lack("email", what, _ONE)
    if settings.smtp_password is not None and holds_password(settings.smtp_url):
        what = f"DEXTER_SMTP_PASSWORD is not looked at: {SMTP_URL} holds a password"
        yield Lack(_OUTSIDE, what, _ONE)


def _exposed(settings: Secrets) -> tuple[Lack, ...]:
    names = settings.exposed()
    if not names:
        return ()
    what = f"everybody on this machine can read it, and it holds {', '.join(names)}"
    return (Lack(".env", what, OWN),)


def _unknown(symbols: Sequence[str], home: Path) -> Sequence[Lack]:
    from pipelines.commands.watched import unknown  # noqa: PLC0415 - heavy

    try:
        return unknown(symbols, home)
    except DexterError as error:
        why = f"the watched symbols were not looked up: {error.sentence.rstrip('.')}"
        return [Lack("watch.symbols", why, error.hint)]


def _budgets(operating: Operating, settings: budgets.Environment) -> dict[str, Said]:
    most = budgets.ceilings(operating.budgets, settings)
    return {
        key: Said(key, one.usd, one.origin)
        for key, one in (
            ("budgets.usd_per_run", most.run),
            ("budgets.usd_per_day", most.day),
        )
    }


def _document(operating: Operating, entries: Sequence[Said]) -> dict[str, Any]:
    said = {one.key: one for one in entries}
    values = operating.model_dump(mode="json", by_alias=True)
    for key in values["budgets"]:
        values["budgets"][key] = str(said[f"budgets.{key}"].value)
    origins = {key: one.origin.value for key, one in said.items()}
    return {"values": values, "said": origins}
