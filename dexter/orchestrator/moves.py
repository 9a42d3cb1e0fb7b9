"""Direction words as tables: motions, comparisons, better, worse, loss, profit."""

import re

_UP = (
    r"ris(?:e|es|en|ing)|rose|grow(?:s|n|ing)?|grew|increas(?:e[sd]?|ing)"
    r"|climb(?:s|ed|ing)?|jump(?:s|ed|ing)?|surg(?:e[sd]?|ing)|gain(?:s|ed|ing)?"
    r"|advanc(?:e[sd]?|ing)|expand(?:s|ed|ing)?|expansion|soar(?:s|ed|ing)?"
    r"|rall(?:y|ies|ied|ying)|accelerat\w+|rebound\w*|recover(?:s|ed|y|ing)?|swell\w*"
    r"|swollen|upward\w*|positive|up|upswing|uptick|uplift|boost\w*|leap(?:s|t|ed|ing)?"
    r"|spik(?:e[sd]?|ing)|balloon\w*|mushroom\w*|escalat\w+|bounc(?:e[sd]?|ing)"
    r"|(?:sky)?rocket\w*|shot up|pick(?:s|ed) up|widen(?:s|ed|ing)?|appreciat\w+"
    r"|strengthen\w*|multipl(?:y|ied|ies)|lift(?:s|ed|ing)?|added(?= \x00)|increment\w*"
)
_DOWN = (
    r"fall(?:s|en|ing)?|fell|declin(?:e[sd]?|ing)|decreas(?:e[sd]?|ing)"
    r"|drop(?:s|ped|ping)?|shr[iau]nk\w*|contract(?:ed|ing)|(?<!volatility )contraction"
    r"|slip(?:s|ped|ping)?|slid(?:e|es|ing)?|down|plung(?:e[sd]?|ing)|slump\w*"
    r"|tumbl(?:e[sd]?|ing)|sank|sunk|sink(?:s|ing)?|decelerat\w+|negative|downward\w*"
    r"|reduc\w+|weaken\w*|erod\w+|erosion|dip(?:s|ped|ping)?|compress\w*|retreat\w*"
    r"|eas(?:e[sd]?|ing)|shed(?:s|ding)?|lost|los(?:e|es|ing)|crash\w*|collaps\w+|cuts?"
    r"|cutting|trim\w*|plummet\w*|nosediv\w+|skid\w*|soften\w*|narrow(?:s|ed|ing)?"
    r"|downturn|downswing|dwindl\w+|subsid(?:e[sd]?|ing)|slow(?:s|ed|ing)?|slowdown"
    r"|diminish\w*|squeez\w+|shortfall|slash\w*|stumbl\w+|reced\w+"
)
_OVER = (
    r"higher|above|over(?= \x00)|beat(?:s|en|ing)?|exceed(?:s|ed|ing)?|in excess of"
    r"|outperform\w*|more than|greater|larger|bigger|outpac\w+|ahead of|topp(?:ed|ing)"
    r"|tops|surpass\w*|outstrip\w*|eclips\w+|overtak\w+|overtook|faster|heavier"
    r"|trump(?:s|ed)|north of|outshone|overshot"
)
_UNDER = (
    r"lower|below|under(?= \x00)|miss(?:es|ed)?|less than|smaller|lag(?:s|ged|ging)?"
    r"|trail(?:s|ed|ing)?|behind|short of|shy of|undershot|underperform\w*|slower|fewer"
    r"|lesser|lighter|south of|beneath|softer"
)
_BETTER = r"improv(?:e[sd]?|ing|ements?)|better(?:ed)?|stronger"
_WORSE = r"worsen(?:s|ed|ing)?|worse|deteriorat\w+|weaker"
_LOSS = r"loss(?:es)?|loss-making|in the red|deficits?"
_PROFIT = (
    r"profitable|in the black|turnaround|break-?even|turn(?:ed|s|ing)? (?:a )?profits?"
    r"|(?:return|back|swung|swings?|turn)\w* (?:in)?to (?:a )?(?:net )?profits?"
)
_FLAT = r"flat(?:ly)?|unchanged|little changed|stagna\w+"
DIRECTION = re.compile(
    rf"\b(?:(?P<profit>{_PROFIT})|(?P<over>{_OVER})|(?P<under>{_UNDER})|(?P<up>{_UP})"
    rf"|(?P<down>{_DOWN})|(?P<better>{_BETTER})|(?P<worse>{_WORSE})|(?P<loss>{_LOSS})"
    rf"|(?P<flat>{_FLAT}))\b",
    re.IGNORECASE,
)
# Uses of such words that say nothing about a direction.
IDIOM = re.compile(
    r"\b(?:up to(?! \x00)|made up|set up|follow(?:ed|s|ing)?[ -]up|up-to-date|summed up"
    r"|broken down|break(?:s|ing)? down|under review|above all|as above|ahead of (?:the"
    r"|its|their) (?:results|meeting|board|publication|announcement|release)"
    r"|behind (?:these|this|it|them)\b|behind the (?:figures?|numbers?|results?)"
    r"|no more than a|not only|cut-?off"
    r"|over the (?:same |whole |full )?(?:year|quarter|period|week|sessions?)"
    r"|under (?:the )?(?:standalone|consolidated|ind|accounting)|loss(?:es)? per share"
    r"|more than (?:price|just|merely)|volume gains?)\b",
    re.IGNORECASE,
)
NEGATION = re.compile(
    r"\b(?:not|no|never|hardly|barely|scarcely|rarely|seldom|without|neither|nor|none"
    r"|nobody|nothing|fail(?:s|ed|ing)? to|rather than|instead of|despite|far from"
    r"|anything but|stop(?:s|ped)?|ceas\w+|avoid\w*|escap\w+|revers\w+|halt\w*"
    r"|prevent\w*|would|could|might|may|should|if|unless|almost|nearly|un(?:able|likely)"
    r"|cannot|supposed(?:ly)?|alleged(?:ly)?|so-called)\b|n['’]t\b",
    re.IGNORECASE,
)
PASSIVE = re.compile(
    r"(?:beaten|exceeded|outpaced|outperformed|topped|surpassed|outstripped|eclipsed"
    r"|overtaken|trailed|missed|bettered) by\b",
    re.IGNORECASE,
)
# Comparatives that take an amount: “higher {{e5}}”, not “above {{e5}}”.
AMOUNT_ADJECTIVE = re.compile(
    r"higher|lower|greater|larger|bigger|smaller|faster|slower|heavier|lighter|softer",
    re.IGNORECASE,
)
# What an amount may stand before: “{{e5}} above”, not “{{e5}} outpaced”.
AMOUNT_BEFORE = re.compile(
    rf"{AMOUNT_ADJECTIVE.pattern}|above|below|more than|less than|ahead of|behind",
    re.IGNORECASE,
)
# Nouns that keep a change's own sign: “lower growth of −4.5%”.
GROWN = re.compile(
    r"\b(?:growth|rate|change|reaction|return|surprise)\b", re.IGNORECASE
)
LOWER_IS_BETTER = (
    "total_expenses",
    "finance_costs",
    "employee_cost",
    "interest_expended",
    "gross_npa_ratio",
    "net_npa_ratio",
    "provisions",
)
