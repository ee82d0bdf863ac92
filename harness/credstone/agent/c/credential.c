/*
 * What a task sees of itself: the whole credential, from raw system calls made by the task itself.
 *
 * /proc/thread-self/status would say much of this in one read, but it is one more thing that can be wrong, it may not
 * be mounted, and it does not show the securebits.  Nothing is inferred: the ambient set, for one, is asked bit by bit
 * even where the permitted set is empty, because a kernel that breaks the rule between the two must show.
 */
#include "agent.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#ifndef PR_CAP_AMBIENT
#define PR_CAP_AMBIENT 47
#define PR_CAP_AMBIENT_IS_SET 1
#endif

static long control(int option, unsigned long first, unsigned long second)
{
	return raw(__NR_prctl, option, first, second, 0, 0);
}

/* The highest capability that this kernel knows. */
int capability_last(void)
{
	static int last = -1;

	if (last < 0)
		for (last = 0; last < 63 && control(PR_CAPBSET_READ, last + 1, 0) >= 0; last++)
			;
	return last;
}

/* The three sets of capget(2), indexed INHERITABLE, PERMITTED, EFFECTIVE. */
bool capabilities_get(uint64_t sets[3])
{
	struct __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
	struct __user_cap_data_struct data[2] = {{0}};

	if (raw(__NR_capget, &header, data) < 0)
		return false;
	sets[INHERITABLE] = (uint64_t) data[1].inheritable << 32 | data[0].inheritable;
	sets[PERMITTED] = (uint64_t) data[1].permitted << 32 | data[0].permitted;
	sets[EFFECTIVE] = (uint64_t) data[1].effective << 32 | data[0].effective;
	return true;
}

bool capabilities_set(uint64_t permitted, uint64_t effective, uint64_t inheritable)
{
	struct __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
	struct __user_cap_data_struct data[2] = {
		{(uint32_t) effective, (uint32_t) permitted, (uint32_t) inheritable},
		{(uint32_t) (effective >> 32), (uint32_t) (permitted >> 32), (uint32_t) (inheritable >> 32)},
	};

	return raw(__NR_capset, &header, data) == 0;
}

#ifndef PRETENDED /* pretended.c has its own */

static uint32_t groups[65536]; /* NGROUPS_MAX; touched only as far as there are groups */

/*
 * The fourth number of `Uid:` or `Gid:`, where the system has no setfsuid(2) to ask: gVisor answers ENOSYS.  /proc stays open
 * from the first time on, which is before any cell: a chroot may hide it.
 */
static uint32_t filesystem_id_from_proc(const char *field)
{
	static char status[8192];
	static int proc = -1;
	struct answer answer = {0};

	if (proc < 0)
		proc = kernel_open("/proc", O_PATH | O_DIRECTORY | O_CLOEXEC, 0);
	int file = kernel_open_in(proc, "thread-self/status", O_RDONLY | O_CLOEXEC);
	ssize_t length = file < 0 ? -1 : kernel_read(file, status, sizeof status - 1);
	kernel_close(file);
	if (length < 0)
		return UINT32_MAX;
	status[length] = 0;
	size_t mark = arena_mark();
	answer_status(status, field, &answer);
	uint32_t id = answer.kind == A_LIST && answer.count >= 4 ? (uint32_t) answer.list[3] : UINT32_MAX;
	arena_release(mark);
	return id;
}

/*
 * setfsuid(-1) changes nothing and returns the present value, whatever it is.  Where long has 32 bits, raw() takes
 * the highest ids for error numbers; that is undone here.
 */
static uint32_t filesystem_id(long number, const char *field)
{
	long id = raw(number, -1);

	if (id != -1)
		return (uint32_t) id;
	if (sizeof id == 4 && errno != ENOSYS && errno != EPERM)
		return (uint32_t) -errno;
	return filesystem_id_from_proc(field);
}

/* Observes; NULL, or the name of a call without which there is no credential, with errno. */
const char *credential_observe(struct credential *seen)
{
	long count;

	memset(seen, 0, sizeof *seen);
	if (raw(NR(getresuid), &seen->uid[0], &seen->uid[1], &seen->uid[2]) < 0)
		return "getresuid";
	if (raw(NR(getresgid), &seen->gid[0], &seen->gid[1], &seen->gid[2]) < 0)
		return "getresgid";
	seen->uid[3] = filesystem_id(NR(setfsuid), "Uid");
	seen->gid[3] = filesystem_id(NR(setfsgid), "Gid");
	if ((count = raw(NR(getgroups), sizeof groups / sizeof *groups, groups)) < 0)
		return "getgroups";
	seen->group_count = count;
	seen->groups = groups;
	if (!capabilities_get(seen->capabilities))
		return "capget";
	for (int bit = 0, last = capability_last(); bit <= last; bit++) {
		if (control(PR_CAPBSET_READ, bit, 0) > 0)
			seen->capabilities[BOUNDING] |= (uint64_t) 1 << bit;
		if (control(PR_CAP_AMBIENT, PR_CAP_AMBIENT_IS_SET, bit) > 0)
			seen->capabilities[AMBIENT] |= (uint64_t) 1 << bit;
	}
	/* What a system does not know (an old kernel, gVisor) cannot be set either, and reads as 0. */
	long securebits = control(PR_GET_SECUREBITS, 0, 0);
	seen->securebits = securebits < 0 ? 0 : securebits;
	seen->no_new_privs = control(PR_GET_NO_NEW_PRIVS, 0, 0) > 0;
	seen->keep_caps = control(PR_GET_KEEPCAPS, 0, 0) > 0;
	seen->dumpable = control(PR_GET_DUMPABLE, 0, 0);
	int signal = 0;
	if (control(PR_GET_PDEATHSIG, (unsigned long) &signal, 0) == 0)
		seen->parent_death_signal = signal;
	return NULL;
}

#endif

static void flag_out(bool flag)
{
	out_plain(flag ? ",true" : ",false");
}

void credential_out(const struct credential *seen)
{
	out_char('[');
	out_ids(seen->uid, 4);
	out_char(',');
	out_ids(seen->gid, 4);
	out_char(',');
	out_ids(seen->groups, seen->group_count);
	out_char(',');
	out_numbers((const int64_t *) seen->capabilities, CAPABILITY_SETS);
	out_char(',');
	out_number(seen->securebits);
	flag_out(seen->no_new_privs);
	flag_out(seen->keep_caps);
	out_char(',');
	out_number(seen->dumpable);
	out_char(',');
	out_number(seen->parent_death_signal);
	out_char(']');
}
