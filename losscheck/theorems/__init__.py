"""One implication per file: how a proof by it is attempted; its rule in the verifier states and re-checks the lemma."""
