"""The door: dexter's commands, declared; what they do is in ``pipelines.commands``.

Nothing heavy is imported here, so that ``dexter --help`` answers at once.
"""

import sys
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer
from typer.core import TyperGroup

from dexter.errors import (
    CommandError,
    DexterError,
    RunInterruptedError,
    UnforeseenError,
)

app = typer.Typer(
    name="dexter",
    help="Ask about Indian (BSE/NSE) earnings; every number has an address.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
data_app = typer.Typer(
    help="What is kept: import, status, sample.", no_args_is_help=True
)
runs_app = typer.Typer(help="The audit trail of every run.", no_args_is_help=True)
models_app = typer.Typer(help="The model registry.", no_args_is_help=True)


class _FilesOrReview(TyperGroup):
    """``extract FILE…`` reads files; ``extract review`` is a command of its own."""

    allow_interspersed_args = True

    def make_context(
        self,
        info_name: str | None,
        args: list[str],
        parent: Any = None,  # noqa: ANN401 - Typer's context
        **extra: Any,  # noqa: ANN401
    ) -> Any:  # noqa: ANN401
        """The context of the command, told by the first word."""
        if args[:1] == ["review"]:
            review, name = self.commands["review"], f"{info_name} review"
            return review.make_context(name, args[1:], parent, **extra)
        return super().make_context(info_name, args, parent, **extra)


extract_app = typer.Typer(cls=_FilesOrReview, subcommand_metavar="| review")
app.add_typer(extract_app, name="extract")
app.add_typer(data_app, name="data")
app.add_typer(runs_app, name="runs")
app.add_typer(models_app, name="models")
alerts_app = typer.Typer(
    help="What was alerted, and what happened next.", no_args_is_help=True
)
app.add_typer(alerts_app, name="alerts")
config_app = typer.Typer(
    help="What the operator decides, in dexter.toml.", no_args_is_help=True
)
app.add_typer(config_app, name="config")
schedule_app = typer.Typer(
    help="The timer of the day's research.", no_args_is_help=True
)
app.add_typer(schedule_app, name="schedule")
experiment_app = typer.Typer(
    help="Several models in charge at once.", no_args_is_help=True
)
models_app.add_typer(experiment_app, name="experiment")

DAY = ["%Y-%m-%d"]
Json = Annotated[bool, typer.Option("--json", help="One JSON document on stdout.")]
AsOf = Annotated[
    str | None,
    typer.Option("--as-of", help="Look no further than this time (IST).", metavar="T"),
]
Model = Annotated[
    str | None,
    typer.Option("--model", help="offline, anthropic:NAME or openai:NAME."),
]
Because = Annotated[
    str | None, typer.Option("--because", help="Why; kept with the act.")
]
RunOrBundle = Annotated[
    str, typer.Argument(help="A run id, or a file that `runs export` wrote.")
]
RunId = Annotated[str, typer.Argument(help="A run id, as `dexter runs list` shows.")]


@app.callback()
def _options(
    debug: Annotated[
        bool, typer.Option("--debug", help="Show tracebacks of errors.")
    ] = False,
) -> None:
    _DEBUG[:] = [debug]


_DEBUG: list[bool] = []


@app.command()
def ask(
    question: Annotated[str, typer.Argument(help="A question about earnings.")],
    as_of: AsOf = None,
    model: Model = None,
    budget: Annotated[
        float | None, typer.Option("--budget", help="USD this run may cost.", min=0)
    ] = None,
    plan: Annotated[
        bool, typer.Option("--plan", help="Show and price the plan, then stop.")
    ] = False,
    json: Json = False,
    save: Annotated[
        Path | None, typer.Option("--save", help="FILE.md, FILE.html or FILE.json.")
    ] = None,
    sample: Annotated[
        bool, typer.Option("--sample", help="Ask the fictional sample market.")
    ] = False,
) -> None:
    """Answer one question, with its plan, evidence, checks and a scored alert."""
    from pipelines.commands import asking

    wishes = asking.Wishes(
        as_of=as_of,
        model=model,
        budget=Decimal(str(budget)) if budget is not None else None,
        plan=plan,
        json=json,
        save=save,
        sample=sample,
    )
    _end(asking.ask(question, wishes))


@extract_app.callback(invoke_without_command=True)
def extract(
    files: Annotated[
        list[Path], typer.Argument(help="PDF, XBRL or inline XBRL, or folders of them.")
    ],
    json: Json = False,
    show: Annotated[
        bool, typer.Option("--show", help="Draw each page with its cells boxed.")
    ] = False,
    out: Annotated[
        Path | None, typer.Option("--out", help="Where pictures go.", metavar="DIR")
    ] = None,
    vision: Annotated[
        str | None,
        typer.Option(
            "--vision",
            help="Show pages in doubt to a model: anthropic:NAME or openai:NAME.",
            metavar="MODEL",
        ),
    ] = None,
) -> None:
    """Read the statements of results documents, each cell with its address.

    What waits for a person: `dexter extract review`. A file named review: ./review.
    """
    from pipelines.commands import extracting

    _end(extracting.extract(files, as_json_too=json, show=show, out=out, vision=vision))


@extract_app.command("review")
def extract_review(
    statement: Annotated[
        str | None, typer.Argument(help="An id of the list.", metavar="ID")
    ] = None,
    company: Annotated[
        str | None,
        typer.Option("--company", help="Only what has this in company or file name."),
    ] = None,
    everything: Annotated[
        bool, typer.Option("--all", help="Also what is accepted or rejected.")
    ] = False,
    confirm: Annotated[
        bool, typer.Option("--confirm", help="The page prints it as shown.")
    ] = False,
    set_: Annotated[
        list[str] | None,
        typer.Option(
            "--set",
            help="Correct a value, typed as printed in the statement's own unit: "
            "tax=1,234.50, net_profit:previous_quarter=(12.30), other_income=-.",
            metavar="ITEM[:COLUMN]=VALUE",
        ),
    ] = None,
    withhold: Annotated[
        list[str] | None,
        typer.Option(
            "--withhold",
            help="Leave a value, or a whole column, out.",
            metavar="ITEM[:COLUMN]",
        ),
    ] = None,
    unit: Annotated[
        str | None,
        typer.Option("--unit", help="rupee, thousand, lakh, million or crore."),
    ] = None,
    basis: Annotated[
        str | None, typer.Option("--basis", help="standalone or consolidated.")
    ] = None,
    period_end: Annotated[
        str | None,
        typer.Option(
            "--period-end", help="Last day of the current quarter.", metavar="DATE"
        ),
    ] = None,
    page: Annotated[
        int | None, typer.Option("--page", help="The page it stands on.", min=1)
    ] = None,
    symbol: Annotated[
        str | None, typer.Option("--symbol", help="Whose results these are.")
    ] = None,
    reject: Annotated[
        bool,
        typer.Option(
            "--reject", help="Not to be used; an id without its number is the file."
        ),
    ] = False,
    because: Annotated[
        str | None, typer.Option("--because", help="Why, for the record.")
    ] = None,
    by: Annotated[
        str | None, typer.Option("--by", help="Who decides.", metavar="NAME")
    ] = None,
    walk: Annotated[
        bool, typer.Option("--walk", help="Ask value by value, then settle.")
    ] = False,
    out: Annotated[
        Path | None, typer.Option("--out", help="Where pictures go.", metavar="DIR")
    ] = None,
    json: Json = False,
) -> None:
    """List what waits for a person, look at one statement, or settle it."""
    from pipelines.commands import reviewing

    wishes = reviewing.Wishes(
        company=company,
        everything=everything,
        json=json,
        out=out,
        confirm=confirm,
        set=tuple(set_ or ()),
        withhold=tuple(withhold or ()),
        unit=unit,
        basis=basis,
        period_end=period_end,
        page=page,
        symbol=symbol,
        reject=reject,
        because=because,
        by=by,
        walk=walk,
    )
    _end(reviewing.review(statement, wishes))


@app.command()
def features(
    symbol: Annotated[
        str | None, typer.Argument(help="An NSE symbol.", show_default=False)
    ] = None,
    as_of: AsOf = None,
    quarter: Annotated[
        str | None,
        typer.Option("--quarter", help="As its results came out: 'Q1 FY25'."),
    ] = None,
    chart: Annotated[
        Path | None,
        typer.Option("--chart", help="Draw price, contractions, volume: FILE.png."),
    ] = None,
    catalogue: Annotated[
        bool, typer.Option("--catalogue", help="List every feature and its formula.")
    ] = False,
    every: Annotated[
        Path | None,
        typer.Option("--all", help="Every company's features to FILE.parquet."),
    ] = None,
    json: Json = False,
    sample: Annotated[
        bool, typer.Option("--sample", help="Of the fictional sample market.")
    ] = False,
) -> None:
    """Every feature of a company as of a moment, with value, unit and source."""
    from pipelines.commands import featuring

    if catalogue:
        _end(featuring.catalogue(as_json_too=json))
    wishes = featuring.Wishes(as_of, quarter, json, chart, every, sample)
    _end(featuring.features(symbol, wishes))


@app.command()
def train(
    label: Annotated[
        str, typer.Option("--label", help="What to predict.")
    ] = "upper_circuit_3d",
    until: Annotated[
        datetime | None,
        typer.Option("--until", formats=DAY, help="Know nothing later."),
    ] = None,
) -> None:
    """Train, evaluate walk-forward, and register a challenger."""
    from pipelines.commands import modelling

    _end(modelling.train(label, until.date() if until else None))


@app.command()
def backtest(
    since: Annotated[
        datetime, typer.Option("--from", formats=DAY, help="First day of publication.")
    ],
    until: Annotated[
        datetime, typer.Option("--to", formats=DAY, help="Last day of publication.")
    ],
    model: Annotated[
        str | None, typer.Option("--model", help="A version. Default: the champion.")
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", help="One row an event to FILE.parquet.")
    ] = None,
    json: Json = False,
) -> None:
    """The frozen model over dated results: what it would have said, what followed."""
    from pipelines.commands import backtesting

    wishes = backtesting.Wishes(
        since=since.date(), until=until.date(), version=model, out=out, json=json
    )
    _end(backtesting.backtest(wishes))


@app.command()
def daily(
    day: Annotated[
        datetime | None,
        typer.Option("--date", formats=DAY, help="Default: today (IST)."),
    ] = None,
    catch_up: Annotated[
        bool, typer.Option("--catch-up", help="Make up for days that did not end well.")
    ] = False,
    watch: Annotated[
        bool, typer.Option("--watch", help="Go on asking until midnight IST.")
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Decide, and keep and send nothing.")
    ] = False,
    offline: Annotated[
        bool, typer.Option("--offline", help="Ask no source; use what is kept.")
    ] = False,
    sample: Annotated[
        bool, typer.Option("--sample", help="A day of the bundled sample market.")
    ] = False,
    model: Model = None,
    json: Json = False,
) -> None:
    """The day's filings to alerts, each exactly once."""
    from pipelines.commands import dailying

    wishes = dailying.Wishes(
        day=day.date() if day else None,
        catch_up=catch_up,
        watch=watch,
        dry_run=dry_run,
        offline=offline,
        sample=sample,
        model=model,
        json=json,
    )
    _end(dailying.daily(wishes))


@app.command()
def backup(
    file: Annotated[Path, typer.Argument(help="Where to: a .tar.gz, or a folder.")],
    json: Json = False,
) -> None:
    """A consistent copy of the home, taken while everything runs."""
    from pipelines.commands import backing

    _end(backing.backup(file, as_json_too=json))


@app.command()
def restore(
    file: Annotated[Path, typer.Argument(help="What `dexter backup` wrote.")],
    force: Annotated[
        bool, typer.Option("--force", help="Set a home with data aside, and restore.")
    ] = False,
    json: Json = False,
) -> None:
    """Put a backup in place of the home, checked before anything is moved."""
    from pipelines.commands import backing

    _end(backing.restore(file, force=force, as_json_too=json))


@app.command()
def study(
    name: Annotated[str, typer.Argument(help="blockbuster-circuits or seed-42.")],
    save: Annotated[
        Path | None, typer.Option("--save", help="The report and its pictures to DIR.")
    ] = None,
    json: Json = False,
) -> None:
    """A preregistered hypothesis test and its report."""
    from pipelines.commands import studying

    _end(studying.study(name, save, as_json_too=json))


@app.command()
def doctor(
    sources: Annotated[
        bool, typer.Option("--sources/--no-sources", help="Ask the sources, too.")
    ] = True,
    json: Json = False,
) -> None:
    """Look at the home, data, models, keys and sources, and say what to do."""
    from pipelines.commands import doctor as ward

    _end(ward.doctor(sources=sources, as_json_too=json))


@app.command()
def schema(
    name: Annotated[
        str | None, typer.Argument(help="Default: list the documents there are.")
    ] = None,
) -> None:
    """Print the JSON Schema of a document."""
    from pipelines.commands import schemas

    _end(schemas.schema(name))


@data_app.command("import")
def data_import(
    folder: Annotated[Path, typer.Argument(help="Market tables, filings, payloads.")],
    json: Json = False,
) -> None:
    """Take in a folder of data; what came in before is skipped."""
    from pipelines.commands import data

    _end(data.import_(folder, as_json_too=json))


@data_app.command("sync")
def data_sync(
    from_: Annotated[
        datetime | None,
        typer.Option(
            "--from",
            formats=DAY,
            help="First day; the last one collected when not given.",
        ),
    ] = None,
    to: Annotated[
        datetime | None,
        typer.Option("--to", formats=DAY, help="Last day; today."),
    ] = None,
    companies: Annotated[
        list[str] | None,
        typer.Option(
            "--companies", help="Tickers, with commas between.", metavar="A,B"
        ),
    ] = None,
    only: Annotated[
        list[str] | None,
        typer.Option(
            "--only",
            help="companies, calendar, prices, announcements, results, documents, "
            "news, yahoo, or the name of a dataset.",
            metavar="GROUP,…",
        ),
    ] = None,
    read: Annotated[
        bool, typer.Option("--read/--no-read", help="Read fetched documents at once.")
    ] = True,
    json: Json = False,
) -> None:
    """Collect what the exchanges published since; go on where it was cut."""
    from pipelines.commands import syncing

    span = from_.date() if from_ else None, to.date() if to else None
    _end(syncing.sync(span, companies or (), only or (), read=read, as_json_too=json))


@data_app.command("tones")
def data_tones(
    model: Model = None,
    limit: Annotated[
        int | None, typer.Option("--limit", help="How many headlines.", min=1)
    ] = None,
    budget: Annotated[
        float | None, typer.Option("--budget", help="USD this run may cost.", min=0)
    ] = None,
    json: Json = False,
) -> None:
    """Have a language model read the tone of headlines none has read, newest first."""
    from pipelines.commands import toning

    ceiling = Decimal(str(budget)) if budget is not None else None
    _end(toning.read(model, limit, ceiling, as_json_too=json))


@data_app.command("status")
def data_status(json: Json = False) -> None:
    """Say what is kept, from when to when, and what is missing."""
    from pipelines.commands import data

    _end(data.status(as_json_too=json))


@data_app.command("sample")
def data_sample() -> None:
    """Set up the bundled, fictional sample market."""
    from pipelines.commands import data

    _end(data.sample())


@runs_app.command("list")
def runs_list(
    most: Annotated[int, typer.Option("--most", help="How many.", min=1)] = 20,
    json: Json = False,
) -> None:
    """List runs, newest first."""
    from pipelines.commands import trail

    _end(trail.listed(most, as_json_too=json))


@runs_app.command("show")
def runs_show(run_id: RunId, json: Json = False) -> None:
    """Show a run's tasks and answer, as they were recorded."""
    from pipelines.commands import trail

    _end(trail.show(run_id, as_json_too=json))


@runs_app.command("why")
def runs_why(
    run_id: RunId,
    evidence: Annotated[str, typer.Argument(help="An evidence id, such as e12.")],
    png: Annotated[
        Path | None, typer.Option("--png", help="Where to draw the page crop.")
    ] = None,
    json: Json = False,
) -> None:
    """Show where a value stands, and draw the page it is printed on."""
    from pipelines.commands import trail

    _end(trail.why(run_id, evidence, png, as_json_too=json))


@runs_app.command("verify")
def runs_verify(run_id: RunOrBundle) -> None:
    """Check that a run's record is whole and unchanged."""
    from pipelines.commands import trail

    _end(trail.verify(run_id))


@runs_app.command("replay")
def runs_replay(run_id: RunOrBundle, json: Json = False) -> None:
    """Make a run's report again from its record alone."""
    from pipelines.commands import trail

    _end(trail.replay(run_id, as_json_too=json))


@runs_app.command("resume")
def runs_resume(run_id: RunId, model: Model = None, json: Json = False) -> None:
    """Go on with a run that was cut; nothing done is done again."""
    from pipelines.commands import asking

    _end(asking.resume(run_id, asking.Wishes(model=model, json=json)))


@runs_app.command("export")
def runs_export(
    run_id: RunId,
    file: Annotated[Path, typer.Argument(help="Where to write the bundle.")],
) -> None:
    """Write a run as a bundle that can be verified on another machine."""
    from pipelines.commands import trail

    _end(trail.export(run_id, file))


@alerts_app.command("list")
def alerts_list(json: Json = False) -> None:
    """Every alert ever recorded, newest first."""
    from pipelines.commands import alerting

    _end(alerting.listed(as_json_too=json))


@alerts_app.command("show")
def alerts_show(
    alert: Annotated[
        str,
        typer.Argument(help="An id, as `alerts list` shows, or its beginning."),
    ],
    version: Annotated[
        int | None, typer.Option("--version", help="Default: the newest.")
    ] = None,
    json: Json = False,
) -> None:
    """One alert as it was recorded, and what became of it."""
    from pipelines.commands import alerting

    _end(alerting.show(alert, version, as_json_too=json))


@alerts_app.command("outcomes")
def alerts_outcomes(as_of: AsOf = None, json: Json = False) -> None:
    """What happened after every alert; none can leave the denominator."""
    from pipelines.commands import alerting

    _end(alerting.outcomes(as_of, as_json_too=json))


@alerts_app.command("test")
def alerts_test(
    channel: Annotated[
        str, typer.Argument(help="telegram, email, webhook or apprise.")
    ],
    recipient: Annotated[
        str | None,
        typer.Option("--to", help="Default: every recipient of it in dexter.toml."),
    ] = None,
    json: Json = False,
) -> None:
    """Send a marked test alert by a channel, and say what it answered."""
    from pipelines.commands import channel_test

    _end(channel_test.test(channel, recipient, as_json_too=json))


@alerts_app.command("outbox")
def alerts_outbox(
    send: Annotated[bool, typer.Option("--send", help="Send what is due now.")] = False,
    again: Annotated[
        str | None, typer.Option("--again", help="Take a dead letter up again.")
    ] = None,
    json: Json = False,
) -> None:
    """What is to go out, what went, and what nobody would take."""
    from pipelines.commands import outbox

    _end(outbox.outbox(send=send, again=again, as_json_too=json))


@alerts_app.command("notice")
def alerts_notice(
    text: Annotated[
        str | None, typer.Argument(help="What the recipients of notices should hear.")
    ] = None,
    key: Annotated[
        str | None, typer.Option("--key", help="The same news goes out once a key.")
    ] = None,
    unit: Annotated[
        str | None,
        typer.Option(
            "--unit", help="A systemd unit that failed; a text is told with it."
        ),
    ] = None,
    json: Json = False,
) -> None:
    """Put a notice into the outbox: what a timer or a unit has to say."""
    from pipelines.commands import noticing

    _end(noticing.notice(text, key=key, unit=unit, as_json_too=json))


@config_app.command("show")
def config_show(
    default: Annotated[
        bool, typer.Option("--default", help="The commented file to begin with.")
    ] = False,
    json: Json = False,
) -> None:
    """What is in force, and where each part was said."""
    from pipelines.commands import configuring

    _end(configuring.show(default=default, as_json_too=json))


@config_app.command("check")
def config_check(json: Json = False) -> None:
    """Whether dexter.toml can be used, and whether every secret it needs is set."""
    from pipelines.commands import configuring

    _end(configuring.check(as_json_too=json))


@schedule_app.command("install")
def schedule_install(
    kind: Annotated[
        str, typer.Option("--kind", help="systemd or cron. Default: what is here.")
    ] = "",
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show what would be written.")
    ] = False,
) -> None:
    """Have the day's research run by a timer of this user."""
    from pipelines.commands import scheduling

    _end(scheduling.install(kind, dry_run=dry_run))


