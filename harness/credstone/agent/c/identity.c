/*
 * Becoming the actor: from the credential that is there to the one that is asked, by raw system calls.
 *
 * Only calls that are needed are made: who is already the actor makes none.  Their order is the heart of it, because
 * each step takes away what another one needs:
 *
 *   groups, gids             while CAP_SETGID is there
 *   inheritable, bounding    while CAP_SETPCAP is there; a bit can be made inheritable only while it is in the bounding set
 *   uids                     with keep_caps, if anything that follows takes a capability
 *   ambient                  needs the bit permitted and inheritable, and a change of uids clears it
 *   securebits               may forbid to raise ambient bits
 *   permitted, effective     last of the capabilities: all of the above lived on them
 *   no_new_privs, dumpable, parent-death signal    need nothing; a change of ids resets the last two
 */
#include "agent.h"

#include <errno.h>
#include <linux/capability.h>
#include <linux/securebits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#ifndef PR_CAP_AMBIENT
#define PR_CAP_AMBIENT 47
#define PR_CAP_AMBIENT_RAISE 2
#define PR_CAP_AMBIENT_LOWER 3
#endif

#ifndef PRETENDED /* pretended.c has its own */

static struct credential now, wanted;

static void must(long result, const char *what)
{
	if (result < 0)
		refuse_errno(what);
}

static void must_set(uint64_t permitted, uint64_t effective, uint64_t inheritable)
{
	must(capabilities_set(permitted, effective, inheritable) ? 0 : -1, "capset");
}

static long control(int option, unsigned long first, unsigned long second)
{
	return raw(__NR_prctl, option, first, second, 0, 0);
}

static void observe(void)
{
	const char *failed = credential_observe(&now);

	if (failed)
		refuse_errno(failed);
}

static void read_four(const struct line *line, int index, uint32_t four[4])
{
	size_t count;
	uint32_t *ids = argument_ids(line, index, &count);

	if (count != 4)
		refuse("agent: ", "a line 'as' needs four ids: ", line->token[index].source, NULL);
	memcpy(four, ids, 4 * sizeof *four);
}

static void read_wanted(const struct line *line)
{
	memset(&wanted, 0, sizeof wanted);
	read_four(line, 0, wanted.uid);
	read_four(line, 1, wanted.gid);
	wanted.groups = argument_ids(line, 2, &wanted.group_count);
	if (line->tokens < 6 || line->token[3].kind != LIST || line->token[3].count != CAPABILITY_SETS)
		refuse("agent: ", "a line 'as' needs five capability sets, securebits and no_new_privs", NULL);
	memcpy(wanted.capabilities, line->token[3].list, sizeof wanted.capabilities);
	wanted.securebits = argument_number(line, 4);
	wanted.no_new_privs = argument_number(line, 5);
}

static int compare(const void *one, const void *other)
{
	uint32_t a = *(const uint32_t *) one, b = *(const uint32_t *) other;

	return (a > b) - (a < b);
}

/* Linux sorts the list, so the same ids in another order are the same groups. */
static bool same_groups(void)
{
	size_t bytes = wanted.group_count * sizeof(uint32_t);

	if (now.group_count != wanted.group_count)
		return false;
	if (memcmp(now.groups, wanted.groups, bytes) == 0)
		return true;
	uint32_t *sorted = arena_take(bytes), *present = arena_take(bytes);
	memcpy(sorted, wanted.groups, bytes);
	memcpy(present, now.groups, bytes);
	qsort(sorted, wanted.group_count, sizeof *sorted, compare);
	qsort(present, wanted.group_count, sizeof *present, compare);
	return memcmp(sorted, present, bytes) == 0;
}

static bool differs(int set)
{
	return now.capabilities[set] != wanted.capabilities[set];
}

static void take_groups(void)
{
	if (!same_groups())
		must(raw(NR(setgroups), wanted.group_count, wanted.groups), "setgroups");
	if (memcmp(now.gid, wanted.gid, 3 * sizeof *now.gid) != 0) {
		must(raw(NR(setresgid), wanted.gid[0], wanted.gid[1], wanted.gid[2]), "setresgid");
		now.gid[3] = wanted.gid[1]; /* follows the effective id */
	}
	if (now.gid[3] != wanted.gid[3])
		must(raw(NR(setfsgid), wanted.gid[3]), "setfsgid");
}

