"""Drawings made by notebooks, written so that both formats can take them in."""

from __future__ import annotations

import re
from pathlib import Path

PROLOGUE = re.compile(r"<\?xml.*?\?>|<!DOCTYPE.*?>|<!--.*?-->", re.DOTALL)
UNWANTED = re.compile(r"<(metadata|style|script|foreignObject)\b.*?(?:/>|</\1\s*>)", re.DOTALL)
HANDLER = re.compile(r"\son\w+\s*=\s*(\"[^\"]*\"|'[^']*')", re.IGNORECASE)
ID = re.compile(r"""\bid=(["'])([^"']+)\1""")
COUNTED_ID = re.compile(r"""\s+id=(["'])[\w.]*_\d+\1""")
EMPTY = re.compile(r"<defs>\s*</defs>")
BETWEEN = re.compile(r">\s*\n\s*<")
PATH = re.compile(r'(\bd=")([^"]*)"')
AFTER = re.compile(r"(?<=[:;]) +")
STYLE = re.compile(r'(\bstyle=")([^"]*)"')
LONG_NUMBER = re.compile(r"-?\d*\.\d{3,}")


def write_svg(text: str, path: Path) -> None:
    """Write an SVG that is small, and safe beside others in one page.

    Scripts, event handlers, metadata and style sheets are left out (a style sheet inside one
    drawing would reach the whole page); what matplotlib's style sheet says goes to the root.
    """
    inner = UNWANTED.sub("", PROLOGUE.sub("", text))
    inner = prefix_ids(compact(HANDLER.sub("", inner)), path.stem)
    root = '<svg stroke-linejoin="round" stroke-linecap="butt"'
    path.write_text(inner.strip().replace("<svg", root, 1), encoding="utf-8")


def compact(svg: str) -> str:
    """The same drawing in fewer bytes: coordinates to a hundredth of a point, no counted ids.

    matplotlib counts its groups (`line2d_8`); nothing refers to those, and they would change
    with every mark that is added.
    """
    svg = EMPTY.sub("", COUNTED_ID.sub("", svg))
    svg = PATH.sub(lambda m: f'{m.group(1)}{_shorten(m.group(2))}"', svg)
    svg = STYLE.sub(lambda m: f'{m.group(1)}{AFTER.sub("", m.group(2))}"', svg)
    return BETWEEN.sub("><", svg)


def prefix_ids(svg: str, prefix: str) -> str:
    """Every id and every reference to one gets the prefix: two drawings never share an id."""
    svg = ID.sub(lambda m: f"id={m.group(1)}{prefix}-{m.group(2)}{m.group(1)}", svg)
    svg = re.sub(r"url\(#", f"url(#{prefix}-", svg)
    return re.sub(r"""(href=["'])#""", rf"\g<1>#{prefix}-", svg)


def _shorten(path: str) -> str:
    short = LONG_NUMBER.sub(lambda m: f"{float(m.group()):.2f}".rstrip("0").rstrip("."), path)
    return " ".join(short.split()).replace("-0 ", "0 ")
