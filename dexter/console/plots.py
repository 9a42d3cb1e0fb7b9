"""Pictures of a model's evaluation, each as a PNG."""

import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import cycle
from typing import TYPE_CHECKING, Any

import numpy as np

from dexter.ml.drift import MOVED, SHIFTED
from dexter.ml.intervals import Estimate
from dexter.ml.judgement import Kind
from dexter.ml.ranking import curves
from dexter.ml.report import ModelReport
from dexter.ml.sample import Array, Whole

if TYPE_CHECKING:  # matplotlib takes a second to import
    from matplotlib.axes import Axes
    from matplotlib.typing import RcKeyType

LARGEST = 15
"""Inputs shown of many."""

_INCHES, _DOTS = (7.2, 4.2), 110
_POINTS = 600
_FLOOR = 1e-4


@dataclass(frozen=True, slots=True)
class Theme:
    """Colours of a picture, for a page of one brightness."""

    name: str
    paper: str
    ink: str
    faint: str
    ours: str
    rivals: tuple[str, ...]
    good: str
    bad: str


LIGHT = Theme(
    name="light",
    paper="#ffffff",
    ink="#24292f",
    faint="#8c959f",
    ours="#1f5fa8",
    rivals=("#c98a1b", "#6b3fa0", "#2a7f62"),
    good="#2a7f62",
    bad="#b5483a",
)
DARK = Theme(
    name="dark",
    paper="#0d1117",
    ink="#e6edf3",
    faint="#7d8590",
    ours="#6cb0ff",
    rivals=("#e3b341", "#bc8cff", "#56d4a0"),
    good="#56d4a0",
    bad="#ff8577",
)

Drawing = Callable[["Axes", ModelReport, Theme], None]


def pictures(report: ModelReport, theme: Theme) -> dict[str, bytes]:
    """Every picture the report has something for, by name."""
    wanted: dict[str, Drawing] = dict(_ALWAYS)
    if report.facts.importances:
        wanted["contributions"] = _contributions
    if report.facts.drift:
        wanted["drift"] = _drift
    return {name: _drawn(draw, report, theme) for name, draw in wanted.items()}


def _drawn(draw: Drawing, report: ModelReport, theme: Theme) -> bytes:
    import matplotlib as mpl  # noqa: PLC0415 - a second, only for pictures
    from matplotlib.figure import Figure  # noqa: PLC0415

    with mpl.rc_context(style(theme)):
        figure = Figure(figsize=_INCHES, dpi=_DOTS, layout="constrained")
        axes = figure.subplots()
        draw(axes, report, theme)
        if axes.get_legend_handles_labels()[0]:
            axes.legend(frameon=False, fontsize=9)
        out = io.BytesIO()
        # The same picture is the same bytes.
        figure.savefig(out, format="png", metadata={"Software": None})
    return out.getvalue()


def style(theme: Theme) -> "dict[RcKeyType, Any]":
    """How every picture looks, for matplotlib's ``rc_context``."""
    return {
        "figure.facecolor": theme.paper,
        "axes.facecolor": theme.paper,
        "axes.edgecolor": theme.faint,
        "axes.labelcolor": theme.ink,
        "axes.spines.top": False,
        "axes.spines.right": False,
        "axes.grid": True,
        "axes.axisbelow": True,
        "grid.alpha": 0.2,
        "grid.color": theme.faint,
        "text.color": theme.ink,
        "xtick.color": theme.ink,
        "ytick.color": theme.ink,
        "font.family": "DejaVu Sans",
        "font.size": 10,
    }


def _reliability(axes: "Axes", report: ModelReport, theme: Theme) -> None:
    bins = report.overall.bins
    said = np.maximum([part.mean for part in bins], _FLOOR)
    rates = [part.rate for part in bins]
    axes.plot([_FLOOR, 1], [_FLOOR, 1], color=theme.faint, linestyle="--", lw=1)
    low, high = (np.maximum(side, _FLOOR / 2) for side in _sides(rates))
    axes.vlines(said, low, high, colors=theme.ours, lw=1.6, alpha=0.7)
    seen = np.array([rate.value for rate in rates])
    axes.plot(said[seen > 0], seen[seen > 0], "o", color=theme.ours, ms=5)
    axes.set(xscale="log", yscale="log", xlabel="said", ylabel="happened (95%)")
    axes.set_xlim(max(said.min() / 2, _FLOOR), 1)
    axes.set_ylim(max(min(low.min(), said.min()) / 2, _FLOOR / 2), 1)
    _percent_axes(axes)


def _precision_recall(axes: "Axes", report: ModelReport, theme: Theme) -> None:
    for name, said, colour in _models(report, theme):
        precision, recall, _ = curves(said, report.sample.label)
        place = _thinned(len(recall))
        axes.plot(recall[place], precision[place], color=colour, label=name, lw=1.5)
    rate = report.overall.base_rate
    axes.axhline(rate, color=theme.faint, linestyle="--", lw=1, label="base rate")
    axes.set(xlabel="of the hits, flagged (recall)", ylabel="of the flagged, hits")
    axes.set(xlim=(0, 1), ylim=(0, 1))


def _roc(axes: "Axes", report: ModelReport, theme: Theme) -> None:
    for name, said, colour in _models(report, theme):
        _, recall, false = curves(said, report.sample.label)
        place = _thinned(len(recall))
        axes.plot(
            np.append(0, false[place]),
            np.append(0, recall[place]),
            color=colour,
            label=name,
            lw=1.5,
        )
    axes.plot([0, 1], [0, 1], color=theme.faint, linestyle="--", lw=1)
    axes.set(xlabel="of the misses, flagged", ylabel="of the hits, flagged")
    axes.set(xlim=(0, 1), ylim=(0, 1))


