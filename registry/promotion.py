"""Whether a challenger should take charge: a rule over two manifests, nothing else."""

from collections.abc import Iterator

from dexter.ml.judgement import FEWEST_EVENTS, FEWEST_HITS
from registry.manifest import Interval, Manifest, Measured
from registry.verdict import Check, Verdict

ALL, RECENT = "all", "last four seasons"
LEAST_RATIO, MOST_RATIO = 0.8, 1.25
"""Upper circuits seen over those expected, among the likeliest tenth of events."""

_TENTH = 0.1


def decide(
    champion: Manifest | None, challenger: Manifest, *, catalogue: str | None = None
) -> Verdict:
    """Hold a challenger against the champion.

    Args:
        champion: The manifest in charge; null when none is.
        challenger: The manifest that would take its place.
        catalogue: The hash of the features this code makes. Without it the champion's
            catalogue is the measure. A champion of another catalogue cannot speak any
            more, and does not keep out one that can.

    Returns:
        To promote when every check holds.
    """
    checks = (
        _same_question(champion, challenger),
        _catalogue(champion, challenger, catalogue),
        _enough(challenger),
        _proofs(challenger),
        _skilled(challenger),
        *_against(champion, challenger),
        _calibrated(challenger),
    )
    failed = [check.words for check in checks if not check.ok]
    reason = "; ".join(failed) if failed else _won(champion, challenger)
    return Verdict(not failed, reason, checks)


def _won(champion: Manifest | None, challenger: Manifest) -> str:
    mine = challenger.measured(ALL)
    skill = f"its Brier skill of {_spread(mine.skill)}" if mine else "its skill"
    if champion is None:
        return f"{skill} is demonstrated and there is no champion"
    return f"{skill} is above the champion's, and every check holds"


def _same_question(champion: Manifest | None, challenger: Manifest) -> Check:
    mine = f"{challenger.label} on {challenger.basis.value} figures"
    if champion is None:
        return Check("label", ok=True, words=f"it predicts {mine}")
    theirs = f"{champion.label} on {champion.basis.value} figures"
    if mine == theirs:
        return Check("label", ok=True, words=f"both predict {mine}")
    words = f"it predicts {mine}, the champion {theirs}"
    return Check("label", ok=False, words=words)


def _catalogue(
    champion: Manifest | None, challenger: Manifest, catalogue: str | None
) -> Check:
    mine = challenger.catalogue_hash
    theirs = champion.catalogue_hash if champion else mine
    if mine != (catalogue or theirs):
        of = "this code makes" if catalogue else "the champion reads"
        words = f"it reads catalogue {mine}, {of} {catalogue or theirs}"
        return Check("catalogue", ok=False, words=words)
    words = f"it reads catalogue {mine}"
    if theirs != mine:
        words += f"; the champion reads {theirs}, which is made no more"
    return Check("catalogue", ok=True, words=words)


def _enough(challenger: Manifest) -> Check:
    found = challenger.measured(ALL)
    if found is None:
        return Check("events", ok=False, words="nothing was measured on all events")
    ok = found.events >= FEWEST_EVENTS and found.hits >= FEWEST_HITS
    words = (
        f"{found.events:,} events out of sample with {found.hits:,} upper circuits; "
        f"{FEWEST_EVENTS} and {FEWEST_HITS} are needed"
    )
    return Check("events", ok=ok, words=words)


def _proofs(challenger: Manifest) -> Check:
    count = len(challenger.proofs)
    return Check("proofs", ok=count > 0, words=f"{count} rows of proof are kept")


def _skilled(challenger: Manifest) -> Check:
    found = challenger.measured(ALL)
    if found is None:
        return Check("skill", ok=False, words="its skill was not measured")
    ok = found.skill.low > 0
    said = "lies above 0" if ok else "does not lie above 0"
    words = f"its Brier skill of {_spread(found.skill)} {said}"
    return Check("skill", ok=ok, words=words)


def _against(champion: Manifest | None, challenger: Manifest) -> Iterator[Check]:
    if champion is None:
        for name in ("recent skill", "better"):
            yield Check(name, ok=True, words="there is no champion to be held against")
        return
    yield _not_worse(champion, challenger)
    yield _better(champion, challenger)


def _not_worse(champion: Manifest, challenger: Manifest) -> Check:
    """Lately no worse than the champion, within the half-width of its interval."""
    group = _common(champion, challenger)
    mine, theirs = challenger.measured(group), champion.measured(group)
    if mine is None or theirs is None:
        words = f"skill on {group} was not measured for both"
        return Check("recent skill", ok=False, words=words)
    half = (theirs.skill.high - theirs.skill.low) / 2
    floor = theirs.skill.value - half
    ok = mine.skill.value >= floor
    words = (
        f"Brier skill on {group} is {mine.skill.value:+.1%}, the champion's "
        f"{theirs.skill.value:+.1%} less its half-width {half:.1%} is {floor:+.1%}"
        f"{_period(mine, theirs)}"
    )
    return Check("recent skill", ok=ok, words=words)


def _better(champion: Manifest, challenger: Manifest) -> Check:
    mine, theirs = challenger.measured(ALL), champion.measured(ALL)
    if mine is None or theirs is None:
        words = "skill on all events was not measured for both"
        return Check("better", ok=False, words=words)
    ok = mine.skill.value > theirs.skill.value
    words = (
        f"Brier skill on all events is {mine.skill.value:+.1%}, the champion's "
        f"{theirs.skill.value:+.1%}{_period(mine, theirs)}"
    )
    return Check("better", ok=ok, words=words)


def _common(champion: Manifest, challenger: Manifest) -> str:
    both = champion.measured(RECENT) and challenger.measured(RECENT)
    return RECENT if both else ALL


def _period(mine: Measured, theirs: Measured) -> str:
    """Says so when the two were not measured on the same days."""
    days = (mine.first, mine.last), (theirs.first, theirs.last)
    if days[0] == days[1]:
        return "" if mine.events == theirs.events else " (on other events)"
    if None in (*days[0], *days[1]):
        return " (on other events)"
    return (
        f" (on events of {mine.first} to {mine.last}, "
        f"the champion's of {theirs.first} to {theirs.last})"
    )


def _calibrated(challenger: Manifest) -> Check:
    ratio = _top_ratio(challenger)
    if ratio is None:
        words = "its likeliest tenth was not held against what happened"
        return Check("calibration", ok=False, words=words)
    words = (
        f"in the likeliest tenth {ratio:.2f} times the expected upper circuits "
        f"happened; {LEAST_RATIO} to {MOST_RATIO} is allowed"
    )
    ok = LEAST_RATIO <= ratio <= MOST_RATIO
    return Check("calibration", ok=ok, words=words)


def _top_ratio(challenger: Manifest) -> float | None:
    """As measured; where it was not, from the reliability bins that hold the tenth."""
    for group in (RECENT, ALL):
        found = challenger.measured(group)
        if found is not None and found.top_decile_ratio is not None:
            return found.top_decile_ratio.value
    bins = challenger.reliability
    least = _TENTH * sum(part.events for part in bins)
    events, seen, expected = 0, 0, 0.0
    for part in reversed(bins):
        # Rounding may leave a bin an event or two short of the tenth.
        if events + 1 >= least:
            break
        events += part.events
        seen += part.hits
        expected += part.mean * part.events
    return seen / expected if expected else None


def _spread(found: Interval) -> str:
    return f"{found.value:+.1%} ({found.low:+.1%} to {found.high:+.1%})"
