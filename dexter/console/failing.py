"""An error as people see it: one sentence, a hint, the run it belongs to."""

from rich.console import Console
from rich.markup import escape

from dexter.errors import DexterError


def show(error: DexterError, console: Console) -> None:
    """Print an error."""
    console.print(f"[red bold]✗[/] {escape(error.sentence)}", highlight=False)
    if error.hint:
        console.print(f"  [dim]{escape(error.hint)}[/]", highlight=False)
    if error.run_id:
        console.print(f"  [dim]run {error.run_id}[/]", highlight=False)
