"""Pages to words: what a page is, what text may be believed, what OCR sees."""
