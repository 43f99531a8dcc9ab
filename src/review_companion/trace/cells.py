"""A cell's text as a value of its column's type."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from ..errors import CompanionError
from ..stats.rounding import interval


def parse_cell(text: str, field: Mapping[str, Any], *, intervals: bool = False) -> Any:
    """int, Decimal (printed digits kept), bool or str; None for an empty cell.

    With `intervals`, a cell of type "number" becomes the interval that rounds half up to it;
    whole counts (type "integer") are exact.
    """
    kind = field.get("type", "string")
    if text == "":
        return None
    if kind == "boolean":
        return text == "true"
    if kind not in ("integer", "number"):
        return text
    try:
        number = Decimal(text)
    except InvalidOperation:
        hint = "`companion check` names the cell"
        raise CompanionError(f"“{text}” is not a number", hint=hint) from None
    if kind == "integer":
        return int(number)
    return interval(number) if intervals else number
