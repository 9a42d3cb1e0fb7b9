"""What language models made of headlines, each reading known from when it was made."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from dexter.domain.filing import Headline, Tone
from dexter.domain.moment import AsOf
from dexter.store.database import Database
from dexter.store.keeping import keep_new
from dexter.store.tables import news, tones

_AT_ONCE = 500


def unread(database: Database, most: int | None = None) -> tuple[Headline, ...]:
    """Headlines whose words no model has read, newest first, the same words once."""
    query = sa.select(news).order_by(news.c.published_at.desc(), news.c.digest)
    found: list[Headline] = []
    with database.read() as connection:
        seen = set(connection.scalars(sa.select(tones.c.digest)))
        for row in connection.execute(query).mappings():
            if most is not None and len(found) >= most:
                break
            headline = headline_of(row)
            if headline.said_digest not in seen:
                seen.add(headline.said_digest)
                found.append(headline)
    return tuple(found)


def keep_tones(
    database: Database, model: str, given: Mapping[str, float], read_at: datetime
) -> None:
    """Keep what a model made of some words, by their digest."""
    rows = [
        {"digest": digest, "model": model, "tone": tone, "read_at": read_at}
        for digest, tone in given.items()
    ]
    with database.write() as connection:
        keep_new(connection, tones, rows)


def known_tones(
    connection: Connection,
    as_of: AsOf,
    *,
    hindsight: bool,
    of: Iterable[str] | None = None,
) -> dict[str, Tone]:
    """Tones by the digest of their words; of several models the first reading stands.

    Args:
        connection: Of the home.
        as_of: Readings made later are not seen.
        hindsight: See every reading, as if made when its words came out.
        of: Digests wanted; all when not given.
    """
    query = sa.select(tones).order_by(tones.c.read_at, tones.c.model)
    if not hindsight:
        query = query.where(tones.c.read_at <= as_of.moment)
    if of is None:
        queries = [query]
    else:
        wanted = sorted(set(of))
        queries = [query.where(tones.c.digest.in_(some)) for some in _parts(wanted)]
    found: dict[str, Tone] = {}
    for one in queries:
        for row in connection.execute(one):
            tone = Tone(row.tone, None if hindsight else row.read_at)
            found.setdefault(row.digest, tone)
    return found


def headline_of(row: sa.RowMapping) -> Headline:
    """A headline as kept."""
    return Headline(
        symbol=row["symbol"],
        published_at=row["published_at"],
        title=row["title"],
        text=row["text"],
        source=row["source"],
        url=row["url"],
    )


def _parts(wanted: Sequence[str]) -> list[Sequence[str]]:
    return [wanted[at : at + _AT_ONCE] for at in range(0, len(wanted), _AT_ONCE)]
