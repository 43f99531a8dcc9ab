"""Claims: what the article prints, what recomputes it, and the verdict."""
