"""Words that do not name a company by themselves.

``COMMON`` are words of ordinary questions, ``GENERIC`` words many company names share,
``WEAK`` those that say nothing of the business, ``LEGAL`` forms of incorporation.
``ACRONYMS`` are capitals that mean something else than the ticker of that name, and
``NICKNAMES`` what everybody calls a company although its name does not say so.
"""

LEGAL = frozenset(
    {"ltd", "limited", "pvt", "private", "inc", "plc", "llp", "co", "corp"}
)
WEAK = frozenset(
    """
    industries industry company corporation corp enterprises enterprise
    international group india and of the co holdings
    """.split()  # noqa: SIM905 - a word list reads better so
)
GENERIC = WEAK | frozenset(
    """
    bank banks banking finance financial financials fin capital credit insurance
    life general housing home homes leasing securities broking fund mutual asset
    management investment investments invest trust amc wealth small steel steels
    iron metal metals mining mines minerals alloys copper aluminium zinc power
    energy energies solar green renewable renewables electric electrical electricals
    electronics grid gas oil oils petroleum petro refinery coal cement cements
    ceramics tiles glass paper papers board paints paint plastics chemical chemicals
    petrochemicals fertilisers fertilizers agro agri seeds seed sugar sugars tea
    coffee foods food dairy beverages breweries distilleries spirits pharma
    pharmaceutical pharmaceuticals laboratories labs drugs healthcare health
    hospital hospitals medical medicare diagnostics biotech lifesciences sciences
    textile textiles mills spinning cotton silk fashion fashions apparel garments
    retail motors motor auto automotive automobiles tyres tyre forge forgings
    castings engineering engineers engg construction constructions infra
    infrastructure projects developers realty properties estates estate land
    builders cable cables wires pipes tubes bearings pumps tools machine machines
    machinery equipment technologies technology tech software systems solutions
    services service data digital online network networks media entertainment
    broadcast films music communications communication telecom telecommunications
    mobile shipping ports port logistics transport airlines aviation aero aerospace
    defence components parts products product materials packaging goods consumer
    trading traders trade exports export imports commercial national state union
    central indian bharat hindustan global world universal united standard modern
    new super first royal premier north south east west western northern southern
    eastern asia asian american european british city urban rural
    """.split()  # noqa: SIM905 - a word list reads better so
)
COMMON = frozenset(
    """
    a about above accept accepted access according account accounts across act
    action actions actual add after again against age ago agree ahead alert alerts
    all allow almost alone along already also although always am among amount
    amounts an analyse analysis analyst analysts analyze and announce announced
    announcement announcements announces annual another answer any anybody anyone
    anything are area areas around as ask asked at audit audited available average
    averages avoid away back bad balance base based basis be beat beaten beats
    became because become been before began begin behind being believe below best
    better between beyond big bigger biggest bill bits blockbuster board book books
    borrow both bottom bought brand break brief bring bull business but buy buys by
    call calls came can case cash cause cell change changed changes chart charts
    cheap check checks choose circuit circuits class clean clear close closed closes
    closing come comes coming common compare compared comparing comparison complete
    concern consider consolidated continue control core cost costs could count
    country coverage create crore crores cross current cut daily date dates day days
    deal deals debt decide decline declined deep delivery demand describe detail
    details did differ difference different dip direct discount dividend dividends
    do document documents does doing done double doubled down drop dropped during
    each early earn earned earning earnings easy edge eight either else end ended
    ending enough entire equal equity estimate estimates even event events ever
    every exact exactly exceptional excluding expect expected expense expenses
    expensive explain extra eye face fact facts fall fallen falling falls far fast
    feature features feel fell few figure figures file filed files filing filings
    final find fine firm firms fiscal five flat flow flows focus follow for force
    forecast form former forward found four free fresh from full future gain gained
    gains gap gave get gets give given gives go goes going gone good got great gross
    grew ground group grow growing grown grows growth guidance guide had half happen
    happened happens hard has have having he headline headlines heavy held help her
    here hey high higher highest highlights him his history hit hits hold holding
    hope hot hour hours house how however i idea ideas if impact important improve
    improved in include includes income increase increased index indicators industry
    info information inside instead intel interest into is issue it item its itself
    job join jump jumped just keep key kind king know known lakh lakhs large larger
    largest last late later latest latter law lead leader leaders leading least left
    less let level levels like likely limit line lines list listed little live loan
    loans long longer look looking looks lose loss losses lost lot low lower lowest
    made main make makes many march margin margins mark market markets match matter
    max may me mean means measure measures median meet meeting meetings member met
    mid might million mine minimum minus minute missed missing model momentum monday
    money month months more morning most move moved moves movement much must my name
    named names near nearly need needs negative net never news next nice nine
    nineteen no nobody none normal not note notes nothing notice now number numbers
    of off offer office official often old on once one ones only onto open opened
    opening operating operational operations opinion option options or orbit order
    orders other others our out outcome outlook over overall own page paid pair part
    particular pass past pattern patterns pay peer peers people per percent
    percentage percentile perform performance performed period periods picture piece
    place plan play please plus point points portfolio position positive possible
    post pre predict predicted prediction present price prices prime print prior
    probability problem produce profit profitable profits progress proof prove
    public published pull pure push put quality quarter quarterly quarters question
    questions quick quickly quite range rank ranked ranking rate rates rather ratio
    ratios reach reached reaction read ready real really reason reasons recent
    recently record reduce related release released relative report reported
    reporter reporters reporting reports research rest result results return returns
    revenue revenues review reviewed right rise risen rises rising risk risks rose
    round row rule run runs safe said sale sales same saw say says score scores
    screen search season seasonal second sector sectors see seem seen sell sells
    send sense sent separate series session sessions set seven several shall shape
    share shares sharp she sheet short should show showed shown shows side sign
    signal signals similar simple since single six size slow smaller so sold some
    someone something soon sort sound source space special split splits spot stand
    standalone star start started statement statements status stay step still stock
    stocks stop story strength strong stronger strongest such sum summarise
    summarize summary sure surge surged surprise surprised surprises swing system
    table take taken takes talk target tax tell ten term test than thank thanks that
    the their them then there these they thing things think third this those though
    three through time times tip to today together told tomorrow tonight too took
    top total touch track traded trader trades trading treat trend trends tried true
    try turn turnaround turned turnover twelve twice two type under understand unit
    until unusual up update updates upon upper us use used using usual value values
    vary verify versus very view volume volumes vs wait want wanted was watch way we
    weak weaker weakest week weeks well went were what whatever when whenever where
    whether which while who whole whose why will win wins winner winners with within
    without won word words work worked working works worse worst worth would write
    wrong year yearly years yes yesterday yet yield you your zero january february
    april june july august september october november december tuesday wednesday
    thursday friday saturday sunday alpha beta bonus buyback capex cagr ebit ebitda
    eps fy ipo nifty sensex npa npas pat pbt promoter qoq rsi macd sequential sue
    vcp yoy ytd exceed exceeded outperform outperformed underperform underperformed
    deteriorate expand expanded shrink shrank widen widened narrow narrowed
    """.split()  # noqa: SIM905 - a word list reads better so
)
ACRONYMS = frozenset(
    """
    AND THE FOR ALL ANY NOT WHO WHY HOW DID HAS WAS ARE CAN OUT NOW NEW TOP BSE NSE
    EPS PAT PBT NPA YOY QOQ YTD TTM FY CY VCP SUE RSI ATR ADX SMA EMA MACD IST PDF
    XBRL OCR CEO CFO IPO ETF AGM EGM MD UK US USA EU UAE AI ML IT PE PB ROE ROCE NIM
    AUM GDP RBI SEBI INR USD PSU FMCG NBFC BFSI CSV JSON API ID OK II III IV VI
    """.split()  # noqa: SIM905 - a word list reads better so
)
# Words that, first in a whole name of ordinary words, name a company in lower case too
# ("coal india", "asian paints"), where "indian bank" or "deep industries" would not.
OPENING = frozenset(
    """
    asian bharat coal city general hindustan life national oil page power shipping solar
    south star state tips transport union united universal engineers
    """.split()  # noqa: SIM905 - a word list reads better so
)
NICKNAMES = {
    "sbi": "SBIN",
    "hul": "HINDUNILVR",
    "ril": "RELIANCE",
    "l and t": "LT",
    "larsen": "LT",
    "m and m": "M&M",
    "mahindra and mahindra": "M&M",
    "airtel": "BHARTIARTL",
    "indian oil": "IOC",
    "hpcl": "HINDPETRO",
    "bob": "BANKBARODA",
    "dr reddy": "DRREDDY",
    "dr reddys": "DRREDDY",
    "apollo hospitals": "APOLLOHOSP",
    "hal": "HAL",
    "jspl": "JINDALSTEL",
    "dmart": "DMART",
    "nykaa": "NYKAA",
    "paytm": "PAYTM",
    "policybazaar": "POLICYBZR",
    "indigo": "INDIGO",
}
