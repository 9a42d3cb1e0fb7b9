"""From a draft to an answer: refused sentences go back once, then they are dropped."""

from dexter.orchestrator.publishing import Published, examine, publish
from tests.orchestrator.evidence import SOURCES

GOOD = "Revenue rose {{e5}} to {{e1}}."
OTHER = "Net profit was {{e3}}."
BAD = "Revenue fell {{e5}}."


async def published(
    first: tuple[str, ...], second: tuple[str, ...] = ()
) -> tuple[Published, list[tuple[str, ...]]]:
    sent_back: list[tuple[str, ...]] = []

    async def again(refused: tuple[str, ...]) -> tuple[str, ...]:
        sent_back.append(refused)
        return second

    return await publish(first, SOURCES, again), sent_back


async def test_a_good_draft_is_published_as_it_is() -> None:
    done, sent_back = await published((GOOD, OTHER))

    assert done.answer.markdown == (
        "Revenue rose 6.7%[^e5] to ₹28,057 crore[^e1]. Net profit was ₹4,257 "
        "crore[^e3]."
    )
    assert (done.refused, sent_back) == ((), [])


async def test_every_claim_is_a_value_as_its_evidence_has_it() -> None:
    done, _ = await published((GOOD, OTHER, "{{note_sue}}"))

    for claim in done.answer.claims:
        if claim.evidence:
            (identifier,) = claim.evidence
            evidence = SOURCES.evidence[identifier]
            assert claim.value == evidence.value
            assert claim.unit == evidence.unit.value
            assert "{{" not in claim.rendered
    assert [c.evidence for c in done.answer.claims] == [("e5",), ("e1",), ("e3",)]


async def test_what_is_refused_goes_back_once_with_its_faults() -> None:
    done, sent_back = await published((GOOD, BAD), (GOOD, OTHER))

    ((said,),) = sent_back
    assert said.startswith("- “Revenue fell {{e5}}.”: “fell” contradicts {{e5}}")
    assert [c.text for c in done.answer.claims] == [GOOD, GOOD, OTHER]
    assert done.refused == ()


async def test_what_fails_twice_is_dropped_and_told() -> None:
    done, sent_back = await published((GOOD, BAD), (GOOD, BAD))

    assert len(sent_back) == 1
    assert {c.text for c in done.answer.claims} == {GOOD}
    assert [s.text for s in done.refused] == [BAD]


async def test_a_worse_second_answer_does_not_count() -> None:
    done, _ = await published((GOOD, OTHER, BAD), (BAD,))

    assert {c.text for c in done.answer.claims} == {GOOD, OTHER}


async def test_no_answer_is_an_empty_one() -> None:
    done, sent_back = await published(())

    assert (done.answer.markdown, done.answer.claims, sent_back) == ("", (), [])


async def test_its_figures_are_of_the_company_last_named() -> None:
    about = "{{e33.company}} reported revenue of {{e33}}."

    done, _ = await published((about, "Its net profit was {{e3}}."))
    fine, _ = await published((about, "Its net profit was {{e31}}."))
    bare, _ = await published((about, OTHER))

    assert [s.problems for s in done.refused] == [
        ("it names no company, and its figures are of HCLTECH",)
    ]
    assert fine.refused == ()
    assert len(bare.refused) == 1


async def test_after_several_companies_only_it_must_be_the_last() -> None:
    both = (
        "{{e33.company}} reported revenue of {{e33}}.",
        "{{e1.company}} reported revenue of {{e1}}.",
    )

    pronoun, _ = await published((*both, "Its net profit was {{e31}}."))
    leader, _ = await published((*both, "At the leader, net profit was {{e31}}."))

    assert len(pronoun.refused) == 1
    assert leader.refused == ()


async def test_a_dropped_sentence_names_nobody() -> None:
    first = (
        "{{e1.company}} reported revenue of {{e1}}.",
        "{{e33.company}} reported revenue of {{e1}}.",
        "Its net profit was {{e31}}.",
    )

    done, _ = await published(first)

    assert [s.text for s in done.refused] == [*first[1:]]


def test_sentences_are_told_apart_and_hyphens_are_plain() -> None:
    text = f"{GOOD}  {OTHER}\nOne\u2011off: {{{{a1}}}}"

    checked = examine((text,), SOURCES)

    assert [s.text for s in checked] == [GOOD, OTHER, "One-off: {{a1}}"]
    assert [s.problems for s in checked] == [(), (), ()]


async def test_that_figures_became_public_is_a_claim_of_its_own() -> None:
    told = "{{e1.company}} made its results public on {{e1.known_at}}."
    done, _ = await published((told, "{{e1.company}} is a company."))

    assert [c.evidence for c in done.answer.claims] == [("e1",)]
