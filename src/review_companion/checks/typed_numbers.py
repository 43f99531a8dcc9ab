"""Numbers typed into templates, where every number is to come from the data.

Looked at is what a template shows as it is written: its text outside tags, and texts within
`{{ … }}` and `{% set … %}` that are shown, chosen or joined. What is compared, looked up or passed
to a function is not.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from jinja2 import Environment, TemplateSyntaxError, nodes

from ..errors import CompanionError
from ..package.yaml_nodes import Written
from ..stats.printed import SMALL, TENS

WORDS = "|".join({*SMALL, *TENS} - {"one"})  # "one" is more often a pronoun
NUMBER = re.compile(rf"(?<![A-Za-z\d])\d+(?:[.,]\d+)*|\b(?:{WORDS})\b", re.IGNORECASE)
NO_DATUM = re.compile(r"\]\(https?://[^)\s]*\)|\b95% confidence interval")
NAME = re.compile(r"[a-z][\w./-]*", re.IGNORECASE)  # of a cell, a row, a value
PASSED_ON = (nodes.Concat, nodes.List, nodes.Tuple, nodes.Output, nodes.Add)
ENVIRONMENT = Environment(autoescape=False)  # parses, and runs nothing


def typed_numbers(declared: Any, key: str = "") -> Iterator[CompanionError]:
    """An error with file and line for each template among what is declared that holds a number.

    A template is a text with a tag, or what a column calls its template.
    """
    if isinstance(declared, dict):
        for name, item in declared.items():
            yield from typed_numbers(item, name)
    elif isinstance(declared, list):
        for item in declared:
            yield from typed_numbers(item)
    elif isinstance(declared, Written) and ("{{" in declared or key == "template"):
        for number in numbers_in(declared):
            where = f"{declared.file}:{declared.line}"
            hint = "name the field or the value that holds it: {{ … }}"
            yield CompanionError(f"“{number}” is typed in a template", where=where, hint=hint)


def numbers_in(template: str) -> list[str]:
    """Digits and number words that the template shows; none where it cannot be read."""
    if not NUMBER.search(template) and "\\" not in template:  # before "\nfive" no word begins
        return []
    try:
        shown = "\0".join(_texts(ENVIRONMENT.parse(template)))
    except (TemplateSyntaxError, RecursionError):
        return []
    return NUMBER.findall(NO_DATUM.sub("", shown))


def _texts(template: nodes.Template) -> Iterator[str]:
    for output in template.find_all(nodes.Output):
        numbers = [n.value for n in output.nodes if isinstance(n, nodes.Const)]
        yield from (str(n) for n in numbers if isinstance(n, int | float))
        yield from _shown(output)
    for assigned in template.find_all(nodes.Assign):
        yield from _shown(assigned.node)


def _shown(node: nodes.Node) -> Iterator[str]:
    match node:
        case nodes.TemplateData():
            yield node.data
        case nodes.Const(value=str(text)) if not NAME.fullmatch(text):
            yield text
        case nodes.CondExpr():
            yield from _shown(node.expr1)
            yield from _shown(node.expr2) if node.expr2 else ()
        case nodes.Filter() if node.node is not None:
            yield from _shown(node.node)
        case _ if isinstance(node, PASSED_ON):
            for child in node.iter_child_nodes():
                yield from _shown(child)
