"""What this machine, its engines and this user can run of the suite, what not and why, and what would change it.

Everything is looked at, nothing is run: targets are opened, their agents tell their facts, and the cells are planned.
"""
