"""Drawings made by notebooks, written so that both formats can take them in."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path

from .clean import KEPT, clean_svg

ID = re.compile(r"""\bid=(["'])([^"']+)\1""")
COUNTED_ID = re.compile(r"""\s+id=(["'])[\w.]*_\d+\1""")
EMPTY = re.compile(r"<defs>\s*</defs>")
BETWEEN = re.compile(r">\s*\n\s*<")
PATH = re.compile(r'(\bd=")([^"]*)"')
AFTER = re.compile(r"(?<=[:;]) +")
STYLE = re.compile(r'( style=")([^"]*)"')
LONG_NUMBER = re.compile(r"-?\d*\.\d{3,}")
AROUND = re.compile(r" ?([A-Za-z]) ?")
PLACE = re.compile(r'(?<= [xy]=")-?\d+\.\d{3,}(?=")')
ZERO = re.compile(r"(?<![\d.])0\.(?=\d)")
UNTURNED = re.compile(r' transform="rotate\(-?0[ )][^"]*"')
DEFAULTS = re.compile(r"(?<=[\";])(text-anchor:start|font-weight:400|font-style:normal)(;|(?=\"))")
FAMILY = re.compile(r"(?<=[\";])font-family:([^;\"]*)(?:;|(?=\"))")
STYLED = re.compile(r'<path d="[^"]*" style="([^"]*)"/>|<text style="([^"]*)"[^>]*>[^<]*</text>')
OWN_STYLE = re.compile(r' style="[^"]*"')
HASHED_ID = re.compile(r'\bid="([mp][0-9a-f]{10})"')
TAG = re.compile(r"<(/?)g(>|\s[^>]*>)")


def write_svg(text: str, path: Path) -> None:
    """Write an SVG that is small, and safe together with others in one page.

    Raises Unsupported for what a report cannot show; what matplotlib's style sheet says goes to
    the root, and styles of elements become attributes, so that the page's policy admits no style
    but its own.
    """
    path.write_text(_small(text, path.stem), encoding="utf-8")


@lru_cache(KEPT)
def _small(text: str, prefix: str) -> str:
    inner = styles_as_attributes(prefix_ids(compact(clean_svg(text)), prefix))
    root = '<svg stroke-linejoin="round" stroke-linecap="butt"'
    return inner.strip().replace("<svg", root, 1)


def styles_as_attributes(svg: str) -> str:
    """`style="fill:none"` as `fill="none"`."""
    return STYLE.sub(lambda m: f" {_attributes(m.group(2))}", svg)


def _attributes(style: str) -> str:
    pairs = (declaration.split(":", 1) for declaration in style.split(";") if declaration)
    return " ".join(f'{name}="{value}"' for name, value in pairs)


def compact(svg: str) -> str:
    """The same drawing in fewer bytes: coordinates to a hundredth of a point, no counted ids.

    matplotlib counts its groups (`line2d_8`); nothing refers to those, and they would change
    with every mark that is added.
    """
    svg = EMPTY.sub("", COUNTED_ID.sub("", svg))
    svg = PATH.sub(lambda m: f'{m.group(1)}{_shorten(m.group(2))}"', svg)
    svg = STYLE.sub(lambda m: f'{m.group(1)}{AFTER.sub("", m.group(2))}"', svg)
    svg = PLACE.sub(_shorten_number, svg.replace("#ffffff", "#fff"))
    svg = svg.replace("xlink:href=", "href=")
    svg = _short_ids(DEFAULTS.sub("", UNTURNED.sub("", svg)))
    return _one_style(_ungrouped(_one_family(BETWEEN.sub("><", svg))))


def _one_family(svg: str) -> str:
    """A family of fonts that every text names is named once, by the root."""
    families = set(FAMILY.findall(svg))
    if len(families) != 1 or svg.count("<text") != len(FAMILY.findall(svg)):
        return svg
    root = f'<svg font-family="{families.pop()}"'
    return FAMILY.sub("", svg).replace("<svg", root, 1)


def _short_ids(svg: str) -> str:
    """Ids that matplotlib makes of a hash of what they name become numbers."""
    for number, name in enumerate(dict.fromkeys(HASHED_ID.findall(svg)), 1):
        svg = svg.replace(name, f"m{number}")
    return svg


def _one_style(svg: str) -> str:
    """Lines and texts that follow each other and look the same share the style of a group."""
    parts, at = [], 0
    found = [(m.start(), m.end(), m.group(1) or m.group(2) or "") for m in STYLED.finditer(svg)]
    while found:
        run = [found.pop(0)]
        while found and found[0][0] == run[-1][1] and found[0][2] == run[0][2]:
            run.append(found.pop(0))
        start, end, style = run[0][0], run[-1][1], run[0][2]
        if len(run) > 1 and style:
            shared = OWN_STYLE.sub("", svg[start:end])
            parts += [svg[at:start], f'<g style="{style}">{shared}</g>']
            at = end
    return "".join([*parts, svg[at:]])


def _ungrouped(svg: str) -> str:
    """Without groups that say nothing: no id, no style."""
    kept: list[bool] = []

    def written(tag: re.Match[str]) -> str:
        if tag.group(1):
            return tag.group() if kept.pop() else ""
        if tag.group(2).endswith("/>"):
            return tag.group()
        kept.append(tag.group(2) != ">")
        return tag.group() if kept[-1] else ""

    return TAG.sub(written, svg)


def prefix_ids(svg: str, prefix: str) -> str:
    """Every id and every reference to one gets the prefix: two drawings never share an id."""
    svg = ID.sub(lambda m: f"id={m.group(1)}{prefix}-{m.group(2)}{m.group(1)}", svg)
    svg = re.sub(r"url\(#", f"url(#{prefix}-", svg)
    return re.sub(r"""(href=["'])#""", rf"\g<1>#{prefix}-", svg)


def _shorten(path: str) -> str:
    short = LONG_NUMBER.sub(_shorten_number, path)
    return AROUND.sub(r"\1", ZERO.sub(".", " ".join(short.split()).replace("-0 ", "0 ")))


def _shorten_number(number: re.Match[str]) -> str:
    return f"{float(number.group()):.2f}".rstrip("0").rstrip(".")
