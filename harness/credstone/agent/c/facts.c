/*
 * The facts: what this target is, probed before anything runs.
 *
 * One JSON object, with the names of credstone/words/facts.py.  What is absent is an empty text or -1.
 */
#include "agent.h"
#include "probes.h"

#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/utsname.h>
#include <unistd.h>

static char buffer[65536];

static void key(const char *name)
{
	out_char(',');
	out_string(name);
	out_char(':');
}

static void text_fact(const char *name, const char *text)
{
	key(name);
	out_string(text);
}

static void number_fact(const char *name, int64_t number)
{
	key(name);
	out_number(number);
}

static void truth_fact(const char *name, bool truth)
{
	key(name);
	out_plain(truth ? "true" : "false");
}

/* A small file without the white space at its end; empty if there is none. */
static const char *file_text(const char *path)
{
	ssize_t length = file_read(path, buffer, sizeof buffer - 1);

	while (length > 0 && strchr(" \t\n", buffer[length - 1]))
		length--;
	buffer[length < 0 ? 0 : length] = 0;
	return buffer;
}

static int64_t file_number(const char *path, int64_t absent)
{
	const char *text = file_text(path);

	return *text ? strtoll(text, NULL, 10) : absent;
}

/* An id map, one extent to a line, with single spaces. */
static const char *map_text(const char *path)
{
	char *to = buffer;

	file_text(path);
	for (const char *from = buffer; *from; from++) {
		bool blank = *from == ' ' || *from == '\t';
		bool needed = to > buffer && to[-1] != '\n' && from[1] != ' ' && from[1] != '\t';
		if (!blank || needed)
			*to++ = blank ? ' ' : *from;
	}
	*to = 0;
	return buffer;
}

static const char *abi(void)
{
#if defined __x86_64__ && defined __ILP32__
	return "x32";
#elif defined __x86_64__
	return "x86_64";
#elif defined __i386__
	return "i386";
#elif defined __aarch64__
	return "aarch64";
#elif defined __arm__
	return "arm";
#elif defined __riscv && __riscv_xlen == 64
	return "riscv64";
#elif defined __powerpc64__ && defined __LITTLE_ENDIAN__
	return "ppc64le";
#elif defined __s390x__
	return "s390x";
#elif defined __loongarch64
	return "loongarch64";
#else
	return "";
#endif
}

/* A number from /proc/self/status. */
static int64_t status_number(const char *field, int64_t absent)
{
	struct answer answer = {0};
	size_t mark = arena_mark();

	file_text("/proc/self/status");
	answer_status(buffer, field, &answer);
	arena_release(mark);
	return answer.failed || answer.kind != A_NUMBER ? absent : answer.number;
}

/* Whether the path lies below the mount point; a mount point that is longer is nearer. */
static size_t below(const char *path, const char *mount)
{
	size_t length = strlen(mount);

	if (strcmp(mount, "/") == 0)
		return 1;
	return strncmp(path, mount, length) == 0 && (path[length] == '/' || path[length] == 0) ? length : 0;
}

/* The options of the mount that a path lies on: proc(5), /proc/PID/mountinfo.  Of two mounts in one place the last holds. */
static const char *mount_options(const char *path)
{
	static char options[256];
	size_t nearest = 0;
	char *rest = NULL;

	options[0] = 0;
	file_text("/proc/self/mountinfo");
	for (char *line = strtok_r(buffer, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest)) {
		char *field[6], *words = NULL;
		int count = 0;
		for (char *word = strtok_r(line, " ", &words); word && count < 6; word = strtok_r(NULL, " ", &words))
			field[count++] = word;
		if (count < 6 || below(path, field[4]) < nearest || !below(path, field[4]))
			continue;
		nearest = below(path, field[4]);
		options[0] = 0;
		strncat(options, field[5], sizeof options - 1);
	}
	return options;
}

static const char *folder_options(void)
{
	static char path[4096];

	return raw(__NR_getcwd, path, sizeof path) > 0 ? mount_options(path) : "";
}

/* The C library, and what of the environment decides which one is loaded. */
static void library_facts(void)
{
	const char *preload = getenv("LD_PRELOAD"), *path = getenv("LD_LIBRARY_PATH");

	text_fact("libc", libc_name());
	text_fact("libc_file", libc_file());
	text_fact("ld_preload", preload ? preload : "");
	text_fact("ld_library_path", path ? path : "");
}

