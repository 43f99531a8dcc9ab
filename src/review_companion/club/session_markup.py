"""The templates of the club: what a session shows, as Markdown."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ..markup import templates, tidied
from ..review import Markdown
from ..sections import in_words
from ..sentences import untraced
from .hashes import letter
from .material import pipe_table, traced_table

SMALLEST, LINE = 17, 30
SIZES = ((220, 31), (420, 27), (640, 23), (950, 20))


def sized(content: str, points: int) -> str:
    """The content in another size on paper and slides; the page keeps its own."""
    return f'::::: {{typst:text:size="{points}pt"}}\n\n{tidied(content)}\n\n:::::'


def fitted(content: str) -> str:
    """Smaller the more there is, so that a slide holds it."""
    content = tidied(content)
    weight = len(untraced(content)) + LINE * content.count("\n")
    return sized(content, next((size for most, size in SIZES if weight <= most), SMALLEST))


_TEMPLATES = templates(
    Path(__file__).parent / "templates",
    fitted=fitted,
    sized=sized,
    untraced=untraced,
    in_words=in_words,
    letter=letter,
    pipe_table=pipe_table,
    traced_table=traced_table,
)


def shown(page: str, part: str, *subjects: Any) -> Markdown:
    """A part (a macro) of a page (a template), about these subjects."""
    macro = getattr(_TEMPLATES.get_template(f"{page}.md").module, part)
    return Markdown(tidied(macro(*subjects)))
