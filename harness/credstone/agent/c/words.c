/*
 * The constants of the headers that a line may name, with the values that they have where the agent was compiled.
 *
 * Those that old headers lack, and that are the same on every architecture, are written out.
 */
#include "agent.h"

#include <fcntl.h>
#include <limits.h>
#include <linux/capability.h>
#include <linux/securebits.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/ipc.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "absent.h"

#ifndef CLONE_NEWCGROUP
#define CLONE_NEWCGROUP 0x02000000
#endif
#ifndef CLONE_NEWTIME
#define CLONE_NEWTIME 0x00000080
#endif
#ifndef PR_CAP_AMBIENT
#define PR_CAP_AMBIENT 47
#define PR_CAP_AMBIENT_IS_SET 1
#define PR_CAP_AMBIENT_RAISE 2
#define PR_CAP_AMBIENT_LOWER 3
#define PR_CAP_AMBIENT_CLEAR_ALL 4
#endif
#ifndef SECBIT_NO_CAP_AMBIENT_RAISE
#define SECBIT_NO_CAP_AMBIENT_RAISE (1 << 6)
#define SECBIT_NO_CAP_AMBIENT_RAISE_LOCKED (1 << 7)
#endif
#ifndef SO_PEERGROUPS
#define SO_PEERGROUPS 59
#endif
#ifndef NS_GET_USERNS /* linux/nsfs.h came with Linux 4.9 */
#define NS_GET_USERNS 0xb701
#define NS_GET_PARENT 0xb702
#define NS_GET_NSTYPE 0xb703
#define NS_GET_OWNER_UID 0xb704
#endif
#define IOPRIO_WHO_PROCESS 1 /* no header of old systems has it */
#ifndef CAP_AUDIT_READ
#define CAP_AUDIT_READ 37
#endif

struct constant {
	const char *name;
	int64_t value;
};

/* Several entries are in a line: clang-format would put each in its own. */
/* clang-format off */
#define IS(name) {#name, name}

static const struct constant constants[] = {
	IS(CLONE_NEWUSER), IS(CLONE_NEWNS), IS(CLONE_NEWPID), IS(CLONE_NEWUTS), IS(CLONE_NEWIPC), IS(CLONE_NEWNET),
	IS(CLONE_NEWCGROUP), IS(CLONE_NEWTIME), IS(CLONE_FS), IS(CLONE_FILES), IS(CLONE_VM), IS(CLONE_SIGHAND),
	IS(CLONE_PARENT), IS(CLONE_THREAD), IS(CLONE_SYSVSEM), IS(CLONE_VFORK),
	IS(NS_GET_USERNS), IS(NS_GET_PARENT), IS(NS_GET_NSTYPE), IS(NS_GET_OWNER_UID),
	IS(O_RDONLY), IS(O_WRONLY), IS(O_RDWR), IS(O_APPEND), IS(O_TRUNC), IS(O_DIRECTORY), IS(O_NOFOLLOW), IS(O_PATH),
	IS(O_NOATIME), IS(O_CREAT), IS(O_EXCL),
	IS(F_OK), IS(R_OK), IS(W_OK), IS(X_OK), IS(AT_EACCESS),
	IS(SIGHUP), IS(SIGINT), IS(SIGQUIT), IS(SIGKILL), IS(SIGUSR1), IS(SIGUSR2), IS(SIGTERM), IS(SIGCHLD),
	IS(SIGCONT), IS(SIGSTOP), IS(SIGALRM), IS(SIGABRT), IS(SIGSEGV), IS(SIGPIPE), IS(SIGURG),
	IS(SIGWINCH),
	{"SIG_DFL", 0}, {"SIG_IGN", 1},         /* pointers in the headers */
	IS(SIGSYS), IS(SIG_BLOCK), IS(SIG_UNBLOCK), IS(SIG_SETMASK),
	IS(PR_SET_PDEATHSIG), IS(PR_GET_PDEATHSIG), IS(PR_GET_DUMPABLE), IS(PR_SET_DUMPABLE), IS(PR_GET_KEEPCAPS),
	IS(PR_SET_KEEPCAPS), IS(PR_CAPBSET_READ), IS(PR_CAPBSET_DROP), IS(PR_GET_SECUREBITS), IS(PR_SET_SECUREBITS),
	IS(PR_SET_NO_NEW_PRIVS), IS(PR_GET_NO_NEW_PRIVS), IS(PR_CAP_AMBIENT), IS(PR_CAP_AMBIENT_IS_SET),
	IS(PR_CAP_AMBIENT_RAISE), IS(PR_CAP_AMBIENT_LOWER), IS(PR_CAP_AMBIENT_CLEAR_ALL),
	IS(SECBIT_NOROOT), IS(SECBIT_NOROOT_LOCKED), IS(SECBIT_NO_SETUID_FIXUP), IS(SECBIT_NO_SETUID_FIXUP_LOCKED),
	IS(SECBIT_KEEP_CAPS), IS(SECBIT_KEEP_CAPS_LOCKED), IS(SECBIT_NO_CAP_AMBIENT_RAISE),
	IS(SECBIT_NO_CAP_AMBIENT_RAISE_LOCKED),
	IS(_LINUX_CAPABILITY_VERSION_1), IS(_LINUX_CAPABILITY_VERSION_2), IS(_LINUX_CAPABILITY_VERSION_3),
	IS(PTRACE_TRACEME), IS(PTRACE_ATTACH), IS(PTRACE_DETACH), IS(PTRACE_SEIZE),
	IS(AT_UID), IS(AT_EUID), IS(AT_GID), IS(AT_EGID), IS(AT_SECURE),
	IS(RLIMIT_CORE), IS(RLIMIT_NPROC), IS(RLIMIT_NOFILE), IS(RLIMIT_FSIZE), IS(RLIMIT_NICE), IS(RLIMIT_RTPRIO),
	IS(PRIO_PROCESS), IS(PRIO_PGRP), IS(PRIO_USER), IS(SCHED_OTHER), IS(SCHED_FIFO), IS(SCHED_RR), IS(SCHED_BATCH),
	IS(IOPRIO_WHO_PROCESS),
	IS(SO_PEERCRED), IS(SO_PEERGROUPS), IS(SCM_CREDENTIALS), IS(IPC_RMID), IS(IPC_SET), IS(IPC_STAT),
	IS(_SC_NGROUPS_MAX), IS(NGROUPS_MAX),
	{0},
};

