/*
 * Plumbing: capabilities, and the switches of prctl(2).
 *
 * capget(2) and capset(2) are functions of glibc and musl that no header declares; where a C library lacks them, or was
 * linked without them, the raw call stands in.
 */
#include "agent.h"

#include <errno.h>
#include <linux/capability.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "do_capability_data.h"

extern int capget(struct __user_cap_header_struct *, struct __user_cap_data_struct *) __attribute__((weak));
extern int capset(struct __user_cap_header_struct *, const struct __user_cap_data_struct *) __attribute__((weak));

static const uint32_t untouched = 0xc9a55a36;

static long get(const struct line *line, struct __user_cap_header_struct *header, struct __user_cap_data_struct *data)
{
	return EITHER(line, capget ? capget(header, data) : raw(__NR_capget, header, data),
		      raw(__NR_capget, header, data));
}

static long set(const struct line *line, struct __user_cap_header_struct *header, struct __user_cap_data_struct *data)
{
	return EITHER(line, capset ? capset(header, data) : raw(__NR_capset, header, data),
		      raw(__NR_capset, header, data));
}

/* How many of the three words that hold one set each are written: version 1 knows 32 capabilities only. */
static size_t halves(uint32_t version)
{
	return version == _LINUX_CAPABILITY_VERSION_1 ? 1 : 2;
}

/* The bytes that differ from what they were filled with, from the `from`th half on. */
static size_t stray(const struct __user_cap_data_struct *data, size_t from, size_t to)
{
	const uint32_t *word = (const uint32_t *) data + 3 * from, *end = (const uint32_t *) data + 3 * to;
	size_t count = 0;

	for (; word < end; word++)
		for (uint32_t difference = *word ^ untouched; difference; difference >>= 8)
			count += (difference & 255) != 0;
	return count;
}

static void sets_answer(struct answer *answer, const struct __user_cap_data_struct *data, size_t count)
{
	const struct __user_cap_data_struct *low = &data[0], none = {0}, *high = count > 1 ? &data[1] : &none;
	int64_t *sets = arena_take(3 * sizeof *sets);

	sets[0] = (uint64_t) high->permitted << 32 | low->permitted;
	sets[1] = (uint64_t) high->effective << 32 | low->effective;
	sets[2] = (uint64_t) high->inheritable << 32 | low->inheritable;
	answer_list(answer, sets, 3);
}

/* With the word `header` behind all others the answer is the version that the call left in the header. */
static void answer_version(const struct line *line, struct answer *answer, uint32_t version)
{
	if (line->tokens > 0 && argument_is(line, line->tokens - 1, "header")) {
		*answer = (struct answer) {0};
		answer_result(answer, version);
	}
}

/* capget, capget PID, capget PID VERSION POINTER: of the data.  capget HEADER DATA: two pointers. */
void call_capget(const struct line *line, struct answer *answer)
{
	struct __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0}, *to_header = &header;
	struct __user_cap_data_struct data[3], *to_data = data;

	for (size_t i = 0; i < sizeof data / (sizeof untouched); i++)
		((uint32_t *) data)[i] = untouched;
	if (argument_is_pointer(line, 0)) {
		to_header = argument_pointer(line, 0, &header);
		to_data = argument_pointer(line, 1, data);
	} else {
		header.pid = line->tokens > 0 ? argument_pid(line, 0) : 0;
		header.version = line->tokens > 1 ? argument_number(line, 1) : _LINUX_CAPABILITY_VERSION_3;
		to_data = line->tokens > 2 ? argument_pointer(line, 2, data) : data;
	}
	size_t count = halves(header.version);
	answer_result(answer, get(line, to_header, to_data));
	if (!answer->failed && to_data == data)
		sets_answer(answer, data, count);
	answer->stray = stray(data, answer->failed || to_data != data ? 0 : count, 3);
	answer_version(line, answer, header.version);
}

/* capset SET SET SET, … PID, … PID VERSION.  capset POINTER: of the data.  capset HEADER DATA: two pointers. */
void call_capset(const struct line *line, struct answer *answer)
{
	struct __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0}, *to_header = &header;
	struct __user_cap_data_struct data[2] = {{0}}, *to_data = data;
	uint64_t sets[3];

	if (argument_is_pointer(line, 0)) {
		if (!capabilities_get(sets))
			refuse_errno("capget");
		if (line->tokens > 1)
			to_header = argument_pointer(line, 0, &header);
		to_data = argument_pointer(line, line->tokens > 1, data);
	} else {
		sets[PERMITTED] = argument_capabilities(line, 0);
		sets[EFFECTIVE] = argument_capabilities(line, 1);
		sets[INHERITABLE] = argument_capabilities(line, 2);
		header.pid = line->tokens > 3 ? argument_pid(line, 3) : 0;
		header.version = line->tokens > 4 ? argument_number(line, 4) : _LINUX_CAPABILITY_VERSION_3;
	}
	capability_data(data, sets[PERMITTED], sets[EFFECTIVE], sets[INHERITABLE]);
	answer_result(answer, set(line, to_header, to_data));
	answer_version(line, answer, header.version);
}

/* An argument of prctl(2) is a number, or a pointer: to nothing valid, because no option here takes such a one. */
static unsigned long prctl_argument(const struct line *line, int index)
{
	if (argument_is_pointer(line, index))
		return (unsigned long) argument_pointer(line, index, NULL);
	return argument_number(line, index);
}

void call_prctl(const struct line *line, struct answer *answer)
{
	unsigned long argument[5] = {0};
	int signal = 0;

	for (int i = 0; i < 5 && i < line->tokens; i++)
		argument[i] = prctl_argument(line, i);
	bool asks_signal = argument[0] == PR_GET_PDEATHSIG && (line->tokens == 1 || argument_is(line, 1, "valid"));
	if (asks_signal)
		argument[1] = (unsigned long) &signal;
	answer_result(answer, EITHER(line, prctl(argument[0], argument[1], argument[2], argument[3], argument[4]),
				     raw(__NR_prctl, argument[0], argument[1], argument[2], argument[3], argument[4])));
	if (asks_signal && !answer->failed)
		answer->number = signal;
}
