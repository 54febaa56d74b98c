"""The catalogue on paper: the ledger of its claims, one page per loss, and the matrix of losses by properties."""
