"""What changed between two renders: data cells, numbers, verdicts, sentences, figures."""
