"""Whose a document is, told by its own pages; one document under many names."""

import json
from datetime import datetime
from decimal import Decimal
from pathlib import Path

import pytest
import sqlalchemy as sa

from dexter.domain.moment import IST, AsOf
from dexter.domain.period import Quarter
from dexter.domain.reconciliation import DifferenceKind
from dexter.store import tables as t
from dexter.store.database import Database
from dexter.store.directory import StoreDirectory
from dexter.store.filings import StoreFilings
from dexter.store.status import status
from pipelines.ingest.folder import import_folder
from tests.pipelines.ingest_scenes import contents
from tests.pipelines.spoken import Here, read, speak

NAME = "Boro Valley Tea Limited"
LETTER = f"{NAME}\nTo BSE Limited\nScrip Code: 539901\nFor {NAME}"
PAGE = f"{NAME}\nStatement of results\nFor {NAME}"
Q3 = ("2024-12-31", "100.00", "10.00")
TODAY = AsOf(datetime(2025, 3, 1, tzinfo=IST), explicit=False)
NAMED = AsOf(datetime(2025, 3, 1, tzinfo=IST), explicit=True)


class Home:
    """A home with what came in, asked as the product asks."""

    def __init__(self, folder: Path, home: Path) -> None:
        import_folder(folder, home, read=read, compute=Here())
        self.path = home

    def symbols(self) -> dict[str, str | None]:
        """File name → key."""
        database = Database.open(self.path)
        with database.read() as connection:
            rows = connection.execute(sa.select(t.filings.c.name, t.filings.c.symbol))
            found = {row.name: row.symbol for row in rows}
        database.close()
        return found


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "data"


def listing(folder: Path, symbol: str, name: str, isin: str = "INE123A01012") -> None:
    """An exchange's list with one company."""
    folder.mkdir(parents=True, exist_ok=True)
    row = {"SYMBOL": symbol, "NAME OF COMPANY": name, " ISIN NUMBER": isin}
    head = ",".join([*row, " SERIES", " DATE OF LISTING"])
    line = ",".join([*row.values(), "EQ", "01-JAN-2000"])
    (folder / "EQUITY_L.csv").write_text(f"{head}\n{line}\n")


async def test_a_company_no_list_names_is_found_by_name_and_code(
    folder: Path, tmp_path: Path
) -> None:
    speak(folder, "letter.pdf", LETTER, current=Q3)
    speak(folder, "page.pdf", PAGE)
    home = Home(folder, tmp_path / "home")
    assert set(home.symbols().values()) == {"BSE:539901"}
    database = Database.open(home.path)
    directory = StoreDirectory(database)
    ((match,),) = await directory.mentions("How did Boro Valley Tea do in Q3 FY25?")
    assert match.company.symbol == "BSE:539901"
    assert (match.company.name, match.company.bse_code) == (NAME, "539901")
    assert (await directory.get("539901")) == match.company
    filings = StoreFilings(database)
    (record,) = await filings.statements("BSE:539901", Quarter(2025, 3), TODAY)
    assert record.filing.known_at is None
    assert record.filing.known_at_reason
    assert await filings.statements("BSE:539901", Quarter(2025, 3), NAMED) == ()
    database.close()


def test_one_misread_code_does_not_make_another_company(
    folder: Path, tmp_path: Path
) -> None:
    for number, code in enumerate(("539901", "539901", "539907")):
        text = f"{number}\n{NAME}\nScrip Code: {code}\nFor {NAME}"
        speak(folder, f"{number}.pdf", text)
    assert set(Home(folder, tmp_path / "home").symbols().values()) == {"BSE:539901"}


def test_near_names_are_one_company_only_with_a_code(
    folder: Path, tmp_path: Path
) -> None:
    misread = NAME.replace("Valley", "Valiey")
    other = NAME.replace("Valley", "Volley")
    speak(folder, "a.pdf", LETTER)
    speak(folder, "b.pdf", LETTER.replace(NAME, misread))
    speak(folder, "c.pdf", f"{other}\nFor {other}")
    slip = LETTER.replace(NAME, misread + " ").replace("539901", "539907")
    speak(folder, "d.pdf", slip)
    speak(folder, "e.pdf", LETTER.replace(NAME, other).replace("539901", "512345"))
    found = Home(folder, tmp_path / "home").symbols()
    assert found["a.pdf"] == found["b.pdf"] == "BSE:539901"
    # A letter and a digit off is a slip; a letter off alone is not enough to say.
    assert found["d.pdf"] == "BSE:539901"
    assert found["e.pdf"] == found["c.pdf"] == "BSE:512345"


def test_a_name_alone_is_a_company_unless_it_is_nearly_anothers(
    folder: Path, tmp_path: Path
) -> None:
    speak(folder, "a.pdf", LETTER)
    speak(folder, "b.pdf", PAGE.replace("Valley", "Volley"))
    speak(folder, "c.pdf", PAGE.replace(NAME, "Avel Coffee Limited"))
    found = Home(folder, tmp_path / "home").symbols()
    assert found["b.pdf"] is None
    assert found["c.pdf"] == "NAME:AVEL-COFFEE"


def test_a_listed_company_keeps_its_ticker(folder: Path, tmp_path: Path) -> None:
    listing(folder, "BOROTEA", NAME)
    speak(folder, "exact.pdf", PAGE)
    speak(folder, "isin.pdf", "ISIN: INE123A01012\nFor Boro Valley Tea Co Limited")
    speak(folder, "letter.pdf", LETTER)
    assert set(Home(folder, tmp_path / "home").symbols().values()) == {"BOROTEA"}


