"""Figures that draw traced tables: one module for each kind."""

ON_A_PHONE = "application/vnd.companion.narrow+svg"  # the output that a page shows on a phone
