"""The frame every saved page stands in: one file, nothing fetched, light and dark."""

import html

_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>
body {{ font: 16px/1.5 system-ui, sans-serif; max-width: 46rem; margin: 2rem auto;
       padding: 0 1rem; color: #1b1f24; background: #fff }}
table {{ border-collapse: collapse; font-size: .9rem }}
td, th {{ border-bottom: 1px solid #d0d7de; padding: .25rem .6rem; text-align: left;
          vertical-align: top }}
blockquote {{ border-left: 4px solid #bf8700; margin-left: 0; padding-left: 1rem }}
sup a {{ text-decoration: none }}
@media (prefers-color-scheme: dark) {{ body {{ color: #e6edf3; background: #0d1117 }}
  td, th {{ border-color: #30363d }} a {{ color: #58a6ff }} }}
</style></head><body>
{body}
</body></html>
"""


def page(title: str, body: str) -> str:
    """A whole page around its HTML body; the title is plain text."""
    return _PAGE.format(title=html.escape(title), body=body)
