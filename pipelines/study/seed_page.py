"""The page of ``seed-42``."""

from pipelines.study.page import NOTHING, Section, Table, count, rate
from pipelines.study.seed import ALERTS, DAYS, WINS
from pipelines.study.study import Document


def verdict(document: Document) -> tuple[str, ...]:
    """What the count can say, in three sentences."""
    (found,) = document["periods"].values()
    told = document["verdict"]
    alone, picks, worth = found["alone"], found["picks"], found["effective"]
    low, high = alone["wilson"]
    coin = "differs" if told["told_from_coin"] else "cannot be told"
    ordinary = "lies outside" if told["told_from_picks"] else "is an ordinary one of"
    return (
        (
            f"{WINS} of {ALERTS} is {WINS / ALERTS:.1%} with a 95 % interval of "
            f"{low:.0%} to {high:.0%} (Wilson) and an exact p of {alone['p']:.2f} "
            f"against 50 %: it {coin} from a coin."
        ),
        (
            f"Alerts of one day share that day's market: {ALERTS} of them on {DAYS} "
            f"days are worth {worth['events']:.0f} independent ones, and the interval "
            f"is {worth['low']:.0%} to {worth['high']:.0%}."
        ),
        (
            f"Of 10,000 random picks of as many results on three days "
            f"{picks['at_most']:.0%} won {WINS} times or less, half of them "
            f"{picks['median']:.0f} times or less: the count {ordinary} them."
        ),
    )


def sections(document: Document) -> tuple[Section, ...]:
    """The count alone, with its days, its power, and beside random picks."""
    (found,) = document["periods"].values()
    return (
        Section("The count alone, and for its three days", _ALONE, [_alone(found)]),
        Section(
            "Where the rate may lie",
            (),
            (),
            {
                "posterior": "What a flat prior becomes: by 42 independent alerts, "
                "and by those they are worth"
            },
        ),
        Section("What it could have shown", _POWER, [_power(found)]),
        Section(
            "Beside random picks",
            _picks(found),
            [],
            {"draws": "Wins in 42 results picked at random on three days"},
        ),
        Section("What this does not say", _LIMITS),
    )


_ALONE = (
    (
        "Right, the same count as if of the independent alerts it is worth. The "
        "posterior is that of a flat prior: every rate was held equally likely "
        "before."
    ),
)
_POWER = (
    (
        "The chance that an exact test at 5 % tells a true rate from 50 %, and how "
        "many alerts give it 80 %, at 14 a day."
    ),
)
_LIMITS = (
    (
        "Nothing here says the alerts were good or bad. Their selection, entry and "
        "exit are not on record; the data beside them are all results, whose wins "
        "within a session may be more or less alike than those of selected ones. "
        "Sessions of one season are taken as independent of each other."
    ),
)


def _alone(found: Document) -> Table:
    alone, worth, data = found["alone"], found["effective"], found["data"]

    def middle(low: float, high: float) -> str:
        return f"{rate(low)} to {rate(high)}"

    blockbuster = data["correlation_blockbuster"]
    return Table(
        ("", "42 independent alerts", "alerts on three days"),
        [
            ("worth independent alerts", "42", f"{worth['events']:.1f}"),
            ("wins", rate(alone["rate"]), rate(alone["rate"])),
            (
                "95 % (Wilson)",
                middle(*alone["wilson"]),
                middle(worth["low"], worth["high"]),
            ),
            ("95 % (exact)", middle(*alone["exact"]), NOTHING),
            ("p against 50 %", f"{alone['p']:.3f} (exact)", f"{worth['p']:.3f}"),
            ("posterior mean", rate(alone["mean"]), rate(worth["mean"])),
            (
                "posterior, middle 95 %",
                middle(*alone["middle"]),
                middle(*worth["middle"]),
            ),
            (
                "chance the rate is above 50 %",
                rate(alone["above_half"]),
                rate(worth["above_half"]),
            ),
            (
                (
                    f"correlation of wins within a session, {data['events']:,} "
                    f"results on {data['sessions']:,} sessions"
                ),
                NOTHING,
                f"{data['correlation']:.3f}",
            ),
            (
                f"the same of {data['blockbusters']:,} blockbusters",
                NOTHING,
                NOTHING if blockbuster is None else f"{blockbuster:.3f}",
            ),
            ("design effect at 14 a day", "1.00", f"{data['design_effect']:.2f}"),
        ],
    )


def _power(found: Document) -> Table:
    return Table(
        (
            "true rate",
            "chance with 42",
            "chance with those they are worth",
            "independent alerts needed",
            "alerts needed",
            "days of 14",
        ),
        [
            (
                rate(one["truth"], 0),
                rate(one["power"]),
                rate(one["effective"]),
                count(one["independent"]),
                count(one["needed"]),
                count(-(-one["needed"] // 14)),
            )
            for one in found["power"]
        ],
    )


def _picks(found: Document) -> tuple[str, ...]:
    picks, data = found["picks"], found["data"]
    return (
        (
            f"{rate(data['rate'])} of all {data['events']:,} results won. 42 of them "
            f"picked on three sessions of one season won {picks['mean']:.1f} times on "
            f"average, in the central 95 % of picks {picks['low']:.0f} to "
            f"{picks['high']:.0f} times; {rate(picks['at_most'])} of picks won 16 "
            f"times or less. Their standard deviation is {picks['deviation']:.2f} "
            "wins, where 42 independent events of the same rate have "
            f"{picks['binomial_deviation']:.2f}."
        ),
    )
