"""Reading installed manual pages, and the audit of the clauses against them."""
