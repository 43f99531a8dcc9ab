"""Journal-club questions from the ledger and the data: generated, checked by hash, shown."""
