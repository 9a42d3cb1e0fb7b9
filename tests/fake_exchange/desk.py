"""One base URL, every host: who is asked, and whether they may ask."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

from tests.fake_exchange import bhavcopies, bse, lists, newspaper, nse, yahoo
from tests.fake_exchange.papers import content
from tests.fake_exchange.reckoning import midnight
from tests.fake_exchange.season import Paper
from tests.fake_exchange.wire import Reply, Request, html_reply
from tests.fake_exchange.world import UDIFF_SINCE, World

_BROWSER = re.compile(r"Mozilla/5\.0 \(")
_WARM_UP = {"/": ("nsit", "nseappid", "ak_bmsc"), "/option-chain": ("bm_sv", "_abck")}
NEEDED = ("nsit", "nseappid", "bm_sv")
Writer = Callable[[World, date], str]


@dataclass(frozen=True, slots=True)
class File:
    """A daily file: its address, its clock, how it is written and packed."""

    kind: str
    path: str  # a strftime pattern
    write: Writer
    pack: str | None = None  # a strftime pattern of the name inside, or gz
    since: date = date.min
    until: date = date.max
    ahead: bool = False  # put up the evening before the session it is named for


_CM, _EQ = "/content/cm", "/content/equities"
_BHAV = "/download/BhavCopy/Equity"
FILES = (
    File(
        "nse bars",
        f"{_CM}/BhavCopy_NSE_CM_0_0_0_%Y%m%d_F_0000.csv.zip",
        bhavcopies.udiff_nse,
        "BhavCopy_NSE_CM_0_0_0_%Y%m%d_F_0000.csv",
        since=UDIFF_SINCE,
    ),
    File(
        "nse bars",
        "/content/historical/EQUITIES/%Y/%^b/cm%d%^b%Ybhav.csv.zip",
        bhavcopies.legacy_nse,
        "cm%d%^b%Ybhav.csv",
        until=UDIFF_SINCE,
    ),
    File(
        "nse delivery",
        "/products/content/sec_bhavdata_full_%d%m%Y.csv",
        bhavcopies.full,
    ),
    File("nse bands", f"{_EQ}/sec_list_%d%m%Y.csv", lists.bands),
    File(
        "nse band changes",
        f"{_EQ}/eq_band_changes_%d%m%Y.csv",
        lists.band_changes,
        ahead=True,
    ),
    File(
        "nse securities",
        f"{_CM}/NSE_CM_security_%d%m%Y.csv.gz",
        lists.securities,
        "gz",
        since=date(2024, 2, 5),
    ),
    File("nse indices", "/content/indices/ind_close_all_%d%m%Y.csv", lists.indices),
    File(
        "bse bars",
        f"{_BHAV}/BhavCopy_BSE_CM_0_0_0_%Y%m%d_F_0000.CSV",
        bhavcopies.udiff_bse,
        since=UDIFF_SINCE,
    ),
    File(
        "bse bars",
        f"{_BHAV}/EQ_ISINCODE_%d%m%y.zip",
        lambda world, day: bhavcopies.legacy_bse(world, day, isin=True),
        "EQ_ISINCODE_%d%m%y.CSV",
        until=UDIFF_SINCE,
    ),
    File(
        "bse bars",
        f"{_BHAV}/EQ%d%m%y_CSV.ZIP",
        lambda world, day: bhavcopies.legacy_bse(world, day, isin=False),
        "EQ%d%m%y.CSV",
        until=UDIFF_SINCE,
    ),
    File(
        "bse delivery",
        "/BSEDATA/gross/%Y/SCBSEALL%d%m.zip",
        bhavcopies.delivery_bse,
        "SCBSEALL%d%m.TXT",
    ),
)


def named(pattern: str, day: date) -> str:
    """A pattern with its day filled in; ``%^b`` is the month in capitals."""
    return day.strftime(pattern.replace("%^b", f"{day:%b}".upper()))


@dataclass
class Desk:
    """Answers requests from a world; remembers who has warmed up."""

    world: World
    base: str = ""
    sessions: set[str] = field(default_factory=set)
    given: int = 0
    _places: dict[str, tuple[File, date]] = field(default_factory=dict)
    _written: dict[str, bytes] = field(default_factory=dict)

    def answer(self, request: Request) -> Reply:
        """The right answer, before anything goes wrong on purpose."""
        path = request.path
        if path in _WARM_UP:
            return self._site(request)
        for start, answer in (
            ("/BseIndiaAPI/api/", self._bse),
            ("/api/", self._nse),
            ("/companies-listing/", self._site),
            ("/v8/finance/chart/", self._yahoo),
            ("/v1/test/getcrumb", lambda _request: Reply(b"abc")),
            (bse.ERROR_PAGE, lambda _request: html_reply(200, "Error")),
            ("/rss/", self._feed),
            ("/atom/", self._feed),
            ("/news/", self._feed),
        ):
            if path.startswith(start):
                return answer(request)
        return self._file(request)

    def _yahoo(self, request: Request) -> Reply:
        ticker = request.path.rsplit("/", 1)[-1]
        return yahoo.chart(self.world, ticker, request.query)

    def _feed(self, request: Request) -> Reply:
        path = request.path
        if path in {newspaper.RSS, newspaper.ATOM}:
            text = newspaper.feed(self.world, path, self.base)
            return Reply(text.encode(), "xml", modified=self.world.now)
        page = newspaper.page(self.world, path)
        return Reply(page.encode()) if page else html_reply(404, "Not Found")

    def forget(self) -> None:
        """Expire every session: the next NSE request is unauthorised."""
        self.sessions.clear()

    def _site(self, request: Request) -> Reply:
        if not _BROWSER.match(request.headers.get("user-agent", "")):
            return html_reply(403, "Access Denied")
        reply = html_reply(200, "NSE - National Stock Exchange of India Ltd")
        known = request.cookies.get("nseappid", "")
        if request.path == "/" or known not in self.sessions:
            self.given += 1
            known = f"session{self.given}"
            self.sessions.add(known)
        names = _WARM_UP.get(request.path, ())
        for name in names:
            text = known if name == "nseappid" else f"{name}~1"
            reply.headers.append(("Set-Cookie", f"{name}={text}; Path=/; HttpOnly"))
        return reply

    def _nse(self, request: Request) -> Reply:
        headers = request.headers
        agent = _BROWSER.match(headers.get("user-agent", ""))
        if not agent or not self._referred(request, "nseindia.com"):
            return html_reply(403, "Access Denied")
        cookies = request.cookies
        missing = [name for name in NEEDED if name not in cookies]
        if missing or cookies["nseappid"] not in self.sessions:
            return html_reply(401, "Unauthorized")
        return nse.answer(self.world, request.path[len("/api/") :], request.query)

    def _bse(self, request: Request) -> Reply:
        agent = _BROWSER.match(request.headers.get("user-agent", ""))
        if not agent or not self._referred(request, "bseindia.com"):
            return html_reply(403, "Access Denied")
        name = request.path[len("/BseIndiaAPI/api/") :].removesuffix("/w")
        return bse.answer(self.world, name, request.query)

    def _referred(self, request: Request, host: str) -> bool:
        referer = request.headers.get("referer", "")
        return host in referer or (bool(self.base) and referer.startswith(self.base))

    def _file(self, request: Request) -> Reply:
        if not _BROWSER.match(request.headers.get("user-agent", "")):
            return html_reply(403, "Access Denied")
        path = request.path
        for known in (self._document, self._daily, self._reference):
            if reply := known(path):
                return reply
        if path.startswith(("/download/", "/BSEDATA/")):  # BSE says it with 200
            return html_reply(200, "The page you are looking for is unavailable")
        return html_reply(404, "Resource not found")

    def _reference(self, path: str) -> Reply | None:
        today = midnight(self.world.now.date())
        if path == f"{_EQ}/EQUITY_L.csv":
            return Reply(lists.equities(self.world).encode(), "csv", modified=today)
        if path == f"{_EQ}/symbolchange.csv":
            text = lists.symbol_changes(self.world)
            return Reply(text.encode("latin-1"), "csv", modified=today)
        return None

    def _daily(self, path: str) -> Reply | None:
        if not self._places:
            self._places = dict(self._addresses())
        file, day = self._places.get(path, (None, None))
        if file is None or day is None:
            return None
        named_for = self.world.days.before(day) if file.ahead else day
        first = self.world.days.days[0]
        if day >= first and named_for >= first:
            if not self.world.is_public(file.kind, named_for):
                return None
            modified = self.world.published(file.kind, named_for)
        else:
            modified = midnight(named_for) + timedelta(hours=19)
        if path not in self._written:
            self._written[path] = file.write(self.world, day).encode()
        pack = named(file.pack, day) if file.pack else None
        return Reply(self._written[path], "csv", pack=pack, modified=modified)

    def _addresses(self) -> Iterator[tuple[str, tuple[File, date]]]:
        sessions = self.world.days.sessions
        after = self.world.days.after(self.world.days.days[-1])
        eve = self.world.days.before(self.world.days.days[0])
        for file in FILES:
            days = list(sessions)
            days += [after] if file.ahead else []
            days += [eve] if file.kind == "nse bands" else []
            for day in days:
                if file.since <= day < file.until:
                    yield named(file.path, day), (file, day)

    def _document(self, path: str) -> Reply | None:
        live, old = (
            "/xml-data/corpfiling/AttachLive/",
            "/xml-data/corpfiling/AttachHis/",
        )
        name = re.split(r"[/\\]", path)[-1]
        if path.startswith((live, old)):
            found = self.world.paper(name)
            if found is None or self.world.is_live(found[1]) != path.startswith(live):
                return html_reply(404, "Not Found")
            return _paper(*found)
        if found := self.world.filed(path):
            return _paper(*found)
        if path.startswith("/corporate/xbrl/PRIOR_INTIMATION_"):
            text = "<?xml version='1.0'?><xbrl><PriorIntimation/></xbrl>"
            return Reply(
                text.encode(), "xml", modified=datetime(2020, 1, 1, tzinfo=UTC)
            )
        if path.startswith("/corporate/"):
            found = self.world.paper(name)
            return _paper(*found) if found else None
        return None


def _paper(paper: Paper, published: datetime) -> Reply:
    if paper.manner == "page":
        return html_reply(200, "This document is not available")
    kinds = {"xbrl": "xml", "inline": "html"}
    return Reply(content(paper), kinds.get(paper.kind, "pdf"), modified=published)
