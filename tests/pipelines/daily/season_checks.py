"""What must hold after a season: nothing lost, nothing twice, all in its order."""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from dexter.alerts.rendering import REPEAT
from dexter.domain.alert import Priority
from dexter.domain.daily import FilingState
from dexter.domain.delivery import DeliveryState, ItemKind
from dexter.operating import Operating, Recipient
from dexter.store import tables as t
from dexter.store.database import Database
from pipelines.daily.keeping import FRESH
from tests.fake_exchange import World
from tests.fake_exchange.season import Result
from tests.pipelines.daily import season_truth
from tests.pipelines.daily.season_outside import Taken

Row = Mapping[str, Any]
_SAID = re.compile(r"Alert (\S+), version (\d+)")
_ORDER = tuple(Priority)


@dataclass
class Facts:
    """Everything there is to check, read once."""

    world: World
    operating: Operating
    filings: Sequence[Row]
    alerts: Sequence[Row]
    letters: Sequence[Row]
    telegram: Sequence[Taken]
    mail: Sequence[Taken]
    counts: Counter[str] = field(default_factory=Counter)


def read(
    home: Path,
    world: World,
    operating: Operating,
    taken: tuple[Sequence[Taken], Sequence[Taken]],
) -> Facts:
    """What a home holds after a season, and what the servers took."""
    database = Database.open(home)
    try:
        with database.read() as connection:
            filings, alerts, letters = (
                [dict(row) for row in connection.execute(sa.select(table)).mappings()]
                for table in (t.day_filings, t.alerts, t.outbox)
            )
    finally:
        database.close()
    return Facts(world, operating, filings, alerts, letters, *taken)


def wrongs(facts: Facts) -> list[str]:
    """Everything that is not as it must be; also counts what there is."""
    begins, ends = facts.world.season
    sessions = facts.world.days.sessions
    facts.counts["sessions"] = sum(begins <= day <= ends for day in sessions)
    facts.counts["holidays"] = sum(
        begins <= day <= ends for day in facts.world.days.holidays()
    )
    checks: tuple[Callable[[Facts], Iterator[str]], ...] = (
        _filings,
        _strangers,
        _versions,
        _routed,
        _arrived,
        _in_order,
    )
    return [wrong for check in checks for wrong in check(facts)]


def _filings(facts: Facts) -> Iterator[str]:
    """Every document that was announced is one filing, and ended as it should."""
    states = defaultdict(list)
    for row in facts.filings:
        for ending in {row["id"][-12:], row["id"][-16:]}:
            states[ending].append(FilingState(row["state"]))
        facts.counts["filings"] += 1
        facts.counts[f"filings: {row['state']}"] += 1
    for one in season_truth.due(facts.world):
        facts.counts["documents announced as results"] += 1
        found = states[one.ending]
        if len(found) != 1:
            yield f"{one.ending} ({one.what}) is {len(found)} filings: {found}"
        elif found[0] not in one.states:
            yield f"{one.ending} ({one.what}) ended {found[0]}"


def _strangers(facts: Facts) -> Iterator[str]:
    """No filing without a document; none twice; none failed."""
    papers = season_truth.papers_by_ending(facts.world)
    due = {one.ending for one in season_truth.due(facts.world)}
    twice = Counter(row["id"][-12:] for row in facts.filings)
    for row in facts.filings:
        ending = row["id"][-12:]
        if twice[ending] > 1:
            yield f"{row['id']} is there {twice[ending]} times"
        known = ending in papers or row["id"][-16:] in due
        if not known and not row["id"].endswith("-row"):
            yield f"nobody announced {row['id']}: {row['state']}, {row['reason']}"
        if row["state"] == FilingState.FAILED:
            yield f"{row['id']} failed: {row['reason']}"


def _versions(facts: Facts) -> Iterator[str]:
    """A company is told of once, and once more if its results were revised."""
    told: dict[str, list[int]] = defaultdict(list)
    for row in facts.alerts:
        told[row["symbol"]].append(row["version"])
    facts.counts["alerts: first versions"] = sum(1 in one for one in told.values())
    for result in facts.world.results:
        keys = {result.company.key, result.company.former}
        versions = sorted(v for key in keys if key for v in told.pop(key, []))
        facts.counts["results that were revised"] += result.revised is not None
        facts.counts["alerts: amendments"] += max(0, len(versions) - 1)
        allowed = ([], [1], [1, 2]) if result.revised else ([], [1])
        if versions not in allowed:
            yield f"{result.company.key} has versions {versions}"
        last = [r for r in facts.alerts if r["symbol"] in keys and r["version"] == 1]
        if last and _amendable(result, last[0]) and versions != [1, 2]:
            yield f"{result.company.key} was revised and not amended"


def _amendable(result: Result, alert: Row) -> bool:
    """Whether an alert was of the first telling of results that were revised."""
    published = alert["published_at"]
    return result.revised is not None and published < min(result.revised)


