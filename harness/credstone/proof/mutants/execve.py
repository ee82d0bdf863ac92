"""Ways to get execve(2) wrong."""

from __future__ import annotations

from credstone.model.files.paths import lookup
from credstone.model.rules import Context
from credstone.model.world import Auxiliary, Tracer
from credstone.proof.mutants.build import (
    answering,
    deciding,
    giving,
    having,
    is_root,
    looking_first,
    mutant,
    named_file,
    never,
    refusing,
    replace,
    when,
    world_with,
)
from credstone.words.answer import Answer
from credstone.words.capability import CAP_SETUID
from credstone.words.credential import Credential, Ids
from credstone.words.scenario import File

PAGE = "execve(2)/"
LINUX = "execve(2)/linux/"


def _program(now: Context) -> File:
    """The program at the end, as far as one script is followed."""
    file = named_file(now)
    interpreter = lookup(now.world, file.content.removeprefix("#!").split(" ")[0].removeprefix("./"))
    return interpreter if file.kind == "text" and interpreter is not None else file


def _apart(changed: bool, now: Context) -> bool:
    own = now.credential
    return changed or own.uid.effective != own.uid.real or own.gid.effective != own.gid.real


def _bits_of_the_script(program: File, now: Context) -> File:
    file = named_file(now)
    return replace(program, owner=file.owner, group=file.group, mode=file.mode & 0o7000 | program.mode & 0o777)


def _capabilities_of_the_script(program: File, now: Context) -> File:
    return replace(program, capabilities=named_file(now).capabilities)


def _as_before(ids: Ids, now: Context) -> Ids:
    """The filesystem id that the caller had."""
    old = now.credential.uid if ids.real == now.credential.uid.real else now.credential.gid
    return replace(ids, filesystem=old.filesystem)


def _file_gives(permitted: int, now: Context) -> int:
    given = _program(now).capabilities
    return permitted | (given.permitted if given else 0)


def _kept(pair: tuple[int, bool], now: Context) -> tuple[int, bool]:
    return now.credential.securebits, now.credential.keep_caps


def _with_flag_alone(pair: tuple[int, bool], now: Context) -> tuple[int, bool]:
    return pair[0] | now.credential.securebits & 0x10, pair[1]


def _real_stays(new: Credential, now: Context) -> Credential:
    return replace(new, uid=replace(new.uid, real=new.uid.effective))


def _secure_without_groups(secure: bool, now: Context) -> bool:
    """Whether the user id changed, whatever became of the group."""
    old = now.credential
    return secure and (old.uid.effective != old.uid.real or bool(_program(now).mode & 0o4000))


def _secure_by_bits(secure: bool, now: Context) -> bool:
    return bool(_program(now).mode & 0o6000)


def _swapped(told: Auxiliary, now: Context) -> Auxiliary:
    return replace(told, uid=told.euid, gid=told.egid)


def _kernel_ids(told: Auxiliary, now: Context) -> Auxiliary:
    namespace = now.world.namespaces[now.task.namespace]
    real = {name: namespace.uid(getattr(told, name)) for name in ("uid", "euid")}
    return replace(told, **{name: told.uid if value is None else value for name, value in real.items()})


def _any_bit(is_group: bool, now: Context) -> bool:
    return bool(_program(now).mode & 0o2000)


def _one_is_enough(known: bool, now: Context) -> bool:
    file, here = _program(now), now.world.namespaces[now.task.namespace]
    return here.has_uid(file.owner) or here.has_gid(file.group)


def _tracer(now: Context) -> Tracer:
    """Who traces the caller."""
    tracer = now.task.tracer
    assert tracer is not None
    return tracer


