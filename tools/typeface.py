"""The typeface of page and figures, the one of the PDF: DejaVu Sans, for report/style/typeface.css.

    .venv/bin/python -m tools.typeface

The letters of Latin scripts, the marks of the figures and the signs of text; a browser takes what
is missing from its own fonts. DejaVu is free to embed, whole or in part, with its copyright notice
and licence, which stay in it; it comes with matplotlib.
"""

from __future__ import annotations

import base64
import io
from pathlib import Path

import matplotlib
from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont

FONTS = Path(matplotlib.get_data_path()) / "fonts" / "ttf"
SHEET = Path("report/style/typeface.css")
FACES = {"DejaVuSans.ttf": 400, "DejaVuSans-Bold.ttf": 700}
LATIN = (*range(0x20, 0x7F), *range(0xA0, 0x180))
SIGNS = map(ord, "‐–—‘’“”„•…−≤≥≠≈×±→←↑↓↕⤓▲▼△▽○●◆◇■□✖✕▶▸‹›αβγδκχµ∞√²³")


def face(file: str, weight: int, characters: list[int]) -> str:
    """A rule with the font inside it."""
    font = TTFont(FONTS / file, recalcTimestamp=False)
    options = Options(
        layout_features=["kern"], hinting=False, notdef_outline=True, name_IDs=[0, 1, 2, 13, 14]
    )
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=characters)
    subsetter.subset(font)
    font.flavor = "woff"
    out = io.BytesIO()
    font.save(out)
    data = base64.b64encode(out.getvalue()).decode("ascii")
    return (
        f'@font-face {{ font-family: "DejaVu Sans"; font-weight: {weight};'
        f" src: url(data:font/woff;base64,{data}); }}"
    )


if __name__ == "__main__":
    wanted = sorted({*LATIN, *SIGNS})
    rules = [face(file, weight, wanted) for file, weight in FACES.items()]
    SHEET.write_text("\n".join(["/* Made by tools/typeface.py. */", *rules, ""]), encoding="utf-8")
