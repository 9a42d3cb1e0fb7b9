"""A model's evaluation on the screen and as a page: verdict first, nothing left out."""

import base64
import re
from dataclasses import replace
from datetime import date
from html.parser import HTMLParser
from io import BytesIO

import numpy as np
import pytest
from PIL import Image

from dexter.console import model_tables as tables
from dexter.console.model_report import page, show
from dexter.console.plots import LIGHT, pictures
from dexter.ml.judgement import Kind
from dexter.ml.report import ModelFacts, ModelReport, report
from dexter.ml.sample import OutOfSample
from tests.console.snapshots import matches, screen
from tests.ml.making_samples import market

FACTS = ModelFacts(
    version="made-up-20250630-0a1b2c3d",
    label="upper_circuit_3d",
    basis="standalone",
    trained_until=date(2025, 6, 30),
    events=24_438,
    hits=842,
    members=(("xgboost", 0.6), ("lightgbm", 0.4)),
    inputs=84,
    parameters={"rounds": 200, "max_depth": 4},
    seed=7,
    software={"xgboost": "3.2.0"},
    hashes={"data": "2913b94d656bbd3c", "features": "3147b9dc538ccf58"},
    trials=40,
    selection="the best mean log loss on seasons before <the evaluated> ones",
    split="walked forward by results season, retrained before each, labels purged",
    embargo=3,
    importances=(("upper_band_closes_60", 0.61), ("sue", 0.2), ("vix", 0.11)),
    drift={"vix": 0.31, "sue": 0.04, "upper_band_closes_60": 0.12},
)
WIDTH = 100


def events() -> OutOfSample:
    """A market whose first season has few events."""
    told = market()
    first = told.season == told.season.min()
    return told.take(~first | (np.arange(len(told)) % 5 == 0))


@pytest.fixture(scope="module")
def made() -> ModelReport:
    return report(FACTS, events())


@pytest.fixture(scope="module")
def written(made: ModelReport) -> str:
    return page(made)


def on_screen(made: ModelReport, *, full: bool = False) -> str:
    console, out = screen()
    show(made, console, full=full)
    return out.getvalue()


def test_the_whole_report_on_the_screen(made: ModelReport) -> None:
    assert matches("model_report", on_screen(made))


def test_the_verdict_comes_first_with_its_numbers(made: ModelReport) -> None:
    _, said, *_ = on_screen(made).split("\n\n")
    skill, edge = said.split("\n● ")
    assert skill.startswith("● Skill is demonstrated: +0.")
    assert "against a volatility-only model" in " ".join(skill.split())
    assert edge.startswith("Edge is not demonstrated:")


def test_no_line_is_wider_than_the_screen(made: ModelReport) -> None:
    for line in on_screen(made, full=True).splitlines():
        assert len(line.rstrip()) <= WIDTH, line
        assert not line.rstrip().endswith("…"), line


def test_the_full_view_has_every_measure(made: ModelReport) -> None:
    said = on_screen(made, full=True)
    for measure in (*tables.FIRST, *tables.FURTHER):
        assert measure.name in said


def test_without_a_volatility_model_the_verdict_says_what_it_lacks() -> None:
    alone = report(FACTS, replace(market(), rivals={}))
    said = " ".join(on_screen(alone).split())
    assert "Skill is not demonstrated" in said
    assert "not held against a volatility-only model" in said


def test_where_nobody_could_buy_the_edge_says_so() -> None:
    told = market()
    unsold = replace(told, net_return=told.net_return * float("nan"))
    said = " ".join(on_screen(report(FACTS, unsold)).split())
    assert "0 could have been bought" in said


def test_what_was_not_recorded_is_said_to_be() -> None:
    bare = replace(
        FACTS,
        trials=None,
        selection=None,
        split=None,
        embargo=None,
        importances=(),
        drift={},
    )
    said = on_screen(report(bare, market()))
    assert said.count("not recorded") == 4
    assert "Drift" not in said


class _Page(HTMLParser):
    """Checks that tags close in order, and gathers cells and addresses."""

    alone = frozenset({"meta", "img", "source", "br"})

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.cells: list[str] = []
        self.addresses: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in self.alone:
            self.open.append(tag)
        if tag in {"td", "th"}:
            self.cells.append("")
        self.addresses += [
            value or "" for name, value in attrs if name in {"src", "srcset", "href"}
        ]

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] in {"td", "th"}:
            self.cells[-1] += data


@pytest.fixture(scope="module")
def read(written: str) -> _Page:
    found = _Page()
    found.feed(written)
    assert not found.open
    return found


def test_the_page_holds_every_table(made: ModelReport, read: _Page) -> None:
    sections = [
        tables.rivals(made),
        tables.measures(made),
        tables.reliability(made),
        *tables.every_group(made),
        tables.contributions(made),
        tables.drift(made),
        tables.decided(made),
        tables.identity(made),
    ]
    cells = [
        cell
        for section in sections
        for row in ((section.head,) if any(section.head) else ()) + section.rows
        for cell in row
    ]
    assert read.cells == cells
    assert sum(len(section.rows) for section in sections) > 100


def test_the_page_needs_nothing_from_elsewhere(written: str, read: _Page) -> None:
    assert all(one.startswith("data:image/png;base64,") for one in read.addresses)
    rest = re.sub(r"data:image/png;base64,[A-Za-z0-9+/=]+", "", written)
    assert not re.search(r"https?:|//|<script|<link|@import|url\(", rest)


def test_words_from_the_manifest_are_text_not_markup(written: str) -> None:
    assert "<the evaluated>" not in written
    assert "&lt;the evaluated&gt;" in written


def inside(read: _Page) -> list[bytes]:
    return [base64.b64decode(one.partition(",")[2]) for one in read.addresses]


def test_the_page_has_each_picture_for_dark_and_light(
    made: ModelReport, read: _Page
) -> None:
    found = inside(read)
    drawn = pictures(made, LIGHT)
    assert set(drawn) == {
        "reliability", "deciles", "precision_recall", "roc", "seasons",
        "contributions", "drift",
    }  # fmt: skip
    assert sorted(found[1::2]) == sorted(drawn.values())
    for picture, light in zip(found, [False, True] * len(drawn), strict=True):
        corner = np.asarray(Image.open(BytesIO(picture)).convert("L"))[0, 0]
        assert (corner > 250) is np.bool_(light)


def test_a_season_too_small_is_named_not_hidden(made: ModelReport) -> None:
    rows = tables.groups(made, (Kind.SEASON,), tables.FIRST, "").rows
    few = [row for row in rows if tables.TOO_FEW in row]
    assert [row[0] for row in few] == ["Q1 FY22"]
    assert int(few[0][1]) < 200
