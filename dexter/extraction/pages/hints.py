"""A quick look at a text before a slow one: most pages do not hold the words."""

import re

# Where case is ignored these match s, i, i and k, which lower case does not show.
_ODD = re.compile("[\u017f\u0131\u0130\u212a]")


def hinted(hint: re.Pattern[str], text: str) -> bool:
    """Whether a text may match a pattern that ignores case.

    Args:
        hint: in lower case and minding case, which is what makes it quick; it must
            be found wherever the pattern is.
        text: as it stands.
    """
    return bool(hint.search(text.lower()) or _ODD.search(text))
