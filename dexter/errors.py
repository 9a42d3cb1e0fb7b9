"""Every error dexter raises on purpose; each owns its sentence and its hint.

::

    DexterError                     one sentence, a hint, an exit code
    ├── UsageError                  the person can act (exit 2)
    │   ├── QuestionError           empty, absurd or not about earnings
    │   ├── UnknownCompanyError     nobody listed goes by that name
    │   ├── MomentError             an --as-of that cannot be used
    │   ├── UnknownSchemaError
    │   ├── UnsavableError          a report cannot be saved there
    │   ├── CommandError            a command line that cannot be read
    │   ├── SyncRangeError          days that cannot be collected
    │   └── SettingError            a setting or key that cannot be used
    │       ├── UnusableVariableError
    │       ├── OperatingError      what dexter.toml says cannot be used
    │       ├── ChannelUnsetError   a channel without its address or secret
    │       ├── BlindModelError     a model that cannot look at a page
    │       └── TonelessModelError  a model that cannot read a headline
    ├── DocumentError               a file refuses to be read; its siblings go on
    │   ├── NotADocumentError       neither PDF nor XBRL
    │   ├── TruncatedDocumentError  ends before its own end
    │   ├── EncryptedDocumentError  asks for a password
    │   ├── DocumentTooLargeError   over a page, byte or time cap
    │   └── HostileDocumentError    entities, bombs, external references
    ├── SourceError                 the world outside did not give what was asked
    │   ├── SourceBlockedError      it refuses us, whatever it looks like
    │   │   └── SourceRestingError  it refused before, so it is left in peace
    │   ├── SourceShapeError        a payload no longer has the recorded shape
    │   ├── SourceUnavailableError  no connection, time-out, 5xx, a cut body
    │   └── NotYetPublishedError    not there, or not yet
    ├── StoreError                  what we keep cannot be read or written
    │   ├── HomeUnwritableError
    │   ├── LaterHomeError          written by a newer dexter (exit 2)
    │   ├── StoreCorruptError
    │   ├── DiskFullError
    │   └── ImportShapeError        a data folder without the expected columns
    ├── ModelError                  a language model failed
    │   ├── ModelKeyError           no key, or the key was refused
    │   ├── ModelBusyError          rate limited or overloaded after all tries
    │   ├── ModelUnreachableError   no connection, time-out, broken stream
    │   ├── ModelRequestError       the provider refused the request itself
    │   ├── ModelRefusalError       the model declined
    │   ├── ModelTruncatedError     the answer hit max_tokens
    │   └── ModelReplyError         the reply is not what was asked for
    ├── DeliveryError               a message did not go out
    │   ├── ChannelRefusedError     it will never be taken: a dead letter
    │   ├── ChannelBusyError        not now: try again after so many seconds
    │   ├── ChannelDownError        nothing was sent: try again
    │   └── ReplyLostError          it may have been sent: nobody knows
    ├── ToolError                   the model (or plan) can act: mend and go round
    │   ├── UnknownToolError
    │   └── ToolArgumentsError
    ├── PlanError                   the planner could not make a plan
    ├── BudgetError                 a ceiling would be passed
    ├── PredictorError              no usable champion
    ├── ComputeError                work in another process did not come back
    │   ├── WorkerDiedError         its process crashed or was killed
    │   ├── WorkerLateError         over its time cap
    │   ├── WorkerMemoryError       over its memory cap
    │   └── ClusterError            the Dask cluster cannot be used
    ├── UnforeseenError             a fault of dexter itself, told in one sentence
    └── JournalError
        ├── UnknownRunError
        ├── ReplayMissError         replay asked for a step nobody recorded
        ├── NoReportError           a run that ended before its report
        ├── ReplayDiffersError      a replay that came out otherwise (exit 4)
        ├── NoQuestionError         a run that asked none is not resumed
        ├── UnknownEvidenceError
        ├── RunBusyError            another process is writing this run
        ├── RunInterruptedError     stopped from outside, to be resumed (exit 130)
        └── IntegrityError          the chain does not hold (exit 4)
"""

from collections.abc import Sequence
from pathlib import Path


def _revived(
    kind: type["DexterError"], args: tuple[object, ...], state: dict[str, object]
) -> "DexterError":
    """An error on the other side of a process pool, whatever its constructor takes."""
    error = kind.__new__(kind, *args)
    error.args = args
    error.__dict__.update(state)
    return error


