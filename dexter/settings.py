"""The only reader of the environment; ``.env`` in the working folder counts too."""

import os
import stat
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import get_args

from platformdirs import user_data_path
from pydantic import AliasChoices, Field, SecretStr, ValidationError
from pydantic_settings import (
    BaseSettings,
    DotEnvSettingsSource,
    SettingsConfigDict,
)

from dexter.errors import UnusableVariableError

_DOTENV = Path(".env")
_HERE = Path(__file__).resolve().parent


def _shelf() -> Path:
    """The read-only shelf: beside the packages in a checkout, inside a wheel."""
    beside = _HERE.parent / "data"
    return beside if beside.is_dir() else _HERE / "shelf"


class Settings(BaseSettings):
    """Everything the environment may say; unknown variables are ignored.

    Money is USD. Base URLs exist so that a loopback or compatible server can stand in.
    """

    model_config = SettingsConfigDict(
        env_prefix="DEXTER_",
        env_file=_DOTENV,
        env_ignore_empty=True,
        extra="ignore",
        populate_by_name=True,
        hide_input_in_errors=True,
    )

    home: Path = Field(default_factory=lambda: user_data_path("dexter"))
    shelf: Path = Field(default_factory=_shelf)
    database_url: SecretStr | None = None
    model: str = "offline"
    vision_model: str | None = None
    # Of questions and tables of features; training and backtests never do.
    tones_in_hindsight: bool = False
    budget_usd_per_run: Decimal = Field(default=Decimal(1), ge=0)
    budget_usd_per_day: Decimal = Field(default=Decimal(10), ge=0)
    budget_usd_per_key: Decimal | None = Field(default=None, ge=0)
    concurrency: int = Field(default=16, ge=1, le=256)
    model_requests_per_minute: int = Field(default=50, ge=1)
    workers: int | None = Field(default=None, ge=1, le=256)
    dask_scheduler: str | None = None
    document_seconds: float = Field(default=300, gt=0)
    worker_megabytes: int = Field(default=4096, ge=512)
    source_requests_per_second: int = Field(default=2000, ge=1)
    bse_base_url: str | None = None
    nse_base_url: str | None = None
    nse_archives_base_url: str | None = None
    yahoo_base_url: str | None = None
    sources_file: Path | None = None
    source_pace: float = Field(default=1, ge=0)
    anthropic_api_key: SecretStr | None = Field(
        default=None, validation_alias=AliasChoices("ANTHROPIC_API_KEY")
    )
    anthropic_base_url: str | None = Field(
        default=None, validation_alias=AliasChoices("ANTHROPIC_BASE_URL")
    )
    openai_api_key: SecretStr | None = Field(
        default=None, validation_alias=AliasChoices("OPENAI_API_KEY")
    )
    openai_base_url: str | None = Field(
        default=None, validation_alias=AliasChoices("OPENAI_BASE_URL")
    )
    telegram_token: SecretStr | None = None
    telegram_base_url: str | None = None
    telegram_chat_id: str | None = None
    smtp_url: SecretStr | None = None
    smtp_password: SecretStr | None = None
    webhook_secret: SecretStr | None = None
    apprise_urls: SecretStr | None = None

    def exposed(self) -> tuple[str, ...]:
        """The secrets in ``.env``, where everybody on this machine can read it."""
        if os.name != "posix" or not _DOTENV.is_file():
            return ()
        if not _DOTENV.stat().st_mode & stat.S_IROTH:
            return ()
        said = DotEnvSettingsSource(type(self)).env_vars
        names = (_variable(name) for name in _secrets(type(self)))
        return tuple(name for name in names if said.get(name.lower()))


def _secrets(settings: type[Settings]) -> Iterator[str]:
    for name, field in settings.model_fields.items():
        if SecretStr in get_args(field.annotation):
            yield name


def _variable(name: str) -> str:
    """The variable of a setting."""
    theirs = name.upper().startswith(("ANTHROPIC_", "OPENAI_"))
    return name.upper() if theirs else f"DEXTER_{name.upper()}"


def load() -> Settings:
    """Read the environment.

    Raises:
        UnusableVariableError: what a variable holds cannot be used.
    """
    try:
        return Settings()
    except ValidationError as error:
        first = error.errors()[0]
        variable = _variable("_".join(str(part) for part in first["loc"]))
        raise UnusableVariableError(variable, first["msg"].lower()) from error
