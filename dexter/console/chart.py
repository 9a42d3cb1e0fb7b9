"""A picture of a share's last year: prices, averages, volume, results and its base."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from dexter.domain.moment import IST
from dexter.errors import UnsavableError, UsageError
from dexter.features.columns import Array, Whole
from dexter.features.known import Known
from dexter.features.moments import MINUTE, day_number, day_of
from dexter.features.vcp import Base, contraction_pattern

if TYPE_CHECKING:  # matplotlib takes a second to import
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

SESSIONS = 250
SUFFIXES = (".png", ".svg")

_INCHES, _DOTS = (12.0, 8.0), 100
_UP, _DOWN, _INK = "#2a7f62", "#b5483a", "#333333"
_AVERAGES = ((50, "#c98a1b"), (200, "#4a6fa5"))
_BASE = "#6b3fa0"
_RESULTS = "#888888"
_LAKH = 1e5
_APART = 10


class ChartSuffixError(UsageError):
    """A chart was to be saved as something it cannot be."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            f"A chart cannot be saved as {path.name}.",
            f"Give it a name that ends in {' or '.join(SUFFIXES)}.",
        )


class NothingToDrawError(UsageError):
    """There is no bar to draw."""

    def __init__(self, symbol: str, reason: str) -> None:
        super().__init__(
            f"There is nothing to draw of {symbol}: {reason}.",
            "Ask as of a time at which it traded.",
        )


@dataclass(frozen=True, slots=True)
class _Panel:
    """The sessions drawn, prices and shares as adjusted at the last of them."""

    days: Whole
    open: Array
    high: Array
    low: Array
    close: Array
    volume: Array
    averages: dict[int, Array]
    usual_volume: Array

    def place(self, day: date) -> int:
        """Where a day's session stands, or the next one's."""
        return int(np.searchsorted(self.days, day_number(day)))


def draw(
    path: Path, symbol: str, known: Known, row: int = 0, results: Sequence[date] = ()
) -> None:
    """Draw a share as one event could see it.

    Args:
        path: Where to; PNG or SVG by its suffix.
        symbol: Whose prices they are.
        known: What was visible.
        row: Which of its events.
        results: Days on which results were published.

    Raises:
        ChartSuffixError: the suffix is another.
        NothingToDrawError: no bar was known.
        UnsavableError: the file cannot be written.
    """
    check(path)
    for absent, reason in known.no_bars:
        if absent[row]:
            raise NothingToDrawError(symbol, reason)
    base = contraction_pattern(known, row)
    figure = _figure(_panel(known, row), base, results)
    figure.suptitle(_title(symbol, known, row, base), x=0.06, ha="left", fontsize=13)
    try:
        _save(figure, path)
    except OSError as error:
        raise UnsavableError(path, error.strerror or "it failed") from error


def check(path: Path) -> None:
    """Refuse a name that no picture can have, before anything is computed.

    Raises:
        ChartSuffixError: its suffix is another.
    """
    if path.suffix.lower() not in SUFFIXES:
        raise ChartSuffixError(path)


def _panel(known: Known, row: int) -> _Panel:
    first, end = int(known.first[row]), int(known.end[row])
    bars, shown = known.bars, slice(-SESSIONS, None)
    factor = bars.factor[end - 1]

    def prices(column: Array) -> Array:
        adjusted: Array = column[first:end] / factor
        return adjusted

    close, volume = prices(bars.close), bars.volume[first:end] * factor
    return _Panel(
        days=bars.day[first:end][shown],
        open=prices(bars.open)[shown],
        high=prices(bars.high)[shown],
        low=prices(bars.low)[shown],
        close=close[shown],
        volume=volume[shown] / _LAKH,
        averages={n: _mean(close, n)[shown] for n, _ in _AVERAGES},
        usual_volume=_mean(volume, 50)[shown] / _LAKH,
    )


def _mean(values: Array, sessions: int) -> Array:
    """Mean of the last sessions at each bar; NaN where there are fewer."""
    found = np.full(len(values), np.nan)
    if len(values) >= sessions:
        windows = np.lib.stride_tricks.sliding_window_view(values, sessions)
        found[sessions - 1 :] = windows.mean(axis=1)
    return found


def _figure(panel: _Panel, base: Base | str, results: Sequence[date]) -> "Figure":
    from matplotlib.figure import Figure  # noqa: PLC0415 - a second, only for a chart

    figure = Figure(figsize=_INCHES, dpi=_DOTS)
    upper, lower = figure.subplots(2, 1, sharex=True, height_ratios=[3, 1])
    figure.subplots_adjust(left=0.06, right=0.93, top=0.89, bottom=0.07, hspace=0.06)
    _prices(upper, panel)
    if isinstance(base, Base):
        _contractions(upper, panel, base)
    _volume(lower, panel)
    _results(upper, lower, panel, results)
    for axes in (upper, lower):
        axes.grid(visible=True, alpha=0.25)
        axes.yaxis.tick_right()
        axes.yaxis.set_label_position("right")
        if axes.get_legend_handles_labels()[0]:
            axes.legend(loc="upper left", fontsize=9, framealpha=0.85)
    _months(lower, panel)
    return figure