@schedule_app.command("status")
def schedule_status(json: Json = False) -> None:
    """Whether a timer is set, when it runs next, and how the last days ended."""
    from pipelines.commands import scheduling

    _end(scheduling.status(as_json_too=json))


@schedule_app.command("remove")
def schedule_remove() -> None:
    """Take the timer away again."""
    from pipelines.commands import scheduling

    _end(scheduling.remove())


@models_app.command("list")
def models_list(
    best: Annotated[
        str | None,
        typer.Option("--best", help="Best first by a metric: skill, roc_auc, pr_auc …"),
    ] = None,
    group: Annotated[
        str, typer.Option("--group", help="The events it was measured on.")
    ] = "all",
    json: Json = False,
) -> None:
    """List registered models."""
    from pipelines.commands import modelling

    _end(modelling.listed(best=best, group=group, as_json_too=json))


@models_app.command("show")
def models_show(
    version: Annotated[str | None, typer.Argument(help="Default: champion.")] = None,
    html: Annotated[
        Path | None, typer.Option("--html", help="The whole report to FILE.html.")
    ] = None,
    full: Annotated[
        bool, typer.Option("--full", help="Every season and group on the screen.")
    ] = False,
    json: Json = False,
) -> None:
    """Show a model's evaluation report: its out-of-sample record, with intervals."""
    from pipelines.commands import modelling

    _end(modelling.show(version, html=html, full=full, as_json_too=json))


