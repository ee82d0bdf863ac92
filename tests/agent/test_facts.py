"""The facts that the agents tell before the first cell."""

from __future__ import annotations

from pathlib import Path

import pytest

from agent.driving import ROOT, Agent

pytestmark = pytest.mark.root


def test_the_user_namespace_of_the_agent(agent: Agent) -> None:
    assert agent.facts.initial_user_namespace == (Path("/proc/self/ns/user").stat().st_ino == 4026531837)


def test_yama(agent: Agent) -> None:
    scope = Path("/proc/sys/kernel/yama/ptrace_scope")
    assert agent.facts.ptrace_scope == (int(scope.read_text()) if scope.exists() else 0)


def test_capabilities_of_files_are_as_the_fact_says(root: Agent) -> None:
    transcript = root.transcript("main getuid", setup=('file door "wood 0 0 0644 [128,0,1,-1]', ROOT))
    assert transcript.note == (f"setxattr: {root.facts.file_capabilities}" if root.facts.file_capabilities else "")


def test_message_queues_are_as_the_fact_says(agent: Agent) -> None:
    assert agent.last("main msgget 384") == (agent.facts.message_queues or 0)


def test_what_explains_that_a_namespace_is_refused(agent: Agent) -> None:
    limits = [Path(f"/proc/sys/user/max_{kind}_namespaces") for kind in ("user", "mnt")]
    found = [agent.facts.max_user_namespaces, agent.facts.max_mnt_namespaces]
    assert found == [int(path.read_text()) if path.exists() else -1 for path in limits]
    assert agent.facts.user_namespaces == Path("/proc/self/ns/user").exists()
    assert agent.facts.threads == 1
