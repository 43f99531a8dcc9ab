"""Rebuilt tables, each cell traced."""
