"""The expression graph: nodes, simplifying constructors, the table of ops, derivatives and printing."""
