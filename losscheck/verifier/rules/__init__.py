"""One rule per file: ``check(checker, case, proof) -> Fact``; the docstring is the lemma with all its hypotheses."""
