"""The page of ``blockbuster-circuits``."""

from collections.abc import Iterator, Mapping
from typing import Any

from pipelines.study.page import (
    Section,
    Table,
    chance,
    count,
    gain,
    rate,
    spread,
)
from pipelines.study.spec import Among, Measured
from pipelines.study.study import Document

_SIGNED = (
    Measured.NET,
    Measured.AFTER_ENTRY,
    Measured.AFTER_REACTION,
    Measured.REACTION,
)
_HEADS = {
    Measured.WON: "win rate",
    Measured.NET: "after cost",
    Measured.AFTER_ENTRY: "from first tradable price, less market",
    Measured.AFTER_REACTION: "from reaction close, less market",
    Measured.REACTION: "with the reaction, less market",
    Measured.CIRCUIT: "upper circuit",
}
_SHOWN = 2.8
"""Standard errors an effect must have to be shown with 80 % power at 5 %."""
_GROUPS = {"blockbuster": "score ≥ 80", "rest": "the rest", "every": "every result"}


def verdict(document: Document) -> tuple[str, ...]:
    """The verdict on each claim, and what stands beside it, by the locked period."""
    name = next(p["name"] for p in document["spec"]["periods"] if p["locked"])
    found = document["periods"][name]
    return (
        *(_claim(one, found) for one in document["verdict"]["claims"]),
        *_beside(found),
    )


def _claim(one: Mapping[str, Any], found: Document) -> str:
    tests = [
        test
        for test in found["tests"]
        if (test["claim"], test["among"]) == (one["claim"], one["among"])
    ]
    said = ", ".join(
        f"{test['name']} {spread(test['estimate'], signed=_signed(test))}, adjusted p "
        f"{chance(test['holm'])}"
        for test in tests
    )
    return (
        f"The claim of {one['claim']} **{_WORDS[one['verdict']]}** "
        f"{_AMONG[one['among']]}: {said}, of {tests[0]['events']:,} blockbusters of "
        "the locked period."
    )


def _beside(found: Document) -> Iterator[str]:
    high, rest = (found["groups"]["all"][name] for name in ("blockbuster", "rest"))
    if not all(one[m.value] for one in (high, rest) for m in Measured):
        return
    yield (
        "Beside the other results of the period blockbusters won "
        f"{rate(high['won']['value'])} against {rate(rest['won']['value'])} and "
        f"returned {gain(high['net']['value'])} against {gain(rest['net']['value'])} "
        "after cost. Less the market's they returned "
        f"{gain(high['reaction']['value'])} with the reaction and "
        f"{gain(high['after_reaction']['value'])} from its close on."
    )


_WORDS = {
    "supported": "is supported",
    "contradicted": "is contradicted",
    "not_shown": "is not shown",
    "too_few": "cannot be decided, for too few blockbusters,",
}
_AMONG = {"all": "among all results", "liquid": "among liquid names"}


def sections(document: Document) -> tuple[Section, ...]:
    """Sample, tests, groups, tenths, seasons, power, and what it cannot say."""
    spec, periods = document["spec"], document["periods"]
    return (
        Section("The sample", tables=[_flow(periods)], words=_absent(periods)),
        Section("The tests", _TESTS, [_tests(p, n) for n, p in periods.items()]),
        Section(
            "Blockbusters beside the rest",
            (
                (
                    "The win rate is followed by Wilson's interval and then by that of "
                    "redrawn sessions."
                ),
                *_locked(periods),
            ),
            [_groups(p, name, spec) for name, p in periods.items()],
        ),
        Section(
            "By tenth of the score",
            (),
            [_tenths(p, name) for name, p in periods.items()],
            {
                "circuits": "Upper circuits by tenth of the score",
                "returns": "Returns by tenth of the score, before and after one "
                "could have bought",
            },
        ),
        Section(
            "By season",
            (),
            [_seasons(periods)],
            {"seasons": "Win rate of blockbusters by season"},
        ),
        Section("What the sample could show", _POWER, [_power(periods)]),
        Section("What this does not say", _LIMITS),
    )


_TESTS = (
    "All tests of a period are one family; `Holm` is the p adjusted for it.",
    (
        "The last test of either sample holds a move against 0 that nobody could have "
        "earned: part of it came before the first price one could trade at."
    ),
)
_POWER = (
    (
        "`needed` is how many events show a win rate of 55 % (against 50 %) or a "
        "mean of 0.5 % with 80 % power at 5 %: so many independent ones, times the "
        "design effect of events that share sessions."
    ),
)
_LIMITS = (
    (
        "Circuits are inferred from closes at a standard band, not taken from the "
        "exchange's own lists. Shares that trade trade-for-trade have no bars here "
        "and so no return. Figures exist only for names that were liquid at some "
        "time. The market is the equal-weight one of these bars; its move of the "
        "session one buys in counts from the close before, the share's from the open."
    ),
    (
        "An open is no average price, and by that measure results as a whole may gain "
        "or lose against the market (`every result`): what blockbusters did is to be "
        "read beside the rest."
    ),
    (
        "A rate of circuits above the rest's is no gain: a share that opens locked "
        "cannot be bought, and those events have no return."
    ),
)


