"""The only place that wires implementations to ports.

A :class:`Desk` is an open home: its market (the real data, or the bundled sample while
there is none), its journal, and the model asked for. From it each run gets a journalled
``Runtime``; replay gets one made of the record alone.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import (
    AbstractAsyncContextManager,
    AbstractContextManager,
    contextmanager,
)
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dexter.domain.research import JournalHead
from dexter.errors import ReplayMissError, UnusableVariableError
from dexter.journal import Journal, SqliteJournalStore, journalled
from dexter.llm.choose import Access, ModelChoice, ProviderName, connect, parse_model
from dexter.ports import (
    Clock,
    Compute,
    Directory,
    FilingSource,
    LanguageModel,
    NewsSource,
    Predictor,
    PriceSource,
    Runtime,
)
from dexter.settings import Settings, load
from pipelines.clock import SystemClock
from pipelines.ingest.report import OnProgress, silent
from pipelines.throttled import throttled

if TYPE_CHECKING:
    from dexter.domain.alert import ModelCard
    from dexter.sources.opened import Sources
    from dexter.store.database import Database
    from dexter.store.runs import RunHeads

SAMPLE = "sample"
REAL = "NSE/BSE"
_SOURCES = "DEXTER_HOME or the file .env"
OnText = Callable[[str, str], None]


@dataclass(frozen=True, slots=True)
class Market:
    """Which market a home answers from, and the bounds of what it knows."""

    name: str
    home: Path
    fictional: bool
    earliest: date | None
    latest: datetime | None


class Desk:
    """An open home. Reads lazily: nothing is imported before it is needed."""

    def __init__(self, settings: Settings, market: Market) -> None:
        self.settings = settings
        self.market = market
        self.clock = SystemClock()
        self._journals: SqliteJournalStore | None = None
        self._ports: Mapping[str, Any] | None = None

    @property
    def journals(self) -> SqliteJournalStore:
        """The journal of all runs of this home."""
        if self._journals is None:
            self._journals = open_journals(self.settings)
        return self._journals

    def header(self, query: str, as_of: datetime | None, model: str) -> dict[str, Any]:
        """What a run begins with, so that it can be asked again the same."""
        market = self.market
        return {
            "query": query,
            "as_of": as_of,
            "model": model,
            "started": self.clock.present().isoformat(),
            "market": market.name,
            "fictional": market.fictional,
            "earliest": market.earliest,
            "latest": market.latest,
        }

    def runtime(self, journal: Journal, model: LanguageModel) -> Runtime:
        """The ports of a run, every call a step of its journal."""
        ports = self._open_ports()
        return _wired(journal, model, ports, journal.header)

    def model(
        self,
        spec: str | None,
        budget: Decimal | None = None,
        on_text: OnText | None = None,
    ) -> LanguageModel:
        """The model asked for, or the one the settings name.

        Raises:
            SettingError: the name is of no known form, no budget can hold it, or
                ``dexter.toml``, which says the budgets, cannot be used.
            ModelKeyError: its provider needs a key.
        """
        choice = parse_model(spec or self.settings.model)
        if choice.provider is ProviderName.OFFLINE:
            from dexter.llm.offline import OfflineModel  # noqa: PLC0415 - start-up

            return OfflineModel()
        return self._budgeted(choice, budget, on_text)

    async def champion(self) -> "ModelCard":
        """What the champion says of itself.

        Raises:
            PredictorError: there is none.
        """
        card: ModelCard = await self._open_ports()["predictor"].card()
        return card

    def on_market(self, header: Mapping[str, Any]) -> "Desk":
        """This desk, or one on the market a recorded run was about."""
        if header["market"] == self.market.name:
            return self
        self.close()
        return open_desk(self.settings, sample=header["market"] == SAMPLE)

    def document(self, sha256: str) -> bytes | None:
        """A document as kept, of the real data or of the sample."""
        from dexter.store.documents import Documents  # noqa: PLC0415 - start-up

        for home in (self.settings.home, self.settings.home / SAMPLE):
            content = Documents(home).read(sha256)
            if content is not None:
                return content
        return None

    @contextmanager
    def database(self) -> Iterator["Database"]:
        """The database of the market that is answered from."""
        from dexter.store.database import Database  # noqa: PLC0415 - start-up

        opened = Database.open(self.market.home)
        try:
            yield opened
        finally:
            opened.close()

    def keep_head(self, run_id: str, head: JournalHead, report_sha256: str) -> None:
        """Keep the head of a run outside its journal, in the store."""
        with self._heads() as heads:
            heads.save_head(run_id, head, report_sha256)

    def kept_head(self, run_id: str) -> JournalHead | None:
        """The head kept when a run ended, if it did."""
        with self._heads() as heads:
            return heads.head(run_id)

    @contextmanager
    def _heads(self) -> Iterator["RunHeads"]:
        from dexter.store.database import Database  # noqa: PLC0415 - start-up
        from dexter.store.runs import RunHeads  # noqa: PLC0415

        database = Database.open(self.settings.home)
        try:
            yield RunHeads(database)
        finally:
            database.close()

    def close(self) -> None:
        """Give the files back."""
        if self._ports is not None:
            self._ports["database"].close()

    def _budgeted(
        self, choice: ModelChoice, budget: Decimal | None, on_text: OnText | None
    ) -> LanguageModel:
        from dexter.llm.budgeted import BudgetedModel  # noqa: PLC0415 - start-up
        from dexter.llm.dayledger import FileDayLedger  # noqa: PLC0415
        from dexter.llm.ledger import Ledger  # noqa: PLC0415
        from dexter.llm.pricing import load_prices  # noqa: PLC0415
        from dexter.llm.retry import RetryPolicy  # noqa: PLC0415
        from dexter.llm.throttle import Throttle  # noqa: PLC0415
        from dexter.operating import read  # noqa: PLC0415
        from pipelines.budgets import ceilings  # noqa: PLC0415

        settings = self.settings
        most = ceilings(read(settings.home).budgets, settings)
        access = _access(settings, choice.provider)
        throttle = Throttle(settings.model_requests_per_minute)
        adapter = connect(choice, access, RetryPolicy(), throttle, on_text)
        spending = settings.home / "spending.db"
        ledger = Ledger(
            budget if budget is not None else most.run.usd,
            most.day.usd,
            key_ceiling=settings.budget_usd_per_key,
            day=FileDayLedger(spending, self.clock.present().date()),
            key=FileDayLedger(spending, None, access.fingerprint),
        )
        # A server of one's own has no list price; a budget asked for still binds it.
        local = access.base_url is not None and budget is None
        return BudgetedModel(adapter, ledger, load_prices(), allow_unpriced=local)

    def _open_ports(self) -> Mapping[str, Any]:
        if self._ports is None:
            self._ports = _open_ports(self.market, self.settings, self.clock)
        return self._ports


def settings_here() -> Settings:
    """The settings of this environment; the home as a whole path.

    Raises:
        UnusableVariableError: a variable, or the file .env, cannot be used.
    """
    try:
        settings = load()
        home = settings.home.expanduser().absolute()
    except (OSError, RuntimeError, UnicodeDecodeError) as error:
        raise UnusableVariableError(_SOURCES, str(error)) from error
    if settings.database_url is not None:
        from pipelines.database_url import check  # noqa: PLC0415 - start-up

        check(settings.database_url.get_secret_value(), home)
    return settings.model_copy(update={"home": home})


def open_desk(
    settings: Settings | None = None,
    *,
    sample: bool = False,
    on_progress: OnProgress = silent,
) -> Desk:
    """Open the home the environment names.

    Args:
        settings: Read from the environment when not given.
        sample: Answer from the bundled sample market whatever has been imported.
        on_progress: Told how far the sample is, the first time it is set up.
    """
    settings = settings or settings_here()
    real = None if sample else _real_market(settings.home)
    return Desk(settings, real or sample_market(settings, on_progress))


def open_compute(settings: Settings) -> AbstractContextManager[Compute]:
    """Where the settings want CPU work done, under their caps.

    Raises:
        ClusterError: a Dask cluster that cannot be used.
    """
    from pipelines.compute import opened  # noqa: PLC0415 - start-up
    from pipelines.pool import Caps  # noqa: PLC0415

    caps = Caps(settings.document_seconds, settings.worker_megabytes)
    return opened(settings.workers, settings.dask_scheduler, caps)


def open_sources(settings: Settings) -> AbstractAsyncContextManager["Sources"]:
    """Every source outside, at the addresses the settings name; nothing is asked yet.

    Raises:
        SettingError: an address that cannot be used.
    """
    from dexter.sources import opened  # noqa: PLC0415 - start-up
    from dexter.sources.config import load_config  # noqa: PLC0415

    named = {
        "bse_api": settings.bse_base_url,
        "bse_files": settings.bse_base_url,
        "nse": settings.nse_base_url,
        "nse_archives": settings.nse_archives_base_url,
        "yahoo": settings.yahoo_base_url,
    }
    bases = {key: base for key, base in named.items() if base}
    own = settings.home / "sources.toml"
    file = settings.sources_file or (own if own.is_file() else None)
    config = load_config(bases, pace=settings.source_pace, file=file)
    return opened.open_sources(config, settings.home / "cache", SystemClock().now)


def open_shelves() -> Desk:
    """A desk for looking at what is recorded and kept; no market is set up for it."""
    settings = settings_here()
    nowhere = Market(REAL, settings.home, fictional=False, earliest=None, latest=None)
    return Desk(settings, nowhere)


def open_journals(settings: Settings) -> SqliteJournalStore:
    """The journal file of a home, made when absent."""
    return SqliteJournalStore(settings.home / "journal.db")


def recorded_runtime(journal: Journal) -> Runtime:
    """A runtime for replay: made of the record alone; no port can be reached."""
    gone: Any = _Unreachable(str(journal.header["model"]))
    ports = dict.fromkeys([name for name, _ in _PROTOCOLS] + ["clock"], gone)
    return _wired(journal, gone, ports, journal.header)


def unreachable_model(journal: Journal) -> LanguageModel:
    """What stands in a model's place in a replay: its name, and nobody behind it."""
    gone: Any = _Unreachable(str(journal.header["model"]))
    model: LanguageModel = gone
    return model


