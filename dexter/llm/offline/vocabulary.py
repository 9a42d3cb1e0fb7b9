"""Plain words and terms of the trade: what is neither a subject nor a name."""

_PLAIN_TEXT = """
a about after all also an and any are as at be been bring by can check could did do
does doing done fetch fine find for from full get give go going good great had has
have how i in is it its just know latest like look ltd limited looking me my need
new now of on or our out please quick quickly recent recently show so some tell than
that the their them then there these they thing things this those to up us view want
was way we well went were what whats when which who with would you your happen
happened happening company companies stock firm data info information details last
previous detail story update business year yearly annual month week day season vs
briefly brief bad
ka ki ke ko kya hai hain tha thi the raha rahi rahe hua hui hue liye aur mein se par
batao bataiye bataye dikhao dikhaye zara kitna kitni kitne kaisa kaisi kaise iska iski
abhi ab
"""
_TERMS_TEXT = """
report reports reported reporting announce announced announcing declare declared
sue eps vcp pat pbt yoy qoq nse bse nifty sensex india indian fy ltd rsi macd adx
atr sma pe roe roce ebitda npa it fmcg auto pharma bank banks banking metal metals
energy realty ceo cfo ipo psu nbfc dexter top who which what how q1 q2 q3 q4 h1 h2
monday tuesday wednesday thursday friday saturday sunday january february march
april may june july august september october november december results earnings
quarter revenue profit sales growth
"""
# Words that may stand at a measure without narrowing it.
_QUALIFIERS_TEXT = """
total overall whole entire reported quarterly actual exact published declared
standalone consolidated unaudited audited strong weak healthy record high low higher
lower highest lowest biggest largest smallest better best worse worst positive
negative recent said same both each their much more less every average rupees rupee
inr rs crore crores cr lakh lakhs percent percentage absolute terms number amount
value level levels yoy qoq sequential sequentially compare compared comparing versus
against between on at to from by with per during over under above below not no only
ever first second third fourth next current posted posting post net q h fy if but than
"""
PLAIN = frozenset(_PLAIN_TEXT.split())
TERMS = frozenset(_TERMS_TEXT.split())
QUALIFIERS = frozenset(_QUALIFIERS_TEXT.split())