@models_app.command("verify")
def models_verify(
    version: Annotated[str | None, typer.Argument(help="Default: every one.")] = None,
) -> None:
    """Check models' files against their manifests."""
    from pipelines.commands import modelling

    _end(modelling.verify(version))


@models_app.command("promote")
def models_promote(
    version: Annotated[str, typer.Argument()],
    force: Annotated[
        bool, typer.Option("--force", help="Against the rule, with --because.")
    ] = False,
    because: Because = None,
    json: Json = False,
) -> None:
    """Make a registered model the champion, if the rule agrees; it says why."""
    from pipelines.commands import modelling

    _end(modelling.promote(version, force=force, because=because, as_json_too=json))


@models_app.command("rollback")
def models_rollback(because: Because = None) -> None:
    """Go back to the champion before."""
    from pipelines.commands import modelling

    _end(modelling.rollback(because))


@models_app.command("history")
def models_history(json: Json = False) -> None:
    """Every act on champion and challenger, with its reason."""
    from pipelines.commands import modelling

    _end(modelling.history(as_json_too=json))


@models_app.command("compare")
def models_compare(
    first: Annotated[str, typer.Argument()],
    second: Annotated[str, typer.Argument()],
    json: Json = False,
) -> None:
    """Two models side by side: what differs, and what was measured."""
    from pipelines.commands import modelling

    _end(modelling.compared(first, second, as_json_too=json))