def sample_market(settings: Settings, on_progress: OnProgress = silent) -> Market:
    """The bundled sample, imported into its own corner of the home on first use."""
    from dexter.store.reach import earliest  # noqa: PLC0415 - start-up
    from pipelines.ingest.sample import ensure_sample  # noqa: PLC0415

    shelf = settings.shelf / "sample"
    ensure_sample(shelf, settings.home, on_progress=on_progress)
    said = json.loads((shelf / "SAMPLE.json").read_text(encoding="utf-8"))
    home = settings.home / "sample"
    latest = datetime.fromisoformat(said["as_of"])
    first = earliest(home)
    return Market(SAMPLE, home, fictional=True, earliest=first, latest=latest)


def _real_market(home: Path) -> Market | None:
    """The imported data of a home, if it holds any."""
    from dexter.store.database import DATABASE_FILE  # noqa: PLC0415 - start-up
    from dexter.store.reach import earliest  # noqa: PLC0415

    if not (home / DATABASE_FILE).is_file():
        return None
    known = earliest(home)
    if known is None:
        return None
    return Market(REAL, home, fictional=False, earliest=known, latest=None)


def _open_ports(market: Market, settings: Settings, clock: Clock) -> Mapping[str, Any]:
    from dexter.store.database import Database  # noqa: PLC0415 - start-up
    from dexter.store.directory import StoreDirectory  # noqa: PLC0415
    from dexter.store.filings import StoreFilings  # noqa: PLC0415
    from dexter.store.news import StoreNews  # noqa: PLC0415
    from dexter.store.prices import ParquetPrices  # noqa: PLC0415
    from registry.predictor import ChampionPredictor  # noqa: PLC0415
    from registry.store import ModelStore  # noqa: PLC0415

    database = Database.open(market.home)
    pace = settings.source_requests_per_second
    models = ModelStore(settings.shelf / "models", settings.home)
    return {
        "clock": clock,
        "directory": throttled(StoreDirectory(database), Directory, pace),
        "filings": throttled(StoreFilings(database), FilingSource, pace),
        "prices": throttled(ParquetPrices(database), PriceSource, pace),
        "news": throttled(
            StoreNews(database, hindsight=settings.tones_in_hindsight), NewsSource, pace
        ),
        "predictor": ChampionPredictor(models),
        "database": database,
    }


