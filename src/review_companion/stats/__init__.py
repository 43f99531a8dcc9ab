"""Consistency checks as pure functions of printed figures; importing it costs next to nothing."""
