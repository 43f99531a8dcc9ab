"""The templates of the club: what a session shows, as Markdown."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ..markup import templates, tidied
from ..review import Markdown
from .extraction import CHOICES
from .hashes import letter
from .material import full_width, material_table, pipe_table

_TEMPLATES = templates(
    Path(__file__).parent / "templates",
    full_width=full_width,
    letter=letter,
    pipe_table=pipe_table,
    material_table=material_table,
)
_TEMPLATES.globals["choices"] = CHOICES


def shown(page: str, part: str, *subjects: Any) -> Markdown:
    """A part (a macro) of a page (a template), about these subjects."""
    macro = getattr(_TEMPLATES.get_template(f"{page}.md").module, part)
    return Markdown(tidied(macro(*subjects)))
