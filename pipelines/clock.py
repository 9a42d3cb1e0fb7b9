"""The clock itself: the one place the present comes from."""

from datetime import datetime

from dexter.domain.moment import IST


class SystemClock:
    """The machine's time, in Indian time."""

    async def now(self) -> datetime:
        """The present moment."""
        return self.present()

    def present(self) -> datetime:
        """The present moment, outside of any run."""
        return datetime.now(IST)
