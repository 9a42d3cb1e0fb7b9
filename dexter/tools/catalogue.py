"""Every tool, in the order planners see them."""

from dexter.tools import (
    alert,
    calendar,
    compare,
    documents,
    features,
    prices,
    rank,
    scores,
    statements,
    surprise,
    vcp,
)
from dexter.tools.base import Toolbox


def toolbox() -> Toolbox:
    """All tools."""
    return Toolbox(
        (
            statements.TOOL,
            compare.TOOL,
            surprise.TOOL,
            calendar.TOOL,
            rank.TOOL,
            prices.TOOL,
            documents.HEADLINES,
            documents.FILINGS,
            documents.COMPANY,
            features.FEATURES,
            scores.BLOCKBUSTER,
            scores.PREDICT,
            vcp.VCP,
            alert.TOOL,
        )
    )
