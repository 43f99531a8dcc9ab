"""Extraction data on their way to other people and back: workbooks, second extractors."""
