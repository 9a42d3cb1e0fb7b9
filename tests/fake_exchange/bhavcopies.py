"""Daily price files of both exchanges, before and since 8 July 2024."""

from collections.abc import Iterator
from datetime import date

from tests.fake_exchange.listing import Company
from tests.fake_exchange.market import Bar
from tests.fake_exchange.world import World

UDIFF = (
    "TradDt,BizDt,Sgmt,Src,FinInstrmTp,FinInstrmId,ISIN,TckrSymb,SctySrs,XpryDt,"
    "FininstrmActlXpryDt,StrkPric,OptnTp,FinInstrmNm,OpnPric,HghPric,LwPric,ClsPric,"
    "LastPric,PrvsClsgPric,UndrlygPric,SttlmPric,OpnIntrst,ChngInOpnIntrst,"
    "TtlTradgVol,TtlTrfVal,TtlNbOfTxsExctd,SsnId,NewBrdLotQty,Rmks,Rsvd1,Rsvd2,Rsvd3,"
    "Rsvd4"
)
LEGACY_NSE = (
    "SYMBOL,SERIES,OPEN,HIGH,LOW,CLOSE,LAST,PREVCLOSE,TOTTRDQTY,TOTTRDVAL,TIMESTAMP,"
    "TOTALTRADES,ISIN,"
)
LEGACY_BSE = (
    "SC_CODE,SC_NAME,SC_GROUP,SC_TYPE,OPEN,HIGH,LOW,CLOSE,LAST,PREVCLOSE,NO_TRADES,"
    "NO_OF_SHRS,NET_TURNOV,TDCLOINDI"
)
FULL = (
    "SYMBOL, SERIES, DATE1, PREV_CLOSE, OPEN_PRICE, HIGH_PRICE, LOW_PRICE, LAST_PRICE,"
    " CLOSE_PRICE, AVG_PRICE, TTL_TRD_QNTY, TURNOVER_LACS, NO_OF_TRADES, DELIV_QTY,"
    " DELIV_PER"
)
DELIVERY_BSE = (
    "DATE|SCRIP CODE|DELIVERY QTY|DELIVERY VAL|DAY'S VOLUME|DAY'S TURNOVER|DELV. PER."
)
# A bond and an ETF trade beside the companies and are none.
OTHERS = (("VELOTIRAAL", "N1", "INE000A07013"), ("VELOBEES", "EQ", "INF000A01018"))


def money(paise: int) -> str:
    """Rupees with two digits."""
    return f"{paise // 100}.{paise % 100:02d}"


def udiff_nse(world: World, session: date) -> str:
    """NSE's file since 8 July 2024."""
    rows = [UDIFF]
    for company, bar in world.bars(session):
        if symbol := company.symbol(session):
            ids = (str(20_000 + company.number), company.isin, symbol, company.series)
            rows.append(_udiff("NSE", ids, company.name.upper(), bar))
    bar = next(bar for _, bar in world.bars(session))
    for number, (symbol, series, isin) in enumerate(OTHERS):
        rows.append(
            _udiff("NSE", (str(90 + number), isin, symbol, series), symbol, bar)
        )
    return "\n".join(rows) + "\n"


def udiff_bse(world: World, session: date) -> str:
    """BSE's file since 8 July 2024."""
    rows = [UDIFF]
    for company, bar in world.bars(session):
        if company.bse:
            ids = (str(company.bse), company.isin, company.bse_id, company.group)
            rows.append(_udiff("BSE", ids, company.name.upper()[:30], bar))
    return "\n".join(rows) + "\n"


def _udiff(source: str, ids: tuple[str, str, str, str], name: str, bar: Bar) -> str:
    day = bar.day.isoformat()
    prices = ",".join(
        money(p)
        for p in (bar.open, bar.high, bar.low, bar.close, bar.last, bar.previous)
    )
    return (
        f"{day},{day},CM,{source},STK,{','.join(ids)},,,,,{name},{prices},,"
        f"{money(bar.close)},,,{bar.volume},{money(bar.value)},{bar.trades},F1,1,,,,,"
    )


def legacy_nse(world: World, session: date) -> str:
    """NSE's file before: numbers without trailing zeros, a comma too many."""
    rows = [LEGACY_NSE]
    for company, bar in world.bars(session):
        symbol = company.symbol(session)
        if symbol is None:
            continue
        prices = (bar.open, bar.high, bar.low, bar.close, bar.last, bar.previous)
        cells = [symbol, company.series, *(_short(price) for price in prices)]
        cells += [str(bar.volume), _short(bar.value), f"{session:%d-%b-%Y}".upper()]
        cells += [str(bar.trades), company.isin, ""]
        rows.append(",".join(cells))
    return "\n".join(rows) + "\n"


def legacy_bse(world: World, session: date, *, isin: bool) -> str:
    """BSE's file before, with or without the ISIN columns."""
    more = ",ISIN_CODE,TRADING_DATE,FILLER2,FILLER3" if isin else ""
    rows = [LEGACY_BSE + more]
    for company, bar in world.bars(session):
        if company.bse is None:
            continue
        prices = (bar.open, bar.high, bar.low, bar.close, bar.last, bar.previous)
        cells = [str(company.bse), f"{company.bse_id:<12}", f"{company.group:<2}", "Q"]
        cells += [money(price) for price in prices]
        cells += [str(bar.trades), str(bar.volume), money(bar.value), ""]
        cells += [company.isin, f"{session:%d-%b-%y}", "", ""] if isin else []
        rows.append(",".join(cells))
    return "\r\n".join(rows) + "\r\n"


def full(world: World, session: date) -> str:
    """``sec_bhavdata_full``: a space before every cell, ``-`` for unknown."""
    rows = [FULL, *(_full_row(one, bar, session) for one, bar in world.bars(session))]
    return "\n".join(row for row in rows if row) + "\n"


def _full_row(company: Company, bar: Bar, session: date) -> str:
    symbol = company.symbol(session)
    if symbol is None:
        return ""
    cells = [symbol, company.series, f"{session:%d-%b-%Y}"]
    prices = (bar.previous, bar.open, bar.high, bar.low, bar.last, bar.close)
    cells += [money(price) for price in prices]
    cells += [f"{bar.value / bar.volume / 100:.2f}", str(bar.volume)]
    cells += [f"{bar.value / 100 / 100_000:.2f}", str(bar.trades)]
    if bar.delivered is None:
        cells += ["-", "-"]
    else:
        cells += [str(bar.delivered), f"{100 * bar.delivered / bar.volume:.2f}"]
    return ", ".join(cells)


def delivery_bse(world: World, session: date) -> str:
    """BSE's deliveries: pipes, zero-padded to sixteen digits."""
    return "\r\n".join([DELIVERY_BSE, *_deliveries(world, session)]) + "\r\n"


def _deliveries(world: World, session: date) -> Iterator[str]:
    for company, bar in world.bars(session):
        if company.bse is None:
            continue
        # Trade-for-trade shares are all delivered.
        shares = bar.volume if bar.delivered is None else bar.delivered
        turnover = bar.value // 100
        worth = turnover * shares // bar.volume
        numbers = (shares, worth, bar.volume, turnover)
        cells = [f"{session:%d%m%Y}", str(company.bse)]
        cells += [f"{number:016d}" for number in numbers]
        yield "|".join([*cells, f"{100 * shares / bar.volume:06.2f}"])


def _short(paise: int) -> str:
    return money(paise).rstrip("0").rstrip(".")
