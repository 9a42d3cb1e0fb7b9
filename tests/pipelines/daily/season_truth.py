"""What a season's filings must have become, by the market's own word."""

import hashlib
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from dexter.domain.daily import FilingState as State
from tests.fake_exchange import World
from tests.fake_exchange.filings import ARCHIVES
from tests.fake_exchange.papers import content
from tests.fake_exchange.season import Paper
from tests.fake_exchange.world import BSE, NSE

_DIGITS = 12
_DECIDED = frozenset({State.ALERTED, State.NO_ALERT})
_ENDS: Mapping[str, frozenset[State]] = {
    "": _DECIDED,
    "late": _DECIDED,
    "scan": _DECIDED | {State.REVIEW},
    "no results": frozenset({State.NOT_RESULTS}),
    "wrong": frozenset({State.REVIEW}),
    "cut": frozenset({State.REVIEW}),
}
_NEVER = ("gone", "page")


@dataclass(frozen=True)
class Due:
    """A filing there must be: how its id ends, and how it may have ended."""

    ending: str
    what: str
    states: frozenset[State]


def due(world: World) -> list[Due]:
    """Every document that was announced as results, once, whatever its addresses.

    One that never came is a filing at each of its addresses: nobody can know that they
    would have been the same.
    """
    return [*_served(world), *_never(world)]


def _served(world: World) -> Iterator[Due]:
    papers = {one.paper for one in world.truth().publications}
    results = [p for p in papers if p.kind in {"statement", "xbrl"} or p.manner]
    for paper in sorted(results, key=repr):
        # Its quarter was told before the season began.
        if paper.manner in _NEVER or not _of_season(paper, world):
            continue
        what = f"{paper.kind} {paper.manner} version {paper.version} {paper.basis}"
        yield Due(ending(paper), what, _ENDS[paper.manner])


def _of_season(paper: Paper, world: World) -> bool:
    current = {result.quarter for result in world.results}
    return paper.quarter is None or paper.quarter in current


def _never(world: World) -> Iterator[Due]:
    for exchange in (BSE, NSE):
        for _, notice in world.everything(exchange):
            if notice.paper is None or notice.paper.manner not in _NEVER:
                continue
            url = notice.attachment
            if exchange == NSE:
                url = f"{ARCHIVES}/corporate/{url}"
            digest = hashlib.sha256(url.encode()).hexdigest()[:_DIGITS]
            states = frozenset({State.NO_DOCUMENT})
            yield Due(f"url-{digest}", f"{notice.paper.manner} at {exchange}", states)


def ending(paper: Paper) -> str:
    """How the id of a document's filing ends."""
    return hashlib.sha256(content(paper)).hexdigest()[:_DIGITS]


def papers_by_ending(world: World) -> Mapping[str, set[Paper]]:
    """Every announced paper, letters about nothing too, by how its id would end."""
    found: dict[str, set[Paper]] = defaultdict(set)
    for one in world.truth().publications:
        found[ending(one.paper)].add(one.paper)
    return found
