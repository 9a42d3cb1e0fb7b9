"""The rule of promotion: every refusal has its numbers, every reason its words."""

import pytest

from dexter.domain.filing import Basis
from registry.manifest import Interval, Manifest, Measured
from registry.promotion import decide
from registry.verdict import Check
from tests.registry.making import SHIPPED, bins, measured, model

RECENT = "last four seasons"


def record(*metrics: Measured, proofs: bool = True, **change: object) -> Manifest:
    made = model()[0]
    kept = made.proofs if proofs else ()
    return made.model_copy(update={"metrics": metrics, "proofs": kept, **change})


def spread(value: float) -> Interval:
    return Interval(value=value, low=value - 0.1, high=value + 0.1)


CHAMPION = record(measured(), measured(RECENT, (0.12, 0.06, 0.18)))
BETTER = record(
    measured(skill=(0.18, 0.14, 0.22)), measured(RECENT, (0.13, 0.07, 0.19))
)


def failed(champion: Manifest | None, challenger: Manifest, **more: str) -> list[Check]:
    verdict = decide(champion, challenger, **more)
    bad = [check for check in verdict.checks if not check.ok]
    assert verdict.promote is not bool(bad)
    assert all(check.words in verdict.reason for check in bad)
    assert all(check.words for check in verdict.checks)
    return bad


def test_a_better_model_takes_charge_with_its_reason() -> None:
    verdict = decide(CHAMPION, BETTER)
    assert verdict.promote
    assert "+18.0% (+14.0% to +22.0%)" in verdict.reason
    assert [check.name for check in verdict.checks] == [
        "label",
        "catalogue",
        "events",
        "proofs",
        "skill",
        "recent skill",
        "better",
        "calibration",
    ]


def test_without_a_champion_skill_must_still_be_shown() -> None:
    assert decide(None, BETTER).promote
    weak = record(measured(skill=(0.05, -0.01, 0.11)))
    (check,) = failed(None, weak)
    assert check.name == "skill"
    assert "does not lie above 0" in check.words


@pytest.mark.parametrize(
    ("change", "name", "words"),
    [
        ({"label": "other"}, "label", "it predicts other"),
        ({"basis": Basis.CONSOLIDATED}, "label", "on consolidated figures"),
        ({"catalogue_hash": "new"}, "catalogue", "the champion reads made-up"),
        ({"proofs": False}, "proofs", "0 rows of proof"),
        (
            {"metrics": (measured(skill=(0.18, 0.14, 0.22), events=199),)},
            "events",
            "199 events",
        ),
        (
            {"metrics": (measured(skill=(0.18, 0.14, 0.22), hits=29),)},
            "events",
            "29 upper circuits",
        ),
        ({"metrics": (measured(),)}, "better", "is +15.0%, the champion's +15.0%"),
        (
            {
                "metrics": (
                    measured(skill=(0.3, 0.2, 0.4)),
                    measured(RECENT, (0.05, 0.01, 0.09)),
                )
            },
            "recent skill",
            "+12.0% less its half-width 6.0% is +6.0%",
        ),
    ],
)
def test_one_thing_wrong_is_one_check_failed(
    change: dict[str, object], name: str, words: str
) -> None:
    proofs = bool(change.pop("proofs", True))
    challenger = record(*BETTER.metrics, proofs=proofs)
    (check,) = failed(CHAMPION, challenger.model_copy(update=change))
    assert check.name == name
    assert words in check.words


def test_a_model_of_which_nothing_was_measured_is_refused() -> None:
    names = {check.name for check in failed(CHAMPION, record(reliability=()))}
    assert names == {"events", "skill", "recent skill", "better", "calibration"}


@pytest.mark.parametrize(
    ("ratio", "ok"),
    [(0.79, False), (0.8, True), (1.0, True), (1.25, True), (1.26, False)],
)
def test_the_likeliest_tenth_must_come_true_as_often_as_said(
    ratio: float,
    ok: bool,  # noqa: FBT001 - the rule's word, given by the table above
) -> None:
    metrics = (
        measured(skill=(0.18, 0.14, 0.22), top_decile_ratio=spread(ratio)),
        BETTER.metrics[1],
    )
    bad = failed(CHAMPION, record(*metrics))
    assert [check.name for check in bad] == ([] if ok else ["calibration"])


def test_the_recent_ratio_counts_before_that_of_all() -> None:
    metrics = (
        measured(skill=(0.18, 0.14, 0.22), top_decile_ratio=spread(1.0)),
        measured(RECENT, (0.13, 0.07, 0.19), top_decile_ratio=spread(2.0)),
    )
    (check,) = failed(CHAMPION, record(*metrics))
    assert "2.00 times" in check.words


def test_the_ratio_is_read_from_the_bins_where_it_was_not_measured() -> None:
    top = bins()[-1].model_copy(update={"hits": 400})
    (check,) = failed(
        CHAMPION, record(*BETTER.metrics, reliability=(*bins()[:-1], top))
    )
    assert check.name == "calibration"
    assert "0.46 times" in check.words


def test_a_champion_of_a_catalogue_no_longer_made_keeps_nobody_out() -> None:
    new = BETTER.model_copy(update={"catalogue_hash": "new"})
    assert failed(CHAMPION, new, catalogue="new") == []
    (check,) = failed(CHAMPION, BETTER, catalogue="new")
    assert check.words == "it reads catalogue made-up, this code makes new"


def test_other_events_are_said_to_be_others() -> None:
    other = record(measured(skill=(0.18, 0.14, 0.22), events=5000))
    better = next(c for c in decide(CHAMPION, other).checks if c.name == "better")
    assert better.ok
    assert better.words.endswith("(on other events)")


def test_the_shipped_champion_would_be_promoted_by_the_rule() -> None:
    path = next(SHIPPED.glob("*/manifest.json"))
    verdict = decide(None, Manifest.model_validate_json(path.read_bytes()))
    assert verdict.promote, verdict.reason
