"""What the C agent answers: children that are named, ends, capabilities, limits, tracing, exec, files of a cell."""

from __future__ import annotations

import pytest

from agent.driving import ROOT, USER, Agent
from credstone.words.constants import CONSTANTS

pytestmark = pytest.mark.root

HELPER = "file helper agent 0 0 0755"
CAP_KILL, CAP_SETUID = 1 << 5, 1 << 7


def test_every_constant_of_the_scripts_is_known(agent: Agent) -> None:
    if agent.api != "libc":
        pytest.skip("constants are asked through the C library")
    names = [name for name in CONSTANTS if name != "NGROUPS_MAX"]  # each C library has its own
    lines = [f"main constant {name}" for name in names]
    values = [answer.value for answer in agent.answers(*lines)]
    assert values == [CONSTANTS[name] for name in names]


# -- children, and how they end


def test_a_child_exists_from_the_line_that_names_it(agent: Agent) -> None:
    steps = agent.transcript("main getuid", "main kill c 0", "child:c getuid").steps
    assert [list(step.seen) for step in steps] == [["main"], ["main", "child c"], ["main", "child c"]]
    assert not steps[1].answer.failed


def test_a_text_names_children_and_main(agent: Agent) -> None:
    lines = ["child:b2 getpid", "main getpid", 'main read "/proc/$b2/stat', 'child:b read "/proc/$pid/stat']
    child, main, *texts = (answer.value for answer in agent.answers(*lines))
    assert [str(text).split()[0] for text in texts] == [str(child), str(main)]
    assert agent.answers('main open "/proc/$b/stat O_RDONLY', "child:b2 getpid")[0].errno == "ENOENT"


def test_a_variable_alone_is_a_process(agent: Agent) -> None:
    child, by_variable = agent.answers("child:c getpid", "main status $c Pid")
    assert child == by_variable


def test_a_child_that_exits_is_a_zombie_until_it_is_waited_for(agent: Agent) -> None:
    transcript = agent.transcript("child:c exit 3", "main status c State", "main waitid c", "main kill c 0")
    answers = [step.answer for step in transcript.steps]
    assert [answer.errno or answer.value for answer in answers] == [
        0,
        "Z (zombie)",
        agent.facts.credential.uid.real,
        "ESRCH",
    ]
    assert [list(step.seen) for step in transcript.steps] == [["main"]] * 4


def test_a_thread_that_exits_is_gone(agent: Agent) -> None:
    transcript = agent.transcript("thread:t getuid", "thread:t exit 0", "main status self Threads", "thread:s getuid")
    assert transcript.end == "done"
    assert transcript.steps[2].answer.value == 1
    assert [list(step.seen) for step in transcript.steps][1:] == [["main"], ["main"], ["main", "thread s"]]


def test_main_cannot_exit(agent: Agent) -> None:
    assert agent.transcript("main exit 0").note == "agent: only threads and children can exit"


def test_waiting_for_nobody(agent: Agent) -> None:
    assert agent.last("main waitid $pid") == "ECHILD"


# -- capabilities


def test_capget_of_oneself_and_of_others(root: Agent) -> None:
    sets = [CAP_KILL | CAP_SETUID, CAP_KILL, CAP_SETUID]
    drop = "child:c capset CAP_KILL|CAP_SETUID CAP_KILL CAP_SETUID"
    for asked in ("main capget c", "main capget c _LINUX_CAPABILITY_VERSION_3 valid", "child:c capget"):
        assert root.last(drop, asked, setup=(ROOT,)) == tuple(sets)
    assert root.last(drop, "main capget c _LINUX_CAPABILITY_VERSION_1 valid") == tuple(sets)


def test_capget_refuses(agent: Agent) -> None:
    asked = {
        "capget 4194304": "ESRCH",
        "capget -1": "EINVAL",
        "capget 0 1 valid": "EINVAL",
        "capget 0 1 null": 0,
        "capget 0 _LINUX_CAPABILITY_VERSION_3 null": 0,
        "capget 0 _LINUX_CAPABILITY_VERSION_3 bad-pointer": "EFAULT",
        "capget bad-pointer valid": "EFAULT",
    }
    for call, answer in asked.items():
        assert agent.last(f"main {call}") == answer, call


