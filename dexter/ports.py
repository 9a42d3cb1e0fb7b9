"""The Protocols dexter's rooms speak through; wired once, in ``pipelines.runtime``.

Every method that touches the world is ``async`` and takes ``as_of``: the journal wraps
each port once, so that a call through it is a recorded step. Nothing published after
``as_of`` may come back. ``Compute`` touches nothing of the world and is not recorded.
"""

from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol, TypeVar

from dexter.domain.alert import FeatureVector, ModelCard, Prediction
from dexter.domain.briefs import Coverage
from dexter.domain.company import Company, CompanyMatch
from dexter.domain.conversation import ModelReply, ModelRequest
from dexter.domain.delivery import Message, Receipt
from dexter.domain.filing import ExpectedResults, Filing, Headline, ResultsEvent
from dexter.domain.market import (
    IndexHistory,
    MarketHistory,
    PriceHistory,
    SessionBars,
)
from dexter.domain.moment import AsOf
from dexter.domain.period import Quarter, Window
from dexter.domain.research import Plan, Task, TaskOutcome
from dexter.domain.results import QuarterFigures, SeasonPeer
from dexter.domain.run import StatementRecord

T = TypeVar("T")


class Clock(Protocol):
    """The only source of the present."""

    async def now(self) -> datetime:
        """The moment, with the IST offset."""
        ...


class Directory(Protocol):
    """Companies by symbol and by loose name."""

    async def find(self, text: str, limit: int) -> tuple[CompanyMatch, ...]:
        """The companies most like a piece of text, best first; score 0–100."""
        ...

    async def mentions(self, question: str) -> tuple[tuple[CompanyMatch, ...], ...]:
        """Companies mentioned in a question: per mention, the equally good matches.

        A mention nobody matches is not returned; ``find`` gives the nearest.
        """
        ...

    async def get(self, symbol: str) -> Company | None:
        """The company of a symbol (or former symbol), or none."""
        ...

    async def coverage(self, symbol: str, as_of: AsOf) -> Coverage:
        """Which quarters of a company have visible figures, newest first."""
        ...


class FilingSource(Protocol):
    """Filings, statements and results events, as known at a moment."""

    async def filings(self, symbol: str, as_of: AsOf, limit: int) -> tuple[Filing, ...]:
        """Documents of a company, newest publication first, unknown dates last."""
        ...

    async def statements(
        self, symbol: str, quarter: Quarter, as_of: AsOf
    ) -> tuple[StatementRecord, ...]:
        """Every version of every basis for a quarter, oldest publication first."""
        ...

    async def figures(self, symbol: str, as_of: AsOf) -> tuple[QuarterFigures, ...]:
        """Headline figures of all quarters and bases, oldest quarter first.

        Per quarter and basis the best visible source: an accepted statement before an
        imported row, the latest visible version first.
        """
        ...

    async def reporters(self, window: Window, as_of: AsOf) -> tuple[ResultsEvent, ...]:
        """Companies whose results first became public in the window, by time."""
        ...

    async def expected(
        self, window: Window, as_of: AsOf
    ) -> tuple[ExpectedResults, ...]:
        """Board meetings for results falling in the window, by date."""
        ...

    async def season(self, quarter: Quarter, as_of: AsOf) -> tuple[SeasonPeer, ...]:
        """The cross-section of a season, as visible at the moment."""
        ...

    async def latest_quarter(self, as_of: AsOf) -> Quarter | None:
        """The quarter with the most reporters in the 100 days before the moment."""
        ...


