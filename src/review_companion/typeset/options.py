"""The options of `_quarto.yml` as written: checked by name, each with its line."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ..errors import CompanionError
from ..package.definition_schema import keys, schema_parts
from ..package.files import read_text
from ..package.yaml_files import parse_yaml

# What speaks to Quarto alone (theme, css, citeproc, keep-typ, filters) is let through: it changes
# nothing that the embedded engine does.
SUPPORTED: Mapping[str, frozenset[str]] = {
    name.removeprefix("_quarto.yml").removeprefix(": "): frozenset(keys(name))
    for name in schema_parts()
    if name.startswith("_quarto.yml")
}


class QuartoOptions:
    """One configuration file; knows the line of each key.

    Raises CompanionError if the file is missing or is not a YAML mapping.
    """

    def __init__(self, file: Path) -> None:
        self.file = file
        self.lines: dict[str, int] = {}
        text = read_text(file, "a book starts with it")
        self.data = parse_yaml(text, file.name) or {}
        if not isinstance(self.data, dict):
            raise self.error("a mapping of options is expected")
        self._note_lines(self.data, "", 0)

    def _note_lines(self, data: Any, prefix: str, above: int) -> None:
        parts = data.items() if isinstance(data, dict) else ()
        for key, value in enumerate(data) if isinstance(data, list) else parts:
            name = f"{prefix}.{key}".lstrip(".")
            self.lines[name] = getattr(key, "line", 0) or getattr(value, "line", above)
            self._note_lines(value, name, self.lines[name])

    def error(self, what: str, key: str = "", hint: str | None = None) -> CompanionError:
        """An error that names the file and the line of `key`."""
        line = self.lines.get(key, 0)
        where = f"{self.file.name}, line {line}" if line else self.file.name
        return CompanionError(what, where=where, hint=hint)

    def section(self, name: str) -> dict[str, Any]:
        """The mapping at a dotted name; `default` and an absent one are empty."""
        value: Any = self.data
        for part in name.split(".") if name else ():
            value = value.get(part) or {}
            if value == "default":
                value = {}
            if not isinstance(value, dict):
                raise self.error(f"'{name}' must be a mapping", name)
        return dict(value)

    def get(self, name: str) -> Any:
        """The value at a dotted name, or None."""
        section, _, key = name.rpartition(".")
        return self.section(section).get(key)

    def text(self, name: str, *, required: bool = False) -> str:
        """The text at a dotted name; empty if absent, an error if required."""
        value = self.get(name)
        if value is None and required:
            raise self.error(f"'{name}' is missing", name.rpartition(".")[0])
        if isinstance(value, (dict, list)):
            raise self.error(f"'{name}' must be text", name)
        return "" if value is None else str(value)

    def flag(self, name: str, default: bool) -> bool:
        """The truth value at a dotted name."""
        value = self.get(name)
        if value is not None and not isinstance(value, bool):
            raise self.error(f"'{name}' must be true or false, not '{value}'", name)
        return default if value is None else value

    def refuse_unsupported(self) -> None:
        """Raises CompanionError for the first option that the embedded engine does not know."""
        for section, known in SUPPORTED.items():
            for key in self.section(section):
                if key not in known:
                    name = f"{section}.{key}".lstrip(".")
                    hint = f"supported here: {', '.join(sorted(known))}"
                    raise self.error(f"option '{name}' is not supported", name, hint)
        kind = self.get("project.type")
        if kind != "book":
            what = f"project type '{kind}' is not supported" if kind else "there is no project type"
            raise self.error(what, "project.type", "write `type: book` under `project:`")
