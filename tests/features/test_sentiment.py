"""Stories as columns, our lexicon, and what features make of both."""

from datetime import datetime, timedelta

import numpy as np
import pytest

from dexter.domain.filing import Headline, Tone
from dexter.domain.market import MarketHistory
from dexter.features import sentiment
from dexter.features.columns import Column
from dexter.features.lexicon import tone_of, weight_of, words_of
from dexter.features.stories import stories_of
from dexter.features.story_kinds import Kind, kind_of
from tests.features.making import at, weekdays
from tests.features.making_market import headline, known_at, market_of, value

NOW = at(weekdays(300)[-1], 16, 30)


def ago(days: float, title: str, text: str = "", source: str = "NSE") -> Headline:
    return headline(NOW - timedelta(days=days), title, text, source)


def told(
    *headlines: Headline, kept_for: int = 400, market: MarketHistory | None = None
) -> dict[str, Column]:
    """Features where some company's announcements have been kept for long."""
    market = market or market_of(
        [NOW.date()],
        stories_from=NOW - timedelta(days=kept_for),
        stories_until=NOW - timedelta(hours=1),
    )
    return sentiment.compute(known_at(NOW, market=market, headlines=headlines))


@pytest.mark.parametrize(
    ("text", "sign"),
    [
        ("Company bags order worth Rs 500 crore", 1),
        ("Receipt of letter of award from NHAI", 1),
        ("Q1 net profit surges, margins improve", 1),
        ("Board declared interim dividend of Rs 5", 1),
        ("Rating outlook revised to positive", 1),
        ("Credit rating downgraded to default", -1),
        ("NCLT admits insolvency petition against company", -1),
        ("Statutory auditor resigns", -1),
        ("Fire at the Company's plant", -1),
        ("Shares slump after USFDA issues warning letter", -1),
        ("Closure of trading window", 0),
        ("Analysts/Institutional Investor Meet/Con. Call Updates", 0),
        ("Loss of share certificates", 0),
        ("Outcome of Board Meeting", 0),
        ("", 0),
        ("१२३ ₹ — …", 0),
    ],
)
def test_the_sign_of_a_tone(text: str, sign: int) -> None:
    tone = tone_of(words_of(text))
    assert np.sign(tone) == sign, tone
    assert -1 < tone < 1


def test_a_negation_turns_what_follows_it() -> None:
    assert tone_of(words_of("no fraud was found")) > 0
    assert tone_of(words_of("not profitable")) < 0
    assert tone_of(words_of("no comment has been made upon that fraud")) < 0


def test_the_longest_stem_and_the_whole_word_come_first() -> None:
    assert weight_of("closures") == -1
    assert weight_of("closure") == 0
    assert weight_of("grown") == 1
    assert weight_of("xyz") == 0


def test_who_informed_the_exchange_says_nothing() -> None:
    plain = "Excellent Success Limited has informed the Exchange regarding a meeting"
    assert tone_of(words_of(plain)) == 0


@pytest.mark.parametrize(
    ("title", "text", "kind"),
    [
        ("Financial Result Updates", "", Kind.RESULTS),
        ("Outcome of Board Meeting", "", Kind.BOARD_MEETING),
        ("Outcome of Board Meeting", "recommended final dividend of 2", Kind.DIVIDEND),
        ("Date of payment of dividend", "", Kind.DIVIDEND),
        ("Bonus", "", Kind.BONUS),
        ("Split of shares", "", Kind.SPLIT),
        ("Public Announcement - Buyback of Shares", "", Kind.BUYBACK),
        ("Bagging/Receiving of orders/contracts", "", Kind.ORDER),
        ("Press Release", "Company wins Rs 90 crore order", Kind.ORDER),
        ("Press Release", "", Kind.PRESS_RELEASE),
        ("Credit Rating", "has informed about Credit Rating", Kind.RATING),
        ("Credit Rating- Revision", "upgraded to AA", Kind.RATING_UP),
        ("Credit Rating", "Downgrade of Credit Rating", Kind.RATING_DOWN),
        ("Price movement", "", Kind.PRICE_MOVEMENT),
        ("Spurt in Volume", "", Kind.PRICE_MOVEMENT),
        ("Clarification - Financial Results", "", Kind.CLARIFICATION),
        ("Investor Presentation", "", Kind.MEET),
        ("Action(s) taken or orders passed", "", Kind.DISTRESS),
        ("Allotment of Securities", "", Kind.FUND_RAISING),
        ("Acquisition", "", Kind.ACQUISITION),
        ("Weather", "", Kind.OTHER),
    ],
)
def test_what_a_story_is_about(title: str, text: str, kind: Kind) -> None:
    assert kind_of(title, text) is kind


def test_stories_are_in_order_and_cut_strictly_before_a_moment() -> None:
    first, second = ago(2, "Bonus"), ago(1, "Press Release")
    stories = stories_of([[], [second, first], [ago(1, "Dividend")]])
    assert stories.starts.tolist() == [0, 0, 2, 3]
    assert stories.kind.tolist() == [Kind.BONUS, Kind.PRESS_RELEASE, Kind.DIVIDEND]
    company = np.array([0, 1, 1, 1, 2])
    edge = stories.known_at[1]
    moment = np.array([edge + 1, edge, edge + 1, 0, edge + 1])
    assert stories.ends(company, moment).tolist() == [0, 1, 2, 0, 3]
    alone = stories.of_company(1)
    assert alone.known_at.tolist() == stories.known_at[:2].tolist()
    assert alone.ends(np.array([0]), np.array([edge])).tolist() == [1]


