"""Targets as an agent finds them: everything allowed, an ordinary user, a user namespace with one id."""

from __future__ import annotations

from building import credential, facts

AS_ROOT = facts()
AS_USER = facts(credential(1000, 1000, (27, 1000), 0))
SMALL = facts(uid_map="0 5000 1", gid_map="0 5000 1", setgroups="deny")
