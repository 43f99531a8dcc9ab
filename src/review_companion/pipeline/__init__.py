"""The sole orchestrator: what is stale, in what order, published atomically."""
