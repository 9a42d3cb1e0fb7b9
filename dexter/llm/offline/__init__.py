"""The model that is no model: rules over the typed brief; needs no key."""

from dexter.llm.offline.model import OfflineModel

__all__ = ["OfflineModel"]