def test_novelty_is_against_the_stories_of_ninety_days() -> None:
    stories = stories_of(
        [
            [
                ago(200, "alpha beta gamma"),
                ago(100, "alpha beta gamma"),
                ago(50, "alpha beta delta"),
                ago(40, "alpha beta delta"),
                ago(39, ""),
                ago(38, ""),
            ]
        ]
    )
    assert stories.novelty.tolist() == [1, 1, 0.5, 0, 1, 0]


def test_it_computes_what_it_declares() -> None:
    assert set(told(ago(1, "Bonus"))) == {spec.name for spec in sentiment.SPECS}
    assert set(sentiment.compute(known_at(NOW))) == set(told())


def test_counts_and_means_of_the_days_before() -> None:
    found = told(
        ago(0.01, "Press Release", "Company bags order"),
        ago(3, "Investor Presentation"),
        ago(20, "Statutory auditor resigns"),
        ago(29.9, "Bonus"),
        ago(30.1, "Price movement"),
        ago(80, "Credit Rating"),
        ago(100, "Fraud found"),
        ago(170, "Dividend"),
        ago(190, "Dividend"),
    )
    good = tone_of(words_of("Press Release Company bags order"))
    bad, worse = (tone_of(words_of(t)) for t in ("auditor resigns", "Fraud found"))
    bonus = tone_of(words_of("Bonus"))
    expected = {
        "announcements_5": 2,
        "announcements_30": 4,
        "announcements_surge": (4 / 30) / (8 / 180),
        "orders_90": 1,
        "meets_30": 1,
        "payouts_30": 1,
        "payout_with_results": 0,
        "press_releases_30": 0,
        "price_clarifications_90": 1,
        "rating_actions_180": 1,
        "headline_tone_30": (good + bad + bonus) / 4,
        "headline_tone_90": (good + bad + bonus) / 6,
        "tone_change": (good + bad + bonus) / 4 - worse / 3,
        "negative_share_90": 1 / 6,
        "positive_share_30": 1 / 4,
        "news_novelty_30": 1.0,
        "hours_since_last_story": 0.24,
    }
    assert {n: value(found, n) for n in expected} == pytest.approx(expected)


def test_a_payout_on_the_day_before_the_moment() -> None:
    today = headline(NOW.replace(hour=10), "Dividend")
    yesterday = headline(NOW.replace(hour=10) - timedelta(days=1), "Dividend")
    later = headline(NOW, "Dividend")
    assert value(told(today), "payout_with_results") == 1
    assert value(told(yesterday, later), "payout_with_results") == 0


def test_no_story_is_zero_only_where_stories_are_kept() -> None:
    quiet = told()
    assert value(quiet, "announcements_30") == 0
    assert value(quiet, "headline_tone_30") == "no story in that time"
    assert value(quiet, "announcements_surge") == "nothing was announced in 180 days"
    young = told(kept_for=60)
    assert value(young, "announcements_30") == 0
    far = "announcements are not kept so far back"
    assert value(young, "orders_90") == far
    nowhere = sentiment.compute(known_at(NOW))
    assert value(nowhere, "announcements_5") == "no announcements are kept"
    stopped = market_of(
        [NOW.date()],
        stories_from=NOW - timedelta(days=400),
        stories_until=NOW - timedelta(days=11),
    )
    gap = value(told(market=stopped), "announcements_5")
    assert gap == "no announcement of any company is kept of the 10 days before"


def test_social_feeds_count_once_they_are_on() -> None:
    assert value(told(ago(1, "x")), "social_buzz_7") == "no social source is on"
    on = market_of(
        [NOW.date()],
        stories_from=NOW - timedelta(days=400),
        stories_until=NOW - timedelta(days=1),
        social_from=NOW - timedelta(days=30),
    )
    stories = (
        ago(1, "up", source="social: boards"),
        ago(2, "x"),
        ago(9, "y", "", "social: b"),
    )
    assert value(told(*stories, market=on), "social_buzz_7") == 1
    assert value(told(market=on), "social_buzz_7") == 0


def test_tones_of_a_model() -> None:
    mine = [ago(1, "a"), ago(2, "b", "text"), ago(3, "c")]
    tones = zip(mine[:2], (Tone(0.5, NOW), Tone(-0.25, NOW)), strict=True)
    stories = stories_of([mine], {one.said_digest: tone for one, tone in tones})
    assert stories.model_tone.tolist()[1:] == [-0.25, 0.5]
    assert np.isnan(stories.model_tone[0])
    assert value(told(*mine), "model_tone_30") == "no model has read these headlines"


def test_what_comes_at_the_moment_or_later_changes_nothing() -> None:
    before = [ago(2, "Bonus"), ago(1, "Company bags order")]
    later = [headline(NOW, "Fraud"), ago(-3, "Dividend"), ago(-90, "Bonus")]
    first, second = told(*before), told(*before, *later)
    assert {n: value(first, n) for n in first} == {n: value(second, n) for n in second}


def test_many_events_are_as_each_one_alone() -> None:
    random = np.random.default_rng(1)
    titles = ["Bonus", "Price movement", "Fraud", "Company bags order", "Results"]
    mine = [
        ago(float(d), str(random.choice(titles))) for d in random.uniform(0, 400, 90)
    ]
    moments: list[datetime] = [NOW - timedelta(days=d) for d in range(40)]
    market = market_of([NOW.date()], stories_from=NOW - timedelta(days=400))
    every = sentiment.compute(known_at(*moments, market=market, headlines=mine))
    for row, moment in enumerate(moments):
        one = sentiment.compute(known_at(moment, market=market, headlines=mine))
        assert {n: value(one, n) for n in one} == {n: value(every, n, row) for n in one}