_PROTOCOLS: tuple[tuple[str, type], ...] = (
    ("directory", Directory),
    ("filings", FilingSource),
    ("prices", PriceSource),
    ("news", NewsSource),
    ("predictor", Predictor),
)


def _wired(
    journal: Journal,
    model: LanguageModel,
    ports: Mapping[str, Any],
    header: Mapping[str, Any],
) -> Runtime:
    wrapped = {
        name: journalled(ports[name], protocol, name, journal)
        for name, protocol in _PROTOCOLS
    }
    earliest, latest = header["earliest"], header["latest"]
    return Runtime(
        clock=journalled(ports["clock"], Clock, "clock", journal),
        model=journalled(model, LanguageModel, "model", journal),
        market=str(header["market"]),
        fictional=bool(header["fictional"]),
        earliest=date.fromisoformat(earliest) if earliest else None,
        latest=datetime.fromisoformat(latest) if latest else None,
        **wrapped,
    )


class _Unreachable:
    """Stands where ports and the model were; only the model's name is left."""

    def __init__(self, name: str) -> None:
        self.name = name

    def __getattr__(self, method: str) -> Any:  # noqa: ANN401 - any port's method
        """A method that is never called: replay answers from the record or raises."""

        async def unreachable(*_: object, **__: object) -> None:
            raise ReplayMissError(self.name, method)

        return unreachable


def _access(settings: Settings, provider: ProviderName) -> Access:
    if provider is ProviderName.ANTHROPIC:
        key, url = settings.anthropic_api_key, settings.anthropic_base_url
    else:
        key, url = settings.openai_api_key, settings.openai_base_url
    return Access(key.get_secret_value() if key else None, url)