def test_capset_refuses(agent: Agent) -> None:
    asked = {
        "capset 0 CAP_KILL 0": "EPERM",
        "capset 0 0 0 c": "EPERM",
        "capset 0 0 0 0 1": "EINVAL",
        "capset bad-pointer": "EFAULT",
        "capset null": "EFAULT",
        "capset bad-pointer valid": "EFAULT",
        "capset valid valid": "",
    }
    for call, errno in asked.items():
        assert agent.answers(f"main {call}", "child:c getuid")[0].errno == errno, call


def test_capset_by_own_pid_and_old_version(root: Agent) -> None:
    seen = root.seen("main capset CAP_KILL 0 0 $pid _LINUX_CAPABILITY_VERSION_1")["main"].capabilities
    assert (seen.permitted, seen.effective) == (CAP_KILL, 0)


def test_the_parent_death_signal_is_read_by_pointer(agent: Agent) -> None:
    assert agent.last("main prctl PR_SET_PDEATHSIG SIGUSR1", "main prctl PR_GET_PDEATHSIG") == 10
    assert agent.last("main prctl PR_GET_PDEATHSIG bad-pointer") == "EFAULT"


# -- limits


def test_the_soft_limit(agent: Agent) -> None:
    lines = ["child:c getuid", "main setrlimit RLIMIT_NOFILE 100", "main prlimit c RLIMIT_NOFILE 90"]
    for path, soft in (('"/proc/$c/limits', "90"), ('"/proc/$pid/limits', "100")):
        text = str(agent.last(*lines, f"main read {path}"))
        limits = next(line for line in text.splitlines() if line.startswith("Max open files")).split()
        assert limits[3] == soft
        assert limits[4] not in ("90", "100")


def test_limits_that_are_refused(root: Agent) -> None:
    assert root.last("main setrlimit 99 5") == "EINVAL"
    assert root.last("main prlimit 4194304 RLIMIT_NOFILE 5") == "ESRCH"
    answers = root.answers("child:c getuid", "main setuid 1000", "main prlimit c RLIMIT_NOFILE 5", setup=(ROOT,))
    assert answers[2].errno == "EPERM"


# -- ptrace


def test_tracing_and_leaving(agent: Agent) -> None:
    for how in ("PTRACE_SEIZE", "PTRACE_ATTACH"):
        answers = agent.answers(
            f"main ptrace {how} c",
            "child:c getuid",
            "main ptrace PTRACE_DETACH c",
            "child:c getuid",
            "main status c TracerPid",
        )
        assert [answer.errno for answer in answers] == [""] * 5
        assert answers[4].value == 0


def test_a_child_is_traced_by_its_parent(agent: Agent) -> None:
    main, _, tracer = agent.answers("main getpid", "child:c ptrace PTRACE_TRACEME", "main status c TracerPid")
    assert main == tracer


def test_a_child_traces_main(agent: Agent) -> None:
    assert agent.last("child:c ptrace PTRACE_SEIZE $pid", "main getpid", "child:c status $pid TracerPid")


def test_a_main_that_is_traced_dies_of_its_own(agent: Agent) -> None:
    if agent.api == "python":
        pytest.skip("the Python agent does not promise this")
    assert agent.transcript("child:c ptrace PTRACE_SEIZE $pid", "main abort").end == "signal 6"


def test_a_child_traces_another(agent: Agent) -> None:
    if agent.api == "python":
        pytest.skip("the Python agent does not promise this")
    lines = ["child:b getuid", "child:a ptrace PTRACE_SEIZE b"]
    assert agent.last(*lines, "main kill b SIGKILL", "main waitid b") == agent.facts.credential.uid.real
    assert agent.last(*lines, "child:b exit 0", "main waitid b") == agent.facts.credential.uid.real


def test_tracing_that_is_refused(root: Agent) -> None:
    assert root.last("main ptrace PTRACE_SEIZE 4194304") == "ESRCH"
    assert root.last("main ptrace PTRACE_DETACH $pid") == "ESRCH"
    answers = root.answers("child:c getuid", "main setuid 1000", "main ptrace PTRACE_SEIZE c", setup=(ROOT,))
    assert answers[2].errno == "EPERM"


@pytest.mark.parametrize(
    "how", ["main ptrace PTRACE_SEIZE c", "main ptrace PTRACE_ATTACH c", "child:c ptrace PTRACE_TRACEME"]
)
def test_a_tracee_executes_and_goes_on(root: Agent, how: str) -> None:
    setup = ("file helper agent 0 0 4755", USER)
    lines = [how, "child:c exec helper", "child:c geteuid", "main status c TracerPid"]
    *_, effective, tracer = root.answers(*lines, setup=setup)
    assert effective.value == 1000  # who is traced by somebody without rights gets none by exec
    assert tracer.value