def _routed(facts: Facts) -> Iterator[str]:
    """Who must hear of an alert has a letter: sent, or closed for a later version."""
    rows = {
        (r["item"], r["version"], r["channel"], r["recipient"]): r
        for r in facts.letters
    }
    for alert in facts.alerts:
        stale = alert["published_at"] and (
            alert["made_at"] - alert["published_at"] > FRESH
        )
        facts.counts["alerts kept and not told, of long ago"] += bool(stale)
        for one in facts.operating.recipients:
            key = (alert["id"], alert["version"], one.channel.value, one.name)
            before = (alert["id"], alert["version"] - 1, *key[2:]) in rows
            hears = not stale and (before or _loud_enough(alert, one))
            if hears != (key in rows):
                yield f"{key}: should hear {hears}, has a letter {key in rows}"
    for key, row in rows.items():
        kind, state = ItemKind(row["kind"]), DeliveryState(row["state"])
        facts.counts[f"letters: {kind} {state}"] += 1
        facts.counts["letters: tries"] += row["attempts"]
        superseded = str(row["reason"]).startswith("superseded by version")
        facts.counts["letters: superseded"] += superseded
        if state is not DeliveryState.SENT and not superseded:
            yield f"{key} is {state}: {row['reason']}"


def _loud_enough(alert: Row, one: Recipient) -> bool:
    return _ORDER.index(Priority(alert["priority"])) <= _ORDER.index(one.least)


def _arrived(facts: Facts) -> Iterator[str]:
    """The servers' own ledgers: every letter is there, and unmarked once at most."""
    came: dict[tuple[object, ...], list[bool]] = defaultdict(list)
    for key, marked in _ledger(facts):
        came[key].append(marked)
    facts.counts["arrived"] = sum(map(len, came.values()))
    facts.counts["arrived: marked as possible repeats"] = sum(map(sum, came.values()))
    facts.counts["arrived: repeats"] = sum(len(one) - 1 for one in came.values())
    letters = {_shown(row): row for row in facts.letters}
    for key, row in letters.items():
        sent = row["state"] == DeliveryState.SENT
        if sent and key not in came:
            yield f"{key} is sent and did not arrive"
        arrived = came.get(key, [])
        if arrived.count(False) > 1:
            yield f"{key} arrived {arrived.count(False)} times without a mark"
        if any(arrived) and row["repeats"] < arrived.count(True):
            yield f"{key} was marked {arrived.count(True)} times, not counted"
        if False in arrived[1:]:
            yield f"{key} arrived again without a mark"
    yield from (f"nobody sent {key}" for key in came.keys() - letters.keys())


def _ledger(facts: Facts) -> Iterator[tuple[tuple[object, ...], bool]]:
    names = {one.to: one for one in facts.operating.recipients}
    for one in (*facts.telegram, *facts.mail):
        recipient = names[one.to]
        whole = " ".join(one.text.split())
        said = _SAID.search(whole)
        who = (recipient.channel.value, recipient.name)
        marked = REPEAT in whole
        if said:
            yield (said[1], int(said[2]), *who), marked
        else:
            yield (_title(one.text), *who), marked


def _title(text: str) -> str:
    """The line of a notice that names it."""
    lines = (line.strip() for line in text.splitlines())
    return next(one for one in lines if " · " in one).split(" · ", 1)[1]


def _shown(row: Row) -> tuple[object, ...]:
    who = (row["channel"], row["recipient"])
    if row["kind"] == ItemKind.ALERT:
        return (row["item"], row["version"], *who)
    title = re.search(r'"title":"(.*?)","lines"', row["body"])
    assert title is not None
    return (" ".join(title[1].split()), *who)


def _in_order(facts: Facts) -> Iterator[str]:
    """A later version never before an earlier one."""
    for ledger in (facts.telegram, facts.mail):
        last: dict[tuple[str, str], int] = {}
        for one in ledger:
            said = _SAID.search(" ".join(one.text.split()))
            if said is None:
                continue
            key, version = (one.to, said[1]), int(said[2])
            if version < last.get(key, 0):
                yield f"{key}: version {version} after {last[key]}"
            last[key] = max(version, last.get(key, 0))


def table(counts: Mapping[str, int]) -> str:
    """Counts as a Markdown table."""
    rows = [f"| {name} | {n:,} |" for name, n in sorted(counts.items())]
    return "\n".join(["| What | How many |", "| --- | ---: |", *rows])


def contents(home: Path) -> set[str]:
    """What running a day again must not change, a row a line."""
    free = {"decided_at", "due_at"}
    database = Database.open(home)
    try:
        with database.read() as connection:
            return {
                f"{table.name}: { ({k: v for k, v in row.items() if k not in free}) }"
                for table in (t.day_filings, t.alerts, t.outbox)
                for row in connection.execute(sa.select(table)).mappings()
            }
    finally:
        database.close()
