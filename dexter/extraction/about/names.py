"""Which company name a document is under, told from where names stand in it."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from rapidfuzz.distance import OSA

_LEGAL = r"(?:Limited|Ltd)\b\.?"
_HAS_LEGAL = re.compile(r"limited|ltd", re.IGNORECASE)
_ALONE = re.compile(
    rf"^[^\w(]*(?P<name>[A-Z(][^:;|]{{2,90}}?\s{_LEGAL})\W*$", re.IGNORECASE
)
_SIGNED = re.compile(
    rf"^\W*for\b[,:.]?\s+(?:and\s+on\s+behalf\s+of\s+)?(?P<name>.{{3,90}}?\s{_LEGAL})",
    re.IGNORECASE,
)
_REFERRED = re.compile(
    rf"(?:(?:\b|_)re[fr]\b\W*|\bcompany\s*(?:name)?\s*:\s*|\bname\s+of\s+(?:the\s+)?"
    rf"(?:listed\s+entity|company)\s*:?\s*|scrip\s+code\W{{0,4}}\d{{6}}\W{{1,4}})"
    rf"(?P<name>[A-Z][\w&.,'’()\-\s]{{2,90}}?\s{_LEGAL})",
    re.IGNORECASE,
)
_CODED = re.compile(
    rf"(?P<name>[A-Z][\w&.,'’()\-\s]{{2,90}}?\s{_LEGAL})\W{{1,4}}"
    r"(?:bse\s+|nse\s+)?(?:security|scrip|script|stock)\s*(?:id|code)\b",
    re.IGNORECASE,
)
# What stands before a name in a heading or a sentence, and is not of it.
_LEAD_IN = re.compile(
    r"^.*\b(?:results?|statements?|directors|members|shareholders|report|notice|meeting)"
    r"\s+(?:of|to|for)\s+(?:the\s+)?|^.*\bended\s+|^\W*(?:M/s\.?|Ref|Rot)\W+",
    re.IGNORECASE,
)
_PATTERNS = (
    (_SIGNED, "signature"),
    (_REFERRED, "reference"),
    (_CODED, "reference"),
)
_STRONG = {"letterhead", "signature", "reference"}
# Names every letter to an exchange carries.
_OTHERS = re.compile(
    r"stock\s*exchange|^\W*(?:the\s+)?bse\b|\bnse\b|depository|registrar|securities\s+"
    r"and\s+exchange|\blimited\s+review|private|\bpvt\b",
    re.IGNORECASE,
)
_JOINING = re.compile(r"^\W*(?:and|&|of)\b|^\W*&", re.IGNORECASE)
_TOP = 6
_LONG = 12
_PARTIAL = 8
_LETTERS_PER_SLIP = 12
# Letters that scans and fonts take for one another.
_ALIKE = str.maketrans({"i": "l", "1": "l", "0": "o", "5": "s", "8": "b", "6": "b"})
_LEGAL_END = re.compile(rf"[\s,]*{_LEGAL}\W*$", re.IGNORECASE)
_SHOWN = 160


@dataclass(frozen=True, slots=True)
class Named:
    """A name, where it first stands, how often and in which kinds of place."""

    name: str
    page: int
    line: str
    times: int
    kinds: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Place:
    name: str
    page: int
    line: str
    kind: str


def skeleton(name: str) -> str:
    """A name as compared across misreadings: letters alone, look-alikes as one."""
    bare = _LEGAL_END.sub("", name).lower().replace("&", "and")
    return re.sub(r"[^a-z0-9]", "", bare).translate(_ALIKE).removeprefix("the")


def the_name(texts: Sequence[str]) -> Named | None:
    """The name said in more kinds of place than any other, or none.

    Letterhead, signature and reference line are the kinds that count; a line of its
    own somewhere on a page only breaks a tie.
    """
    groups = _gathered(_places(texts))
    ranked = sorted(((_weight(g), len(g), g) for g in groups), key=_order, reverse=True)
    if not ranked or (len(ranked) > 1 and ranked[1][0] == ranked[0][0]):
        return None
    best = ranked[0][2]
    name = _spelling(best)
    first = next(place for place in best if place.name == name)
    told = tuple(sorted({place.kind for place in best}))
    return Named(name, first.page, first.line, len(best), told)


def _weight(group: Sequence[_Place]) -> tuple[int, int]:
    kinds = {place.kind for place in group}
    return len(kinds & _STRONG), len(kinds)


def _order(ranked: tuple[tuple[int, int], int, object]) -> tuple[tuple[int, int], int]:
    return ranked[0], ranked[1]


def _spelling(group: Sequence[_Place]) -> str:
    """The spelling most places agree on; of equals the fullest."""
    bones = Counter(skeleton(place.name) for place in group)
    most = max(bones, key=lambda one: (bones[one], len(one), one))
    spelled = Counter(p.name for p in group if skeleton(p.name) == most)
    return max(spelled, key=lambda one: (spelled[one], one))


def alike(one: str, other: str) -> bool:
    """Whether two names are one, give or take misread letters or a lost beginning."""
    first, second = sorted((skeleton(one), skeleton(other)), key=len)
    if not first:
        return False
    if first == second or (len(first) >= _PARTIAL and second.endswith(first)):
        return True
    allowed = len(first) // _LETTERS_PER_SLIP
    return len(first) >= _LONG and OSA.distance(first, second) <= allowed


def _gathered(places: Iterable[_Place]) -> list[list[_Place]]:
    groups: dict[str, list[_Place]] = defaultdict(list)
    ordered = sorted(places, key=lambda p: (-len(skeleton(p.name)), p.name))
    for place in ordered:
        near = next((name for name in groups if alike(name, place.name)), place.name)
        groups[near].append(place)
    return [sorted(g, key=lambda p: (p.page, p.line)) for g in groups.values()]


def _places(texts: Sequence[str]) -> Iterator[_Place]:
    for page, text in enumerate(texts, 1):
        if not _HAS_LEGAL.search(text):
            continue
        lines = [" ".join(line.split()) for line in text.splitlines()]
        lines = [line for line in lines if line]
        legal = [bool(_HAS_LEGAL.search(line)) for line in lines]
        for number, line in enumerate(lines):
            if not any(legal[number : number + 2]):
                continue
            both = f"{line} {lines[number + 1]}" if number + 1 < len(lines) else line
            before = lines[number - 1] if number else ""
            yield from _of_line(line, both, before, page, top=number < _TOP)


def _of_line(
    line: str, both: str, before: str, page: int, *, top: bool
) -> Iterator[_Place]:
    for pattern, kind in _PATTERNS:
        found = pattern.search(line) or pattern.search(both)
        if found and found.start() < len(line):
            yield from _place(found["name"], page, line, kind)
            return
    alone = _ALONE.match(line)
    if alone:
        whole = alone["name"]
        if _JOINING.match(whole):
            whole = f"{before} {whole}"
        yield from _place(whole, page, line, "letterhead" if top else "line")


def _place(name: str, page: int, line: str, kind: str) -> Iterator[_Place]:
    clean = _LEAD_IN.sub("", " ".join(name.split())).strip(" .,-–—:'\"“”")
    if _OTHERS.search(clean) or _JOINING.match(clean):
        return
    first = re.match(r"^(.*?\s(?:Limited|Ltd))\b", clean, re.IGNORECASE)
    named = first.group(1) if first else clean
    # A sentence that happens to end so has words a name has not.
    words = named.split()[:-1]
    small = [w for w in words if w[:1].islower() and w not in {"and", "of", "the"}]
    if len(skeleton(named)) < _PARTIAL // 2 or 2 * len(small) > len(words):
        return
    yield _Place(named, page, line[:_SHOWN], kind)
