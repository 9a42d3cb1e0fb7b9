"""NSE's quote page data: an unknown symbol gets the same shape, all null."""

from tests.fake_exchange.listing import Company
from tests.fake_exchange.market import Bar

_SIDES = tuple(
    f"{side}{what}{n}"
    for side in ("buy", "sell")
    for n in range(1, 6)
    for what in ("Price", "Quantity")
)


def meta(company: Company | None, symbol: str) -> dict[str, object]:
    """``getMetaData``: flags are the words true and false."""
    flag = "true" if company and company.has_futures else "false"
    return {
        "symbol": symbol,
        "activeSeries": [company.series] if company else None,
        "companyName": company.name if company else None,
        "debtSeries": [],
        "isFNOSec": flag if company else None,
        "isCASec": "false",
        "isSLBSec": "false",
        "isDebtSec": "false",
        "tempSuspendedSeries": [],
        "isSuspended": "false",
        "isETFSec": "false",
        "isDelisted": "false",
        "isin": company.isin if company else None,
        "isMunicipalBond": "false",
        "isHybridSymbol": "false",
        "marketType": "N",
        "parentSymbol": symbol,
    }


def quote(
    company: Company | None, bar: Bar | None, symbol: str
) -> dict[str, object | None]:
    """``getSymbolData``: one entry of ``equityResponse``."""
    last = bar.last / 100 if bar else None
    return {
        "orderBook": {
            **dict.fromkeys(_SIDES, 0),
            "lastPrice": last,
            "totalBuyQuantity": 0,
            "totalSellQuantity": 0,
            "perBuyQty": 0,
            "perSellQty": 0,
        },
        "metaData": _meta_data(company, bar, symbol),
        "tradeInfo": _trade(company, bar),
        "priceInfo": _prices(company, bar),
        "secInfo": _security(company, bar),
        "lastUpdateTime": f"{bar.day:%d-%b-%Y} 16:00:00" if bar else None,
    }


def _meta_data(
    company: Company | None, bar: Bar | None, symbol: str
) -> dict[str, object | None]:
    change = (bar.last - bar.base) / 100 if bar else None
    return {
        "identifier": f"{symbol}{company.series}N" if company else None,
        "companyName": company.name if company else None,
        "isinCode": company.isin if company else None,
        "symbol": symbol,
        "series": company.series if company else None,
        "marketType": "N",
        "open": bar.open / 100 if bar else None,
        "dayHigh": bar.high / 100 if bar else None,
        "dayLow": bar.low / 100 if bar else None,
        "previousClose": bar.previous / 100 if bar else None,
        "averagePrice": round(bar.value / bar.volume / 100, 2) if bar else None,
        "change": change,
        "pChange": round(10_000 * (change or 0) / bar.base, 2) if bar else None,
        "basePrice": bar.base / 100 if bar else None,
        "closePrice": bar.close / 100 if bar else None,
        "indicativeClose": 0,
        "ic_change": 0,
        "ic_pchange": 0,
        "spoChange": 0,
        "spoPchange": 0,
        "symbolStatus": "NM",
        "adjPrice": 0,
        "iep": 0,
        "ieq": 0,
    }


def _trade(company: Company | None, bar: Bar | None) -> dict[str, object | None]:
    delivered = bar.delivered if bar else None
    share = round(100 * delivered / bar.volume, 2) if bar and delivered else None
    return {
        "totalTradedVolume": bar.volume if bar else None,
        "totalTradedValue": bar.value / 100 if bar else None,
        "series": company.series if company else None,
        "lastPrice": bar.last / 100 if bar else None,
        "issuedSize": 96_503_506,
        "basePrice": bar.base / 100 if bar else None,
        "ffmc": 1921570000186.48,
        "faceValue": company.face if company else None,
        "impactCost": 0.02,
        "deliveryToTradedQuantity": share,
        "applicableMargin": 18.63,
        "marketLot": None,
        "quantitytraded": bar.volume if bar else None,
        "deliveryquantity": delivered,
        "totalMarketCap": 2588224043525.4,
        "secwisedelposdate": f"{bar.day:%d-%b-%Y} 00:00:00" if bar else None,
    }


def _prices(company: Company | None, bar: Bar | None) -> dict[str, object | None]:
    if bar and bar.upper is not None and bar.lower is not None:
        reach = f"{bar.lower / 100:.2f}-{bar.upper / 100:.2f}"
    elif bar:
        reach = f"{bar.base * 9 // 10 / 100:.2f}-{bar.base * 11 // 10 / 100:.2f}"
    else:
        reach = None
    band = str(bar.band) if bar and bar.band else "No Band"
    return {
        "yearHightDt": f"{bar.day:%d-%b-%Y} 00:00:00" if bar else None,
        "yearLowDt": f"{bar.day:%d-%b-%Y} 00:00:00" if bar else None,
        "yearHigh": bar.high / 100 if bar else None,
        "yearLow": bar.low / 100 if bar else None,
        "priceBand": reach,
        "cmDailyVolatility": "2.35",
        "cmAnnualVolatility": "44.9",
        "tickSize": bar.tick / 100 if bar else None,
        "inav": 0,
        "isINav": "False",
        "ppriceBand": band if company else None,
    }


def _security(company: Company | None, bar: Bar | None) -> dict[str, object | None]:
    delivered = bar.delivered if bar else None
    listed = f"{company.listed:%d-%b-%Y} 00:00:00" if company else None
    return {
        "secStatus": "Listed",
        "listingDate": listed,
        "pdSectorInd": "-",
        "pdSectorPe": "21.27",
        "pdSymbolPe": "21.27",
        "isSuspended": "Active",
        "basicIndustry": company.industry if company else None,
        "index": "Nifty 500",
        "deliveryQuantity": str(delivered) if delivered else None,
        "deliveryTotradedQuantity": "47.01",
        "securityvar": "15.13",
        "indexvar": "0",
        "extremelossMargin": "3.5",
        "varMargin": "15.13",
        "adhocMargin": "0",
        "applicableMargin": "18.63",
        "bondType": None,
        "issueDesc": None,
        "issueDate": None,
        "maturityDate": None,
        "couponRate": None,
        "nxtIpDate": None,
        "creditRating": None,
        "macro": "Industrials",
        "sector": "Industrials",
        "industryInfo": company.industry if company else None,
        "indexList": ["NIFTY 500"],
        "boardStatus": "Main",
        "tradingSegment": "Normal Market",
        "sessionNo": None,
        "classShare": "Equity",
        "nameOfComplianceOfficer": None,
        "sddcompliance": None,
    }
