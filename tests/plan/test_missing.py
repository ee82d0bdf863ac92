"""What a scenario needs besides its actor: where a target lacks it, a reason that names the fact."""

from __future__ import annotations

import msgspec

from building import EVERYTHING, credential, facts, scenario
from credstone.plan.missing import missing_for
from credstone.words.actor import Actor
from credstone.words.capability import CAP_SYS_ADMIN, MASKS
from credstone.words.cell import Cell
from credstone.words.facts import Facts
from plan.targets import AS_ROOT, AS_USER, SMALL

SOMEBODY = Actor(about="", name="somebody")


def needs(body: str, target: Facts) -> list[str]:
    """What a scenario with this body needs besides its actor."""
    one = scenario(body)
    return missing_for(Cell(one, SOMEBODY, "libc", "host", one.abi), target)


def test_a_scenario_without_needs() -> None:
    assert needs("  getuid()", AS_USER) == []


def test_files_of_others_need_chown() -> None:
    assert needs("  file door owner 0:500\n  open(door, O_RDONLY)", AS_USER) == [
        "needs root: uid 1000 may not give files to others (CAP_CHOWN, CAP_FOWNER)"
    ]
    assert needs("  file door owner 1000:1000\n  open(door, O_RDONLY)", AS_USER) == []


def test_owners_without_a_mapping_are_named() -> None:
    assert needs("  file door owner 0:500\n  open(door, O_RDONLY)", SMALL) == [
        "the owner 0:500 has no mapping in the user namespace of the agent"
    ]


def test_modes_of_others_files_need_their_capabilities() -> None:
    lacking = facts(credential(capabilities=EVERYTHING & ~MASKS["CAP_FOWNER"] & ~MASKS["CAP_FSETID"]))
    mine = "  file door owner 0:500 mode 0644\n  open(door, O_RDONLY)"
    assert needs(mine, lacking) == []
    assert needs(mine.replace("0:500", "7:500"), lacking) == [
        "needs root: uid 0 may not give files to others (CAP_FOWNER)"
    ]
    assert needs(mine.replace("0644", "2644"), lacking) == [
        "needs root: uid 0 may not give files to others (CAP_FSETID)"
    ]
    assert needs(mine.replace("0:500", "0:0").replace("0644", "2644"), lacking) == []


def test_nobody_sets_a_limit_above_the_hard_one() -> None:
    setting = "  setrlimit(RLIMIT_NPROC, 100) = 0"
    assert needs(setting, facts(process_limit=60)) == [
        "the hard limit on processes (RLIMIT_NPROC) is 60 here, and 100 is to be set"
    ]
    assert needs(setting, facts(process_limit=100)) == needs(setting, facts()) == []


def test_files_of_the_machine_belong_to_the_initial_namespace() -> None:
    opening = '  open("/proc/sys/kernel/overflowuid", O_WRONLY) = EACCES'
    assert needs(opening, facts(initial_user_namespace=False)) == [
        "files of /proc/sys belong to the initial user namespace, and the agent lives in another"
    ]
    assert needs(opening, facts()) == []


def test_what_is_set_up_by_a_call_that_is_not_there() -> None:
    without = facts(refused={"setfsuid": "ENOSYS", "setgroups": "EPERM"})
    reason = "there is no setfsuid(2) here (ENOSYS), and the scenario is set up by it"
    assert needs("  setfsuid(5)\n  setgroups([1])", without) == [reason]
    assert needs("  setfsuid(5) = 0", without) == [], "what is asked for is judged"


def test_maps_that_are_too_long_to_be_set_up_by() -> None:
    five, six = ("\\n".join(f"{n} {n} 1" for n in range(lines)) for lines in (5, 6))
    short = facts(long_map="EINVAL", kernel="4.14.1")
    assert needs(f'  write("/proc/$pid/uid_map", "{six}")', short) == [
        "a map of ids may have no more than five lines here (EINVAL)"
    ]
    assert needs(f'  write("/proc/$pid/uid_map", "{six}")', facts()) == []
    assert needs(f'  write("/proc/$pid/uid_map", "{five}")', short) == []
    assert needs(f'  write("/proc/$pid/uid_map", "{six}") = EINVAL', short) == []


HELPER = "  file helper = agent, owner 0:0, mode 4755\n  exec(helper)"


