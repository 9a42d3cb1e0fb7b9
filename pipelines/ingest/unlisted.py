"""Companies no list names, put together from the documents that name them."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from rapidfuzz.distance import OSA

from dexter.extraction.about.names import alike, skeleton
from dexter.store.linking import plain_name
from pipelines.ingest.belonging import Paper, certain
from pipelines.ingest.intake import BSE, NameFact

_TWICE = 2
_LONGEST_KEY = 32
_CODES = ("symbol", "scrip_code", "isin", "cin", "security_id")


@dataclass(slots=True)
class Sender:
    """Documents that agree on who sent them.

    ``shadowed`` when its name is nearly another's: then a name alone says nothing.
    """

    papers: list[Paper] = field(default_factory=list)
    shadowed: bool = False

    def said(self, field_name: str) -> Counter[str]:
        """How many documents print each value of a field."""
        seen = (getattr(paper.identity, field_name) for paper in self.papers)
        return Counter(one.value for one in seen if one)

    def most(self, field_name: str) -> str | None:
        """The value more than half of the documents that print one agree on."""
        counted = self.said(field_name)
        best = max(counted, key=lambda one: (counted[one], one), default=None)
        return best if best and 2 * counted[best] > counted.total() else None

    @property
    def name(self) -> str | None:
        """What it is called, spelled as most documents do, not in capitals if any."""
        names = Counter(paper.name for paper in self.papers if paper.name)
        plain = Counter(plain_name(p.name) for p in self.papers if p.name)
        return max(
            names,
            key=lambda n: (plain[plain_name(n)], not n.isupper(), names[n], n),
            default=None,
        )

    @property
    def key(self) -> str | None:
        """Its symbol, else ``BSE:`` and scrip code, ISIN, CIN, or name; or none."""
        if symbol := self.most("symbol"):
            return symbol
        for field_name, prefix in (("scrip_code", BSE), ("isin", ""), ("cin", "")):
            if value := self.most(field_name):
                return f"{prefix}{value}"
        sure = len(self.papers) >= _TWICE or any(map(_well_named, self.papers))
        if not sure or not self.name or self.shadowed:
            return None
        words = plain_name(self.name).upper().replace(" ", "-")
        return f"NAME:{words}"[:_LONGEST_KEY]

    def facts(self) -> Iterator[NameFact]:
        """What the directory is told of it."""
        key, name = self.key, self.name
        if key is None or name is None:
            return
        isin, code = self.most("isin"), self.most("scrip_code")
        yield NameFact(key, name, "document", isin, code)
        for field_name in ("security_id", "symbol"):
            short = self.most(field_name)
            if short and short != key:
                yield NameFact(key, short, "document code")


def senders(papers: Iterable[Paper]) -> list[Sender]:
    """Documents by sender: one name, or near names that share a code.

    A document without a name joins by a code it prints twice, or by two codes. What
    agrees with nothing stays alone.
    """
    named: dict[str, Sender] = {}
    nameless: list[Paper] = []
    for paper in papers:
        bones = skeleton(paper.name or "")
        if bones:
            named.setdefault(bones, Sender()).papers.append(paper)
        else:
            nameless.append(paper)
    groups: list[Sender] = []
    ordered = sorted(named.items(), key=lambda one: (-len(one[1].papers), one[0]))
    for _bones, sender in ordered:
        near = [g for g in groups if alike(g.name or "", sender.name or "")]
        same = [g for g in near if _share_code(g, sender)]
        if len(same) == 1:
            same[0].papers.extend(sender.papers)
        else:
            sender.shadowed = bool(near)
            groups.append(sender)
    for paper in nameless:
        _join(groups, paper)
    return groups


def _share_code(sender: Sender, other: Sender) -> bool:
    """Near names are one company if a code says so, or is as nearly the same."""
    if any(sender.said(c) & other.said(c) for c in _CODES):
        return True
    mine, theirs = sender.most("scrip_code"), other.most("scrip_code")
    return mine is not None and theirs is not None and OSA.distance(mine, theirs) == 1


def _join(groups: Sequence[Sender], paper: Paper) -> None:
    said = [(c, seen) for c in _CODES if (seen := getattr(paper.identity, c))]
    for sender in groups:
        same = [seen for c, seen in said if sender.most(c) == seen.value]
        if len(same) >= _TWICE or any(certain(seen) for seen in same):
            sender.papers.append(paper)
            return


def _well_named(paper: Paper) -> bool:
    seen = paper.identity.name
    return seen is not None and len({*seen.kinds} - {"line"}) >= _TWICE