@experiment_app.command("start")
def experiment_start(
    name: Annotated[str, typer.Argument()],
    arm: Annotated[
        list[str], typer.Option("--arm", help="VERSION=SHARE; twice or more.")
    ],
    salt: Annotated[
        str | None, typer.Option("--salt", help="What companies are dealt out by.")
    ] = None,
) -> None:
    """Put several models in charge, each of its share of the companies."""
    from pipelines.commands import experimenting

    _end(experimenting.start(name, arm, salt))


@experiment_app.command("stop")
def experiment_stop(because: Because = None) -> None:
    """Stop the experiment; the champion speaks for every company again."""
    from pipelines.commands import experimenting

    _end(experimenting.stop(because))


@experiment_app.command("show")
def experiment_show(
    symbol: Annotated[
        list[str] | None, typer.Argument(help="Companies to say the arm of.")
    ] = None,
    json: Json = False,
) -> None:
    """The experiment that runs: its arms, and whose arm a company is in."""
    from pipelines.commands import experimenting

    _end(experimenting.show(symbol or (), as_json_too=json))


def _end(code: int) -> NoReturn:
    raise typer.Exit(code)


def main() -> None:
    """Run a command; an error is one sentence, a hint and an exit code."""
    try:
        code = app(standalone_mode=False)
    except DexterError as error:
        _fail(error)
    except typer.TyperException as error:
        _refuse(error)
    except Exception as error:  # noqa: BLE001 - the last line before a traceback
        _fail(UnforeseenError(error), error)
    # Typer makes this code, and no other way, of a Ctrl-C.
    if code == RunInterruptedError.exit_code:
        _fail(RunInterruptedError())
    sys.exit(code)


def _refuse(error: typer.TyperException) -> NoReturn:
    """A command line that cannot be read; without a command help was shown."""
    why = error.format_message()
    if not why:
        sys.exit(error.exit_code)
    context = getattr(error, "ctx", None)
    _fail(CommandError(why, context.command_path if context else "dexter"))


def _fail(error: DexterError, cause: Exception | None = None) -> NoReturn:
    if any(_DEBUG):
        raise cause or error
    from dexter.console.failing import show
    from dexter.console.terminal import Terminal

    show(error, Terminal(stderr=True, highlight=False))
    if "--json" in sys.argv:
        _fail_as_json(error)
    sys.exit(error.exit_code)


def _fail_as_json(error: DexterError) -> None:
    """With --json stdout holds one document whatever happens."""
    from json import dumps

    from dexter.console.terminal import spelled

    document = {
        "run_id": error.run_id,
        "status": "failed",
        "reason": error.sentence,
        "hint": error.hint,
    }
    text = dumps(document, ensure_ascii=False, indent=2)
    sys.stdout.write(f"{spelled(text)}\n")


if __name__ == "__main__":
    main()
