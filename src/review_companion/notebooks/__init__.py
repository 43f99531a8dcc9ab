"""Notebooks: their parameters, execution with inline values, what cells put out."""