class DexterError(Exception):
    """One sentence for the person, a hint, and the exit code that goes with it."""

    exit_code = 1

    def __init__(self, sentence: str, hint: str = "") -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.hint = hint
        self.run_id: str | None = None

    def __reduce__(self) -> tuple[object, ...]:
        """Errors cross process pools whole."""
        return _revived, (type(self), self.args, self.__dict__)


class UsageError(DexterError):
    """The person asked for something that cannot be done as asked."""

    exit_code = 2


class QuestionError(UsageError):
    """A question dexter cannot plan."""

    @classmethod
    def empty(cls) -> "QuestionError":
        """There is no question in it."""
        return cls(
            "There is no question here.",
            'Try: dexter ask "How did HCL Technologies do in Q1 FY25?"',
        )

    @classmethod
    def too_long(cls, length: int, most: int) -> "QuestionError":
        """It is longer than any question."""
        return cls(
            f"The question has {length:,} characters; {most:,} are the most.",
            "Ask in a sentence; give files to `dexter extract`.",
        )


class UnknownCompanyError(UsageError):
    """Nobody listed goes by that name."""

    def __init__(self, text: str, nearest: Sequence[str] = ()) -> None:
        self.text = text
        self.nearest = tuple(nearest)
        hint = (
            f"Did you mean {', '.join(self.nearest)}?"
            if self.nearest
            else "Ask with the NSE symbol, for example TCS."
        )
        super().__init__(f"No company called “{text}” is known here.", hint)


class MomentError(UsageError):
    """An --as-of that cannot be used."""

    @classmethod
    def unreadable(cls, text: str) -> "MomentError":
        """It is no time."""
        return cls(
            f"{text!r} is not a time.",
            "Write it like 2024-07-13 or 2024-07-13T09:00 (Indian time).",
        )

    @classmethod
    def ahead(cls, moment: str, now: str) -> "MomentError":
        """It lies in the future."""
        return cls(
            f"{moment} lies ahead of now ({now}); nothing is known of it yet.",
            "Leave --as-of away to ask about everything known today.",
        )

    @classmethod
    def before_data(cls, moment: str, first: str) -> "MomentError":
        """It lies before anything that is kept."""
        return cls(
            f"{moment} lies before anything kept here; the data begins {first}.",
            "Ask as of a later time, or import older data.",
        )


class SettingError(UsageError):
    """A setting that cannot be used; the message never shows its value."""


class UnusableVariableError(SettingError):
    """An environment variable holds something unusable; its value is not shown."""

    def __init__(self, variable: str, why: str, hint: str = "") -> None:
        super().__init__(
            f"{variable} cannot be used: {why}.",
            hint or "Mend it in the environment or in .env.",
        )


class OperatingError(SettingError):
    """``dexter.toml`` says something that cannot be used."""

    def __init__(self, path: Path, where: str, why: str, hint: str = "") -> None:
        self.where = where
        self.why = why
        at = f" at {where}" if where else ""
        super().__init__(
            f"{path} cannot be used{at}: {why}.",
            hint or "See what may stand there with `dexter config show --default`.",
        )


class ChannelUnsetError(SettingError):
    """A channel that is asked for and not set up."""

    def __init__(self, channel: str, lacks: str, hint: str) -> None:
        super().__init__(f"The channel {channel} has no {lacks}.", hint)


class BlindModelError(SettingError):
    """A model that cannot look at a page was asked to."""

    def __init__(self, name: str) -> None:
        super().__init__(
            f"The {name} model cannot look at pictures.",
            "Name one that can: --vision anthropic:NAME or --vision openai:NAME.",
        )


class TonelessModelError(SettingError):
    """A model that cannot read the tone of a headline was asked to."""

    def __init__(self, name: str) -> None:
        super().__init__(
            f"The {name} model is rules and cannot read the tone of a headline.",
            "Name one that can: --model anthropic:NAME or --model openai:NAME.",
        )


class UnknownSchemaError(UsageError):
    """No document goes by that name."""

    def __init__(self, name: str, known: Sequence[str]) -> None:
        super().__init__(
            f"There is no schema {name!r}.", f"There are {', '.join(known)}."
        )


class UnsavableError(UsageError):
    """A report cannot be saved under that name."""

    def __init__(self, path: Path, why: str) -> None:
        super().__init__(f"{path} cannot be written: {why}.", "Save to another file.")


