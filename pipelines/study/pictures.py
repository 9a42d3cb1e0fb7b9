"""Pictures of the studies, made of their documents alone."""

import io
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from dexter.console.plots import LIGHT, style
from pipelines.study.page import wider
from pipelines.study.seed import ALERTS, WINS
from pipelines.study.study import Document

if TYPE_CHECKING:  # matplotlib takes a second to import
    from matplotlib.axes import Axes

_INCHES, _DOTS = (7.2, 4.2), 110
_POINTS = 400
Corner = Literal["upper left", "upper right"]
_RETURNS = (
    ("reaction", "with the reaction", LIGHT.rivals[0]),
    ("after_entry", "from the first tradable price", LIGHT.ours),
    ("after_reaction", "from the reaction close", LIGHT.rivals[1]),
)
_PERIODS = (LIGHT.faint, LIGHT.ours)


def circuits(document: Document) -> Mapping[str, bytes]:
    """Circuits and returns by tenth of the score, wins by season."""
    periods = document["periods"]
    last = list(periods.values())[-1]
    return {
        "circuits": _drawn(lambda axes: _circuits(axes, periods), "upper left"),
        "returns": _drawn(lambda axes: _returns(axes, last["tenths"]), "upper left"),
        "seasons": _drawn(lambda axes: _seasons(axes, periods)),
    }


def seed(document: Document) -> Mapping[str, bytes]:
    """Random picks, and where the rate may lie."""
    (found,) = document["periods"].values()
    return {
        "draws": _drawn(lambda axes: _draws(axes, found["picks"])),
        "posterior": _drawn(lambda axes: _posterior(axes, found["effective"])),
    }


def _drawn(draw: Callable[["Axes"], None], where: Corner = "upper right") -> bytes:
    import matplotlib as mpl  # noqa: PLC0415 - a second, only for pictures
    from matplotlib.figure import Figure  # noqa: PLC0415

    with mpl.rc_context(style(LIGHT)):
        figure = Figure(figsize=_INCHES, dpi=_DOTS, layout="constrained")
        axes = figure.subplots()
        draw(axes)
        axes.legend(frameon=False, fontsize=9, loc=where)
        out = io.BytesIO()
        figure.savefig(out, format="png", metadata={"Software": None})
    return out.getvalue()


def _circuits(axes: "Axes", periods: Mapping[str, Document]) -> None:
    for number, (name, found) in enumerate(periods.items()):
        rows = [row for row in found["tenths"] if row["circuit"]]
        place = [row["tenth"] + 0.2 * (number - 0.5) for row in rows]
        _points(axes, place, [row["circuit"] for row in rows], _PERIODS[number], name)
    axes.set(
        xlabel="tenth of the score, highest last",
        ylabel="per cent with an upper circuit (95 %)",
        ylim=(0, None),
    )
    axes.set_xticks(range(1, 11))


def _returns(axes: "Axes", tenths: Sequence[Mapping[str, Any]]) -> None:
    for number, (name, said, colour) in enumerate(_RETURNS):
        rows = [row for row in tenths if row[name]]
        place = [row["tenth"] + 0.2 * (number - 1) for row in rows]
        _points(axes, place, [row[name] for row in rows], colour, said)
    axes.axhline(0, color=LIGHT.ink, lw=1)
    axes.set(
        xlabel="tenth of the score, highest last; locked period",
        ylabel="per cent over the market, before cost (95 %)",
    )
    axes.set_xticks(range(1, 11))


def _seasons(axes: "Axes", periods: Mapping[str, Document]) -> None:
    labels: list[str] = []
    for number, (name, found) in enumerate(periods.items()):
        rows = [row for row in found["seasons"] if row["blockbuster"]["won"]]
        place = [len(labels) + back for back in range(len(rows))]
        told = [row["blockbuster"]["won"] for row in rows]
        _points(axes, place, told, _PERIODS[number], name)
        rest = [100 * row["rest"]["won"]["value"] for row in rows if row["rest"]["won"]]
        axes.plot(place[: len(rest)], rest, "_", color=LIGHT.rivals[0], ms=9, mew=2)
        labels += [row["season"] for row in rows]
    axes.plot([], [], "_", color=LIGHT.rivals[0], ms=9, mew=2, label="the rest")
    axes.axhline(50, color=LIGHT.faint, linestyle="--", lw=1)
    axes.set_xticks(range(len(labels)), labels, rotation=90)
    axes.tick_params(axis="x", labelsize=8)
    axes.set(ylabel="per cent of blockbusters that won (95 %)")


def _points(
    axes: "Axes",
    place: Sequence[float],
    told: Sequence[Mapping[str, Any]],
    colour: str,
    label: str,
) -> None:
    """Values with their intervals, in per cent."""
    told = [wider(one) for one in told]
    for at, one in zip(place, told, strict=True):
        if one["low"] is not None:
            axes.vlines(at, 100 * one["low"], 100 * one["high"], colors=colour, lw=1.6)
    values = [100 * one["value"] for one in told]
    axes.plot(place, values, "o", color=colour, ms=5, label=label)


def _draws(axes: "Axes", picks: Mapping[str, Any]) -> None:
    wins = np.arange(ALERTS + 1)
    total = sum(picks["counts"])
    shares = 100 * np.array(picks["counts"]) / total
    axes.bar(wins, shares, 0.8, color=LIGHT.ours, alpha=0.75, label="random picks")
    said = f"{WINS} of {ALERTS}"
    axes.bar(WINS, shares[WINS], 0.8, color=LIGHT.bad, label=said)
    alone = 100 * np.array(picks["independent"]) / total
    axes.plot(wins, alone, color=LIGHT.rivals[0], lw=1.6, label="independent events")
    axes.set(xlabel="wins in 42", ylabel="per cent of random picks")


def _posterior(axes: "Axes", effective: Mapping[str, Any]) -> None:
    rate = np.linspace(0, 1, _POINTS)
    share = WINS / ALERTS
    worth = effective["events"]
    for events, said, colour in (
        (ALERTS, "42 independent alerts", LIGHT.faint),
        (worth, f"the {worth:.0f} they are worth", LIGHT.ours),
    ):
        shape = rate ** (share * events) * (1 - rate) ** ((1 - share) * events)
        axes.plot(100 * rate, shape / shape.sum(), color=colour, lw=1.8, label=said)
    axes.axvline(50, color=LIGHT.ink, linestyle="--", lw=1)
    axes.set(xlabel="rate of wins, per cent", ylabel="how likely")
    axes.set_yticks([])
