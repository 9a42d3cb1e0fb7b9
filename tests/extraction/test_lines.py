"""The JSON line of a file, as other programs rely on it."""

import json

from dexter.errors import EncryptedDocumentError
from dexter.extraction.document import read
from dexter.extraction.lines import as_line, as_refusal
from dexter.extraction.pictures.crop import quote
from tests.extraction.builders import pdf, plain


def test_a_line_has_the_contracts_names_and_prints_no_floats() -> None:
    line = json.loads(json.dumps(as_line(read("a.pdf", pdf()), "in/a.pdf")))
    assert {"file", "sha256", "kind", "status", "reason", "pages"} < set(line)
    (one,) = line["statements"]
    assert (one["basis"], one["unit"], one["period_end"], one["months"]) == (
        "standalone",
        "crore",
        "2025-06-30",
        3,
    )
    cell = one["columns"]["current"]["items"]["net_profit"]
    assert (cell["value"], cell["method"]) == ("120.00", "text")
    assert len(cell["bbox"]) == 4
    dash = one["columns"]["previous_quarter"]["items"]["exceptional_items"]
    assert (dash["value"], dash["reason"]) == (None, "printed as a dash")
    assert {"name", "ok", "detail"} == set(one["checks"][0])
    assert one["columns"]["current"]["segments"] == []


def test_a_refused_file_still_has_its_line() -> None:
    line = as_refusal(EncryptedDocumentError("a.pdf"), "a.pdf", None)
    assert (line["status"], line["reason"]) == ("rejected", "the file is encrypted")


def test_a_fact_is_quoted_as_filed() -> None:
    text = quote(plain(), "OneD", "ProfitLossForPeriod")
    assert text == (
        '<f:ProfitLossForPeriod contextRef="OneD" unitRef="INR" decimals="0">'
        "1500000000</f:ProfitLossForPeriod>"
    )
