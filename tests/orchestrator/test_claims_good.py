"""Sentences an analyst would write pass, and read as meant."""

import pytest

from dexter.orchestrator.claims import check, rendered
from tests.orchestrator.evidence import SOURCES

# What is written, and what is published.
READ = [
    ("Revenue rose {{e5}} to {{e1}}.", "Revenue rose 6.7% to ₹28,057 crore."),
    (
        "Net profit of {{e3}} was up {{e6}} from {{e4}} a year before.",
        "Net profit of ₹4,257 crore was up 20.5% from ₹3,534 crore a year before.",
    ),
    (
        "At {{e7.company}}, net profit fell {{e7}} to {{e31}}.",
        "At Tata Consultancy Services Limited, net profit fell 4.5% to ₹11,400 crore.",
    ),
    (
        "Net profit growth was {{e7}}.",
        "Net profit growth was −4.5%.",
    ),
    (
        (
            "{{e13.company}} made a net loss of {{e13}} in {{e13.period}}, after a net "
            "loss of {{e14}} in {{e14.period}}."
        ),
        (
            "Idea Cellular Limited made a net loss of ₹120 crore in Q1 FY25, after a "
            "net loss of ₹90 crore in Q1 FY24."
        ),
    ),
    (
        "The net loss widened to {{e13}} from {{e14}} a year before.",
        "The net loss widened to ₹120 crore from ₹90 crore a year before.",
    ),
    (
        "Net margin was {{e8}}, up {{e9}}.",
        "Net margin was 15.2%, up 1.73 percentage points.",
    ),
    (
        "Revenue was {{e1}} ({{e15}} quarter on quarter).",
        "Revenue was ₹28,057 crore (−1.6% quarter on quarter).",
    ),
    (
        "The surprise stood at {{e10}}.",
        "The surprise stood at 2.31 standard deviations.",
    ),
    (
        (
            "The share price fell {{e18}}, from {{e19}} before the results to {{e20}} "
            "at the close that followed them."
        ),
        (
            "The share price fell 3.1%, from ₹1,560.35 before the results to ₹1,512.00 "
            "at the close that followed them."
        ),
    ),
    ("Loss per share was {{e35}}.", "Loss per share was ₹1.25."),
    ("Net profit was {{e13}}.", "Net profit was −₹120 crore."),
    (
        "{{e29.known_at}}: {{e28}}",
        "12 July 2024, 18:00 IST: “Board approves ‹b›500%‹/b› (^e99) ‘buy’”",
    ),
    ("Not available: {{a1}}", "Not available: vcp of HCL Technologies: no bars (^e1)."),
]
GOOD = [
    "Expenditure: total expenses rose {{e24}}.",
    "Net Profit was {{e3}}, with Basic EPS of {{e21}}.",
    "Behind it stands {{e33.company}} with revenue of {{e33}}.",
    "{{e1.company}}'s revenue of {{e1}} is behind the {{e33}} at {{e33.company}}.",
    "{{e1.company}} reported revenue of {{e1}} for {{e1.period}}.",
    (
        "{{e1.company}} reported {{e1.basis}} revenue of {{e1}} for {{e1.period}}, up "
        "{{e5}} on the year."
    ),
    "The company reported net profit of {{e3}}, against {{e4}} a year earlier.",
    "Over the year, revenue increased by {{e5}} to {{e1}}.",
    "Revenue came to {{e1}} in {{e1.period}} and {{e2}} in {{e2.period}}.",
    "In the quarter under review, revenue was {{e1}}.",
    "Year on year, net profit climbed {{e6}}.",
    "Sequentially, revenue slipped {{e15}}.",
    "Quarter on quarter, revenue was down {{e15}} from {{e16}}.",
    "Revenue of {{e1}} was more than the {{e2}} of a year before.",
    "Compared with {{e2}} a year ago, revenue of {{e1}} is higher.",
    "Revenue, at {{e1}}, was above {{e2}} a year before.",
    "Revenue exceeded the {{e2}} of a year before and reached {{e1}}.",
    "The top line grew {{e5}} while the bottom line grew {{e6}}.",
    "Profit after tax rose {{e6}} to {{e3}}, and the margin improved {{e9}} to {{e8}}.",
    "Net profit growth of {{e6}} outpaced revenue growth of {{e5}}.",
    "Revenue growth of {{e5}} was lower than net profit growth of {{e6}}.",
    "Basic EPS was {{e21}} and diluted EPS {{e22}}.",
    "Profit before tax amounted to {{e23}}.",
    "Total expenses were {{e24}} higher than a year ago.",
    "On a standalone basis, revenue was {{e25}}.",
    "Consolidated revenue was {{e1}}; standalone revenue was {{e25}}.",
    (
        "The earnings surprise (SUE) was {{e10}}, counted from the company's own past "
        "rather than from analysts' estimates."
    ),
    "The blockbuster score is {{e26}}, with the surprise at percentile {{e27}}.",
    "The probability of an upper circuit is {{e11}}, beside a base rate of {{e12}}.",
    "{{e17.company}} takes place {{e17}} with a surprise of {{e10}}.",
    "It ranked {{e17}} by surprise, the biggest of the season.",
    "The board of {{e30.company}} will meet on {{e30}}.",
    "The results became public on {{e29}}, ahead of the meeting.",
    "{{e1.company}} earned {{e3}} on revenue of {{e1}}.",
    (
        "{{e1.company}} earned a net profit of {{e3}}, and {{e31.company}} a net "
        "profit of {{e31}}."
    ),
    "Net profit was {{e3}} at {{e3.company}} and {{e31}} at {{e31.company}}.",
    "{{e33.company}}'s revenue of {{e33}} is above {{e1}} at {{e1.company}}.",
    "HCL Technologies reported revenue of {{e1}}.",
    "Net profit was {{e3}}, or {{e8}} of revenue.",
    "Shares closed at {{e20}}, down {{e18}} from {{e19}}.",
    "The stock's RSI stood at {{e37}} when the results came.",
    "Before the results, the VCP search counted {{e34}} tightenings.",
    "For the quarter, made up of its months, nothing else was found: {{a1}}",
    "This could not be compared because a document is missing: {{a1}}",
    "{{note_sue}}",
    "Revenue at {{e36.company}} was flat, with a change of {{e36}}.",
    "The quarter's revenue, {{e1}}, follows {{e16}} in the previous quarter.",
    "Both lines moved: revenue by {{e5}}, net profit by {{e6}}.",
    "A rise in net profit of {{e6}} came with revenue of {{e1}}.",
    "Net profit advanced from {{e4}} to {{e3}}.",
    "{{e13.company}} remained loss-making, with a net loss of {{e13}}.",
    "{{e3.company}} stayed profitable, with a net profit of {{e3}}.",
    "Its revenue stood at {{e1}} against {{e33}} at {{e33.company}}.",
    "Revenue was {{e1}}, {{e5}} more than a year before.",
    "Revenue growth was {{e5}} on the year.",
    "Revenue growth came to {{e5}}, with net profit growth of {{e6}}.",
    "On the year, revenue gained {{e5}}, net profit {{e6}}.",
    "Net profit climbed {{e6}} year on year to {{e3}}, on revenue of {{e1}}.",
    "Net margin widened {{e9}} to {{e8}} from {{e80}} a year ago.",
    "The margin expanded by {{e9}}.",
    "Compared with the previous quarter, revenue declined {{e15}}.",
    "Quarter on quarter revenue slipped {{e15}} to {{e1}} from {{e16}}.",
    (
        "Against {{e2.period}}, revenue rose {{e5}} from {{e2}} and net profit rose "
        "{{e6}} from {{e4}}."
    ),
    "{{e7.company}}, by contrast, saw net profit drop {{e7}}.",
    "{{e1.company}} grew revenue {{e5}} and net profit {{e6}}.",
    "The company's net profit rose {{e6}}, faster than revenue, which rose {{e5}}.",
    "Its net profit rose {{e6}} to {{e3}}; basic EPS was {{e21}}.",
    "The stock closed {{e18}} lower at {{e20}} after the results.",
    "At {{e20}}, the close after the results was below the {{e19}} before them.",
    "The reaction was {{e18}}.",
    "The shares lost {{e18}} to close at {{e20}}.",
    (
        "The model puts the probability of an upper circuit at {{e11}}, against a "
        "base rate of {{e12}}."
    ),
    "The probability is {{e11}}; the base rate, {{e12}}.",
    (
        "The probability of an upper circuit, {{e11}}, is above the base rate of "
        "{{e12}}."
    ),
    "The results were published on {{e29}}.",
    "They became public at {{e1.known_at}}.",
    "The board meets on {{e30}} to consider results.",
    "These figures come from {{e1.document}}.",
    "All figures are consolidated unless stated: revenue {{e1}}, net profit {{e3}}.",
    "It is one-off in nature: {{a1}}",
    "No statement was found: {{a1}}",
    "The figures for {{e1.period}} show revenue of {{e1}} and net profit of {{e3}}.",
    "Total expenses rose {{e24}} over the same period.",
    (
        "{{e13.company}} reported a net loss of {{e13}}, wider than the {{e14}} of a "
        "year earlier."
    ),
    "{{e13.company}}'s net loss widened to {{e13}} from {{e14}}.",
    "The loss grew from {{e14}} to {{e13}}.",
    "A net loss of {{e13}} compares with {{e14}} a year earlier.",
    "Loss per share came to {{e35}}.",
    "{{e1.company}} leads with revenue of {{e1}}.",
    "Among these, {{e1.company}} has revenue of {{e1}} and {{e33.company}} {{e33}}.",
    "Net profit margin stood at {{e8}}, against {{e80}} a year earlier.",
    "Margins improved {{e9}} year on year.",
    "The top line came in at {{e1}}.",
    "Operating in the same segment, {{e33.company}} reported revenue of {{e33}}.",
    "With revenue of {{e1}}, net profit came to {{e3}}.",
    "Revenue remained flat at {{e36.company}}, up {{e36}}.",
    "Relative to its own history, the surprise is {{e10}}.",
    "The surprise, at {{e10}}, is positive.",
]


@pytest.mark.parametrize("text", GOOD)
def test_a_good_sentence_passes(text: str) -> None:
    assert check(text, SOURCES).problems == ()


@pytest.mark.parametrize(("text", "published"), READ)
def test_a_good_sentence_reads_as_meant(text: str, published: str) -> None:
    checked = check(text, SOURCES)

    assert checked.problems == ()
    assert rendered(checked, SOURCES) == published
