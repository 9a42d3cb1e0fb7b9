"""Statements as JSON text and back, cell by cell, numbers digit for digit."""

from functools import cache

from pydantic import TypeAdapter

from dexter.domain.statement import Statement


@cache
def _adapter() -> TypeAdapter[Statement]:
    return TypeAdapter(Statement)


def statement_text(statement: Statement) -> str:
    """A statement as JSON; amounts are strings."""
    return _adapter().dump_json(statement).decode()


def read_statement(text: str) -> Statement:
    """The statement of a JSON text written by ``statement_text``."""
    return _adapter().validate_json(text)