def test_set_id_files_need_a_mount_that_honours_them() -> None:
    assert needs(HELPER, facts(folder_options="rw,nosuid,relatime")) == [
        "the temporary folder is mounted nosuid: set-user-ID files have no effect there"
    ]
    assert needs(HELPER, facts(folder_options="rw,nosuidx")) == []
    assert needs("  file helper = agent, mode 0755\n  exec(helper)", facts(folder_options="nosuid")) == []


def test_programs_of_another_machine_are_not_executed() -> None:
    (reason,) = needs(HELPER, facts(execution="ENOEXEC", abi="s390x", runtime="qemu-s390x 7.2"))
    assert reason.startswith(
        "a program of the agent's kind is not executed here (ENOEXEC): the kernel takes no programs for s390x"
    )
    assert needs(HELPER, facts(execution="EACCES")) == ["a program of the agent's kind is not executed here (EACCES)"]
    assert needs("  file door mode 0644\n  open(door, O_RDONLY)", facts(execution="EACCES")) == []


def test_set_id_files_have_no_effect_under_no_new_privs() -> None:
    assert needs(HELPER, facts(credential(no_new_privs=True))) == [
        "no_new_privs is set: set-user-ID files have no effect"
    ]


WITH_CAPABILITIES = '  file helper = agent, mode 0755, capabilities "cap_chown=ep"\n  exec(helper)'


def test_capabilities_of_files_need_a_filesystem_that_has_them() -> None:
    assert needs(WITH_CAPABILITIES, AS_ROOT) == []
    assert needs(WITH_CAPABILITIES, facts(file_capabilities="EOPNOTSUPP")) == [
        "files of the temporary folder cannot have capabilities (EOPNOTSUPP)"
    ]
    assert needs(WITH_CAPABILITIES, facts(credential(capabilities=EVERYTHING & ~MASKS["CAP_SETFCAP"]))) == [
        "needs root: uid 0 may not give capabilities to files (CAP_SETFCAP)"
    ]
    assert needs(WITH_CAPABILITIES, facts(folder_options="nosuid")) == [
        "the temporary folder is mounted nosuid: capabilities of files have no effect there"
    ]


def test_a_nosuid_folder_needs_a_mount() -> None:
    body = "  folder nosuid\n" + HELPER
    assert needs(body, AS_ROOT) == []
    assert needs(body, facts(folder_options="nosuid")) == []
    assert needs(body, facts(credential(capabilities=EVERYTHING & ~CAP_SYS_ADMIN))) == [
        "needs root: uid 0 may not mount a folder nosuid (CAP_SYS_ADMIN, a mount namespace)"
    ]
    assert needs(body, facts(new_mount_namespace="EPERM", seccomp=2)) == [
        "unshare(CLONE_NEWNS) is refused here (EPERM): a seccomp filter is active"
    ]


def test_yama_lets_ancestors_trace() -> None:
    down, up = "  ptrace(PTRACE_SEIZE, c)\n  child c: getuid()", "  child c: ptrace(PTRACE_SEIZE, $pid)"
    assert needs(down, facts(ptrace_scope=1)) == needs(up, AS_ROOT) == []
    assert needs(up, facts(ptrace_scope=1)) == [
        "a process may trace its descendants alone here: kernel.yama.ptrace_scope is 1"
    ]
    assert needs(down, facts(ptrace_scope=2)) == ["no process may trace another here: kernel.yama.ptrace_scope is 2"]


def test_programs_need_a_mount_that_executes() -> None:
    no_programs = facts(folder_options="rw,noexec")
    for executing in (
        "file helper = agent\n  getuid()",
        "file text\n  exec(text)",
        "file door\n  access(door, R_OK|X_OK)",
    ):
        assert needs(f"  {executing}", no_programs) == ["the temporary folder is mounted noexec"]
        assert needs(f"  {executing}", facts(folder_options="rw")) == []
    assert needs("  file door\n  access(door, R_OK)", no_programs) == []


DATABASE = '  passwd "a:x:1:1::/:"\n  initgroups("a", 1)'


def test_a_database_needs_a_mount_namespace() -> None:
    assert needs(DATABASE, AS_USER) == [
        "needs root: uid 1000 may not bring its own /etc (CAP_SYS_ADMIN, a mount namespace)"
    ]
    assert needs(DATABASE, facts(new_mount_namespace="EPERM", seccomp=2)) == [
        "unshare(CLONE_NEWNS) is refused here (EPERM): a seccomp filter is active"
    ]
    assert needs(DATABASE, facts(credential(capabilities=CAP_SYS_ADMIN))) == []


