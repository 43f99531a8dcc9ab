"""Digests, traces in words, manifest and crate: what makes a report checkable."""
