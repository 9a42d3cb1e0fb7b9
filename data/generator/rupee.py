"""A TrueType font with one drawn glyph, the rupee sign U+20B9.

The fonts that come with reportlab predate the sign, and system fonts differ from
machine to machine, so the sample draws its own.
"""

import struct

EM = 1000
WIDTH = 620
CONTOURS = (
    ((60, 640), (560, 640), (560, 710), (60, 710)),
    ((60, 500), (560, 500), (560, 560), (60, 560)),
    (
        (230, 710),
        (310, 710),
        (400, 660),
        (430, 570),
        (400, 450),
        (300, 375),
        (190, 360),
        (60, 360),
        (60, 300),
        (200, 300),
        (390, 0),
        (490, 0),
        (290, 305),
        (400, 335),
        (480, 420),
        (510, 560),
        (470, 660),
        (390, 710),
    ),
)


def rupee_font() -> bytes:
    """The font file."""
    glyph = _glyph()
    tables = {
        b"OS/2": _os2(),
        b"cmap": _cmap(),
        b"glyf": glyph,
        b"head": _head(),
        b"hhea": _hhea(),
        b"hmtx": struct.pack(">HhHh", WIDTH, 0, WIDTH, 60),
        b"loca": struct.pack(">III", 0, 0, len(glyph)),
        b"maxp": struct.pack(">IH13H", 0x10000, 2, 40, 3, 0, 0, 2, *[0] * 8),
        b"name": _name(),
        b"post": struct.pack(">IIhhIIIII", 0x30000, 0, -100, 50, *[0] * 5),
    }
    return _assemble(tables)


def _glyph() -> bytes:
    points = [point for contour in CONTOURS for point in contour]
    xs, ys = [p[0] for p in points], [p[1] for p in points]
    ends, last = [], -1
    for contour in CONTOURS:
        last += len(contour)
        ends.append(last)
    data = struct.pack(">hhhhh", len(CONTOURS), min(xs), min(ys), max(xs), max(ys))
    data += struct.pack(f">{len(ends)}HH", *ends, 0)
    data += b"\x01" * len(points)
    for values in (xs, ys):
        steps = [b - a for a, b in zip([0, *values], values, strict=False)]
        data += struct.pack(f">{len(steps)}h", *steps)
    return data + b"\0" * (-len(data) % 4)


def _head() -> bytes:
    return struct.pack(
        ">IIIIHHqqhhhhHHhhh",
        0x10000,
        0x10000,
        0,
        0x5F0F3CF5,
        0,
        EM,
        0,
        0,
        60,
        0,
        560,
        710,
        0,
        8,
        2,
        1,
        0,
    )


def _hhea() -> bytes:
    return struct.pack(
        ">IhhhHhhhhhhhhhhhH", 0x10000, 750, -250, 0, WIDTH, 0, 0, 560, 1, *[0] * 7, 2
    )


def _os2() -> bytes:
    return struct.pack(
        ">HhHHH10hh10s4I4sHHHhhhHHII",
        3,
        WIDTH,
        400,
        5,
        0,
        *[0] * 10,
        0,
        bytes(10),
        0,
        1 << 1,
        0,
        0,
        b"SMPL",
        64,
        0x20B9,
        0x20B9,
        750,
        -250,
        0,
        750,
        250,
        1,
        0,
    )


def _cmap() -> bytes:
    table = struct.pack(
        ">HHHHHHH",
        4,
        32,
        0,
        4,
        4,
        1,
        0,
    ) + struct.pack(
        ">HHHHHhhHH", 0x20B9, 0xFFFF, 0, 0x20B9, 0xFFFF, 1 - 0x20B9, 1, 0, 0
    )
    return struct.pack(">HHHHI", 0, 1, 3, 1, 12) + table


def _name() -> bytes:
    texts = (
        (1, "Sample Rupee"),
        (2, "Regular"),
        (4, "Sample Rupee"),
        (6, "SampleRupee"),
    )
    store, records = b"", b""
    for identifier, text in texts:
        raw = text.encode("utf-16-be")
        records += struct.pack(">HHHHHH", 3, 1, 0x409, identifier, len(raw), len(store))
        store += raw
    return struct.pack(">HHH", 0, len(texts), 6 + len(records)) + records + store


def _assemble(tables: dict[bytes, bytes]) -> bytes:
    count = len(tables)
    offset = 12 + 16 * count
    directory, body = b"", b""
    for tag in sorted(tables):
        data = tables[tag]
        padded = data + b"\0" * (-len(data) % 4)
        words = struct.unpack(f">{len(padded) // 4}I", padded)
        directory += tag + struct.pack(
            ">III", sum(words) % 2**32, offset + len(body), len(data)
        )
        body += padded
    return struct.pack(">IHHHH", 0x10000, count, 64, 2, count * 16 - 64) + (
        directory + body
    )
