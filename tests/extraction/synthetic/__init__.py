"""Results pages of companies that do not exist, with exact truth, and scans of them.

A seed makes a case: books whose sums are exact, a page in one of the common layouts,
and every printed token with its box. ``scans`` degrades the pages; ``measure`` reads
the files through ``dexter.extraction.document.read`` and holds them against the truth.
"""