class CommandError(UsageError):
    """A command line that cannot be read."""

    def __init__(self, why: str, command: str) -> None:
        super().__init__(
            f"{why.rstrip('.')}.", f"See `{command} --help` for what it takes."
        )


class DocumentError(DexterError):
    """A file that refuses to be read."""

    def __init__(self, name: str, what: str, hint: str = "") -> None:
        self.name = name
        self.what = what
        super().__init__(f"{name}: {what}.", hint)


class NotADocumentError(DocumentError):
    """Neither PDF nor XBRL."""


class TruncatedDocumentError(DocumentError):
    """The file ends before its own end."""

    def __init__(self, name: str, detail: str = "") -> None:
        what = "the file is truncated or damaged"
        super().__init__(
            name, f"{what} ({detail})" if detail else what, "Download it again."
        )


class EncryptedDocumentError(DocumentError):
    """The file asks for a password."""

    def __init__(self, name: str) -> None:
        super().__init__(
            name, "the file is encrypted", "Save it without a password first."
        )


class DocumentTooLargeError(DocumentError):
    """The file passes a page, byte or time cap."""


class HostileDocumentError(DocumentError):
    """The file tries to make its reader do something: entities, bombs, references."""


class SyncRangeError(UsageError):
    """Days that cannot be collected."""

    def __init__(self, why: str) -> None:
        super().__init__(
            f"These days cannot be collected: {why}.",
            "Give --from and --to as dates such as 2026-05-04, not ahead of today.",
        )


class SourceError(DexterError):
    """The world outside did not give what was asked; ``state`` says in which way."""

    state = "unavailable"

    def __init__(self, source: str, sentence: str, hint: str = "") -> None:
        super().__init__(sentence, hint)
        self.source = source


class SourceBlockedError(SourceError):
    """A source refuses us: 403, a redirect to its error page, a page in place of data.

    Looks like success at times; is never taken for an empty answer.
    """

    state = "blocked"

    def __init__(self, source: str, why: str) -> None:
        super().__init__(
            source,
            f"{source} refuses to answer: {why}.",
            "Leave it in peace for some hours; `dexter doctor` probes it again. "
            "Exchanges often refuse servers and answer at home.",
        )


class SourceRestingError(SourceBlockedError):
    """A source refused before and is not asked again until its rest is over."""

    def __init__(self, source: str, seconds: float) -> None:
        super().__init__(source, f"it refused before, and rests {seconds:.0f} s more")


class SourceShapeError(SourceError):
    """A payload no longer has the shape that was recorded."""

    state = "changed_shape"

    def __init__(self, source: str, what: str, why: str) -> None:
        super().__init__(
            source,
            f"{source} changed the shape of its {what}: {why}.",
            "What came is kept as it is; a later dexter may read it.",
        )


class SourceUnavailableError(SourceError):
    """No connection, a time-out, an error of theirs or a cut body, after all tries."""

    def __init__(self, source: str, why: str) -> None:
        super().__init__(
            source,
            f"{source} does not answer: {why}.",
            "Run the same command again later; what came in is kept.",
        )


class NotYetPublishedError(SourceError):
    """A file of a day is not there: not yet, or never on a holiday."""

    state = "not_yet_published"

    def __init__(self, source: str, what: str) -> None:
        super().__init__(
            source,
            f"{source} has not published {what}.",
            "Files of a day come in the evening; ask again then.",
        )


class StoreError(DexterError):
    """What dexter keeps cannot be read or written."""


class HomeUnwritableError(StoreError):
    """DEXTER_HOME cannot be written."""

    def __init__(self, home: Path, why: str) -> None:
        super().__init__(
            f"The data folder {home} cannot be written: {why}.",
            "Set DEXTER_HOME to a folder you own.",
        )


class LaterHomeError(StoreError):
    """A home of a dexter newer than this one; nothing is wrong with it."""

    exit_code = 2

    def __init__(self, path: Path, schema: str, ours: int) -> None:
        super().__init__(
            f"{path} has schema {schema}, this dexter reads {ours}.",
            "Install the dexter that wrote it, or a later one.",
        )


class StoreCorruptError(StoreError):
    """A database or Parquet file that does not open."""

    def __init__(self, path: Path, why: str) -> None:
        super().__init__(
            f"{path} is damaged: {why}.",
            "Put a backup back with `dexter restore FILE --force`. Without one, move "
            "it aside and import the data again; the journal is a separate file.",
        )