def _prices(axes: "Axes", panel: _Panel) -> None:
    at = np.arange(len(panel.days))
    colours = np.where(panel.close >= panel.open, _UP, _DOWN)
    axes.vlines(at, panel.low, panel.high, colors=colours.tolist(), linewidth=0.8)
    # A body as high as the line is thick, where open and close are one.
    body = np.maximum(np.abs(panel.close - panel.open), 1e-4 * panel.close)
    axes.bar(
        at,
        body,
        0.7,
        bottom=np.minimum(panel.open, panel.close),
        color=colours.tolist(),
    )
    for sessions, colour in _AVERAGES:
        mean = panel.averages[sessions]
        if np.isfinite(mean).any():
            axes.plot(at, mean, color=colour, linewidth=1.3, label=f"mean {sessions}")
    axes.set_ylabel("₹, adjusted for splits and bonuses")


def _contractions(axes: "Axes", panel: _Panel, base: Base) -> None:
    for fall in base.contractions:
        ends = [panel.place(fall.high_day), panel.place(fall.low_day)]
        axes.plot(
            ends, [fall.high, fall.low], color=_BASE, linewidth=1.8, marker="o", ms=3.5
        )
        axes.annotate(
            f"−{fall.depth:.1%}".replace("%", " %"),
            (ends[1], fall.low),
            xytext=(0, -6),
            textcoords="offset points",
            ha="center",
            va="top",
            color=_BASE,
            fontsize=10,
            fontweight="bold",
        )
    start = panel.place(base.contractions[-1].high_day)
    label = f"pivot ₹{base.pivot:,.2f}"
    last = len(panel.days) - 1
    axes.hlines(base.pivot, start, last, colors=_BASE, linestyles="dashed", label=label)


def _volume(axes: "Axes", panel: _Panel) -> None:
    at = np.arange(len(panel.days))
    colours = np.where(panel.close >= panel.open, _UP, _DOWN)
    axes.bar(at, panel.volume, 0.7, color=colours.tolist(), alpha=0.6)
    if np.isfinite(panel.usual_volume).any():
        axes.plot(at, panel.usual_volume, color=_INK, linewidth=1.2, label="mean 50")
    axes.set_ylabel("volume, lakh shares")


def _results(
    upper: "Axes", lower: "Axes", panel: _Panel, results: Sequence[date]
) -> None:
    first, last = panel.days[0], panel.days[-1]
    label: str | None = "results"
    for day in sorted(set(results)):
        if first <= day_number(day) <= last:
            at = panel.place(day)
            upper.axvline(at, color=_RESULTS, linestyle=":", linewidth=1.4, label=label)
            lower.axvline(at, color=_RESULTS, linestyle=":", linewidth=1.4)
            label = None


def _months(axes: "Axes", panel: _Panel) -> None:
    days = [day_of(day) for day in panel.days.tolist()]
    turns = [at for at in range(1, len(days)) if days[at].month != days[at - 1].month]
    # Where a share hardly traded, months follow one another too closely to be read.
    kept = [at for at, last in pairwise([*turns, len(days)]) if last - at >= _APART]
    kept = kept or [0]
    axes.set_xticks(kept, [f"{days[at]:%b %y}" for at in kept], fontsize=9)
    axes.set_xlim(-1, max(len(days), 20) + 1)


def _title(symbol: str, known: Known, row: int, base: Base | str) -> str:
    seconds = int(known.asked.moment[row]) // MINUTE * 60
    moment = datetime.fromtimestamp(seconds, IST)
    head = f"{symbol}, as of {moment:%d %b %Y %H:%M} IST"
    if isinstance(base, str):
        return f"{head}\nno volatility contraction told: {base}"
    count = len(base.contractions)
    falls = f"{count} contraction{'s' if count > 1 else ''}"
    held, total = sum(base.template.values()), len(base.template)
    stood = "stands" if base.passed else "does not stand"
    return (
        f"{head}\nvolatility contraction {stood}: {falls}, "
        f"trend template {held} of {total}, score {base.score:.0f} of 100"
    )


def _save(figure: "Figure", path: Path) -> None:
    import matplotlib as mpl  # noqa: PLC0415 - as above

    # The same picture is the same file.
    metadata = {"Date": None} if path.suffix.lower() == ".svg" else {"Software": None}
    with mpl.rc_context({"svg.hashsalt": "dexter"}):
        figure.savefig(path, metadata=metadata)
