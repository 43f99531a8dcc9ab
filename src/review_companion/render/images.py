"""Images made by notebooks, written as files which both formats can take in."""

from __future__ import annotations

import re
from pathlib import Path

PROLOGUE = re.compile(r"<\?xml.*?\?>|<!DOCTYPE.*?>|<!--.*?-->", re.DOTALL)
UNWANTED = re.compile(r"<(metadata|style|script|foreignObject)\b.*?(?:/>|</\1\s*>)", re.DOTALL)
HANDLER = re.compile(r"\son\w+\s*=\s*(\"[^\"]*\"|'[^']*')", re.IGNORECASE)
ID = re.compile(r"""\bid=(["'])([^"']+)\1""")


def write_svg(text: str, path: Path) -> None:
    """Write an SVG that is safe beside others in one page.

    Scripts, event handlers, metadata and style sheets are left out (a style sheet inside one
    drawing would reach the whole page); what matplotlib's style sheet says goes to the root.
    """
    inner = UNWANTED.sub("", PROLOGUE.sub("", text))
    inner = prefix_ids(HANDLER.sub("", inner), path.stem)
    root = '<svg stroke-linejoin="round" stroke-linecap="butt"'
    path.write_text(inner.strip().replace("<svg", root, 1), encoding="utf-8")


def prefix_ids(svg: str, prefix: str) -> str:
    """Every id and every reference to one gets the prefix: two drawings never share an id."""
    svg = ID.sub(lambda m: f"id={m.group(1)}{prefix}-{m.group(2)}{m.group(1)}", svg)
    svg = re.sub(r"url\(#", f"url(#{prefix}-", svg)
    return re.sub(r"""(href=["'])#""", rf"\g<1>#{prefix}-", svg)
