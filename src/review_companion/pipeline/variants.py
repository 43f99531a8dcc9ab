"""Many parameter sets in one go: a YAML file of named variants.

red-only:
  parameters: {colour: red}
handout:
  edition: participant
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from ..errors import CompanionError
from ..notebooks.parameters import read_parameters
from ..package.yaml_files import read_yaml
from ..package.yaml_nodes import Node
from ..typeset.config import read_book
from .render import render
from .render_session import RenderSession
from .settings import Report, Settings, Watch

KEYS = ("parameters", "edition")
_NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


def read_variants(path: Path, base: Settings) -> dict[str, Settings]:
    """The settings of each variant, each with a folder of its own.

    The folders are in `base.out`, or in `build/variants`. What `base` sets holds for every variant
    that does not set it otherwise. Raises CompanionError for anything that could not be rendered,
    before anything is.
    """
    if not path.is_file():
        raise CompanionError("there is no such file", where=str(path))
    declared = read_yaml(path)
    if not declared:
        raise CompanionError("names no variant", where=str(path))
    folder = base.out or base.root / "build" / "variants"
    variants = {name: _settings(name, declared[name], base, folder, path) for name in declared}
    notebooks = read_book(base.root).notebooks
    for name, settings in variants.items():
        try:
            read_parameters(base.root, notebooks, settings.parameters)
        except CompanionError as error:
            where = f"{path}, {name}"
            raise CompanionError(error.what, where=where, hint=error.hint) from None
    return variants


def render_variants(variants: Mapping[str, Settings], watch: Watch) -> Iterator[Report]:
    """Renders one after another with the same evaluation and the same cache."""
    root = next(iter(variants.values())).root
    session = RenderSession(root)
    for settings in variants.values():
        yield render(settings, watch, session)


def _settings(name: str, entry: Any, base: Settings, folder: Path, path: Path) -> Settings:
    where = f"{path}:{getattr(entry, 'line', 0)}, {name}"
    if not _NAME.fullmatch(name):
        hint = "a folder gets this name: lower-case letters, digits and single hyphens"
        raise CompanionError(f"“{name}” cannot name a variant", where=str(path), hint=hint)
    if not isinstance(entry, Node) or set(entry) - set(KEYS):
        raise CompanionError(f"a variant has: {', '.join(KEYS)}", where=where)
    parameters = entry.get("parameters") or {}
    if not isinstance(parameters, Mapping):
        raise CompanionError("parameters are name: value", where=where)
    return replace(
        base,
        parameters={**base.parameters, **{k: _text(v) for k, v in parameters.items()}},
        edition=str(entry.get("edition", base.edition)),
        out=folder / name,
    )


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
