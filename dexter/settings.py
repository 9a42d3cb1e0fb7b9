"""The only reader of the environment; ``.env`` in the working folder counts too."""

from decimal import Decimal
from pathlib import Path

from platformdirs import user_data_path
from pydantic import AliasChoices, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from dexter.errors import UnusableVariableError

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
        env_file=".env",
        env_ignore_empty=True,
        extra="ignore",
        populate_by_name=True,
        hide_input_in_errors=True,
    )

    home: Path = Field(default_factory=lambda: user_data_path("dexter"))
    shelf: Path = Field(default_factory=_shelf)
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
    smtp_password: SecretStr | None = None
    webhook_secret: SecretStr | None = None
    apprise_urls: SecretStr | None = None


def load() -> Settings:
    """Read the environment.

    Raises:
        UnusableVariableError: what a variable holds cannot be used.
    """
    try:
        return Settings()
    except ValidationError as error:
        first = error.errors()[0]
        name = "_".join(str(part) for part in first["loc"]).upper()
        theirs = name.startswith(("ANTHROPIC_", "OPENAI_"))
        variable = name if theirs else f"DEXTER_{name}"
        raise UnusableVariableError(variable, first["msg"].lower()) from error
