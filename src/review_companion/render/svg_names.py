"""Names of SVG that a drawing may use: shapes, text, paints, and what they refer to."""

from __future__ import annotations

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
    "class clipPathUnits cx cy d dx dy fx fy gradientTransform gradientUnits height id lang"
    " lengthAdjust markerHeight markerUnits markerWidth maskContentUnits maskUnits offset orient"
    " pathLength patternContentUnits patternTransform patternUnits points preserveAspectRatio r"
    " refX refY role rotate rx ry spreadMethod startOffset textLength transform version viewBox"
    " width x x1 x2 y y1 y2".split()
)
