"""Limits outputs of cells to the HTML and SVG that a report may show.

Both are read by lxml's parsers. What only moves or decorates (scripts of a drawing, handlers,
metadata) is left out; what would be missed, or does more than show, is refused by name.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

import lxml.etree
import lxml.html

KEPT = 64  # outputs that a preview does not clean again
ELEMENTS = frozenset(
    "svg g defs symbol use title desc path rect circle ellipse line polyline polygon text tspan"
    " textPath image clipPath mask marker pattern linearGradient radialGradient stop switch".split()
)
# They show nothing: what moves, runs, or speaks to other programs.
DROPPED = frozenset(
    "script style metadata set animate animateColor animateMotion animateTransform mpath".split()
)
PROPERTIES = frozenset(
    "alignment-baseline baseline-shift clip-path clip-rule color color-interpolation direction"
    " display dominant-baseline fill fill-opacity fill-rule font-family font-size font-size-adjust"
    " font-stretch font-style font-variant font-weight image-rendering letter-spacing marker-end"
    " marker-mid marker-start mask opacity overflow paint-order shape-rendering stop-color"
    " stop-opacity stroke stroke-dasharray stroke-dashoffset stroke-linecap stroke-linejoin"
    " stroke-miterlimit stroke-opacity stroke-width text-anchor text-decoration text-rendering"
    " unicode-bidi vector-effect visibility word-spacing writing-mode".split()
)
SVG_ATTRIBUTES = frozenset(
    "clipPathUnits cx cy d dx dy fx fy gradientTransform gradientUnits height id lang"
    " lengthAdjust markerHeight markerUnits markerWidth maskContentUnits maskUnits offset orient"
    " pathLength patternContentUnits patternTransform patternUnits points preserveAspectRatio r"
    " refX refY role rotate rx ry spreadMethod startOffset textLength transform version viewBox"
    " width x x1 x2 y y1 y2".split()
)


HTML_ELEMENTS = frozenset(
    "a abbr b bdi bdo blockquote br caption cite code col colgroup dd del details dfn div dl dt em"
    " figcaption figure h1 h2 h3 h4 h5 h6 hr i ins kbd li mark ol p pre q s samp section small span"
    " strong sub summary sup table tbody td tfoot th thead tr u ul var wbr".split()
)
HTML_ATTRIBUTES = frozenset(
    "class colspan dir headers href id lang role rowspan scope start tabindex title".split()
)
OWN = re.compile(r"(aria|data)-[a-z-]+")
LAYOUT = {
    "col": re.compile(r"\s*width:\s*[\d.]+%;?\s*"),
    "td": re.compile(r"\s*text-align:\s*(left|right|center);?\s*"),
    "th": re.compile(r"\s*text-align:\s*(left|right|center);?\s*"),
}
LOOK = frozenset({"style"})
INNER_ADDRESS = re.compile(r"#[^\s\"'()<>]+")
PICTURE_ADDRESS = re.compile(r"data:image/(png|jpeg);base64,[A-Za-z0-9+/=\s]+")
PAINT = re.compile(r"url\(['\"]?(?!#)", re.IGNORECASE)
OUR_SHEET = re.compile(r"\s*\*\s*\{\s*(stroke-line(join|cap):\s*\w+;?\s*)*\}\s*")
FONT = re.compile(
    r"(?:(?P<style>italic|oblique|normal) )?(?:(?P<weight>[1-9]00|bold|normal) )?"
    r"(?P<size>[\d.]+[a-z]+) (?P<family>.+)"
)
SVG = "{http://www.w3.org/2000/svg}"
XLINK_HREF = "{http://www.w3.org/1999/xlink}href"


class Unsupported(ValueError):
    """What a report cannot show; its text says what."""


@lru_cache(KEPT)
def clean_html(text: str) -> str:
    """The HTML of an output, limited to what a report may show; the same text if that is all.

    Raises Unsupported, naming the element, for what is refused.
    """
    parser = lxml.etree.HTMLParser()  # lxml.html's own asks Python for the class of each element
    root: Any = lxml.html.fragment_fromstring(text, create_parent="div", parser=parser)
    changed = sum([_clean_element(element) for element in list(root.iter())[1:]])
    if not changed:
        return text
    inner = lxml.html.tostring(root, encoding="unicode", with_tail=False)
    return str(inner.partition(">")[2].rpartition("<")[0])


def _clean_element(element: Any) -> bool:
    """Removes what may be left out; whether there was anything."""
    if element.tag is lxml.etree.Comment:
        return False
    if not isinstance(element.tag, str) or element.tag in LOOK:
        _drop(element)
        return True
    if element.tag not in HTML_ELEMENTS:
        raise Unsupported(f"an output with the element <{element.tag}>")
    return _drop_attributes(element, [n for n in element.attrib if not _is_shown(element, n)])


def _is_shown(element: Any, name: str) -> bool:
    if name == "style" and element.tag in LAYOUT:
        return LAYOUT[element.tag].fullmatch(element.get(name)) is not None
    return name in HTML_ATTRIBUTES or OWN.fullmatch(name) is not None


def _drop_attributes(element: Any, names: list[str]) -> bool:
    for name in names:
        del element.attrib[name]
    return bool(names)


def clean_svg(text: str) -> str:
    """The drawing, limited to what a report may show.

    Raises Unsupported for anything but a drawing, and for elements that would be missed.
    """
    parser = lxml.etree.XMLParser(
        resolve_entities=False, no_network=True, remove_comments=True, remove_pis=True
    )
    try:
        root = lxml.etree.fromstring(text.encode(), parser)
    except lxml.etree.XMLSyntaxError as problem:
        raise Unsupported(f"a drawing that is not SVG ({problem})") from None
    if root.tag != f"{SVG}svg":
        raise Unsupported("a drawing that is not SVG")
    for element in list(root.iter()):
        _clean_svg_element(element)
    return str(lxml.etree.tostring(root, encoding="unicode", with_tail=False))


def _clean_svg_element(element: Any) -> None:
    if not isinstance(element.tag, str):
        raise Unsupported("a drawing with entities of its own")
    name = element.tag.removeprefix(SVG)
    if name == "style" and not OUR_SHEET.fullmatch(element.text or ""):
        raise Unsupported("a drawing with a style sheet")
    if name in DROPPED or "}" in name:
        _drop(element)
    elif name not in ELEMENTS:
        raise Unsupported(f"a drawing with the element <{name}>")
    else:
        _keep_known_style(element)
        _drop_attributes(element, [n for n, v in element.items() if not _is_drawn(name, n, v)])


def _drop(element: Any) -> None:
    """Takes the element out; the text after it stays."""
    before, parent = element.getprevious(), element.getparent()
    if element.tail and before is not None:
        before.tail = (before.tail or "") + element.tail
    elif element.tail:
        parent.text = (parent.text or "") + element.tail
    parent.remove(element)


def _keep_known_style(element: Any) -> None:
    """Declarations that draw, each in the place of an attribute of the same name."""
    kept = dict(_declarations(element.attrib.pop("style", "")))
    _drop_attributes(element, [name for name in kept if name in element.attrib])
    if kept:
        element.set("style", ";".join(f"{name}:{value}" for name, value in kept.items()))


def _declarations(style: str) -> Iterator[tuple[str, str]]:
    for declaration in style.split(";"):
        name, value = (part.strip() for part in declaration.partition(":")[::2])
        font = FONT.fullmatch(value) if name == "font" else None
        if font:
            yield from ((f"font-{part}", said) for part, said in font.groupdict().items() if said)
        elif name in PROPERTIES and not PAINT.search(value):
            yield name, value.replace('"', "'")


def _is_drawn(element: str, name: str, value: str) -> bool:
    if name in ("href", XLINK_HREF):
        allowed = PICTURE_ADDRESS if element == "image" else INNER_ADDRESS
        return allowed.fullmatch(value) is not None
    known = (
        name in SVG_ATTRIBUTES
        or name == "style"
        or name in PROPERTIES
        or OWN.fullmatch(name) is not None
    )
    return known and not PAINT.search(value)
