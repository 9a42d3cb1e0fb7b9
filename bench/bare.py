"""A bare Typer + Rich app of the same shape as ``cli``: as many groups and commands."""

import typer

HELP = "A command that does nothing, told in one line."
GROUPS = {
    "data": 5,
    "runs": 7,
    "models": 8,
    "extract": 1,
    "alerts": 6,
    "config": 2,
    "schedule": 3,
}
COMMANDS = 10

app = typer.Typer(name="bare", help="Nothing at all.", no_args_is_help=True)


def _nothing() -> None:
    """Do nothing."""


def main() -> None:
    """Run a command."""
    app()


for _number in range(COMMANDS):
    app.command(f"command{_number}", help=HELP)(_nothing)
for _name, _size in GROUPS.items():
    _group = typer.Typer(help=HELP, no_args_is_help=True)
    for _number in range(_size):
        _group.command(f"command{_number}", help=HELP)(_nothing)
    app.add_typer(_group, name=_name)