class PriceSource(Protocol):
    """Daily bars; a bar is visible from the close of its session."""

    async def history(
        self, symbol: str, as_of: AsOf, sessions: int
    ) -> PriceHistory | None:
        """The last ``sessions`` bars visible at the moment, or none at all."""
        ...

    async def session(self, day: date, as_of: AsOf) -> SessionBars | None:
        """All bars of a session, or none when there are none or it had not closed."""
        ...

    async def index(self, name: str, as_of: AsOf, sessions: int) -> IndexHistory | None:
        """The last closes of an index (``NIFTY_500``, ``INDIA_VIX``).

        A close is visible from 20:00 of its day, when the exchange's file of it is out.
        """
        ...

    async def market(self, as_of: AsOf, sessions: int) -> MarketHistory | None:
        """The last sessions of the whole market, or none where none are kept.

        A session is visible from the moment its bars are. Results days go back to 16
        months before the first session, without those of the moment's own day.
        """
        ...


class NewsSource(Protocol):
    """Dated headlines; their text is untrusted."""

    async def headlines(
        self, symbol: str, window: Window, as_of: AsOf
    ) -> tuple[Headline, ...]:
        """Headlines of a company in a window, oldest first."""
        ...


class Predictor(Protocol):
    """The champion model behind the scores."""

    async def card(self) -> ModelCard:
        """What the champion says of itself; ``PredictorError`` without one."""
        ...

    async def predict(self, features: FeatureVector) -> Prediction:
        """A calibrated probability; ``PredictorError`` below minimum coverage."""
        ...


class LanguageModel(Protocol):
    """A language model, or rules in its place."""

    @property
    def name(self) -> str:
        """As given to ``--model``: ``offline``, ``anthropic:NAME``, ``openai:NAME``."""
        ...

    async def complete(self, request: ModelRequest) -> ModelReply:
        """One reply. Raises a ``ModelError`` after the adapter's own retries."""
        ...


class Channel(Protocol):
    """A way out: one message to one recipient; only code sends."""

    @property
    def name(self) -> str:
        """As ``dexter.toml`` names it: ``telegram``, ``email``, and so on."""
        ...

    async def send(self, message: Message, recipient: str) -> Receipt:
        """Hand a message over, once: nothing is tried again in here.

        Raises:
            ChannelRefusedError: it will never be taken.
            ChannelBusyError: not now; says for how long.
            ChannelDownError: it was certainly not taken.
            ReplyLostError: it may have been taken.
        """
        ...


class Compute(Protocol):
    """Pure work on other processors: a process pool, or a cluster by its address.

    What is given is a function of its inputs alone, so nothing of it is recorded.
    Every call runs under the same caps and costs only itself: one that crashes, hangs
    or swallows all memory ends as a ``ComputeError`` in its own future.
    """

    @property
    def width(self) -> int:
        """How many calls run at once."""
        ...

    def submit(self, work: Callable[..., T], /, *inputs: object) -> Future[T]:
        """Ask for ``work(*inputs)``; both, and what comes back, must be picklable."""
        ...


@dataclass(frozen=True, slots=True)
class Runtime:
    """The ports one run receives, already journalled.

    ``earliest`` is the first day anything is kept of; ``latest`` the moment a fictional
    or frozen market stands still at (null: the clock's present).
    """

    clock: Clock
    directory: Directory
    filings: FilingSource
    prices: PriceSource
    news: NewsSource
    predictor: Predictor
    model: LanguageModel
    market: str
    fictional: bool
    earliest: date | None
    latest: datetime | None


class Watcher(Protocol):
    """Something that looks on while a run happens: a live tree, a log, an event stream.

    Watching never changes a run; nothing it does is recorded.
    """

    def planned(self, plan: Plan) -> None:
        """The plan is made."""
        ...

    def added(self, tasks: tuple[Task, ...]) -> None:
        """Tasks were added while running: repeats of an ``each`` task, follow-ups."""
        ...

    def started(self, task: Task) -> None:
        """A task began."""
        ...

    def finished(self, outcome: TaskOutcome) -> None:
        """A task ended, one way or another."""
        ...

    def stage(self, name: str, detail: str) -> None:
        """The run moved on: planning, acting, validating, writing."""
        ...

    def heard(self, agent: str, text: str) -> None:
        """A piece of text arrived from a model as it was written."""
        ...
