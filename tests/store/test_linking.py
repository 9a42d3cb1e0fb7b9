import pytest

from dexter.domain.company import Company
from dexter.store.linking import Linker, plain_name

NAMES = {
    "HCLTECH": "HCL Technologies Limited",
    "HCL-INSYS": "HCL Infosystems Limited",
    "RELIANCE": "Reliance Industries Limited",
    "RPOWER": "Reliance Power Limited",
    "TATASTEEL": "Tata Steel Limited",
    "TATACHEM": "Tata Chemicals Limited",
    "HDFCBANK": "HDFC Bank Limited",
    "HDFCLIFE": "HDFC Life Insurance Company Limited",
    "ICICIBANK": "ICICI Bank Limited",
    "INFY": "Infosys Limited",
    "TCS": "Tata Consultancy Services Limited",
    "WIPRO": "Wipro Limited",
    "3MINDIA": "3M India Limited",
    "20MICRONS": "20 Microns Limited",
    "INDIANB": "Indian Bank",
    "COALINDIA": "Coal India Limited",
    "ASIANPAINT": "Asian Paints Limited",
    "POWERGRID": "Power Grid Corporation of India Limited",
    "BEL": "Bharat Electronics Limited",
    "PAGEIND": "Page Industries Limited",
    "IDEA": "Vodafone Idea Limited",
    "LT": "Larsen & Toubro Limited",
    "M&M": "Mahindra & Mahindra Limited",
    "SBIN": "State Bank of India",
    "DRREDDY": "Dr. Reddy's Laboratories Limited",
    "BAJAJ-AUTO": "Bajaj Auto Limited",
    "BAJFINANCE": "Bajaj Finance Limited",
    "SUNPHARMA": "Sun Pharmaceutical Industries Limited",
    "MAXHEALTH": "Max Healthcare Institute Limited",
    "ETERNAL": "Eternal Limited",
    "TRENT": "Trent Limited",
    "BSE": "BSE Limited",
    "ENERGYDEV": "Energy Development Company Limited",
    "NEXTMEDIA": "Next Mediaworks Limited",
    "KAVCEM": "Kaveri Cement Limited",
    "KAVCAB": "Kaveri Cables Limited",
    "SECTOR7": "Sector 7 Foods Limited",
    "HIMPOWER": "Himshikhar Power Limited",
    "CANFINHOME": "Can Fin Homes Limited",
    "NIFTYBEES": "NIFTYBEES",
}
FORMER = {"ETERNAL": ("ZOMATO", "Zomato Limited"), "HIMPOWER": ("HIMHYDRO",)}


@pytest.fixture(scope="module")
def linker() -> Linker:
    return Linker(
        Company(symbol, name, aliases=FORMER.get(symbol, ()))
        for symbol, name in NAMES.items()
    )


@pytest.mark.parametrize(
    ("question", "mentioned"),
    [
        ("How did HCL Tech do last quarter?", [{"HCLTECH"}]),
        ("hcl tech results", [{"HCLTECH"}]),
        ("HCL Technologies Ltd Q2 FY25", [{"HCLTECH"}]),
        ("HCLTECH profit", [{"HCLTECH"}]),
        ("hcltech profit", [{"HCLTECH"}]),
        ("hcl margins", [{"HCLTECH", "HCL-INSYS"}]),
        ("Reliance results", [{"RELIANCE"}]),
        ("reliance power revenue", [{"RPOWER"}]),
        ("compare reliance and tata steel", [{"RELIANCE"}, {"TATASTEEL"}]),
        ("hdfc bank vs icici bank", [{"HDFCBANK"}, {"ICICIBANK"}]),
        ("hdfc", [{"HDFCBANK", "HDFCLIFE"}]),
        ("infosys's revenue", [{"INFY"}]),
        ("Infosys’s revenue", [{"INFY"}]),
        ("infosis results", [{"INFY"}]),
        ("Relaince Industries", [{"RELIANCE"}]),
        ("What about 3M?", [{"3MINDIA"}]),
        ("3m india profit", [{"3MINDIA"}]),
        ("20 microns", [{"20MICRONS"}]),
        ("Indian Bank results", [{"INDIANB"}]),
        ("coal india results", [{"COALINDIA"}]),
        ("asian paints profit over 8 quarters", [{"ASIANPAINT"}]),
        ("power grid", [{"POWERGRID"}]),
        ("bharat electronics", [{"BEL"}]),
        ("page industries revenue", [{"PAGEIND"}]),
        ("IDEA revenue", [{"IDEA"}]),
        ("L&T order book", [{"LT"}]),
        ("M&M results", [{"M&M"}]),
        ("SBI", [{"SBIN"}]),
        ("State Bank of India", [{"SBIN"}]),
        ("Dr Reddy's Labs", [{"DRREDDY"}]),
        ("dr. reddy's", [{"DRREDDY"}]),
        ("BAJAJ-AUTO and bajaj finance", [{"BAJAJ-AUTO"}, {"BAJFINANCE"}]),
        ("sun pharma", [{"SUNPHARMA"}]),
        ("Max Healthcare's revenue", [{"MAXHEALTH"}]),
        ("BSE Ltd results", [{"BSE"}]),
        ("zomato growth", [{"ETERNAL"}]),
        ("HIMHYDRO", [{"HIMPOWER"}]),
        ("Himshikar Power", [{"HIMPOWER"}]),
        ("TCS, Infosys and Wipro", [{"TCS"}, {"INFY"}, {"WIPRO"}]),
        ("HOW DID TCS DO", [{"TCS"}]),
        ("tcs and TCS again", [{"TCS"}]),
        ("Kaveri results", [{"KAVCEM", "KAVCAB"}]),
        ("kaveri cement against Sector 7", [{"KAVCEM"}, {"SECTOR7"}]),
        ("NIFTYBEES", [{"NIFTYBEES"}]),
    ],
)
def test_companies_are_found_as_people_say_them(
    linker: Linker, question: str, mentioned: list[set[str]]
) -> None:
    found = [{m.company.symbol for m in group} for group in linker.mentions(question)]
    assert found == mentioned


@pytest.mark.parametrize(
    "question",
    [
        "which companies reported results last quarter?",
        "which bank had the best growth",
        "an indian bank with good numbers",
        "energy companies with rising margins",
        "what is the next event",
        "idea of the quarter",
        "trends in profit",
        "page 3 of the filing",
        "the power of growth",
        "filings on the BSE and NSE today",
        "EPS, PAT and YoY growth",
        "HOW DID THE BANKS DO THIS SEASON",
        "can i see the sector",
        "results between January and March",
        "20 % growth in 3 quarters",
        "reliable figures only",
        "",
        "?!",
    ],
)
def test_ordinary_words_mention_nobody(linker: Linker, question: str) -> None:
    assert linker.mentions(question) == ()


def test_a_mention_carries_the_words_it_was_said_in(linker: Linker) -> None:
    ((match,),) = linker.mentions("how is Tata Steel Ltd doing")
    assert (match.text, match.score) == ("Tata Steel Ltd", 100)


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        ("The HCL Technologies Ltd.", "hcl technologies"),
        ("Larsen & Toubro Limited", "larsen and toubro"),
        ("Dr. Reddy's Laboratories Limited", "dr reddy laboratories"),
        ("NALCO CO. PVT. LTD.", "nalco"),
        ("Limited", "limited"),
    ],
)
def test_legal_forms_are_not_part_of_a_name(written: str, plain: str) -> None:
    assert plain_name(written) == plain
