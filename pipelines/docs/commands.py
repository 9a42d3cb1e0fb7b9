"""docs/commands.md: every command with its arguments and options."""

from collections.abc import Iterator
from importlib import import_module
from typing import Any, Protocol

from pipelines.docs.markdown import prose, table


class Parameter(Protocol):
    """An argument or an option, as Typer builds it."""

    name: str
    opts: list[str]
    metavar: str | None
    nargs: int
    required: bool
    default: object
    help: str | None


class Command(Protocol):
    """A command or a group of commands, as Typer builds it."""

    help: str | None
    params: list[Any]


def door() -> Command:
    """The tree of commands; by name, since no room may import the door."""
    tree: Command = import_module("typer.main").get_command(import_module("cli").app)
    return tree


def blocks(tree: Command) -> Iterator[str]:
    """The page, block by block."""
    yield "# Commands"
    yield prose(tree.help)
    yield "What an exit code means is on the page of [errors](errors.md)."
    for path, command in _walk("dexter", tree):
        yield f"## {path}"
        yield prose(command.help)
        below = _below(command)
        if below:
            rows = [(f"`{name}`", prose(one.help)) for name, one in below.items()]
            yield table(("command", "what it does"), rows)
        if not below or any(map(_is_argument, command.params)):
            yield f"```\n{' '.join([path, *map(_usage, command.params)])}\n```"
        told = [(f"`{_spelled(p)}`", _told(p)) for p in command.params]
        if told:
            yield table(("argument or option", "meaning"), told)


def _walk(path: str, command: Command) -> Iterator[tuple[str, Command]]:
    yield path, command
    for name, one in _below(command).items():
        yield from _walk(f"{path} {name}", one)


def _below(command: Command) -> dict[str, Command]:
    found: dict[str, Command] = getattr(command, "commands", {})
    return found


def _is_argument(parameter: Parameter) -> bool:
    return not parameter.opts[0].startswith("-")


def _usage(parameter: Parameter) -> str:
    said = _spelled(parameter)
    return said if parameter.required else f"[{said}]"


def _spelled(parameter: Parameter) -> str:
    value = parameter.metavar or parameter.name.upper()
    if not parameter.opts[0].startswith("-"):
        return f"{value}…" if parameter.nargs == -1 else value
    names = "/".join(parameter.opts)
    return names if getattr(parameter, "is_flag", False) else f"{names} {value}"


def _told(parameter: Parameter) -> str:
    said, default = parameter.help or "", parameter.default
    if default is None or default is False or callable(default):
        return said
    return f"{said} Default: `{default}`."
