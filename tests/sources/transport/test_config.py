"""The shipped list of sources, and what may be put over it."""

import string
from datetime import date
from pathlib import Path

import pytest

from dexter.errors import SettingError
from dexter.sources.address import address_of
from dexter.sources.config import load_config

KEYS = ("bse_api", "bse_files", "nse", "nse_archives")
MINIMAL = """
feeds = []
endpoints = {}
[hosts.one]
name = "One"
base = "https://one.example"
transport = "plain"
min_gap_seconds = 1
per_minute = 10
concurrency = 1
timeout_seconds = 1
total_seconds = 1
tries = 1
most_bytes = 1
rest_seconds = [1]
"""


def test_the_shipped_hosts_keep_their_manners() -> None:
    config = load_config({})
    for key in KEYS:
        host = config.hosts[key]
        floor = 0.5 if key.startswith("bse") else 1.0
        assert host.min_gap_seconds >= floor, key
        assert host.per_minute * floor <= 60, key
        assert host.tries <= 3, key
        assert list(host.rest_seconds) == sorted(host.rest_seconds), key
        assert host.base == host.home
    assert config.hosts["bse_api"].html_means == "blocked"
    assert config.hosts["nse_archives"].html_means == "not_yet_published"
    assert config.hosts["bse_api"].headers["Origin"] == "https://www.bseindia.com"


def test_every_feed_lies_on_its_host() -> None:
    config = load_config({})
    assert len({feed.name for feed in config.feeds}) == len(config.feeds) > 0
    for feed in config.feeds:
        assert address_of(config.hosts[feed.host], feed.url) == feed.url


def test_every_endpoint_takes_what_it_says() -> None:
    config = load_config({})
    taken = {"day", "mon", "month", "name"}
    for key, template in config.endpoints.items():
        named = {name for _, name, _, _ in string.Formatter().parse(template) if name}
        assert named <= taken, key
        assert config.path(key, date(2024, 7, 5), "x").startswith("/"), key
        assert key.startswith(("bse_", "nse_", "yahoo_")), key


@pytest.mark.parametrize(
    ("key", "path"),
    [
        ("nse_bars", "/content/cm/BhavCopy_NSE_CM_0_0_0_20240705_F_0000.csv.zip"),
        (
            "nse_bars_older",
            "/content/historical/EQUITIES/2024/JUL/cm05JUL2024bhav.csv.zip",
        ),
        ("nse_delivery", "/products/content/sec_bhavdata_full_05072024.csv"),
        ("bse_bars_older", "/download/BhavCopy/Equity/EQ_ISINCODE_050724.zip"),
        ("bse_delivery", "/BSEDATA/gross/2024/SCBSEALL0507.zip"),
        ("bse_xbrl", "/XBRLFILES/..%2F..%2Fa%5Cb.xml"),
    ],
)
def test_a_day_and_a_name_are_put_in(key: str, path: str) -> None:
    assert load_config({}).path(key, date(2024, 7, 5), "../../a\\b.xml") == path


def test_a_base_is_replaced_and_urls_move_with_it() -> None:
    config = load_config({"nse_archives": "http://127.0.0.1:8000/nse/"}, pace=0)
    host = config.hosts["nse_archives"]
    assert (host.base, host.pace) == ("http://127.0.0.1:8000/nse", 0)
    for url in (
        "https://nsearchives.nseindia.com/corporate/a.pdf",
        "https://archives.nseindia.com/corporate/a.pdf",
        "http://127.0.0.1:8000/nse/corporate/a.pdf",
        "/corporate/a.pdf",
    ):
        assert address_of(host, url) == "http://127.0.0.1:8000/nse/corporate/a.pdf"
    assert config.hosts["nse"].base == "https://www.nseindia.com"


@pytest.mark.parametrize(
    "base",
    [
        "ftp://127.0.0.1",
        "127.0.0.1:80",
        "http://",
        "http://me:secret@127.0.0.1",
        "http://127.0.0.1/?a=secret",
        "http://127.0.0.1:99999",
        "http://[::1",
        "http://a b/",
        "http://a\r\nb/",
    ],
)
def test_an_address_that_is_none_is_refused_unshown(base: str) -> None:
    with pytest.raises(SettingError, match="source host nse cannot") as caught:
        load_config({"nse": base})
    assert base not in str(caught.value)


def test_an_unknown_host_is_named_beside_the_known_ones() -> None:
    with pytest.raises(SettingError, match="no source host 'nze'") as caught:
        load_config({"nze": "http://127.0.0.1"})
    assert "nse_archives" in caught.value.hint


@pytest.mark.parametrize("pace", [-1.0, float("inf"), float("nan")])
def test_an_absurd_pace_is_refused(pace: float) -> None:
    with pytest.raises(SettingError, match="pace"):
        load_config({}, pace=pace)


def test_a_file_of_ones_own_is_read(tmp_path: Path) -> None:
    file = tmp_path / "sources.toml"
    file.write_text(MINIMAL + '\n[hosts.two]\nlike = "one"\nname = "Two"\n')
    hosts = load_config({}, file=file).hosts
    assert (hosts["two"].name, hosts["two"].base) == ("Two", "https://one.example")


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        ("tries = 1", "tries = 0", "tries"),
        ("tries = 1", "", "tries"),
        ("tries = 1", "tries = 1\ntirse = 2", "tirse"),
        ("rest_seconds = [1]", "rest_seconds = []", "rest_seconds"),
        ('"plain"', '"carrier pigeon"', "transport"),
        ("tries = 1", "tries = ", "tries|line"),
        ('name = "One"', 'like = "three"', "like"),
        ("feeds = []", 'feeds = [{name="a",url="b",host="c"}]', "unknown host"),
        ('base = "https://one.example"', 'base = "one"', "address"),
    ],
)
def test_a_file_that_is_wrong_says_where(
    tmp_path: Path, old: str, new: str, why: str
) -> None:
    file = tmp_path / "sources.toml"
    file.write_text(MINIMAL.replace(old, new))
    with pytest.raises(SettingError, match=why):
        load_config({}, file=file)


def test_a_missing_file_says_so(tmp_path: Path) -> None:
    with pytest.raises(SettingError, match="list of sources"):
        load_config({}, file=tmp_path / "none.toml")