def _flow(periods: Mapping[str, Document]) -> Table:
    rows = (
        ("published", "published"),
        ("traded", "of them traded ₹25 lakh a day or more"),
        ("scored", "of them scored"),
        ("followed", "of them with a return from a tradable price"),
        ("banded", "scored, with a circuit known or known absent"),
    )
    flows = [found["flow"] for found in periods.values()]
    return Table(
        ("events", *periods),
        [(said, *(count(flow[name]) for flow in flows)) for name, said in rows],
    )


def _absent(periods: Mapping[str, Document]) -> tuple[str, ...]:
    told = []
    for name, found in periods.items():
        why = found["flow"]["absent"].items()
        said = "; ".join(f"{reason} ({number:,})" for reason, number in why)
        if said:
            told.append(f"Without a return in the {name} period: {said}.")
    return tuple(told)


def _tests(found: Document, period: str) -> Table:
    return Table(
        (f"{period} period", "among", "value (95 %)", "against", "p", "Holm", "events"),
        [
            (
                test["name"],
                test["among"],
                spread(test["estimate"], signed=_signed(test)),
                rate(test["null"], 0),
                chance(test["p"]),
                chance(test["holm"]),
                f"{test['events']:,} on {test['sessions']:,} sessions"
                if test["enough"]
                else f"{test['events']:,}: too few",
            )
            for test in found["tests"]
        ],
    )


def _signed(test: Mapping[str, Any]) -> bool:
    return test["against_rest"] or Measured(test["about"]) in _SIGNED


def _groups(found: Document, period: str, spec: Mapping[str, Any]) -> Table:
    cost = spec["numbers"]["cost"]
    rows = [
        (
            f"{_GROUPS[name]}, {among.value}",
            count(told["net"]["events"]) if told["net"] else "0",
            _won(told["won"]),
            spread(told["net"], signed=True),
            gain(told["net"]["value"] - cost if told["net"] else None),
            *(spread(told[m.value], signed=True) for m in _SIGNED[1:]),
            spread(told["circuit"], signed=False),
        )
        for among in Among
        for name in _GROUPS
        for told in [found["groups"][among.value][name]]
    ]
    heads = [_HEADS[m] for m in _SIGNED]
    return Table(
        (
            f"{period} period",
            "events",
            "win rate",
            heads[0],
            "at twice the cost",
            *heads[1:],
            "upper circuit",
        ),
        rows,
    )


def _won(found: Mapping[str, Any] | None) -> str:
    if found is None:
        return "–"
    low, high = found["wilson"]
    plain = f"{rate(found['value'])} ({rate(low)} to {rate(high)}"
    if found["low"] is None:
        return f"{plain})"
    return f"{plain}; {rate(found['low'])} to {rate(found['high'])})"


def _locked(periods: Mapping[str, Document]) -> Iterator[str]:
    for name, found in periods.items():
        told = found["locked_circuits"]
        yield (
            f"In the {name} period {told['opened_locked']:,} of the "
            f"{told['circuits']:,} blockbusters with a circuit opened session 0 locked "
            "at the limit: at that open nobody could have bought."
        )


def _tenths(found: Document, period: str) -> Table:
    return Table(
        (f"{period} period", "events", *(_HEADS[m] for m in Measured)),
        [
            (
                f"{row['tenth']} (score {row['from']:.0f} to {row['to']:.0f})",
                count(row["net"]["events"]) if row["net"] else "0",
                *(spread(row[m.value], signed=m in _SIGNED) for m in Measured),
            )
            for row in found["tenths"]
        ],
    )


def _seasons(periods: Mapping[str, Document]) -> Table:
    rows = []
    for name, found in periods.items():
        for season in found["seasons"]:
            high, rest = season["blockbuster"], season["rest"]
            rows.append(
                (
                    f"{season['season']}, {name}",
                    count(high["won"]["events"]) if high["won"] else "0",
                    spread(high["won"], signed=False),
                    spread(high["net"], signed=True),
                    rate(high["circuit"]["value"] if high["circuit"] else None),
                    rate(rest["won"]["value"] if rest["won"] else None),
                    rate(rest["circuit"]["value"] if rest["circuit"] else None),
                )
            )
    return Table(
        (
            "season of publication",
            "blockbusters",
            "win rate",
            "after cost",
            "upper circuit",
            "win rate of the rest",
            "upper circuit of the rest",
        ),
        rows,
    )


def _power(periods: Mapping[str, Document]) -> Table:
    rows = []
    for name, found in periods.items():
        for told in found["power"]:
            for about, said in (
                ("rate", "win rate of 55 %"),
                ("mean", "mean of 0.5 %"),
            ):
                one = told[about]
                if one:
                    rows.append(
                        (
                            f"{said}, {told['among']}, {name}",
                            count(one["events"]),
                            rate(one["deviation"]),
                            f"{one['design_effect']:.2f}",
                            count(one["independent"]),
                            count(one["needed"]),
                            rate(_SHOWN * one["standard_error"], 2),
                        )
                    )
    return Table(
        (
            "to show a",
            "events at hand",
            "standard deviation",
            "design effect",
            "independent",
            "needed",
            "least it could show",
        ),
        rows,
    )
