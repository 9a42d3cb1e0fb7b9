"""An independent reader of the exchange: urllib and the standard library only.

It shares no code with what it reads, so that agreement means something.
"""

import csv
import gzip
import hashlib
import io
import json
import urllib.error
import urllib.parse
import urllib.request
import zipfile
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from email.message import Message

AGENT = "Mozilla/5.0 (X11; Linux x64)"
BSE_HEADERS = {"User-Agent": AGENT, "Referer": "https://www.bseindia.com/"}
NSE_HEADERS = {"User-Agent": AGENT, "Referer": "https://www.nseindia.com/x"}


class Crawler:
    """Asks politely and believes what it gets."""

    def __init__(self, base: str) -> None:
        self.base = base
        self.cookie = ""

    def get(self, path: str, headers: dict[str, str]) -> tuple[Message, bytes]:
        """One answer of status 200 or 206.

        Raises:
            urllib.error.HTTPError: any other status.
        """
        request = urllib.request.Request(self.base + path, headers=headers)  # noqa: S310 - loopback
        with urllib.request.urlopen(request, timeout=20) as answer:  # noqa: S310 - loopback
            return answer.headers, answer.read()

    def warm_up(self) -> None:
        """Collect NSE's cookies."""
        found = {}
        for path in ("/", "/option-chain"):
            headers, _ = self.get(path, self._nse())
            for line in headers.get_all("Set-Cookie", []):
                name, _, value = line.split(";")[0].partition("=")
                found[name] = value
            self.cookie = "; ".join(f"{name}={value}" for name, value in found.items())

    def _nse(self) -> dict[str, str]:
        return {**NSE_HEADERS, **({"Cookie": self.cookie} if self.cookie else {})}

    def nse(self, path: str, **query: str) -> object:
        """An API of NSE."""
        tail = urllib.parse.urlencode(query)
        return json.loads(self.get(f"/api/{path}?{tail}", self._nse())[1])

    def bse(self, name: str, **query: str) -> object:
        """An API of BSE."""
        tail = urllib.parse.urlencode(query)
        path = f"/BseIndiaAPI/api/{name}/w?{tail}"
        return json.loads(self.get(path, BSE_HEADERS)[1])

    def bse_day(self, day: date) -> Iterator[dict[str, object]]:
        """Every BSE announcement of a day, page by page."""
        page, text = 1, f"{day:%Y%m%d}"
        while True:
            answer = self.bse(
                "AnnSubCategoryGetData",
                pageno=str(page),
                strCat="-1",
                strPrevDate=text,
                strScrip="",
                strSearch="P",
                strToDate=text,
                strType="C",
                subcategory="-1",
            )
            assert isinstance(answer, dict)
            if not answer["Table"]:
                return
            yield from answer["Table"]
            page += 1

    def nse_days(self, first: date, last: date, index: str) -> list[dict[str, str]]:
        """NSE announcements of some days."""
        found = self.nse("corporate-announcements", **_span(first, last), index=index)
        assert isinstance(found, list)
        return found

    def table(self, path: str) -> list[dict[str, str]] | None:
        """A CSV file, unpacked, cells stripped; None where it is not published."""
        try:
            _, body = self.get(path, {"User-Agent": AGENT})
        except urllib.error.HTTPError as refused:
            if refused.code == 404:
                return None
            raise
        if body.startswith(b"PK"):
            with zipfile.ZipFile(io.BytesIO(body)) as archive:
                body = archive.read(archive.namelist()[0])
        if body.startswith(b"\x1f\x8b"):
            body = gzip.decompress(body)
        if body.lstrip().startswith(b"<"):
            return None
        lines = csv.reader(io.StringIO(body.decode("latin-1")))
        head = [name.strip() for name in next(lines)]
        return [
            dict(zip(head, (c.strip() for c in row), strict=False)) for row in lines
        ]

    def sha256(self, url: str) -> str:
        """The hash of a document, by the address a payload gave."""
        path = "/" + url.split("/", 3)[3]
        _, body = self.get(urllib.parse.quote(path, safe="/%"), {"User-Agent": AGENT})
        return hashlib.sha256(body).hexdigest()


def _span(first: date, last: date) -> dict[str, str]:
    return {"from_date": f"{first:%d-%m-%Y}", "to_date": f"{last:%d-%m-%Y}"}


def days_of(first: date, last: date) -> Iterator[date]:
    """Both ends included."""
    for step in range((last - first).days + 1):
        yield first + timedelta(days=step)


def number(text: str) -> Decimal | None:
    """A cell as a number."""
    return None if text in {"", "-"} else Decimal(text.replace(",", ""))
