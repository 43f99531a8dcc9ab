"""A cell is read as the sheet shows it."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from openpyxl import Workbook

from review_companion.exchange.shown_cells import shown


@pytest.mark.parametrize(
    ("value", "shown_as", "text"),
    [
        (0.2, "0%", "20%"),
        (0.205, "0.0%", "20.5%"),
        (0.125, "0%", "13%"),
        (7, "000", "007"),
        (0.1234, "0.00", "0.12"),
        (0.125, "0.00", "0.13"),
        (-1.5, "0.00;[Red]-0.00", "-1.50"),
        (1234.5, "#,##0.00", "1234.50"),
        (12, '0.0" mg"', "12.0"),
        (42, "General", "42"),
        (42.0, "General", "42"),
        (0.1, "@", "0.1"),
        (1e-7, "0.00E+00", "0.0000001"),
        (True, "General", "true"),
        (None, "0%", ""),
        ("0,2", "@", "0,2"),
        (datetime.datetime(2001, 9, 1), "mmm\\-yy", "Sep-01"),
        (datetime.datetime(2001, 9, 1), "d/m/yyyy", "1/9/2001"),
        (datetime.datetime(2001, 9, 1), "mm-dd-yy", "2001-09-01"),
        (datetime.datetime(2001, 9, 1, 7, 5), "d. mmmm yyyy hh:mm", "1. September 2001 07:05"),
        (datetime.time(13, 5), "h:mm AM/PM", "1:05 PM"),
        (datetime.time(13, 5), "hh:mm", "13:05"),
        (datetime.time(13, 5), "General", "13:05:00"),
    ],
)
def test_in_a_column_of_text(value: Any, shown_as: str, text: str) -> None:
    assert shown(cell(value, shown_as)) == text


@pytest.mark.parametrize(
    ("value", "shown_as", "kind", "text"),
    [
        (0.2, "0%", "number", "20"),
        (0.2, "0.0%", "number", "20.0"),
        (datetime.datetime(2001, 9, 1), "d/m/yyyy", "date", "2001-09-01"),
        (12, "0.0", "integer", "12.0"),
    ],
)
def test_in_a_column_of_another_kind(value: Any, shown_as: str, kind: str, text: str) -> None:
    assert shown(cell(value, shown_as), kind) == text


def cell(value: Any, shown_as: str) -> Any:
    sheet = Workbook().active
    assert sheet is not None
    sheet["A1"] = value
    sheet["A1"].number_format = shown_as
    return sheet["A1"]
