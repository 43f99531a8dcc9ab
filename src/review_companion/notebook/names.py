"""What a notebook asked for: the names on which its execution depends.

A notebook imports a module which remembers every name that it was asked for. After the last
cell the executor evaluates an expression, the probe, in the notebook's kernel and hands back
the text that it gives.
"""

from __future__ import annotations

import json

from review_companion.errors import CompanionError


def probe_for(module: str, function: str) -> str:
    """An expression for the text of `module.function()`; empty where nobody imported the module.

    The function takes nothing and returns a JSON list of strings.
    """
    return f"getattr(__import__('sys').modules.get({module!r}), {function!r}, str)()"


def read_names(answer: str | None) -> tuple[str, ...]:
    """The names in a probe's answer, each once, sorted."""
    try:
        names = json.loads(answer or "[]")
    except ValueError:
        names = None
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        raise CompanionError(f"expected a list of names from the notebook, not {answer!r}")
    return tuple(sorted(set(names)))
