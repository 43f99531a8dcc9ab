"""Recomputes what a rendered report claims of itself, and says what differs."""
