"""The proof that the suite can fail: mutants of the model, a table of real bugs, and the coverage of the clauses."""