class DiskFullError(StoreError):
    """No room left; nothing already durable is lost."""

    def __init__(self, path: Path, why: str) -> None:
        super().__init__(
            f"Writing to {path} failed: {why}.",
            "Free some disk space, then give the same command again; a question that "
            "was cut goes on with `dexter runs resume`.",
        )


class ImportShapeError(StoreError):
    """A data folder without the files or columns that were expected."""


class ModelError(DexterError):
    """A language model failed."""


class ModelKeyError(ModelError):
    """No key, or the key was refused."""

    def __init__(self, provider: str, variable: str, *, refused: bool = False) -> None:
        what = "refused the key in" if refused else "needs a key in"
        super().__init__(
            f"{provider} {what} {variable}.",
            f"Set {variable}, or use --model offline, which needs none.",
        )


class ModelBusyError(ModelError):
    """Rate limited or overloaded after every try."""


class ModelUnreachableError(ModelError):
    """No connection, a time-out, or a stream that broke."""


class ModelRequestError(ModelError):
    """The provider refused the request itself (400, 404, 413, 422)."""


class ModelRefusalError(ModelError):
    """The model declined to answer."""


class ModelTruncatedError(ModelError):
    """The answer hit max_tokens."""

    @classmethod
    def cut(cls, what: str) -> "ModelTruncatedError":
        """A structured answer that was cut."""
        return cls(
            f"The model's {what} was cut at its token limit.",
            "Ask a narrower question.",
        )


class ModelReplyError(ModelError):
    """The reply is not of the shape that was asked for."""

    @classmethod
    def not_json(cls) -> "ModelReplyError":
        """A reply without the JSON document it was asked for."""
        return cls("The reply holds no JSON document of the schema asked for.")

    @classmethod
    def misshapen(cls, problems: Sequence[str]) -> "ModelReplyError":
        """A document that does not fit, with each problem in words."""
        return cls(f"The reply does not fit: {'; '.join(problems)}.")


class DeliveryError(DexterError):
    """A message did not go out, or nobody knows whether it did."""


class ChannelRefusedError(DeliveryError):
    """The other side will never take it: wrong address, blocked, malformed."""


class ChannelBusyError(DeliveryError):
    """The other side asks to wait; nothing was taken.

    Args:
        channel: Which.
        seconds: How long it asks to wait, as it said.
    """

    def __init__(self, channel: str, seconds: float) -> None:
        super().__init__(f"{channel} asks to wait {seconds:g} s.")
        self.seconds = seconds


class ChannelDownError(DeliveryError):
    """It was certainly not taken; another try repeats nothing."""


class ReplyLostError(DeliveryError):
    """It was handed over and no answer came: it may have arrived."""


class ToolError(DexterError):
    """The model or plan should mend its call."""


class UnknownToolError(ToolError):
    """A tool nobody offers."""

    def __init__(self, name: str, offered: Sequence[str]) -> None:
        super().__init__(
            f"There is no tool called {name!r}.", f"Offered: {', '.join(offered)}."
        )


class ToolArgumentsError(ToolError):
    """Arguments that do not fit the tool."""

    def __init__(self, tool: str, problems: Sequence[str]) -> None:
        super().__init__(
            f"{tool} cannot take these arguments: {'; '.join(problems)}.",
            "Mend the arguments and call again.",
        )


class PlanError(DexterError):
    """The planner could not make a usable plan."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__(
            f"No usable plan came back: {'; '.join(problems)}.",
            "Ask in simpler words, or use --model offline.",
        )


class BudgetError(DexterError):
    """A ceiling would be passed by the next call."""

    def __init__(self, scope: str, ceiling: str, needed: str) -> None:
        self.scope = scope
        super().__init__(
            f"The next model call could cost {needed}, "
            f"over what is left of the {scope} budget of {ceiling}.",
            "Raise --budget, or use --model offline.",
        )


class PredictorError(DexterError):
    """No usable champion model."""


class ComputeError(DexterError):
    """Work given to another process did not come back; its siblings go on."""


class WorkerDiedError(ComputeError):
    """The process that did the work crashed, or was killed from outside."""

    def __init__(self, exitcode: int | None = None) -> None:
        how = f" (exit code {exitcode})" if exitcode is not None else ""
        super().__init__(f"The process doing the work died{how}.")


class WorkerLateError(ComputeError):
    """The work passed its time cap, and its process was stopped."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        super().__init__(
            f"The work took more than {seconds:g} seconds.",
            "Raise DEXTER_DOCUMENT_SECONDS to give it longer.",
        )


