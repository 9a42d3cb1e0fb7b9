"""Headlines and announcements of companies as columns: tone, kind and novelty."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace

import numpy as np

from dexter.domain.filing import Headline, Tone
from dexter.features.columns import Array, Whole
from dexter.features.compiled import kernel
from dexter.features.lexicon import tone_of, words_of
from dexter.features.moments import ALWAYS, DAY, NEVER, moment_number, whole
from dexter.features.story_kinds import Kind, kind_of

HEADLINE_DAYS = 280
"""Days before a moment that features read: 180, and those that novelty looks back."""

SOCIAL = "social: "
"""What the source of a story of a social feed begins with."""

NOVEL_DAYS = 90
NOVEL_STORIES = 20
"""A story is new against those of its company of so many days, the last so many."""

_NO_WORDS = frozenset(
    (
        *("a", "an", "and", "are", "as", "at", "by", "for", "from", "has", "have"),
        *("in", "is", "it", "its", "limited", "ltd", "of", "on", "or", "the", "that"),
        *("this", "to", "was", "with", "regarding", "about", "been", "company"),
    )
)


@dataclass(frozen=True, slots=True)
class Stories:
    """Stories of companies, one company below the other, each ascending by time.

    Company ``c`` has the rows ``starts[c]`` to ``starts[c + 1] - 1``. ``moments`` are
    all distinct times ascending, and ``key`` is company times their number plus one,
    plus the place of the story's own time among them. ``tone`` is −1 to 1 by our
    lexicon, ``kind`` a number of ``story_kinds.Kind``, ``novelty`` 0 to 1, ``social`` 1
    for a story of a social feed, ``model_tone`` −1 to 1 or NaN where no model has read
    it, ``read_at`` the moment from which that tone is known. ``from_moment`` and
    ``social_from`` are the first times of all, ``NEVER`` without stories.
    """

    starts: Whole
    moments: Whole
    key: Whole
    known_at: Whole
    tone: Array
    kind: Whole
    novelty: Array
    social: Array
    model_tone: Array
    read_at: Whole
    from_moment: int
    social_from: int

    def __len__(self) -> int:
        """Number of stories."""
        return len(self.known_at)

    def ends(self, company: Whole, moment: Whole) -> Whole:
        """The row after each company's last story strictly before a moment."""
        place = self.moments.searchsorted(moment, side="left")
        wanted = company * (len(self.moments) + 1) + place
        return self.key.searchsorted(wanted, side="left")

    def between(self, first: int, end: int) -> "Spoken":
        """Some of the rows."""
        rows = slice(first, end)
        return Spoken(*(getattr(self, one.name)[rows] for one in fields(Spoken)))

    def of_company(self, company: int) -> "Stories":
        """One company's stories alone, as company 0; since when any are kept stays."""
        rows = slice(int(self.starts[company]), int(self.starts[company + 1]))
        mine = {one.name: getattr(self, one.name)[rows] for one in fields(Spoken)}
        moments = np.unique(self.known_at[rows])
        return replace(
            self,
            starts=np.array([0, rows.stop - rows.start], dtype=np.int64),
            moments=moments,
            key=np.searchsorted(moments, self.known_at[rows]).astype(np.int64),
            **mine,
        )


@dataclass(frozen=True, slots=True)
class Spoken:
    """Columns of some stories, as in ``Stories``."""

    known_at: Whole
    tone: Array
    kind: Whole
    novelty: Array
    social: Array
    model_tone: Array
    read_at: Whole

    def __len__(self) -> int:
        """Number of stories."""
        return len(self.known_at)


def stories_of(
    series: Sequence[Sequence[Headline]], tones: Mapping[str, Tone] | None = None
) -> Stories:
    """Stories of companies in the order given.

    Args:
        series: Per company its headlines, in any order. A tone that a headline brings
            along is known at every moment asked about.
        tones: Tones that a language model gave, by ``said_digest`` of the headline; of
            those that bring none along.
    """
    if not any(series):
        return _none(len(series))
    mine = [sorted(some, key=lambda one: one.published_at) for some in series]
    told = [one for some in mine for one in some]
    known_at = whole(moment_number(one.published_at) for one in told)
    moments = np.unique(known_at)
    starts = np.cumsum([0, *(len(some) for some in mine)]).astype(np.int64)
    owner = np.repeat(np.arange(len(mine)), np.diff(starts))
    texts, of_text = _read(told)
    social = np.array([one.source.startswith(SOCIAL) for one in told], dtype=np.float64)
    model_tone, read_at = _heard(told, tones or {})
    return Stories(
        starts=starts,
        moments=moments,
        key=owner * (len(moments) + 1) + np.searchsorted(moments, known_at),
        known_at=known_at,
        tone=texts.tone[of_text],
        kind=texts.kind[of_text],
        novelty=_novelties(starts, known_at, of_text, texts.word_starts, texts.words),
        social=social,
        model_tone=model_tone,
        read_at=read_at,
        from_moment=int(moments[0]),
        social_from=int(known_at[social > 0].min(initial=NEVER)),
    )