def test_a_document_cannot_take_another_companys_symbol(
    folder: Path, tmp_path: Path
) -> None:
    listing(folder, "BOROTEA", NAME)
    liar = "Quite Another Company Limited\nSymbol: BOROTEA\nFor Quite Another Company"
    speak(folder, "BOROTEA_lies.pdf", f"{liar} Limited")
    assert Home(folder, tmp_path / "home").symbols() == {"BOROTEA_lies.pdf": None}


def test_a_later_list_takes_the_documents_over(folder: Path, tmp_path: Path) -> None:
    speak(folder, "a.pdf", LETTER, current=Q3)
    speak(folder, "b.pdf", PAGE)
    Home(folder, tmp_path / "home")
    listing(tmp_path / "lists", "BOROTEA", NAME)
    home = Home(tmp_path / "lists", tmp_path / "home")
    assert set(home.symbols().values()) == {"BOROTEA"}
    speak(tmp_path / "both", "a.pdf", LETTER, current=Q3)
    speak(tmp_path / "both", "b.pdf", PAGE)
    listing(tmp_path / "both", "BOROTEA", NAME)
    assert contents(home.path) == contents(
        Home(tmp_path / "both", tmp_path / "fresh").path
    )


def announced(
    folder: Path, file: str, when: str, code: int = 539901, name: str = NAME
) -> None:
    """BSE's list naming a file."""
    row = {
        "SCRIP_CD": code,
        "SLONGNAME": name,
        "ATTACHMENTNAME": file,
        "NEWSSUB": "Outcome of Board Meeting",
        "HEADLINE": "Results",
        "DissemDT": when,
        "NEWS_DT": when,
        "NEWSID": file,
    }
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{Path(file).stem}.json").write_text(json.dumps({"Table": [row]}))


def test_the_same_bytes_under_two_names_are_one_document(
    folder: Path, tmp_path: Path
) -> None:
    speak(folder, "one.pdf", LETTER, current=Q3)
    speak(folder, "two.pdf", LETTER, current=Q3)
    announced(folder, "one.pdf", "2025-02-12T18:00:00")
    announced(folder, "two.pdf", "2025-02-12T17:30:00")
    home = Home(folder, tmp_path / "home").path
    database = Database.open(home)
    with database.read() as connection:
        (filing,) = connection.execute(sa.select(t.filings)).all()
        names = set(connection.scalars(sa.select(t.document_names.c.name)))
    database.close()
    assert filing.known_at == datetime(2025, 2, 12, 17, 30, tzinfo=IST)
    assert names == {"one.pdf", "two.pdf"}


def test_a_name_that_comes_later_dates_a_kept_document(
    folder: Path, tmp_path: Path
) -> None:
    speak(folder, "one.pdf", LETTER, current=Q3)
    home = Home(folder, tmp_path / "home")
    speak(tmp_path / "again", "two.pdf", LETTER, current=Q3)
    announced(tmp_path / "lists", "two.pdf", "2025-02-12T17:30:00")
    Home(tmp_path / "lists", home.path)
    Home(tmp_path / "again", home.path)
    database = Database.open(home.path)
    with database.read() as connection:
        known = connection.scalar(sa.select(t.filings.c.known_at))
    database.close()
    assert known == datetime(2025, 2, 12, 17, 30, tzinfo=IST)


def test_a_list_of_another_company_dates_nothing(folder: Path, tmp_path: Path) -> None:
    listing(folder, "BOROTEA", NAME)
    speak(folder, "outcome.pdf", PAGE)
    announced(folder, "outcome.pdf", "2025-02-12T18:00:00", 500001, "Avel Coffee Ltd")
    home = Home(folder, tmp_path / "home").path
    database = Database.open(home)
    with database.read() as connection:
        (filing,) = connection.execute(sa.select(t.filings)).all()
    database.close()
    assert (filing.symbol, filing.known_at) == ("BOROTEA", None)
    assert "BSE:500001" in filing.known_at_reason


async def test_an_import_audits_what_it_touched_and_overwrites_nothing(
    folder: Path, tmp_path: Path
) -> None:
    speak(folder, "q3.pdf", LETTER, current=Q3)
    speak(
        folder,
        "q4.pdf",
        LETTER + "\n",
        current=("2025-03-31", "120.00", "12.00"),
        previous_quarter=("2024-12-31", "100.00", "9.50"),
    )
    home = Home(folder, tmp_path / "home").path
    counted = status(home)["conflicts"]
    assert counted == {
        "compared": 2,
        "agreed": 1,
        "restated": 1,
        "revised": 0,
        "disagrees": 0,
        "year_to_date": 0,
    }
    before = contents(home)
    Home(folder, home)
    assert contents(home) == before
    database = Database.open(home)
    filings = StoreFilings(database)
    (record,) = await filings.statements("BSE:539901", Quarter(2025, 3), TODAY)
    database.close()
    (one,) = record.differences
    assert one.kind is DifferenceKind.RESTATED
    assert (one.first.value, one.second.value) == (Decimal(1_000_000), Decimal(950_000))
    assert one.second.document == "q4.pdf"
    assert one.second.cell.bbox == (1.0, 2.0, 3.0, 4.0)