MUTANTS = (
    mutant("exec-no-set-user-ID", PAGE + "set-user-ID", deciding(lambda uid, now: now.credential.uid.effective),
           "The set-user-ID bit does nothing (gVisor before 2025)."),
    mutant("exec-set-user-ID-is-root", PAGE + "set-user-ID",
           deciding(lambda uid, now: 0 if uid != now.credential.uid.effective else uid),
           "Every set-user-ID program is one of root (proot's fake root)."),
    mutant("exec-always-the-owner", PAGE + "set-user-ID", deciding(lambda uid, now: _program(now).owner),
           "Every program runs as its owner."),
    mutant("exec-no-set-group-ID", PAGE + "set-group-ID", deciding(lambda gid, now: now.credential.gid.effective),
           "The set-group-ID bit does nothing (gVisor before 2025)."),
    mutant("exec-always-the-group", PAGE + "set-group-ID", deciding(lambda gid, now: _program(now).group),
           "Every program runs as its group."),
    mutant("exec-forgets-no_new_privs", PAGE + "ignored-no_new_privs", giving(False),
           "no_new_privs does not hold set-user-ID programs back (Asterinas before 2026)."),
    mutant("exec-always-no_new_privs", PAGE + "ignored-no_new_privs", giving(True),
           "Programs run as if no_new_privs was set (gVisor before 2025)."),
    mutant("exec-forgets-nosuid", PAGE + "ignored-nosuid", giving(True),
           "The mount option nosuid does not hold set-user-ID programs back."),
    mutant("exec-always-nosuid", PAGE + "ignored-nosuid", giving(False),
           "Every mount is nosuid (a root filesystem that a runtime mounts so)."),
    mutant("exec-forgets-the-tracer", PAGE + "ignored-traced", giving(False),
           "A traced process gains what the file gives (Linux before 2.0)."),
    mutant("exec-any-capability-of-the-tracer", PAGE + "traced-by-CAP_SYS_PTRACE",
           deciding(lambda capable, now: bool(_tracer(now).credential.capabilities.effective)),
           "Any capability of the tracer lets the program have what its file gives."),
    mutant("exec-asks-the-tracer-today", PAGE + "traced-by-CAP_SYS_PTRACE",
           deciding(lambda capable, now: bool(now.world.task(_tracer(now).who).credential.capabilities.effective)),
           "The tracer is asked for what it has now, not for what it had when it attached (Linux before 4.10)."),
    mutant("exec-traced-capabilities", PAGE + "capabilities-ignored", deciding(_file_gives),
           "Capabilities of files come to whom set-id bits do not."),
    mutant("exec-saved-ids-stay", PAGE + "saved-ids",
           deciding(lambda new, now: replace(new, uid=replace(new.uid, saved=now.credential.uid.saved),
                                             gid=replace(new.gid, saved=now.credential.gid.saved))),
           "The saved ids of the old program stay (Gramine)."),
    mutant("exec-saved-before-the-bits", PAGE + "saved-ids",
           deciding(lambda new, now: replace(new, uid=replace(new.uid, saved=now.credential.uid.effective))),
           "The effective id is copied before the bits have changed it."),
    mutant("exec-sets-the-real-uid", PAGE + "real-ids-and-groups", deciding(_real_stays),
           "The real uid becomes the owner's too: nobody knows any more who called."),
    mutant("exec-without-groups", PAGE + "real-ids-and-groups", having(lambda new: {"groups": ()}),
           "The supplementary groups are gone."),
    mutant("exec-adds-the-real-gid", PAGE + "real-ids-and-groups",
           having(lambda new: {"groups": (*new.groups, new.gid.real)}),
           "The caller's group is added to the list, so that it opens what it opened."),
    mutant("exec-clears-securebits", PAGE + "attributes-preserved", having(lambda new: {"securebits": 0}),
           "All securebits are cleared."),
    mutant("exec-clears-no_new_privs", PAGE + "attributes-preserved", having(lambda new: {"no_new_privs": False}),
           "no_new_privs ends with the program."),
    mutant("exec-clears-the-signal", PAGE + "attributes-preserved", having(lambda new: {"parent_death_signal": 0}),
           "The parent-death signal ends with the program."),
    mutant("exec-always-dumpable", PAGE + "dumpable", giving(1),
           "Set-user-ID programs leave core dumps, and can be looked into."),
    mutant("exec-dumpable-stays", PAGE + "dumpable", deciding(lambda dumpable, now: now.credential.dumpable),
           "The attribute of the old program stays."),
    mutant("exec-never-dumpable", PAGE + "dumpable", giving(0),
           "No new program is dumpable."),
    mutant("exec-files-of-the-owner", PAGE + "proc-files-of-root",
           deciding(lambda file, now: replace(file, owner=now.credential.uid.effective)),
           "The files below /proc/PID belong to the effective uid, dumpable or not."),
    mutant("exec-keeps-keep-caps", PAGE + "keep-caps-cleared", deciding(_kept),
           "PR_SET_KEEPCAPS reaches the next program."),
    mutant("exec-keeps-the-securebit", PAGE + "keep-caps-cleared", deciding(_with_flag_alone),
           "The flag is cleared, the securebit of the same meaning stays."),
    mutant("exec-keeps-the-signal", PAGE + "parent-death-signal",
           deciding(lambda signal, now: now.credential.parent_death_signal),
           "A user's process that ends signals a program of root (Linux before 2.6.23)."),
    mutant("exec-forgets-every-signal", PAGE + "parent-death-signal", giving(0),
           "No program has the signal of the one before."),
    mutant("exec-another-signal", PAGE + "parent-death-signal-of-oneself", giving(15),
           "The signal becomes SIGTERM, as if it was asked for anew."),
    mutant("exec-keeps-the-signal-of-the-secure", LINUX + "parent-death-signal-secure",
           deciding(lambda signal, now: now.credential.parent_death_signal),
           "Only bits clear the signal: file capabilities, or ids that differ, do not."),
    mutant("exec-leaves-threads", PAGE + "other-threads-gone", giving(()),
           "The other threads go on."),
    mutant("exec-script-bits", PAGE + "script-bits-ignored", deciding(_bits_of_the_script),
           "The bits of a script count (as they did before 4.3BSD)."),
    mutant("exec-script-capabilities", PAGE + "script-bits-ignored", deciding(_capabilities_of_the_script),
           "The capabilities of a script count."),
    mutant("exec-scripts-have-no-bits", PAGE + "script-bits-ignored",
           deciding(lambda program, now: program if named_file(now).kind == "agent"
                    else replace(program, mode=program.mode & 0o777)),
           "With a script nobody's bits count, not those of the interpreter either."),
    mutant("exec-interpreter-with-its-argument", PAGE + "script-interpreter",
           deciding(lambda path, now: named_file(now).content.removeprefix("#!").lstrip().removeprefix("./")),
           "The whole line is taken for the path of the interpreter."),
    mutant("exec-one-script-is-enough", PAGE + "script-of-scripts",
           deciding(lambda file, now: replace(file, content="") if file.kind == "text" else file),
           "The interpreter of a script must be a program (Linux before 2.6.28)."),
    mutant("exec-returns-zero", PAGE + "error-minus-one", giving(Answer()),
           "A program that cannot be executed is reported as a success."),
    mutant("exec-returns-the-errno", PAGE + "error-minus-one", giving(Answer("", 2)),
           "A failure answers the number of the error."),
    mutant("exec-searches-every-folder", PAGE + "EACCES-search", never(),
           "Folders on the way are not asked for search permission."),
    mutant("exec-closed-folders-are-missing", PAGE + "EACCES-search", answering("ENOENT"),
           "What is behind a folder that may not be searched is ENOENT."),
    mutant("exec-folder-is-EISDIR", PAGE + "EACCES-not-regular", answering("EISDIR"),
           "A folder is EISDIR, as for open(2)."),
    mutant("exec-ignores-the-mode", PAGE + "EACCES", never(),
           "Files are executed whatever their mode is."),
    mutant("exec-EPERM-for-the-mode", PAGE + "EACCES", answering("EPERM"),
           "A file that may not be executed is EPERM."),
    mutant("exec-owner-only", PAGE + "EACCES",
           when(lambda now: not is_root(now) and named_file(now).owner != now.credential.uid.filesystem),
           "Only the owner and root may execute a file."),
    mutant("exec-never-EAGAIN", PAGE + "EAGAIN", never(),
           "The limit on processes is not looked at."),
    mutant("exec-EAGAIN-without-a-change", PAGE + "EAGAIN", when(lambda now: now.task.processes == 0),
           "The limit is looked at whether or not the user has changed."),
    mutant("exec-ENOMEM-for-EAGAIN", PAGE + "EAGAIN", answering("ENOMEM"),
           "Too many processes are ENOMEM."),
    mutant("exec-scripts-without-end", PAGE + "ELOOP", answering("ENOEXEC"),
           "A chain that is too long is ENOEXEC (Linux before 3.8)."),
    mutant("exec-missing-is-EACCES", PAGE + "ENOENT", answering("EACCES"),
           "What is not there is EACCES."),
    mutant("exec-runs-texts", PAGE + "ENOEXEC", answering("EACCES"),
           "A text is EACCES."),
    mutant("exec-EACCES-on-nosuid", PAGE + "EPERM-nosuid",
           refusing("EACCES"),
           "A program with one of the bits is EACCES on a nosuid filesystem."),
    mutant("exec-EACCES-under-a-tracer", PAGE + "EPERM-traced",
           refusing("EACCES"),
           "A program with one of the bits is EACCES where the caller is traced."),
    mutant("exec-dumb-programs-run", PAGE + "EPERM-capability-dumb", giving(False),
           "A program runs with fewer capabilities than it counts on (sendmail, 2000)."),
    mutant("exec-all-are-dumb", PAGE + "EPERM-capability-dumb",
           deciding(lambda short, now: bool((caps := _program(now).capabilities)
                                            and caps.permitted & ~now.credential.capabilities.bounding)),
           "EPERM also without the effective flag (gVisor before 2025)."),
    mutant("exec-set-id-can-be-traced", PAGE + "set-id-cannot-be-traced", giving(True),
           "A user traces the set-user-ID programs that it started."),
    mutant("exec-failure-takes-ids", PAGE + "failure-changes-nothing",
           world_with(lambda old, now: {"uid": replace(old.uid, effective=0)}),
           "A call that fails leaves the effective uid of the program."),
    mutant("exec-failure-clears-flags", PAGE + "failure-changes-nothing",
           world_with(lambda old, now: {"keep_caps": False, "parent_death_signal": 0}),
           "A call that fails has cleared what a new program does not have."),
    mutant("exec-failure-moves-the-fsuid", PAGE + "failure-changes-nothing",
           world_with(lambda old, now: {"uid": replace(old.uid, filesystem=old.uid.effective)}),
           "A call that fails sets the filesystem uid."),
    mutant("set-uid-EAGAIN", PAGE + "EAGAIN-not-by-set-uid", when(lambda now: now.task.processes is not None),
           "set*uid fails where the new user has too many processes (Linux before 3.1)."),
    mutant("set-uid-never-notes", PAGE + "EAGAIN-noted", giving(False),
           "Nobody notes that the new user has too many processes."),
    mutant("set-uid-notes-for-ever", PAGE + "EAGAIN-noted",
           deciding(lambda exceeds, now: exceeds or now.task.over_limit),
           "A note is not taken back by the next change of user."),
    mutant("set-uid-counts-twice", PAGE + "EAGAIN-the-last-process", giving(2),
           "The caller is counted twice."),
    mutant("exec-note-stays", PAGE + "EAGAIN-cleared", giving(True),
           "A program that was executed after all leaves the note."),
    mutant("exec-note-is-for-ever", PAGE + "EAGAIN-cleared", deciding(lambda noted, now: now.task.over_limit),
           "The note stays until the user changes."),
    mutant("fork-leaves-the-note", PAGE + "EAGAIN-cleared-by-fork", giving(True),
           "A fork does not take the note back."),
    mutant("fork-forgets-the-note", LINUX + "EAGAIN-inherited", giving(False),
           "The new process has no note."),
    mutant("root-has-a-limit", LINUX + "EAGAIN-not-for-root",
           deciding(lambda exceeds, now: now.task.processes == 0),
           "Root's processes are counted as all others."),
    mutant("exec-filesystem-ids-stay", LINUX + "filesystem-ids", deciding(_as_before),
           "The filesystem ids of the old program stay."),
    mutant("exec-ids-set-apart-are-a-gain", LINUX + "ids-that-were-there", deciding(_apart),
           "Effective ids that are not the real ones are a gain, as before Linux 6.17."),
    mutant("exec-own-groups-are-a-gain", LINUX + "ids-that-were-there",
           deciding(lambda changed, now: changed or named_file(now).group in now.credential.groups),
           "A group in which the process is already is a gain."),
    mutant("exec-group-without-execution", LINUX + "set-group-ID-without-execution", deciding(_any_bit),
           "The set-group-ID bit counts without execution by the group."),
    mutant("exec-unmapped-owners", LINUX + "ignored-unmapped", giving(True),
           "The bits count for owners that have no number in the namespace."),
    mutant("exec-one-mapping-is-enough", LINUX + "ignored-unmapped", deciding(_one_is_enough),
           "The bits count where one of owner and group has a number."),
    mutant("exec-traced-CAP_SETUID-is-nothing", LINUX + "traced-with-CAP_SETUID", giving(False),
           "A traced process with CAP_SETUID gets the real ids."),
    mutant("exec-traced-everybody-has-CAP_SETUID", LINUX + "traced-with-CAP_SETUID",
           deciding(lambda own, now: bool(now.credential.capabilities.permitted & ~CAP_SETUID) or own),
           "Another capability stands for CAP_SETUID."),
    mutant("exec-never-secure", LINUX + "AT_SECURE", giving(False),
           "AT_SECURE is 0 in set-user-ID programs (qemu-user with binfmt_misc)."),
    mutant("exec-secure-by-uid-alone", LINUX + "AT_SECURE", deciding(_secure_without_groups),
           "Set-group-ID programs are not secure."),
    mutant("exec-secure-by-bits", LINUX + "AT_SECURE", deciding(_secure_by_bits),
           "The bits decide, whether or not they gave anything, and nothing else."),
    mutant("exec-always-secure", LINUX + "AT_SECURE", giving(True),
           "Every program is secure."),
    mutant("exec-capabilities-are-not-secure", LINUX + "AT_SECURE-capabilities", giving(False),
           "File capabilities make no program secure."),
    mutant("exec-ambient-is-secure", LINUX + "AT_SECURE-capabilities",
           deciding(lambda secure, now: secure or bool(now.credential.capabilities.ambient)),
           "Ambient capabilities make a program secure."),
    mutant("exec-root-is-secure", LINUX + "AT_SECURE-capabilities", deciding(lambda secure, now: secure or is_root(now)),
           "Programs of root are secure, since they have capabilities."),
    mutant("exec-auxiliary-effective", LINUX + "auxiliary-ids", deciding(_swapped),
           "AT_UID and AT_GID are the effective ids."),
    mutant("exec-auxiliary-kernel-ids", LINUX + "auxiliary-ids", deciding(_kernel_ids),
           "The entries have the ids of the outermost namespace."),
    mutant("exec-content-before-permission", LINUX + "check-order",
           looking_first(PAGE + "ENOEXEC", PAGE + "ENOENT", PAGE + "EACCES-search"),
           "The limit is looked at after the path."),
)  # fmt: skip
