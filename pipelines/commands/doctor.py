"""``dexter doctor``: the home, the data, the models, the keys, and what to do."""

import os
import shutil
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path

from rich.markup import escape

from dexter.errors import DexterError
from pipelines.commands import screen
from pipelines.commands.probe import Probe
from pipelines.commands.probing import probe_sources
from pipelines.runtime import open_desk, open_journals, settings_here
from registry.store import ModelStore

_ELSEWHERE = "Set DEXTER_HOME to a folder you own."
_ROOM = "Free some disk space; a day that runs out of it ends failed."
_LEAST, _EASY = 100 * 10**6, 10**9
"""Free bytes below which nothing can be relied on, and below which it is said."""
_MARKS = {
    "fine": "[green]✓[/]",
    "absent": "[yellow]–[/]",
    "broken": "[red]✗[/]",
}
_OUT_THERE = "[yellow]![/]"


def doctor(*, sources: bool, as_json_too: bool) -> int:
    """Look at everything; the exit code is 1 when something here is broken.

    Args:
        sources: Ask every source outside, too. One that does not answer is said, and
            breaks nothing here.
        as_json_too: One JSON document on stdout.
    """
    probes = [_try(name, look) for name, look in _LOOKS]
    if sources:
        probes += probe_sources()
    if as_json_too:
        screen.print_json({"probes": [asdict(probe) for probe in probes]})
    else:
        _show(probes)
    return 1 if any(probe.state == "broken" for probe in probes) else 0


def _show(probes: Sequence[Probe]) -> None:
    console = screen.out()
    wide = max(len(probe.name) for probe in probes)
    for probe, following in zip(probes, [*probes[1:], None], strict=True):
        mark = _MARKS.get(probe.state, _OUT_THERE)
        said = probe.detail
        if probe.state not in _MARKS:
            said = f"{probe.state}: {said}"
        console.print(f"{mark} {probe.name:<{wide}} {escape(said)}")
        # One hint under a row of the same.
        if probe.hint and (following is None or following.hint != probe.hint):
            console.print(f"  [dim]{escape(probe.hint)}[/]")


def _try(name: str, look: Callable[[], Probe]) -> Probe:
    try:
        return look()
    except DexterError as error:
        return Probe(name, "broken", error.sentence, error.hint)
    except OSError as error:
        why = error.strerror or type(error).__name__
        said = f"{error.filename} cannot be used: {why}" if error.filename else why
        return Probe(name, "broken", said, _ELSEWHERE)


def _home() -> Probe:
    home = settings_here().home
    if home.exists() and not home.is_dir():
        return Probe("home", "broken", f"{home} is not a folder", _ELSEWHERE)
    home.mkdir(parents=True, exist_ok=True)
    writable = os.access(home, os.W_OK)
    if not writable:
        return Probe("home", "broken", f"{home} cannot be written", _ELSEWHERE)
    return Probe("home", "fine", str(home))


def _data() -> Probe:
    desk = open_desk()
    desk.close()
    if desk.market.fictional:
        return Probe(
            "data",
            "absent",
            "nothing imported; answering from the fictional sample market",
            "Collect it with `dexter data sync`, or bring it with `dexter data import "
            "DIR`.",
        )
    return Probe("data", "fine", f"imported, from {desk.market.earliest} on")


def _journal() -> Probe:
    runs = open_journals(settings_here()).runs()
    return Probe("journal", "fine", f"{len(runs)} runs")


def _champion() -> Probe:
    settings = settings_here()
    store = ModelStore(settings.shelf / "models", settings.home)
    champion = store.champion()
    store.verify(champion.manifest.version)
    return Probe("champion", "fine", f"{champion.manifest.version}, files verified")


def _key(name: str, variable: str, value: object) -> Probe:
    if value is None:
        hint = f"Set {variable} to use it; the offline model needs none."
        return Probe(name, "absent", "no key", hint)
    return Probe(name, "fine", f"{variable} is set")


def _anthropic() -> Probe:
    key = settings_here().anthropic_api_key
    return _key("anthropic", "ANTHROPIC_API_KEY", key)


def _openai() -> Probe:
    key = settings_here().openai_api_key
    return _key("openai", "OPENAI_API_KEY", key)


def _alerts() -> Probe:
    from pipelines.commands.configuring import OWN, lacks  # noqa: PLC0415 - start-up
    from pipelines.outside import operating_of  # noqa: PLC0415

    settings = settings_here()
    operating = operating_of(settings)
    wrong = lacks(operating, settings)
    if wrong:
        more = f", and {len(wrong) - 1} more" if len(wrong) > 1 else ""
        return Probe("alerts", "broken", f"{wrong[0].what}{more}", wrong[0].hint)
    if not operating.recipients:
        hint = (
            "Add recipients to dexter.toml; begin with `dexter config show --default`."
        )
        return Probe("alerts", "absent", "nobody is told: no recipients", hint)
    channels = sorted({one.channel.value for one in operating.recipients})
    told = f"{len(operating.recipients)} told by {', '.join(channels)}; secrets are set"
    if settings.exposed():
        told = f"{told}, and everybody on this machine can read them in .env"
        return Probe("alerts", "fine", told, OWN)
    return Probe("alerts", "fine", told)


def _disk() -> Probe:
    """What is kept, and whether there is room for as much again: a backup of it."""
    home: Path = settings_here().home
    if not home.is_dir():
        return Probe("disk", "absent", "there is no home to look at")
    held = sum(f.stat().st_size for f in home.rglob("*") if f.is_file())
    free = shutil.disk_usage(home).free
    told = f"{held / 1e6:,.0f} MB kept in {home.name}, {free / 1e6:,.0f} MB free"
    if free < _LEAST:
        return Probe("disk", "broken", told, _ROOM)
    if free < max(_EASY, held):
        return Probe("disk", "low", told, _ROOM)
    return Probe("disk", "fine", told)


_LOOKS: tuple[tuple[str, Callable[[], Probe]], ...] = (
    ("home", _home),
    ("data", _data),
    ("journal", _journal),
    ("champion", _champion),
    ("anthropic", _anthropic),
    ("openai", _openai),
    ("alerts", _alerts),
    ("disk", _disk),
)
