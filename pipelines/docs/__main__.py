"""``python -m pipelines.docs``: write every generated page, name those that changed."""

import sys

from pipelines.docs.pages import FOLDER, pages


def main() -> int:
    """Write the pages that differ from what lies in ``docs/``."""
    FOLDER.mkdir(exist_ok=True)
    for name, text in pages().items():
        path = FOLDER / name
        if not path.is_file() or path.read_text("utf-8") != text:
            path.write_text(text, encoding="utf-8")
            sys.stdout.write(f"docs/{name}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
