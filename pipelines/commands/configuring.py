"""``dexter config``: what the operator decided, and whether it can be used."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Protocol

from pydantic import SecretStr

from dexter.errors import DexterError
from dexter.operating import FILE, Operating, faults, read
from dexter.operating.example import example
from dexter.operating.inforce import Said, in_force
from dexter.operating.needs import Held, Lack, apprise_names, lacking
from pipelines.budgets import Environment, ceilings
from pipelines.commands import screen
from pipelines.runtime import settings_here

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


class Secrets(Protocol):
    """What the environment holds for channels."""

    telegram_token: SecretStr | None
    smtp_password: SecretStr | None
    webhook_secret: SecretStr | None
    apprise_urls: SecretStr | None


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
    """
    if default:
        text = example()
        screen.print_json({"text": text} if as_json_too else text.rstrip("\n"))
        return 0
    settings = settings_here()
    operating, found = read(settings.home), (settings.home / FILE).is_file()
    entries = in_force(operating, _budgets(operating, settings))
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
    checked = checked_here(settings.home, held(settings))
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


def checked_here(home: Path, there: Held) -> Checked:
    """Everything that is wrong or odd with the file of a home.

    Args:
        home: Where the file and the directory of companies are.
        there: Which secrets the environment holds.
    """
    wrong = faults(home)
    if wrong:
        return Checked(tuple(Lack(e.where, e.why, e.hint) for e in wrong), ())
    operating = read(home)
    return Checked(lacking(operating, there), _odd(operating, home))


def held(settings: Secrets) -> Held:
    """Which secrets the environment holds."""
    urls = settings.apprise_urls
    return Held(
        telegram_token=settings.telegram_token is not None,
        smtp_password=settings.smtp_password is not None,
        webhook_secret=settings.webhook_secret is not None,
        apprise=apprise_names(urls.get_secret_value()) if urls else frozenset(),
    )


def _words(settings: Secrets) -> dict[str, str]:
    """Each secret as set or not set; never its value."""
    secrets = {
        "DEXTER_TELEGRAM_TOKEN": settings.telegram_token,
        "DEXTER_SMTP_PASSWORD": settings.smtp_password,
        "DEXTER_WEBHOOK_SECRET": settings.webhook_secret,
        "DEXTER_APPRISE_URLS": settings.apprise_urls,
    }
    return {name: "not set" if one is None else "set" for name, one in secrets.items()}


def _odd(operating: Operating, home: Path) -> tuple[Lack, ...]:
    odd = [] if operating.recipients else [_NOBODY]
    if not operating.alerts.rules:
        odd.append(_SILENT)
    if operating.watch.symbols:
        odd += _unknown(operating.watch.symbols, home)
    return tuple(odd)


def _unknown(symbols: Sequence[str], home: Path) -> Sequence[Lack]:
    from pipelines.commands.watched import unknown  # noqa: PLC0415 - heavy

    try:
        return unknown(symbols, home)
    except DexterError as error:
        why = f"the watched symbols were not looked up: {error.sentence.rstrip('.')}"
        return [Lack("watch.symbols", why, error.hint)]


def _budgets(operating: Operating, settings: Environment) -> dict[str, Said]:
    most = ceilings(operating.budgets, settings)
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
