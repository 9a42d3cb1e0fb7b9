"""What the sample says about itself."""

NOTICE = (
    "Every company, filing, price and headline in this folder is invented. Any "
    "likeness to a listed company is accidental. Nothing here is investment advice."
)
README = f"""# The sample market

{NOTICE}

A small Indian market for trying dexter without a network: twelve companies, 500
sessions of prices, twelve quarters of dated results, three seasons of filings. It is
the evening of 14 August 2025 (`SAMPLE.json`, `as_of`). Times are Indian time.

`python data/generator` writes this folder from a seed, byte for byte the same each
time. Change the generator, not the files. Trading days follow the exchange's public
calendar; index levels and everything else are drawn.

| folder or file | what |
|---|---|
| `market/` | Parquet tables with the columns and types of exchange-derived data |
| `market/companies.parquet` | names, ISINs, codes; the issuer block `9ZZ` is made up |
| `filings/xbrl/` | XBRL as NSE serves it; for five companies BSE's inline form too |
| `filings/pdf/` | results as filed, one scan, one board-meeting intimation |
| `filings/api/` | endpoint answers: lists of results, announcements, meetings |
| `filings/MANIFEST.csv` | every file with kind, company, period, size |
| `truth.jsonl` | what each results page prints, per (PDF, basis) |

## What is in it on purpose

| company | Q1 FY26 |
|---|---|
| KAVCEM Kaveri Cement | steady; in futures and options; inline XBRL too |
| KAVCAB Kaveri Cables | good, out of a volatility-contraction base; similar name |
| SECTOR7 Sector 7 Foods | before the open; a scan; its XBRL contradicts itself (tax) |
| DHRUVAERO Dhruvtara Aero | profit doubles out of a base; upper circuit next day |
| RANGOLIRET Rangoli Retail | profit collapses; inline XBRL without period dates |
| HIMPOWER Himshikhar Power | turns from loss, on a Saturday; once HIMHYDRO |
| TARANGTEX Tarangini Textiles | loss widens; a note addresses AI systems |
| PALASHCHEM Palash Chemicals | mild; standalone results revised three days later |
| CHINARBANK Chinar Valley Bank | bank format; Saturday; in futures and options |
| SETUFIN Setu Vahan Finance | NBFC format; 1:5 split on 21 February 2025 |
| NILCAST Nilgiri Castings | not reported; board meets on 18 August 2025 |
| VAIGAIPH Vaigai Pharma | not reported, and silent |

Legacy XBRL (Q3 FY25) dates its year-to-date context like the quarter, as real files
do; TARANGTEX leaves `OneD` undeclared there. The dated results are standalone and hold
the first filing, so for PALASHCHEM the unrevised figure. Revenue of the bank is total
income there. PDFs are public before the XBRL of the same results. Dates in these
tables that lie before the first price have no outcomes.
"""
