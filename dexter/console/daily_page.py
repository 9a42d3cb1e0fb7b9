"""A day of research as a report: Markdown, or one self-contained page."""

import html
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from dexter.console.daily import counted, plain, when
from dexter.console.pages import page
from dexter.domain.alert import DISCLAIMER
from dexter.domain.numerals import grouped, percent

Document = Mapping[str, Any]
Row = tuple[str, ...]
_ACTIVE = re.compile(r"([\\`*\[\]|])")
_GRADED = frozenset({"skill", "edge"})
_ALERT = ("company", "quarter", "priority", "P(circuit)", "blockbuster", "grade", "why")
_FILING = ("state", "company", "basis", "published", "why", "filing", "run")


@dataclass(frozen=True, slots=True)
class _Section:
    """A table with its title; ``folded`` where few will read it.

    ``empty`` is said in place of a table without rows.
    """

    title: str
    heads: Row
    rows: list[Row]
    folded: bool = False
    empty: str = "None."


def as_markdown(document: Document) -> str:
    """The day as Markdown."""
    return "\n".join(_lines(document)) + "\n"


def as_html(document: Document) -> str:
    """The day as one self-contained page; long tables scroll in themselves."""
    return page(f"dexter, {document['date']}", "\n".join(_blocks(document)))


def _lines(document: Document) -> Iterator[str]:
    yield f"# {document['date']}"
    yield ""
    yield _escaped(_summary(document))
    yield f"\n*{DISCLAIMER}*"
    for section in _sections(document):
        yield f"\n## {section.title}\n"
        if not section.rows:
            yield section.empty
            continue
        yield f"| {' | '.join(section.heads)} |"
        yield f"|{'---|' * len(section.heads)}"
        for row in section.rows:
            yield f"| {' | '.join(map(_escaped, row))} |"


def _escaped(text: str) -> str:
    """Words as words: no markup of anybody else's, and no end of a cell."""
    return _ACTIVE.sub(r"\\\1", html.escape(plain(text), quote=False))


def _blocks(document: Document) -> Iterator[str]:
    yield f"<h1>{html.escape(document['date'])}</h1>"
    yield f"<p>{html.escape(_summary(document))}</p>"
    yield f"<p><em>{html.escape(DISCLAIMER)}</em></p>"
    for section in _sections(document):
        title = html.escape(section.title)
        if not section.rows:
            yield f"<h2>{title}</h2>\n<p>{section.empty}</p>"
        elif section.folded:
            yield f"<details><summary>{title}</summary>"
            yield from _table(section)
            yield "</details>"
        else:
            yield f"<h2>{title}</h2>"
            yield from _table(section)


def _table(section: _Section) -> Iterator[str]:
    yield '<div style="overflow-x: auto"><table>'
    yield f"<tr>{''.join(f'<th>{html.escape(one)}</th>' for one in section.heads)}</tr>"
    for row in section.rows:
        cells = "".join(f"<td>{html.escape(plain(one))}</td>" for one in row)
        yield f"<tr>{cells}</tr>"
    yield "</table></div>"


def _sections(document: Document) -> Iterator[_Section]:
    yield _Section("Alerts", _ALERT, list(_alerts(document)))
    for title, states, folded in (
        ("For a person to look at", ("failed", "review"), False),
        ("No document", ("no_document",), False),
        ("No alert", ("no_alert",), True),
        ("Not results", ("not_results",), True),
    ):
        rows = [_filing(one, document) for one in _in(document, *states)]
        yield _Section(f"{title} ({len(rows)})", _FILING, rows, folded)
    missing = document["expected_but_missing"]
    yield _Section(
        f"Expected and not seen ({len(missing)} of {document['expected']})",
        ("company",),
        [(one,) for one in missing],
    )
    letters = list(_letters(document))
    heads = ("alert", "", "channel", "to", "state", "why")
    yield _Section(f"Letters ({len(letters)})", heads, letters, folded=True)
    sources = list(document["sources"].items())
    yield _Section("Sources", ("what", "state"), sources, empty="None was asked.")
    yield _Section("Model and cost", ("what", "value"), list(_health(document)))


def _summary(document: Document) -> str:
    said = counted(document)
    if document["dry_run"]:
        said += " (a dry run: nothing kept, nothing sent)"
    if document["fictional"]:
        said += ". The market is invented: companies, filings, prices and scores"
    if document["reason"]:
        said += f". {document['state']}: {document['reason']}"
    return f"{said}."


def _in(document: Document, *states: str) -> Iterator[Document]:
    return (one for one in document["filings"] if one["state"] in states)


def _alerts(document: Document) -> Iterator[Row]:
    """Each version with the rule or the amendment that made it."""
    made: dict[str, list[str]] = {}
    for one in _in(document, "alerted"):
        made.setdefault(one["alert_id"], []).append(one["reason"] or "")
    for alert in document["alerts"]:
        whys = made.get(alert["id"], [])
        yield _alert(alert, whys.pop(0) if whys else "")


def _alert(one: Document, why: str) -> Row:
    prediction, score = one["prediction"], one["blockbuster"]["score"]
    chance = f"none: {one['prediction_reason']}"
    if prediction:
        likely, usual = (
            percent(Decimal(prediction[name]), signed=False)
            for name in ("probability", "base_rate")
        )
        chance = f"{likely} against {usual}, edge {_words(prediction['edge'])}"
    points = f"none: {one['blockbuster']['reason']}"
    return (
        f"{one['company']} ({one['symbol']})",
        f"{one['period']} {one['basis'] or ''}",
        one["priority"],
        chance,
        points if score is None else grouped(Decimal(score), 0),
        one["data_grade"],
        why,
    )


def _filing(one: Document, document: Document) -> Row:
    return (
        _words(one["state"]),
        one["symbol"] or "unknown",
        one["basis"] or "–",
        when(one["published_at"], document["date"]),
        one["reason"] or "",
        one["id"],
        one["run_id"] or "–",
    )


def _letters(document: Document) -> Iterator[Row]:
    for one in document["deliveries"]:
        version, state = f"v{one['version']}", str(one["state"])
        where = one["channel"], one["recipient"]
        yield (one["alert_id"], version, *where, state, one["reason"] or "")


def _health(document: Document) -> Iterator[Row]:
    for part in ("model", "usage"):
        for name, value in document[part].items():
            if value not in (None, {}):
                said = _told(value)
                yield _words(name), _words(said) if name in _GRADED else said
    yield "run", document["run_id"]
    oldest = document["oldest_unread"]
    yield "oldest unread document", when(oldest, "") if oldest else "none waits"


def _told(value: object) -> str:
    if isinstance(value, Mapping):
        return "; ".join(f"{n} × {why}" for why, n in value.items())
    return str(value)


def _words(name: str) -> str:
    return name.replace("_", " ")
