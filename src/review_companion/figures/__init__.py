"""Figures that draw traced tables: one module for each kind."""

ON_A_PHONE = "application/vnd.companion.narrow+svg"  # the output that a page shows on a phone

WIDTH = 400.0
NARROW = 257.0  # a phone's 343 pixels
