"""Why no timer is set."""

from dexter.errors import DexterError, UsageError

_BY_HAND = "Run `dexter daily --catch-up --watch` by a timer of your own; see deploy/."


class NoTimerError(UsageError):
    """This machine has nobody who runs things at their time."""

    def __init__(self) -> None:
        super().__init__(
            "There is neither a systemd of this user nor cron here.", _BY_HAND
        )


class UnknownTimerError(UsageError):
    """A kind of timer nobody knows, or that is not here."""

    @classmethod
    def of(cls, kind: str) -> "UnknownTimerError":
        """Nobody knows it."""
        return cls(f"{kind!r} is no kind of timer.", "Use systemd or cron.")

    @classmethod
    def absent(cls, kind: str, lacks: str) -> "UnknownTimerError":
        """It is known and not here."""
        return cls(f"{kind} cannot be used: {lacks}.", _BY_HAND)


class TimerRefusedError(DexterError):
    """A tool refused to set a timer."""

    def __init__(self, tool: str, why: str) -> None:
        super().__init__(
            f"{tool} refused: {why or 'it said nothing'}.",
            "See what would be set with `dexter schedule install --dry-run`.",
        )


class TornCrontabError(DexterError):
    """The lines of dexter in a crontab have a beginning and no end, or more."""

    def __init__(self) -> None:
        super().__init__(
            "The crontab's lines of dexter are not as dexter wrote them.",
            "Take them out by hand (`crontab -e`), from `# dexter: begin` on.",
        )
