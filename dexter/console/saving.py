"""A report as a file: Markdown, a self-contained HTML page, or the JSON document."""

from collections.abc import Callable, Iterable
from pathlib import Path

from dexter.console.addresses import address_of, known_of, value_of, what_of
from dexter.console.answer import cited
from dexter.console.pages import page
from dexter.domain.alert import IN_SAMPLE, Alert
from dexter.domain.moment import IST
from dexter.domain.numerals import grouped, percent
from dexter.domain.research import Report
from dexter.errors import UnsavableError
from dexter.orchestrator.reporting import as_json


def writer_of(path: Path) -> Callable[[Report], str]:
    """What writes a file of that name.

    Raises:
        UnsavableError: the ending is none of .md, .html and .json.
    """
    writers = {".md": as_markdown, ".html": as_html, ".json": as_json}
    writer = writers.get(path.suffix.lower())
    if writer is None:
        raise UnsavableError(path, "the name must end in .md, .html or .json")
    return writer


def check(path: Path) -> None:
    """See before a run that its report can be saved there.

    Raises:
        UnsavableError: another ending, a folder, or a file in a folder that is not.
    """
    writer_of(path)
    if path.is_dir():
        raise UnsavableError(path, "it is a folder")
    if not path.parent.is_dir():
        raise UnsavableError(path, f"there is no folder {path.parent}")


def save(report: Report, path: Path) -> None:
    """Write a report; the ending of the name decides the form.

    Raises:
        UnsavableError: another ending, or the file cannot be written.
    """
    try:
        path.write_text(writer_of(path)(report) + "\n", encoding="utf-8")
    except OSError as error:
        raise UnsavableError(path, (error.strerror or str(error)).lower()) from error


def as_markdown(report: Report) -> str:
    """The answer with footnotes, then alerts, checks, absences and the run."""
    when = report.as_of.astimezone(IST)
    parts = [
        f"# {report.query}",
        *(f"> {notice}" for notice in report.notices),
        f"*{report.status.value}*"
        + (f": {report.reason}" if report.reason else "")
        + f" · as of {when:%d %b %Y %H:%M} IST",
        report.answer.markdown,
        *(_alert(alert) for alert in report.alerts),
        *_section("Conflicts", (c.what for c in report.conflicts)),
        *_section(
            "Checks that failed",
            (f"{c.name}: {c.detail}" for c in report.checks if not c.ok),
        ),
        *_section("Not found", (f"{a.what}: {a.reason}" for a in report.absences)),
        _run(report),
        _footnotes(report),
    ]
    return "\n\n".join(part for part in parts if part)


def as_html(report: Report) -> str:
    """The same as one page that needs nothing else."""
    from markdown_it import MarkdownIt  # noqa: PLC0415 - only when a page is wanted

    text = as_markdown(report)
    for identifier in cited(report):
        text = text.replace(f"[^{identifier}]: ", f"- {_anchor(identifier)} ")
        mark = f"[^{identifier}]"
        text = text.replace(mark, f"⟦{identifier}⟧")
    body = MarkdownIt("commonmark", {"html": False}).enable("table").render(text)
    for identifier in cited(report):
        body = body.replace(
            f"⟦{identifier}⟧",
            f'<sup><a href="#{identifier}">{identifier[1:]}</a></sup>',
        ).replace(
            _anchor(identifier), f'<a id="{identifier}"></a><b>{identifier[1:]}</b>'
        )
    return page(report.query, body)


def _anchor(identifier: str) -> str:
    return f"⟪{identifier}⟫"


def _section(title: str, items: Iterable[str]) -> list[str]:
    rows = [f"- {item}" for item in items]
    return [f"## {title}", "\n".join(rows)] if rows else []


def _footnotes(report: Report) -> str:
    lines = []
    for identifier in cited(report):
        evidence = report.evidence[identifier]
        said = [
            f"{what_of(evidence)}: {value_of(evidence)}",
            address_of(evidence),
            known_of(evidence),
            f"grade {evidence.grade.value}" if evidence.grade else "",
        ]
        lines.append(f"[^{identifier}]: {'; '.join(filter(None, said))}")
    return "\n".join(lines)


def _alert(alert: Alert) -> str:
    score = alert.blockbuster
    # Rounded as the answer rounds it: one score, one figure.
    points = (
        score.reason if score.score is None else f"{grouped(score.score, 0)} of 100"
    )
    rows = [
        ("blockbuster", f"{points} ({score.coverage:.0%} of its parts known)"),
        ("P(upper circuit in 3 sessions)", _probability(alert)),
        ("VCP", _pattern(alert)),
        ("data grade", alert.data_grade),
    ]
    rows += [("reason", reason) for reason in alert.reasons]
    table = "\n".join(f"| {name} | {said} |" for name, said in rows)
    head = (
        f"## Alert: {alert.priority.value}, {alert.company} ({alert.symbol}), "
        f"{alert.period}"
    )
    return f"{head}\n\n| | |\n|---|---|\n{table}\n\n*{alert.disclaimer}*"


def _probability(alert: Alert) -> str:
    found = alert.prediction
    if found is None:
        return f"none: {alert.prediction_reason}"
    said = (
        f"{percent(found.probability, signed=False)} "
        f"(base rate {percent(found.base_rate, signed=False)}, "
        f"{found.confidence.value}, skill {found.skill.value.replace('_', ' ')}, "
        f"edge {found.edge.value.replace('_', ' ')}, model {found.model})"
    )
    said += ", illustrative" if found.illustrative else ""
    return said + (f", {IN_SAMPLE}" if found.in_sample else "")


def _pattern(alert: Alert) -> str:
    if alert.vcp is None:
        return f"none: {alert.vcp_reason}"
    stood = "stood" if alert.vcp.passed else "did not stand"
    falls = "contraction" if alert.vcp.contractions == 1 else "contractions"
    return f"{stood}: {alert.vcp.contractions} {falls}"


def _run(report: Report) -> str:
    head = f", head {report.journal.head}" if report.journal else ""
    return f"*Run {report.run_id}, model {report.model}{head}*"
