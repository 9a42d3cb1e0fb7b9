"""Declarations of category ``sentiment``."""

from dexter.domain.evidence import Measure
from dexter.features.spec import Category, FeatureSpec

QUIET_DAYS = 10
"""Days without a headline of any company at all: then none are kept of that time."""

NOT_KEPT = "no announcements are kept"
NOT_SO_FAR = "announcements are not kept so far back"
GAP = f"no announcement of any company is kept of the {QUIET_DAYS} days before"
NO_STORY = "no story in that time"
NOTHING = "nothing was announced in 180 days"
NOT_READ = "no model has read these headlines"
SOCIAL_OFF = "no social source is on"

_UNCOVERED = f"{NOT_KEPT}, or not of all that time"
_LEXICON = "our lexicon of Indian disclosures (features/lexicon.py)"
_TONE = "(good − bad) / (good + bad + 1) over the weights of its words and phrases"


def _spec(  # noqa: PLR0913, PLR0917 - a declaration has many parts
    name: str,
    unit: Measure,
    about: str,
    formula: str,
    days: int,
    absent: str = _UNCOVERED,
    source: str = "",
) -> FeatureSpec:
    return FeatureSpec(
        name=name,
        unit=unit,
        category=Category.SENTIMENT,
        about=about,
        formula=formula,
        inputs=("headlines",),
        look_back=f"{days} days",
        absent=absent,
        source=source,
    )


def _count(name: str, what: str, days: int) -> FeatureSpec:
    return _spec(
        name,
        Measure.COUNT,
        f"{what[0].upper()}{what[1:]}, {days} days",
        f"number of {what} in the {days} × 24 hours before publication",
        days,
    )


def _mean(  # noqa: PLR0913, PLR0917 - as above
    name: str,
    unit: Measure,
    about: str,
    what: str,
    days: int,
    none: str = NO_STORY,
    source: str = "",
) -> FeatureSpec:
    formula = f"mean over the stories of {days} days of: {what}"
    return _spec(name, unit, about, formula, days, f"{_UNCOVERED}; {none}", source)


SPECS: tuple[FeatureSpec, ...] = (
    _count("announcements_5", "stories", 5),
    _count("announcements_30", "stories", 30),
    _spec(
        "announcements_surge",
        Measure.RATIO,
        "More or fewer stories than the company is wont to have",
        "(stories of 30 days / 30) / (stories of 180 days / 180)",
        180,
        f"{_UNCOVERED}; {NOTHING}",
    ),
    _mean(
        "headline_tone_30", Measure.RATIO, "Tone of a month", _TONE, 30, source=_LEXICON
    ),
    _mean(
        "headline_tone_90",
        Measure.RATIO,
        "Tone of three months",
        _TONE,
        90,
        source=_LEXICON,
    ),
    _spec(
        "tone_change",
        Measure.RATIO,
        "Tone of a month against the three months before it",
        "mean tone of the last 30 days − mean tone of days 120 to 30 before",
        120,
        f"{_UNCOVERED}; {NO_STORY}",
        _LEXICON,
    ),
    _mean(
        "negative_share_90",
        Measure.FRACTION,
        "How many stories of three months are bad news",
        "1 where tone < 0, else 0",
        90,
        source=_LEXICON,
    ),
    _mean(
        "positive_share_30",
        Measure.FRACTION,
        "How many stories of a month are good news",
        "1 where tone > 0, else 0",
        30,
        source=_LEXICON,
    ),
    _mean(
        "news_novelty_30",
        Measure.FRACTION,
        "How new the stories of a month are",
        "1 − highest Jaccard likeness of its words with those of any of the company's "
        "last 20 stories of the 90 days before it",
        30,
        source="Jaccard 1901",
    ),
    _count("orders_90", "stories of orders won", 90),
    _count("payouts_30", "stories of dividends, bonus, splits and buybacks", 30),
    _spec(
        "payout_with_results",
        Measure.COUNT,
        "Whether a payout was told just before the results",
        "1 when a story of a dividend, bonus, split or buyback came out on the same "
        "calendar day before publication, else 0",
        1,
    ),
    _count("price_clarifications_90", "enquiries into price or volume", 90),
    _count("rating_actions_180", "stories of credit ratings", 180),
    _count("meets_30", "stories of meets, calls and presentations", 30),
    _count("press_releases_30", "press releases", 30),
    _spec(
        "hours_since_last_story",
        Measure.COUNT,
        "How long the company has been silent",
        "hours from its last story to publication",
        180,
        f"{_UNCOVERED}; {NOTHING}",
    ),
    _spec(
        "social_buzz_7",
        Measure.COUNT,
        "Stories of social feeds, 7 days",
        "number of stories of feeds marked social in the 7 × 24 hours before",
        7,
        SOCIAL_OFF,
    ),
    _mean(
        "model_tone_30",
        Measure.RATIO,
        "Tone of a month as a language model reads it",
        "tone between −1 and 1 that the model gave, of those it had given by then",
        30,
        NOT_READ,
        "dexter data tones; a tone counts from when the model read the story, as a "
        "model may remember what came after",
    ),
)
