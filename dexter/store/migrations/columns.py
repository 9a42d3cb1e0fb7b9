"""Columns as the revisions write them."""

from typing import Any

import sqlalchemy as sa

Kind = sa.types.TypeEngine[Any]


def key(name: str, kind: Kind) -> sa.Column[Any]:
    """A part of the primary key."""
    return sa.Column(name, kind, primary_key=True)


def column(name: str, kind: Kind) -> sa.Column[Any]:
    """A column that always says something."""
    return sa.Column(name, kind, nullable=False)


def maybe(name: str, kind: Kind) -> sa.Column[Any]:
    """A column that may be unknown."""
    return sa.Column(name, kind, nullable=True)
