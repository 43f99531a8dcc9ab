"""Notebooks: their parameters, execution with inline values, and stripping."""