def _seasons(axes: "Axes", report: ModelReport, theme: Theme) -> None:
    groups = report.judged.of(Kind.SEASON)
    for place, group in enumerate(groups):
        if group.metrics is None:
            axes.plot(place, 0, "x", color=theme.faint, ms=6)
            continue
        skill = group.metrics.skill
        colour = _colour(skill.low, skill.high, theme)
        axes.vlines(place, skill.low, skill.high, colors=colour, lw=2, alpha=0.6)
        axes.plot(place, skill.value, "o", color=colour, ms=5)
    axes.axhline(0, color=theme.ink, lw=1)
    overall = report.overall.skill.value
    axes.axhline(overall, color=theme.ours, linestyle="--", lw=1, label="all seasons")
    axes.set_xticks(range(len(groups)), [g.label for g in groups], rotation=90)
    axes.tick_params(axis="x", labelsize=8)
    axes.set(ylabel="Brier skill against the base rate (95%)")


def _deciles(axes: "Axes", report: ModelReport, theme: Theme) -> None:
    bins = report.deciles
    place = np.arange(1, len(bins) + 1)
    rates = [part.rate for part in bins]
    low, high = _sides(rates)
    axes.bar(place, [r.value for r in rates], 0.7, color=theme.ours, alpha=0.75)
    axes.vlines(place, low, high, colors=theme.ink, lw=1.4)
    means = [part.mean for part in bins]
    axes.plot(place, means, "_", color=theme.rivals[0], ms=18, mew=2.5, label="said")
    rate = report.overall.base_rate
    axes.axhline(rate, color=theme.faint, linestyle="--", lw=1, label="base rate")
    lift = report.overall.lift
    if lift is not None:
        words = f"lift {lift.value:.1f}\n({lift.low:.1f} to {lift.high:.1f})"
        at = (place[-1] - 0.6, rates[-1].value)
        axes.annotate(words, at, ha="right", va="center", color=theme.ink)
    axes.set_xticks(place)
    axes.set(xlabel="tenth of the events, likeliest last", ylabel="hits (95%)")
    _percent_axes(axes, x=False)


def _contributions(axes: "Axes", report: ModelReport, theme: Theme) -> None:
    named = dict(report.facts.importances[:LARGEST])
    _across(axes, named, [theme.ours] * len(named))
    axes.set(xlabel="mean absolute contribution to the log-odds")


def _drift(axes: "Axes", report: ModelReport, theme: Theme) -> None:
    ordered = sorted(report.facts.drift.items(), key=lambda one: (-one[1], one[0]))
    named = dict(ordered[:LARGEST])
    colours = [
        theme.bad if v >= MOVED else theme.rivals[0] if v >= SHIFTED else theme.good
        for v in named.values()
    ]
    _across(axes, named, colours)
    for limit, words in ((SHIFTED, "shifted"), (MOVED, "moved")):
        axes.axvline(limit, color=theme.faint, linestyle="--", lw=1)
        axes.text(limit, -0.7, f" {words}", color=theme.faint, fontsize=8, va="bottom")
    axes.set_xlim(0, 1.15 * max(*named.values(), MOVED))
    axes.set(xlabel="population stability index since training")


def _across(axes: "Axes", named: Mapping[str, float], colours: Sequence[str]) -> None:
    """Bars from left to right, the first on top."""
    place = np.arange(len(named))
    axes.barh(place, list(named.values()), 0.7, color=list(colours))
    axes.set_yticks(place, list(named))
    axes.invert_yaxis()
    axes.grid(visible=False, axis="y")


def _models(report: ModelReport, theme: Theme) -> list[tuple[str, Array, str]]:
    """Names, probabilities and colours: rivals first, so that ours lies above."""
    rivals = zip(report.sample.rivals.items(), cycle(theme.rivals), strict=False)
    found = [(name, said, colour) for (name, said), colour in rivals]
    return [*found, ("this model", report.sample.probability, theme.ours)]


def _thinned(points: int) -> Whole:
    """Places of as many points as a picture can show, every one of the first."""
    even = np.linspace(0, points - 1, _POINTS)
    first = np.geomspace(1, points, _POINTS) - 1
    return np.unique(np.concatenate([even, first]).astype(np.int64))


def _sides(estimates: Sequence[Estimate]) -> tuple[Array, Array]:
    low = np.array([estimate.low for estimate in estimates])
    return low, np.array([estimate.high for estimate in estimates])


def _colour(low: float, high: float, theme: Theme) -> str:
    return theme.good if low > 0 else theme.bad if high < 0 else theme.faint


def _percent_axes(axes: "Axes", *, x: bool = True) -> None:
    from matplotlib.ticker import FuncFormatter  # noqa: PLC0415 - as above

    def percent(value: float, _place: int | None) -> str:
        return f"{100 * value:g}%"

    if x:
        axes.xaxis.set_major_formatter(FuncFormatter(percent))
    axes.yaxis.set_major_formatter(FuncFormatter(percent))


_ALWAYS: Mapping[str, Drawing] = {
    "reliability": _reliability,
    "precision_recall": _precision_recall,
    "roc": _roc,
    "seasons": _seasons,
    "deciles": _deciles,
}