def test_a_line_that_unshares_needs_user_namespaces() -> None:
    refused = facts(new_user_namespace="EPERM")
    assert needs("  unshare(CLONE_NEWUSER)", refused) == ["unshare(CLONE_NEWUSER) is refused here (EPERM)"]
    assert needs("  unshare(CLONE_NEWNS)", refused) == []


def test_an_abi_needs_its_agent() -> None:
    assert needs("  abi i386\n  setuid16(1)", AS_ROOT) == ["the agent is built for x86_64, not for i386"]


def test_all_needs_of_a_scenario_are_listed() -> None:
    poor = facts(
        credential(1000, 1000, (), MASKS["CAP_KILL"], no_new_privs=True),
        folder_options="nosuid,noexec",
        new_user_namespace="EPERM",
    )
    found = needs(
        "  file helper = agent, owner 0:0, mode 6755\n  group missing\n  abi i386\n  unshare(CLONE_NEWUSER)", poor
    )
    assert [reason.split(" is ")[0].split(":")[0] for reason in found] == [
        "needs root",
        "the temporary folder",
        "no_new_privs",
        "the temporary folder",
        "needs root",
        "unshare(CLONE_NEWUSER)",
        "the agent",
    ]


def test_an_old_python_has_no_such_keywords() -> None:
    body = "  subprocess(user=5)  child getresuid() = 5 5 5"
    old = msgspec.structs.replace(AS_ROOT, python="CPython 3.8.20")
    assert needs(body, old) == [
        "subprocess takes user, group, extra_groups and umask since Python 3.9, and this is CPython 3.8.20"
    ]
    assert needs(body, msgspec.structs.replace(AS_ROOT, python="CPython 3.9.0")) == []


def test_levels_of_nesting_are_counted_from_the_initial_namespace() -> None:
    nested = '  unshare(CLONE_NEWUSER) = 0; write("/proc/self/uid_map", "0 0 1") = 5 for n in 1..33'
    inside = msgspec.structs.replace(AS_ROOT, initial_user_namespace=False)
    assert needs(nested, AS_ROOT) == []
    assert needs(nested, inside) == [
        "the levels of user namespaces are counted from the initial one, and the agent lives in another"
    ]
    assert needs("  unshare(CLONE_NEWUSER) = 0", inside) == []


def test_clone_makes_user_namespaces_too() -> None:
    refusing = msgspec.structs.replace(AS_ROOT, new_user_namespace="EPERM")
    assert needs("  clone(CLONE_NEWUSER|CLONE_NEWUTS) = 0", refusing) == [
        "unshare(CLONE_NEWUSER) is refused here (EPERM)"
    ]


def test_a_static_agent_says_nothing_of_the_c_library_of_its_target() -> None:
    target = facts(libc="static glibc 2.36", static=True, image="x")
    one = scenario("  group_member(1)")
    assert missing_for(Cell(one, SOMEBODY, "libc", "image:x"), target) == [
        "the agent is static: the C library in it is glibc 2.36, and none of the target's"
    ]
    assert missing_for(Cell(scenario("  getuid()"), SOMEBODY, "syscall", "image:x"), target) == []


def test_where_there_is_no_other_library_a_static_one_is_tried() -> None:
    target = facts(libc="static glibc 2.36", static=True)
    for lines in ("  group_member(1)", "  pthread_kill(32)", '  initgroups("x", 1)'):
        assert missing_for(Cell(scenario(lines), SOMEBODY, "libc", "kernel:x"), target) == []


def test_threads_that_do_not_stay_themselves_cannot_be_told_of_new_ids() -> None:
    target = facts(libc="static glibc 2.36", static=True, thread_pointer_kept=False)
    reason = "a thread that has handled a signal takes itself for another here, and by signals the C library tells all of new ids"
    several = scenario("  thread t: getuid() = 0\n  setuid(0) = 0")
    assert missing_for(Cell(several, SOMEBODY, "libc", "qemu-user:i386"), target) == [reason]
    for lines, api in ((several.lines, "syscall"), (several.lines[:1], "libc"), (several.lines[1:], "libc")):
        one = msgspec.structs.replace(several, lines=lines)
        assert missing_for(Cell(one, SOMEBODY, api, "qemu-user:i386"), target) == []


def test_an_old_static_library_reads_no_databases() -> None:
    target = facts(libc="static glibc 2.31", static=True)
    assert missing_for(Cell(scenario('  getgrnam("x")'), SOMEBODY, "libc", "kernel:x"), target) == [
        "a static glibc 2.31 reads the databases of users and groups through modules, and there are none here"
    ]