class WorkerMemoryError(ComputeError):
    """The work passed its memory cap."""

    def __init__(self, megabytes: int) -> None:
        self.megabytes = megabytes
        super().__init__(
            f"The work needs more memory than the {megabytes:,} MB allowed.",
            "Raise DEXTER_WORKER_MEGABYTES to give it more.",
        )


class ClusterError(ComputeError):
    """The Dask cluster that was asked for cannot be used."""

    @classmethod
    def missing(cls) -> "ClusterError":
        """Its client is not installed."""
        return cls(
            "DEXTER_DASK_SCHEDULER is set, but Dask is not installed.",
            "Install dexter with its extra `dask`, or unset the variable.",
        )

    @classmethod
    def unreachable(cls, url: str, why: str) -> "ClusterError":
        """Nobody answers at its address."""
        return cls(
            f"The Dask scheduler at {url} cannot be reached: {why}.",
            "Start it, or unset DEXTER_DASK_SCHEDULER to work on this machine.",
        )


class UnforeseenError(DexterError):
    """A fault of dexter itself, told in one sentence."""

    def __init__(self, error: Exception) -> None:
        said = " ".join(str(error).split())
        super().__init__(
            f"Something unforeseen went wrong ({type(error).__name__}: {said}).",
            "What was recorded is kept; `dexter --debug …` shows the traceback.",
        )


class JournalError(DexterError):
    """The journal cannot do what was asked."""


class UnknownRunError(JournalError):
    """No run goes by that id."""

    exit_code = 2

    def __init__(self, run_id: str) -> None:
        super().__init__(
            f"There is no run {run_id!r}.", "See them with `dexter runs list`."
        )


class ReplayMissError(JournalError):
    """Replay asked for a step that was never recorded."""

    exit_code = 4

    def __init__(self, span: str, name: str) -> None:
        super().__init__(
            f"Replay needs {name!r} in span {span!r}, which this run never recorded.",
            "The code or the question changed since; run it afresh.",
        )


class NoReportError(JournalError):
    """A run that ended, or was cut, before its report."""

    exit_code = 2

    def __init__(self, run_id: str, again: str = "") -> None:
        goes_on = "A cut run goes on with `dexter runs resume`; a failed one has none."
        super().__init__(
            f"Run {run_id} has no report to replay.",
            f"Run `{again}` again; what was done is kept." if again else goes_on,
        )


class NoQuestionError(JournalError):
    """A run that asked no question, so there is none to go on with."""

    exit_code = 2

    def __init__(self, run_id: str) -> None:
        super().__init__(
            f"Run {run_id} asked no question, so it is not resumed.",
            "Give its command again; what it did is kept.",
        )


class ReplayDiffersError(JournalError):
    """A replay came out other than the recorded report."""

    exit_code = 4

    def __init__(self, run_id: str) -> None:
        super().__init__(
            f"Run {run_id} replays to another report than it recorded.",
            "The code changed since; the recorded answer stands, ask afresh.",
        )


class UnknownEvidenceError(JournalError):
    """A run has no evidence of that id."""

    exit_code = 2

    def __init__(self, run_id: str, identifier: str, count: int) -> None:
        super().__init__(
            f"Run {run_id} has no evidence {identifier!r}.",
            f"It has e1 to e{count}." if count else "It found none.",
        )


class RunBusyError(JournalError):
    """Another process is writing this run."""

    def __init__(self, run_id: str) -> None:
        super().__init__(
            f"Run {run_id} is being written by another process.",
            "Wait for it to end, or stop it first.",
        )


class RunInterruptedError(JournalError):
    """A run, or what comes before one, was stopped from outside."""

    exit_code = 130

    def __init__(self, run_id: str | None = None) -> None:
        super().__init__(
            "Interrupted; what was done is kept.",
            f"Go on with `dexter runs resume {run_id}`." if run_id else "Run it again.",
        )
        self.run_id = run_id


class IntegrityError(JournalError):
    """The record does not hold together."""

    exit_code = 4