static const struct constant capabilities[] = {
	IS(CAP_CHOWN), IS(CAP_DAC_OVERRIDE), IS(CAP_DAC_READ_SEARCH), IS(CAP_FOWNER), IS(CAP_FSETID), IS(CAP_KILL),
	IS(CAP_SETGID), IS(CAP_SETUID), IS(CAP_SETPCAP), IS(CAP_LINUX_IMMUTABLE), IS(CAP_NET_BIND_SERVICE),
	IS(CAP_NET_BROADCAST), IS(CAP_NET_ADMIN), IS(CAP_NET_RAW), IS(CAP_IPC_LOCK), IS(CAP_IPC_OWNER),
	IS(CAP_SYS_MODULE), IS(CAP_SYS_RAWIO), IS(CAP_SYS_CHROOT), IS(CAP_SYS_PTRACE), IS(CAP_SYS_PACCT),
	IS(CAP_SYS_ADMIN), IS(CAP_SYS_BOOT), IS(CAP_SYS_NICE), IS(CAP_SYS_RESOURCE), IS(CAP_SYS_TIME),
	IS(CAP_SYS_TTY_CONFIG), IS(CAP_MKNOD), IS(CAP_LEASE), IS(CAP_AUDIT_WRITE), IS(CAP_AUDIT_CONTROL),
	IS(CAP_SETFCAP), IS(CAP_MAC_OVERRIDE), IS(CAP_MAC_ADMIN), IS(CAP_SYSLOG), IS(CAP_WAKE_ALARM),
	IS(CAP_BLOCK_SUSPEND), IS(CAP_AUDIT_READ),
	{"CAP_PERFMON", 38}, {"CAP_BPF", 39}, {"CAP_CHECKPOINT_RESTORE", 40},
	{0},
};
/* clang-format on */

static bool find(const struct constant *table, const char *name, size_t length, int64_t *value)
{
	for (; table->name; table++)
		if (strncmp(table->name, name, length) == 0 && table->name[length] == 0) {
			*value = table->value;
			return true;
		}
	return false;
}

/*
 * The value of a constant, or of several joined with `|`.  A capability is its number; where a set is asked for
 * (`capability_bits`) only capabilities are known, and each is its bit.
 */
bool word_number(const char *word, bool capability_bits, int64_t *number)
{
	*number = 0;
	for (;;) {
		size_t length = strcspn(word, "|");
		int64_t value;
		if (find(capabilities, word, length, &value))
			value = capability_bits ? (int64_t) 1 << value : value;
		else if (capability_bits || !find(constants, word, length, &value))
			return false;
		*number |= value;
		if (!word[length])
			return true;
		word += length + 1;
	}
}
