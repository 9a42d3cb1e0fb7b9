"""Standardised unexpected earnings, as the dated results carry them."""

from statistics import stdev

from history import History
from quarters import COUNT, EVENTS_FROM


def surprises(history: History) -> dict[str, float]:
    """SUE by ``symbol/quarter index``.

    The change in standalone profit on the same quarter a year before, over the
    standard deviation of the eight changes before it.
    """
    found: dict[str, float] = {}
    for symbol in {key[0] for key in history}:
        profits = [
            history[symbol, "standalone", i].rupees("profit") for i in range(COUNT)
        ]
        for index in range(EVENTS_FROM, COUNT):
            changes = [profits[i] - profits[i - 4] for i in range(index - 8, index + 1)]
            found[f"{symbol}/{index}"] = changes[-1] / stdev(changes[:-1])
    return found
