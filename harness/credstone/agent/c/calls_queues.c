/*
 * Plumbing: System V message queues.
 *
 * A queue outlives all processes of its cell, so the agent removes what a cell has left.
 */
#include "agent.h"
#include "library.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/msg.h>
#include <unistd.h>

/* Where long has 32 bits, older kernels know these calls only as parts of another one, and pass times in pieces. */
#if defined __NR_msgctl && defined __LP64__
#define RAW(name, ...) raw(__NR_##name, __VA_ARGS__)
#else
#define RAW(name, ...) name(__VA_ARGS__)
#endif

/* Which IPC namespace a process is in: a queue has its number there only. */
static uint64_t ipc_namespace(void)
{
	return kernel_namespace("ipc");
}

void call_msgget(const struct line *line, struct answer *answer)
{
	int mode = argument_number(line, 0);

	if (shared->queues == QUEUES)
		refuse("agent: ", "the cell has too many message queues", NULL);
	shared->queue[shared->queues].space = ipc_namespace();
	int id = EITHER(line, msgget(IPC_PRIVATE, mode | IPC_CREAT), RAW(msgget, IPC_PRIVATE, mode | IPC_CREAT));
	answer_result(answer, id < 0 ? -1 : 0);
	if (id >= 0)
		shared->queue[shared->queues++].id = id;
}

/* The last queue that was made; -1 where there is none. */
static int queue(void)
{
	return shared->queues ? shared->queue[shared->queues - 1].id : -1;
}

static long control(const struct line *line, int command, struct msqid_ds *data)
{
	return EITHER(line, msgctl(queue(), command, data), RAW(msgctl, queue(), command, data));
}

static void stat_answer(struct answer *answer, const struct ipc_perm *owner)
{
	uint32_t *seen = arena_take(4 * sizeof *seen);

	seen[0] = owner->uid;
	seen[1] = owner->gid;
	seen[2] = owner->cuid;
	seen[3] = owner->cgid;
	answer_ids(answer, seen, 4);
}

/* msgctl IPC_STAT, msgctl IPC_SET UID GID, msgctl IPC_RMID */
void call_msgctl(const struct line *line, struct answer *answer)
{
	int command = argument_number(line, 0);
	struct msqid_ds data;

	memset(&data, 0, sizeof data);
	if (command == IPC_SET) {       /* all else stays, as far as the caller may see it */
		msgctl(queue(), IPC_STAT, &data);
		data.msg_perm.uid = argument_number(line, 1);
		data.msg_perm.gid = argument_number(line, 2);
	}
	answer_result(answer, control(line, command, &data));
	if (!answer->failed && command == IPC_STAT)
		stat_answer(answer, &data.msg_perm);
}

void call_msgsnd(const struct line *line, struct answer *answer)
{
	const struct { long type; char text[1]; } message = {1, "x"};

	answer_result(answer, EITHER(line, msgsnd(queue(), &message, 1, IPC_NOWAIT),
				     RAW(msgsnd, queue(), &message, 1, IPC_NOWAIT)));
}

/* Who made a queue, as /proc/sysvipc/msg tells everybody; -1 if it does not. */
static uid_t maker_of(int id)
{
	char text[65536], *rest = NULL;
	ssize_t length = file_read("/proc/sysvipc/msg", text, sizeof text - 1);

	text[length < 0 ? 0 : length] = 0;
	for (char *line = strtok_r(text, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest)) {
		int number;
		unsigned maker;
		if (sscanf(line, "%*d %d %*s %*s %*s %*s %*s %*s %*s %u", &number, &maker) == 2 && number == id)
			return maker;
	}
	return -1;
}

/* By a child that takes the maker's uid: an agent that is not allowed everything may still do that. */
static void remove_as_maker(int id)
{
	uid_t maker = maker_of(id);

	if (maker == (uid_t) -1)
		return;
	pid_t child = library_fork();
	if (child == 0) {
		if (raw(NR(setresuid), maker, maker, maker) == 0)
			msgctl(id, IPC_RMID, NULL);
		_exit(0);
	}
	while (child > 0 && kernel_wait(child, NULL, 0) < 0 && errno == EINTR)
		;
}

/* Removes what the cell has left.  A queue of another IPC namespace is gone with that, and its number may be another's. */
void queues_remove(void)
{
	uint64_t space = ipc_namespace();

	for (int i = 0; i < shared->queues; i++)
		if (shared->queue[i].space == space && msgctl(shared->queue[i].id, IPC_RMID, NULL) < 0 && errno == EPERM)
			remove_as_maker(shared->queue[i].id);
}