static void kernel_facts(uint32_t overflow_uid, uint32_t overflow_gid)
{
	number_fact("ngroups_max", file_number("/proc/sys/kernel/ngroups_max", -1));
	number_fact("sysconf_ngroups_max", sysconf(_SC_NGROUPS_MAX));
	number_fact("overflow_uid", overflow_uid);
	number_fact("overflow_gid", overflow_gid);
	number_fact("last_capability", capability_last());
	number_fact("suid_dumpable", file_number("/proc/sys/fs/suid_dumpable", 0));
	number_fact("seccomp", status_number("Seccomp", 0));
	text_fact("security_label", file_text("/proc/self/attr/current"));
}

/* The hard limit; -1 where there is none. */
static int64_t process_limit(void)
{
	uint64_t limit[2]; /* soft, hard */

	return raw(__NR_prlimit64, 0, RLIMIT_NPROC, NULL, limit) == 0 && limit[1] != UINT64_MAX ? (int64_t) limit[1]
												: -1;
}

/*
 * The first user namespace has a number that is the same on every Linux, and those that are made have higher ones; a system
 * without such namespaces has only that.  What numbers them otherwise is no Linux (gVisor): there the first is known by its map.
 */
static bool initial_user_namespace(void)
{
	const uint64_t first = 4026531837, own = namespace_of_users();

	if (own == 0 || own >= first)
		return own == 0 || own == first;
	return strcmp(map_text("/proc/self/uid_map"), "0 0 4294967295") == 0;
}

static void more_facts(void)
{
	truth_fact("initial_user_namespace", initial_user_namespace());
	truth_fact("user_namespaces", namespace_of_users() != 0);
	number_fact("max_user_namespaces", file_number("/proc/sys/user/max_user_namespaces", -1));
	number_fact("max_mnt_namespaces", file_number("/proc/sys/user/max_mnt_namespaces", -1));
	number_fact("threads", status_number("Threads", 1));
	number_fact("umask", beginning_umask());
	number_fact("process_limit", process_limit());
	number_fact("ptrace_scope", file_number("/proc/sys/kernel/yama/ptrace_scope", 0));
	text_fact("file_capabilities", probe_file_capabilities());
	text_fact("execution", probe_execution());
	text_fact("message_queues", probe_message_queues());
	truth_fact("static", libc_is_static());
	truth_fact("thread_pointer_kept", probe_thread_pointer());
	truth_fact("real_threads", probe_real_threads());
#ifdef PRETENDED
	truth_fact("groups_kept", pretended_groups_are_kept());
#endif
}

void facts_out(void)
{
	uint32_t overflow_uid = file_number("/proc/sys/kernel/overflowuid", 65534);
	uint32_t overflow_gid = file_number("/proc/sys/kernel/overflowgid", 65534);
	struct credential credential;
	struct utsname names;

	raw(__NR_uname, &names);
	out_plain("{\"api_level\":1");
	text_fact("kernel", names.release);
	text_fact("kernel_version", names.version);
	text_fact("kernel_signature", file_text("/proc/version_signature"));
	text_fact("machine", names.machine);
	text_fact("abi", abi());
	library_facts();
	text_fact("python", "");
	number_fact("pid", raw(__NR_getpid));
	const char *failed = credential_observe(&credential);
	if (failed)
		refuse_errno(failed);
	key("credential");
	credential_out(&credential);
	text_fact("uid_map", map_text("/proc/self/uid_map"));
	text_fact("gid_map", map_text("/proc/self/gid_map"));
	text_fact("setgroups", file_text("/proc/self/setgroups"));
	kernel_facts(overflow_uid, overflow_gid);
	text_fact("new_user_namespace", probe_user_namespace());
	text_fact("new_mount_namespace", probe_mount_namespace());
	text_fact("long_map", probe_long_map(&credential));
	key("refused");
	probe_refused(&credential, overflow_uid, overflow_gid);
	text_fact("folder_options", folder_options());
	text_fact("sysctl_options", mount_options("/proc/sys"));
	more_facts();
	out_char('}');
}
