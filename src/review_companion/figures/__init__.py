"""Figures that draw traced tables: one module for each kind."""
