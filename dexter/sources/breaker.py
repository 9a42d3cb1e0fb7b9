"""A host that refused us is left in peace, each time longer.

Closed, requests pass. After so many refusals in a row, or one redirect to an error
page, the breaker opens: until the rest is over nobody asks. Then one request goes out
alone to probe; it closes the breaker, or opens it for the next longer rest.
"""

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

from dexter.errors import SourceRestingError
from dexter.sources.config import HostConfig

# So many good answers in a row, and an old refusal no longer lengthens the next rest.
_CALM = 20
_PROBE_SECONDS = 1.0


class Breaker:
    """The breaker of one host.

    Args:
        config: Whose rests, in growing seconds, and refusals to one rest.
        clock: Monotonic seconds.
    """

    def __init__(
        self, config: HostConfig, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._name = config.name
        self._rests = tuple(rest * config.pace for rest in config.rest_seconds)
        self._enough = config.blocks_to_rest
        self._clock = clock
        self._refusals = 0
        self._trips = 0
        self._fine = 0
        self._until: float | None = None
        self._probing = False

    @property
    def seconds_left(self) -> float:
        """How much of the rest is left; 0 when the host may be asked."""
        return max(0.0, self._until - self._clock()) if self._until is not None else 0.0

    def check(self) -> None:
        """Go no further while the host rests.

        Raises:
            SourceRestingError: It rests, or is being probed just now.
        """
        left = self.seconds_left
        if left > 0 or self._probing:
            raise SourceRestingError(self._name, max(left, _PROBE_SECONDS))

    @contextmanager
    def request(self) -> Iterator[None]:
        """Around one request; the first one after a rest goes alone.

        Raises:
            SourceRestingError: The host rests, or is being probed just now.
        """
        self.check()
        probes = self._until is not None
        self._probing = probes
        try:
            yield
        finally:
            if probes:
                self._probing = False

    def fine(self) -> None:
        """The host answered as it should.

        An answer to a request sent before the rest began does not end the rest.
        """
        if self.seconds_left > 0:
            return
        self._refusals = 0
        self._until = None
        self._fine += 1
        if self._fine >= _CALM:
            self._trips = 0

    def refused(self, *, at_once: bool = False) -> None:
        """The host refused; ``at_once`` opens the breaker whatever went before.

        Requests in flight together are refused together: that is one refusal.
        """
        if self.seconds_left > 0:
            return
        self._refusals += 1
        self._fine = 0
        # A refused probe needs no second one.
        if at_once or self._until is not None or self._refusals >= self._enough:
            self._open(self._rests[min(self._trips, len(self._rests) - 1)])

    def rest(self, seconds: float) -> None:
        """The host asked for a rest itself; at most the longest rest is kept."""
        self._open(min(seconds, max(self._rests)))

    def _open(self, seconds: float) -> None:
        self._trips += 1
        self._refusals = 0
        self._until = self._clock() + seconds

    def to_state(self) -> dict[str, float]:
        """What a later process needs to go on resting; holds no time of day."""
        return {
            "refusals": self._refusals,
            "trips": self._trips,
            "seconds_left": self.seconds_left,
            "rests": float(self._until is not None),
        }

    def from_state(self, state: Mapping[str, float], elapsed: float = 0.0) -> None:
        """Go on as another process left off.

        Args:
            state: Of ``to_state``; keys that are missing count as 0.
            elapsed: Seconds since then, if known; without them the whole rest is kept.
        """
        self._refusals = max(0, int(state.get("refusals", 0)))
        self._trips = max(0, int(state.get("trips", 0)))
        left = min(state.get("seconds_left", 0.0), max(self._rests))
        if left > 0 or state.get("rests", 0.0):
            self._until = self._clock() + max(0.0, left - max(0.0, elapsed))