def _none(companies: int) -> Stories:
    """No story of any company; nothing is read or compiled for it."""
    real, number = np.empty(0), np.empty(0, dtype=np.int64)
    return Stories(
        starts=np.zeros(companies + 1, dtype=np.int64),
        moments=number,
        key=number,
        known_at=number,
        tone=real,
        kind=number,
        novelty=real,
        social=real,
        model_tone=real,
        read_at=number,
        from_moment=NEVER,
        social_from=NEVER,
    )


def _heard(told: Sequence[Headline], tones: Mapping[str, Tone]) -> tuple[Array, Whole]:
    """What models made of each headline, and from when on that is known."""
    tone = np.full(len(told), np.nan)
    read_at = np.full(len(told), NEVER)
    for row, one in enumerate(told):
        if one.model_tone is not None:
            tone[row], read_at[row] = round(one.model_tone, 3), ALWAYS
        elif tones and (found := tones.get(one.said_digest)) is not None:
            at = found.read_at
            tone[row] = round(found.value, 3)
            read_at[row] = ALWAYS if at is None else moment_number(at)
    return tone, read_at


@dataclass(frozen=True, slots=True)
class _Texts:
    """Distinct texts: tone, kind, and the numbers of their words ascending."""

    tone: Array
    kind: Whole
    word_starts: Whole
    words: Whole


def _read(told: Sequence[Headline]) -> tuple[_Texts, Whole]:
    """Read every distinct text once; which one each headline has."""
    places: dict[tuple[str, str], int] = {}
    of_text = whole(
        places.setdefault((one.title, one.text), len(places)) for one in told
    )
    numbers: dict[str, int] = {}
    tones: list[float] = []
    kinds: list[Kind] = []
    words: list[list[int]] = []
    for title, text in places:
        spoken = [*words_of(title), *words_of(text)]
        tones.append(tone_of(spoken))
        kinds.append(kind_of(title, text))
        distinct = set(spoken) - _NO_WORDS
        words.append(sorted(numbers.setdefault(w, len(numbers)) for w in distinct))
    return _Texts(
        tone=np.array(tones, dtype=np.float64),
        kind=whole(kinds),
        word_starts=np.cumsum([0, *(len(some) for some in words)]).astype(np.int64),
        words=whole(number for some in words for number in some),
    ), of_text


def _novelties(
    starts: Whole, known_at: Whole, text: Whole, word_starts: Whole, words: Whole
) -> Array:
    found: Array = _novelty(starts, known_at, text, word_starts, words)
    return np.round(found, 3)


@kernel
def _likeness(one: int, other: int, word_starts: Whole, words: Whole) -> float:
    """Jaccard likeness of two texts' words; 1 of two without any."""
    if one == other:
        return 1.0
    left, right, shared = word_starts[one], word_starts[other], 0
    left_end, right_end = word_starts[one + 1], word_starts[other + 1]
    every = left_end - left + right_end - right
    while left < left_end and right < right_end:
        if words[left] == words[right]:
            shared += 1
            left += 1
            right += 1
        elif words[left] < words[right]:
            left += 1
        else:
            right += 1
    return shared / (every - shared) if every else 1.0


@kernel
def _novelty(
    starts: Whole, known_at: Whole, text: Whole, word_starts: Whole, words: Whole
) -> Array:
    """One less the highest likeness with the stories before."""
    found = np.ones(len(text))
    for company in range(len(starts) - 1):
        for row in range(starts[company], starts[company + 1]):
            last = max(starts[company], row - NOVEL_STORIES)
            before = row - 1
            nearest = 0.0
            while before >= last and nearest < 1.0:
                if known_at[row] - known_at[before] > NOVEL_DAYS * DAY:
                    break
                likeness = _likeness(text[row], text[before], word_starts, words)
                nearest = max(nearest, likeness)
                before -= 1
            found[row] = 1.0 - nearest
    return found
