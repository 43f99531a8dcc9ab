from __future__ import annotations

from pathlib import Path

from tests.typeset.fixtures import SVG

from review_companion.typeset.images import compact, prefix_ids, write_svg


def test_ids_and_all_their_references_get_the_prefix() -> None:
    svg = """<g id="a" fill="url(#a)"/><use xlink:href="#a"/><use href='#b'/><g id='b'/>"""
    assert prefix_ids(svg, "p") == (
        """<g id="p-a" fill="url(#p-a)"/><use xlink:href="#p-a"/><use href='#p-b'/><g id='p-b'/>"""
    )


def test_style_sheets_scripts_and_handlers_are_left_out(tmp_path: Path) -> None:
    hostile = SVG.replace("<g id", '<script>alert(1)</script><g onload="alert(2)" id')
    write_svg(hostile, tmp_path / "fig-x.svg")
    written = (tmp_path / "fig-x.svg").read_text()
    assert written.startswith('<svg stroke-linejoin="round"')
    for unwanted in ("<style", "<script", "alert", "onload", "metadata", "<?xml", "DOCTYPE"):
        assert unwanted not in written
    assert 'id="fig-x-axes"' in written
    assert "Risk ≥ 12 %" in written


def test_a_drawing_shrinks_and_keeps_what_others_refer_to() -> None:
    svg = (
        '<svg>\n <g id="line2d_8">\n  <path id="m80" d="M 0 3.504321 \nL -1.000001 2 \nz\n"'
        ' style="fill: none; stroke: #fff"/>\n </g>\n <g id="mark-doe-2020"><use href="#m80"/>'
        "<text>a  b</text></g>\n</svg>"
    )
    assert compact(svg) == (
        '<svg><path id="m80" d="M0 3.5L-1 2z" style="fill:none;stroke:#fff"/>'
        '<g id="mark-doe-2020"><use href="#m80"/><text>a  b</text></g></svg>'
    )


def test_what_every_text_of_a_drawing_repeats_is_said_once() -> None:
    text = (
        "<text style=\"font-size: 9px; font-family: 'A B', serif; text-anchor: start; fill: #111\""
        ' x="1" transform="rotate(-0 1 2)">a</text>'
    )
    turned = text.replace("rotate(-0", "rotate(-90").replace("start", "middle")
    assert compact(f"<svg><g>{text}</g><g>{turned}</g></svg>") == (
        """<svg font-family="'A B', serif"><text style="font-size:9px;fill:#111" x="1">a</text>"""
        """<text style="font-size:9px;text-anchor:middle;fill:#111" x="1\""""
        """ transform="rotate(-90 1 2)">a</text></svg>"""
    )


def test_fonts_that_differ_stay_where_they_are() -> None:
    svg = '<svg><text style="font-family:A">a</text><text style="font-family:B">b</text></svg>'
    assert compact(svg) == svg


def test_neighbours_that_look_the_same_share_their_style() -> None:
    line = '<path d="M 0 0 L 1 1" style="stroke:#111"/>'
    text = '<text style="fill:#111" x="1">a</text>'
    assert compact(f"<svg>{line}{line}{text}{text}{line}</svg>") == (
        '<svg><g style="stroke:#111"><path d="M0 0L1 1"/><path d="M0 0L1 1"/></g>'
        '<g style="fill:#111"><text x="1">a</text><text x="1">a</text></g>'
        '<path d="M0 0L1 1" style="stroke:#111"/></svg>'
    )
