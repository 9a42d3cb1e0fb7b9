"""``dexter schema``: every document is of the shape its schema tells."""

from typing import Any

import pytest
from pydantic import TypeAdapter

from pipelines.commands.schemas import SCHEMAS
from pipelines.commands.shapes import FeaturesDocument, StatusDocument
from tests.cli.terminal import Terminal, refused
from tests.conftest import ROOT

pytestmark = pytest.mark.usefixtures("home")


def same(shape: type, document: Any) -> None:  # noqa: ANN401 - as JSON says
    """The shape tells every field of a document, and no other."""
    adapter: TypeAdapter[object] = TypeAdapter(shape)
    read = adapter.validate_python(document)
    told = adapter.dump_python(read, mode="json", by_alias=True, exclude_unset=True)
    assert told == document


@pytest.mark.parametrize("name", SCHEMAS)
def test_every_name_prints_a_schema(dexter: Terminal, name: str) -> None:
    said = dexter("schema", name)
    assert said.code == 0
    assert said.document["title"]


def test_without_a_name_it_names_every_schema(dexter: Terminal) -> None:
    assert dexter("schema").out.split() == list(SCHEMAS)
    refused(dexter("schema", "nonsense"), 2)


def test_features_are_as_their_schema_says(dexter: Terminal) -> None:
    document = dexter("features", "KAVCEM", "--json").document
    same(FeaturesDocument, document)
    assert set(dexter("schema", "features").document["required"]) == set(document)


def test_the_status_is_as_its_schema_says(dexter: Terminal) -> None:
    same(StatusDocument, dexter("data", "status", "--json").document)
    dexter("data", "import", ROOT / "data" / "sample")
    document = dexter("data", "status", "--json").document
    assert document["sources"]
    for source in document["sources"].values():
        assert set(source) <= {
            *("state", "last_success", "from", "to"),
            *("files", "pieces", "missing"),
        }
    adapter = TypeAdapter(StatusDocument)
    read = adapter.validate_python(document)
    told = adapter.dump_python(read, mode="json", by_alias=True, exclude_none=True)
    for part in ("prices", "filings", "statements", "results", "conflicts", "gaps"):
        assert told[part] == document[part]