static void take_inheritable_and_bounding(void)
{
	if (differs(INHERITABLE))
		must_set(now.capabilities[PERMITTED], now.capabilities[EFFECTIVE], wanted.capabilities[INHERITABLE]);
	for (int bit = 0; bit <= capability_last(); bit++)
		if ((now.capabilities[BOUNDING] & ~wanted.capabilities[BOUNDING]) >> bit & 1)
			must(control(PR_CAPBSET_DROP, bit, 0), "PR_CAPBSET_DROP");
}

static void take_uids(bool keep)
{
	bool change = memcmp(now.uid, wanted.uid, 3 * sizeof *now.uid) != 0;

	if (change) {
		if (keep)
			must(control(PR_SET_KEEPCAPS, 1, 0), "PR_SET_KEEPCAPS");
		must(raw(NR(setresuid), wanted.uid[0], wanted.uid[1], wanted.uid[2]), "setresuid");
		now.uid[3] = wanted.uid[1]; /* follows the effective id */
	}
	must(capabilities_get(now.capabilities) ? 0 : -1, "capget");
	/* Whoever stops being effective root loses the effective set even with keep_caps. */
	if (change && keep && now.capabilities[EFFECTIVE] != now.capabilities[PERMITTED])
		must_set(now.capabilities[PERMITTED], now.capabilities[PERMITTED], now.capabilities[INHERITABLE]);
	if (now.uid[3] != wanted.uid[3])
		must(raw(NR(setfsuid), wanted.uid[3]), "setfsuid");
}

static void take_ambient_and_securebits(void)
{
	if (wanted.capabilities[AMBIENT] || now.capabilities[AMBIENT])
		observe();
	for (int bit = 0; bit <= capability_last(); bit++) {
		bool is = now.capabilities[AMBIENT] >> bit & 1, shall = wanted.capabilities[AMBIENT] >> bit & 1;
		if (is != shall)
			must(control(PR_CAP_AMBIENT, shall ? PR_CAP_AMBIENT_RAISE : PR_CAP_AMBIENT_LOWER, bit),
			     "PR_CAP_AMBIENT");
	}
	uint32_t securebits = control(PR_GET_SECUREBITS, 0, 0);
	if (securebits == (wanted.securebits | SECBIT_KEEP_CAPS) && securebits != wanted.securebits)
		must(control(PR_SET_KEEPCAPS, 0, 0), "PR_SET_KEEPCAPS");
	else if (securebits != wanted.securebits && (int32_t) securebits >= 0)
		must(control(PR_SET_SECUREBITS, wanted.securebits, 0), "PR_SET_SECUREBITS");
}

static void take_rest(void)
{
	must(capabilities_get(now.capabilities) ? 0 : -1, "capget");
	if (differs(PERMITTED) || differs(EFFECTIVE) || differs(INHERITABLE))
		must_set(wanted.capabilities[PERMITTED], wanted.capabilities[EFFECTIVE],
			 wanted.capabilities[INHERITABLE]);
	if (wanted.no_new_privs && !now.no_new_privs)
		must(control(PR_SET_NO_NEW_PRIVS, 1, 0), "PR_SET_NO_NEW_PRIVS");
	if (control(PR_GET_DUMPABLE, 0, 0) != 1)
		must(control(PR_SET_DUMPABLE, 1, 0), "PR_SET_DUMPABLE");
	int signal = 0;
	if (control(PR_GET_PDEATHSIG, (unsigned long) &signal, 0) == 0 && signal)
		must(control(PR_SET_PDEATHSIG, 0, 0), "PR_SET_PDEATHSIG");
}

/* as UIDS GIDS GROUPS CAPABILITIES SECUREBITS NO_NEW_PRIVS */
void identity_take(const struct line *line)
{
	read_wanted(line);
	observe();
	bool by_right = !same_groups() || memcmp(now.gid, wanted.gid, sizeof now.gid) != 0 || differs(BOUNDING) ||
			memcmp(now.uid, wanted.uid, sizeof now.uid) != 0 || differs(INHERITABLE);
	/* What follows the change of uids and takes a capability of the old identity. */
	bool keep =
		wanted.capabilities[PERMITTED] || now.securebits != wanted.securebits || wanted.uid[3] != wanted.uid[1];
	if (by_right && now.capabilities[EFFECTIVE] != now.capabilities[PERMITTED]) {
		must_set(now.capabilities[PERMITTED], now.capabilities[PERMITTED], now.capabilities[INHERITABLE]);
		now.capabilities[EFFECTIVE] = now.capabilities[PERMITTED];
	}
	take_groups();
	take_inheritable_and_bounding();
	take_uids(keep);
	take_ambient_and_securebits();
	take_rest();
}

#endif