def test_a_tracee_gets_its_signals(agent: Agent) -> None:
    transcript = agent.transcript("main ptrace PTRACE_SEIZE c", "main kill c SIGUSR1", "child:c getuid")
    assert transcript.end in ("signal 10", "refused")


# -- exec


def test_a_script_is_run_by_a_copy_of_the_agent(root: Agent) -> None:
    for first in ("#!./helper", "#!./helper with an argument"):
        setup = (HELPER, f'file script "{first.replace(" ", "%20")}%0A 0 0 0755')
        assert root.last("main exec script", "main getuid", setup=setup) == 0


def test_a_script_with_a_set_user_id_interpreter(root: Agent) -> None:
    setup = ("file helper agent 0 0 4755", 'file script "#!./helper%0A 0 0 0755', USER)
    assert root.last("main exec script", "main getauxval AT_SECURE", setup=setup) == 1


def test_the_auxiliary_vector(root: Agent) -> None:
    setup = ("file helper agent 7 0 4755", HELPER.replace("helper", "plain"), USER)
    for name, value in {"AT_SECURE": 1, "AT_UID": 1000, "AT_EUID": 7, "AT_GID": 1000, "AT_EGID": 1000}.items():
        assert root.last("main exec helper", f"main getauxval {name}", setup=setup) == value
    assert root.last("main exec plain", "main getauxval AT_SECURE", setup=setup) == 0
    assert root.last("main getauxval 9999") == "ENOENT"


def test_what_cannot_be_executed(root: Agent) -> None:
    setup = (
        'file text "no%20program 0 0 0755',
        'file script "#!./missing%0A 0 0 0755',
        "file mine agent 0 0 0700",
        USER,
    )
    assert root.last("main exec text", setup=setup) == "ENOEXEC"
    assert root.last("main exec script", setup=setup) == "ENOENT"
    assert root.last("main exec mine", setup=setup) == "EACCES"


# -- the files of a cell


def test_capabilities_of_a_file(root: Agent) -> None:
    for rootid in (-1, 0):
        setup = (f"file helper agent 0 0 0755 [{CAP_KILL},{CAP_SETUID},1,{rootid}]", USER)
        seen = root.seen("main exec helper", setup=setup)["main"].capabilities
        assert (seen.permitted, seen.effective, seen.inheritable) == (CAP_KILL, CAP_KILL, 0)


def test_capabilities_for_the_root_of_another_namespace_do_not_count(root: Agent) -> None:
    setup = (f"file helper agent 0 0 0755 [{CAP_KILL},0,1,1000]", USER)
    seen = root.seen("main exec helper", setup=setup)["main"].capabilities
    assert seen.permitted == 0


def test_capabilities_that_are_only_permitted(root: Agent) -> None:
    setup = (f"file helper agent 0 0 0755 [{1 << 40 | CAP_KILL},0,0,-1]", USER)
    seen = root.seen("main exec helper", setup=setup)["main"].capabilities
    assert (seen.permitted, seen.effective) == (1 << 40 | CAP_KILL, 0)


def test_a_folder_with_a_file(root: Agent) -> None:
    setup = ("file room folder 5 6 2711", 'file room/door "wood 7 8 0640', "file dark folder 0 0 0000", USER)
    assert root.last("main stat room", setup=setup) == (5, 6, 0o2711)
    assert root.last("main stat room/door", setup=setup) == (7, 8, 0o640)
    assert root.last("main open room/door O_RDONLY", setup=setup) == "EACCES"
    assert root.last('main open "dark/door O_RDONLY', setup=setup) == "EACCES"


def test_no_file_lies_outside_of_the_folder(agent: Agent) -> None:
    for name in ("/tmp/x", "../x", "room/../../x"):
        assert agent.transcript(setup=(f'file {name} "x 0 0 0644',)).end == "refused"


def test_nosuid(root: Agent) -> None:
    setup = ("file helper agent 0 0 6755", USER)
    assert root.last("main exec helper", "main geteuid", setup=setup) == 0
    assert root.last("main exec helper", "main geteuid", setup=("nosuid", *setup)) == 1000
    with_capabilities = ("nosuid", f"file helper agent 0 0 0755 [{CAP_KILL},0,1,-1]", USER)
    assert root.seen("main exec helper", setup=with_capabilities)["main"].capabilities.permitted == 0
