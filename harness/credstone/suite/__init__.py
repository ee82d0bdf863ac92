"""Loading a suite: the notation of scripts, the clauses, the actors.  What is read here is data; nothing is run."""
