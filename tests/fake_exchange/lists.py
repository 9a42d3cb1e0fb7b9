"""Reference files of NSE: equities, renames, bands, the security master, indices.

``sec_list`` of a session holds the bands of the next one, as public comparisons with
the band changes found (the file of 4 April 2025 has the changes of 7 April);
``eq_band_changes`` is named for the session the changes apply to, and put up the
evening before.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

from tests.fake_exchange.bhavcopies import OTHERS
from tests.fake_exchange.indices import NAMES, index_closes
from tests.fake_exchange.listing import Company
from tests.fake_exchange.market import band_on
from tests.fake_exchange.reckoning import in_force, midnight, tick
from tests.fake_exchange.world import World

EQUITIES = (
    "SYMBOL,NAME OF COMPANY, SERIES, DATE OF LISTING, PAID UP VALUE, MARKET LOT,"
    " ISIN NUMBER, FACE VALUE"
)
BANDS = "Symbol,Series,Security Name,Band,Remarks"
CHANGES = "Sr. No.,Symbol,Series,Security,From,To"
INDICES = (
    "Index Name,Index Date,Open Index Value,High Index Value,Low Index Value,Closing "
    "Index Value,Points Change,Change(%),Volume,Turnover (Rs. Cr.),P/E,P/B,Div Yield"
)
SECURITIES = (
    "FinInstrmId,TckrSymb,SctySrs,FinInstrmNm,ISIN,NewBrdLotQty,ParVal,SctyTpFlg,"
    "BidIntrvl,TrckgInd,CallAuctnInd,BookClsrStartDt,BookClsrEndDt,NoDlvryStartDt,"
    "NoDlvryEndDt,IssdCptl,PrtdToTrad,PricRg,SctyStsNrmlMkt,ElgbltyNrmlMkt,"
    "SctyStsOddLotMkt,ElgbltyOddLotMkt,SctyStsRETDBTMkt,ElgbltyRETDBTMkt,"
    "SctyStsAuctnMkt,ElgbltyAuctnMkt,SctyStsAddtlMkt1,ElgbltyAddtlMkt1,"
    "SctyStsAddtlMkt2,ElgbltyAddtlMkt2,IsseDt,FrstPmtDt,MtrtyDt,MaxTradQtyPctg,"
    "ListgDt,RmvlDt,RadmssnDt,RcrdDt,IndxPrtcptnInd,AllOrNn,MinFill,SttlmTp,Dvdd,"
    "Rghts,Bns,Intrst,AGMtg,EGMtg,MktMakrSprd,MktMakrMinQty,AddtlInf,UpdDt,DelFlg"
)


def equities(world: World) -> str:
    """``EQUITY_L.csv`` of today; SMEs are on another list."""
    today = world.now.date()
    rows = [EQUITIES]
    for company, symbol in in_force(world, today):
        if company.series != "SM":
            face = str(face_on(world, company, today))
            cells = [symbol, company.name, company.series]
            cells += [f"{company.listed:%d-%b-%Y}".upper(), face, "1"]
            rows.append(",".join([*cells, company.isin, face]))
    return "\n".join(rows) + "\n"


def face_on(world: World, company: Company, day: date) -> int:
    """The face value, which a split changes."""
    split = any(
        action.company is company and action.kind == "split" and action.ex_date <= day
        for action in world.actions
    )
    return 2 if split else company.face


def symbol_changes(world: World) -> str:
    """``symbolchange.csv``: four columns and no header."""
    rows = ["Old Name Limited,OLDNAME,NEWNAME,15-JUN-2004"]
    for company in world.companies:
        on = company.renamed_on
        if company.nse and on and midnight(on) - timedelta(hours=6) <= world.now:
            when = f"{on:%d-%b-%Y}".upper()
            rows.append(f"{company.name},{company.former},{company.nse},{when}")
    return "\n".join(rows) + "\n"


def bands(world: World, file: date) -> str:
    """``sec_list`` of a session: narrow bands first."""
    session = world.days.after(file)
    rows = [
        (_band(band_on(company, session, world.days)), symbol, company)
        for company, symbol in in_force(world, session)
    ]
    rows.sort(key=lambda row: (len(row[0]), row[0], row[1]))
    lines = [BANDS]
    for band, symbol, company in rows:
        remark = "GSM STAGE - 0" if company.series == "BZ" else "-"
        name = company.name.upper()
        lines.append(f'{symbol},{company.series},{name},{band},"{remark}"')
    lines += [f'{symbol},{series},{symbol},,"-"' for symbol, series, _ in OTHERS[:1]]
    return "\n".join(lines) + "\n"


def band_changes(world: World, session: date) -> str:
    """``eq_band_changes``: what is new on a session."""
    before = world.days.before(session)
    lines = [CHANGES]
    for company, symbol in in_force(world, session):
        old = band_on(company, before, world.days)
        new = band_on(company, session, world.days)
        if old != new:
            cells = (symbol, company.series, company.name.upper(), _band(old))
            lines.append(f"{len(lines)},{','.join(cells)},{_band(new)}")
    return "\n".join(lines) + "\n"


def securities(world: World, session: date) -> str:
    """The security master: the tick is ``BidIntrvl``, in paise."""
    lines = [SECURITIES]
    width = SECURITIES.count(",") + 1
    for company, symbol in in_force(world, session):
        listed = midnight(company.listed) - datetime(1980, 1, 1, tzinfo=UTC)
        cells = [""] * width
        known = {
            "FinInstrmId": str(20_000 + company.number),
            "TckrSymb": symbol,
            "SctySrs": company.series,
            "FinInstrmNm": company.name.upper()[:25].strip(),
            "ISIN": company.isin,
            "NewBrdLotQty": "1",
            "ParVal": str(100 * face_on(world, company, session)),
            "SctyTpFlg": "0",
            "BidIntrvl": str(int(tick(world, company, session) * 100)),
            "PrtdToTrad": "1",
            "PricRg": "0.00-99999.00",
            "SctyStsNrmlMkt": "6",
            "ElgbltyNrmlMkt": "1",
            "ListgDt": str(int(listed.total_seconds())),
            "RmvlDt": "0",
            "RadmssnDt": "0",
            "DelFlg": "N",
        }
        for place, name in enumerate(SECURITIES.split(",")):
            cells[place] = known.get(name, "")
        lines.append(",".join(cells))
    return "\n".join(lines) + "\n"


def indices(world: World, session: date) -> str:
    """``ind_close_all``: no zero before the point, ``-`` where VIX has none."""
    lines = [INDICES]
    before = world.days.before(session)
    known = before in world.days.sessions
    earlier = dict(index_closes(world, before)) if known else dict(NAMES)
    for name, close in index_closes(world, session):
        lines.append(",".join(_index(name, close, earlier[name], session)))
    return "\n".join(lines) + "\n"


def _index(name: str, close: int, before: int, session: date) -> Iterator[str]:
    change = close - before
    yield from (name, f"{session:%d-%m-%Y}")
    ends = (before, max(close, before), min(close, before), close)
    yield from (f"{value / 100:.2f}" for value in ends)
    yield _bare(change / 100)
    yield _bare(100 * change / before)
    if name == "India VIX":
        yield from "-----"
        return
    yield from ("278590831", "26877.28", "20.88", "3.5", "1.37")


def _bare(value: float) -> str:
    text = f"{value:.2f}"
    return text.replace("0.", ".", 1) if text.lstrip("-").startswith("0.") else text


def _band(band: int | None) -> str:
    return "No Band" if band is None else str(band)
