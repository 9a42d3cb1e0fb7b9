"""dexter schema: the names there are, and one of them."""

from pipelines.commands.schemas import SCHEMAS
from tests.cli.terminal import Terminal, refused


def test_without_a_name_it_lists_them(dexter: Terminal) -> None:
    assert dexter("schema").out.split() == list(SCHEMAS)
    assert dexter("schema", "alert").document["title"] == "Alert"
    refused(dexter("schema", "nonsense"), 2)
