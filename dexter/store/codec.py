"""Statements as JSON text and back, cell by cell, numbers digit for digit."""

from functools import cache

from pydantic import TypeAdapter

from dexter.domain.identity import Identity
from dexter.domain.statement import Statement


@cache
def _adapter() -> TypeAdapter[Statement]:
    return TypeAdapter(Statement)


@cache
def _identities() -> TypeAdapter[Identity]:
    return TypeAdapter(Identity)


def identity_text(identity: Identity) -> str:
    """Who a document says it is from, as JSON."""
    return _identities().dump_json(identity).decode()


def read_identity(text: str) -> Identity:
    """The identity of a JSON text written by ``identity_text``."""
    return _identities().validate_json(text)


def statement_text(statement: Statement) -> str:
    """A statement as JSON; amounts are strings."""
    return _adapter().dump_json(statement).decode()


def read_statement(text: str) -> Statement:
    """The statement of a JSON text written by ``statement_text``."""
    return _adapter().validate_json(text)
