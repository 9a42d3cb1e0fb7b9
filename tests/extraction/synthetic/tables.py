"""Counts as tables: for the terminal, and for the page in ``docs/``."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path

from tests.extraction.synthetic.compare import End
from tests.extraction.synthetic.run import Record

BEGIN = "<!-- synthetic: python -m tests.extraction.synthetic.measure -->"
FINISH = "<!-- end -->"
_LEVELLED = re.compile(r"(.+) ([123])")
_REASONS = 14


class Tally:
    """Rows by how they ended, under every name worth a line."""

    def __init__(self) -> None:
        self._ends: dict[str, dict[str, Counter[str]]] = defaultdict(
            lambda: defaultdict(Counter)
        )
        self._reasons: Counter[str] = Counter()

    @property
    def wrong(self) -> int:
        """Rows that must never happen."""
        return sum(one[End.WRONG] for one in self._ends["group"].values())

    def accepted(self, group: str) -> int:
        return self._ends["group"][group][End.RIGHT]

    def add(self, record: Record) -> None:
        job = record.job
        names = [("group", job.group)]
        if job.recipe and job.group == "damage":
            names.append(("damage", job.recipe.name))
        if job.recipe and job.group == "scan":
            names.append(("scan", job.recipe.name))
        if job.trap:
            names.append((job.group, str(job.trap)))
        if not job.trap and job.group != "damage":
            names += [
                (f"{job.group}: layout", trait)
                for trait in record.traits
                if trait.startswith(("family", "arrangement", "header", "unit_place"))
            ]
        for table, name in names:
            counts = self._ends[table][name]
            counts["files"] += 1
            counts["pages"] += record.pages
            counts["milliseconds"] += round(record.seconds * 1000)
            for one in record.outcomes:
                counts["rows"] += 1
                counts[one.end] += 1
                counts["eps"] += one.eps_withheld
                counts["missing"] += len(one.missing)
        self._reasons.update(
            f"{job.group}: {re.sub('“.*?”', '“…”', one.reason)[:100]}"
            for one in record.outcomes
            if one.end is End.REVIEW
        )

    def table(self, name: str, title: str) -> Iterator[str]:
        """One Markdown table, a line for each name."""
        yield (
            f"| {title} | files | rows | accepted | review | wrong | EPS withheld "
            "| amounts missing | CPU s a page |"
        )
        yield "|---|--:|--:|--:|--:|--:|--:|--:|--:|"
        for key, counts in sorted(self._ends[name].items()):
            pace = counts["milliseconds"] / 1000 / max(1, counts["pages"])
            cells = [counts[c] for c in ("files", "rows", End.RIGHT, End.REVIEW)]
            cells += [counts[End.WRONG], counts["eps"], counts["missing"]]
            yield f"| {key} | {' | '.join(map(str, cells))} | {pace:.2f} |"
        yield ""

    def damages(self) -> Iterator[str]:
        """Accepted of all rows, a line for each damage, a column for each level."""
        yield "| damage, at 150 DPI | mild | middling | bad | wrong |"
        yield "|---|--:|--:|--:|--:|"
        levels: dict[str, dict[int, Counter[str]]] = defaultdict(dict)
        for name, counts in self._ends["damage"].items():
            found = _LEVELLED.fullmatch(name)
            at = (found[1], int(found[2])) if found else (name, 1)
            levels[at[0]][at[1]] = counts
        for name, told in levels.items():
            shown = [
                f"{told[i][End.RIGHT]} of {told[i]['rows']}" if i in told else ""
                for i in (1, 2, 3)
            ]
            wrong = sum(one[End.WRONG] for one in told.values())
            yield f"| {name} | {' | '.join(shown)} | {wrong} |"
        yield ""

    def reasons(self) -> Iterator[str]:
        """Why rows were not accepted, the commonest first."""
        yield "| rows | why they were not accepted |"
        yield "|--:|---|"
        for reason, count in self._reasons.most_common(_REASONS):
            yield f"| {count} | {reason.replace('|', '/')} |"
        yield ""


def page(tally: Tally) -> str:
    """Everything that was counted, as Markdown."""
    lines = [*tally.table("group", "synthetic pages"), *tally.damages()]
    for name in ("scan", "trap", "trap, scan", "born digital: layout", "scan: layout"):
        lines += tally.table(name, name)
    lines += tally.reasons()
    return "\n".join(lines)


def write(path: Path, text: str) -> None:
    """Put the tables between the markers of a page, at its end if it has none."""
    old = path.read_text("utf-8") if path.is_file() else "# Extraction, measured\n"
    block = f"{BEGIN}\n\n{text}\n{FINISH}"
    start, stop = old.find(BEGIN), old.find(FINISH, old.find(BEGIN))
    if start < 0 or stop < 0:
        new = f"{old.rstrip()}\n\n{block}\n"
    else:
        new = old[:start] + block + old[stop + len(FINISH) :]
    path.write_text(new, encoding="utf-8")
