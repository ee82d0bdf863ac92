/*
 * Plumbing: unix(7) stream sockets, which carry credentials, and the cell's pipe.
 *
 * The descriptors stand in the shared mapping and outlive an exec.  Each process has one socket that listens and one
 * that is connected; whoever has no connection talks over the pair, of which main has one end and everybody else the
 * other.
 */
#include "agent.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#ifndef SO_PEERGROUPS
#define SO_PEERGROUPS 59
#endif

/* i386 got calls of their own for sockets with Linux 4.3 only; a socket is a socket however it was made. */
#ifdef __NR_accept4
#define RAW(name, ...) raw(__NR_##name, __VA_ARGS__)
#else
#define RAW(name, ...) name(__VA_ARGS__)
#endif

/* The member that stands for the process of the one who asks: threads have what main has. */
static struct member *process(void)
{
	int self = crew_self();

	return &shared->member[shared->member[self].kind == THREAD ? 0 : self];
}

static int connected(void)
{
	int own = process()->connected;

	return own >= 0 ? own : shared->pair[crew_self() != 0];
}

/* Takes the place of a descriptor that may be there; closed is the old one, if the new one is real. */
static void take(const struct line *line, int *place, int descriptor)
{
	if (*place >= 0)
		EITHER(line, close(*place), raw(__NR_close, *place));
	*place = descriptor;
}

/* Whoever receives over it is told the credentials of the sender. */
static void pass_credentials(const struct line *line, int descriptor)
{
	const int on = 1;

	EITHER(line, setsockopt(descriptor, SOL_SOCKET, SO_PASSCRED, &on, sizeof on),
	       RAW(setsockopt, descriptor, SOL_SOCKET, SO_PASSCRED, &on, sizeof on));
}

static int new_socket(const struct line *line)
{
	int made = EITHER(line, socket(AF_UNIX, SOCK_STREAM, 0), RAW(socket, AF_UNIX, SOCK_STREAM, 0));

	if (made >= 0)
		pass_credentials(line, made);
	return made;
}

/* A name in the abstract namespace, which no other cell of this or any other session has. */
static socklen_t address_make(const struct line *line, struct sockaddr_un *address)
{
	const char *name = argument_text(line, 0, NULL);

	memset(address, 0, sizeof *address);
	address->sun_family = AF_UNIX;
	int length = snprintf(address->sun_path + 1, sizeof address->sun_path - 1, "credstone-%d-%lld-%s",
			      (int) shared->main_pid, (long long) shared->number, name);
	if (length >= (int) sizeof address->sun_path - 1)
		refuse("agent: ", "the name of a socket is too long: ", name, NULL);
	return offsetof(struct sockaddr_un, sun_path) + 1 + length;
}

/* Puts a socket into its place if the call went well; closes it if not. */
static void finish(const struct line *line, struct answer *answer, int made, long result, int *place)
{
	answer_result(answer, made < 0 || result < 0 ? -1 : 0);
	if (made < 0)
		return;
	if (answer->failed)
		EITHER(line, close(made), raw(__NR_close, made));
	else
		take(line, place, made);
}

void call_listen(const struct line *line, struct answer *answer)
{
	struct sockaddr_un address;
	socklen_t size = address_make(line, &address);
	long result = -1;

	int made = new_socket(line);
	struct sockaddr *own = (struct sockaddr *) &address;
	if (made >= 0 && EITHER(line, bind(made, own, size), RAW(bind, made, own, size)) == 0)
		result = EITHER(line, listen(made, 8), RAW(listen, made, 8));
	finish(line, answer, made, result, &process()->listening);
}

void call_connect(const struct line *line, struct answer *answer)
{
	struct sockaddr_un address;
	socklen_t size = address_make(line, &address);
	struct sockaddr *to = (struct sockaddr *) &address;
	long result = -1;

	int made = new_socket(line);
	if (made >= 0)
		result = EITHER(line, connect(made, to, size), RAW(connect, made, to, size));
	finish(line, answer, made, result, &process()->connected);
}

void call_accept(const struct line *line, struct answer *answer)
{
	int listening = process()->listening;
	int made = EITHER(line, accept(listening, NULL, NULL), RAW(accept4, listening, NULL, NULL, 0));

	finish(line, answer, made, 0, &process()->connected);
	if (made >= 0)
		pass_credentials(line, made);
}

void call_socketpair(const struct line *line, struct answer *answer)
{
	int made[2];

	answer_result(answer, EITHER(line, socketpair(AF_UNIX, SOCK_STREAM, 0, made),
				     RAW(socketpair, AF_UNIX, SOCK_STREAM, 0, made)));
	for (int i = 0; i < 2 && !answer->failed; i++) {
		pass_credentials(line, made[i]);
		take(line, &shared->pair[i], made[i]);
	}
}

void call_getsockopt(const struct line *line, struct answer *answer)
{
	int option = argument_number(line, 0), descriptor = connected();
	socklen_t size = option == SO_PEERGROUPS ? 65536 * sizeof(uint32_t) : sizeof(struct ucred);
	uint32_t *seen = arena_take(size);

	answer_result(answer, EITHER(line, getsockopt(descriptor, SOL_SOCKET, option, seen, &size),
				     RAW(getsockopt, descriptor, SOL_SOCKET, option, seen, &size)));
	if (answer->failed)
		return;
	if (option == SO_PEERCRED)      /* struct ucred: pid, uid, gid */
		answer_ids(answer, seen + 1, 2);
	else
		answer_ids(answer, seen, size / sizeof *seen);
}

#include "do_credentials_room.h"
#include "do_credentials_claim.h"
#include "do_credentials_sent.h"

void call_sendmsg(const struct line *line, struct answer *answer)
{
	int descriptor = connected();
	struct iovec byte = {"x", 1};
	union credentials_room control;
	struct msghdr message = {.msg_iov = &byte, .msg_iovlen = 1};

	if (line->tokens > 0) {
		const struct ucred credentials = {
			argument_pid(line, 1), argument_number(line, 2), argument_number(line, 3),
		};
		credentials_claim(&message, &control, &credentials);
	}
	answer_result(answer, EITHER(line, sendmsg(descriptor, &message, MSG_NOSIGNAL),
				     RAW(sendmsg, descriptor, &message, MSG_NOSIGNAL)));
}

/* The uid and gid that came with a byte. */
void call_recvmsg(const struct line *line, struct answer *answer)
{
	int descriptor = connected();
	char received;
	struct iovec byte = {&received, 1};
	union credentials_room control;
	struct msghdr message = {
		.msg_iov = &byte, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = sizeof control.room,
	};

	answer_result(answer, EITHER(line, recvmsg(descriptor, &message, 0), RAW(recvmsg, descriptor, &message, 0)));
	if (answer->failed)
		return;
	struct ucred credentials;
	if (!credentials_sent(&message, &credentials)) {
		answer_failed(answer, ENOMSG);
		return;
	}
	uint32_t *seen = arena_take(2 * sizeof *seen);
	seen[0] = credentials.uid;
	seen[1] = credentials.gid;
	answer_ids(answer, seen, 2);
}

/* The pipe is there before the first line, so that all processes of the cell have it. */
void pipe_make(void)
{
	if (raw(__NR_pipe2, shared->pipe, 0) < 0)
		refuse_errno("pipe");
}

void call_read_pipe(const struct line *line, struct answer *answer)
{
	char byte;

	answer_result(answer, EITHER(line, read(shared->pipe[0], &byte, 1),
				     raw(__NR_read, shared->pipe[0], &byte, 1)));
}

void call_write_pipe(const struct line *line, struct answer *answer)
{
	answer_result(answer, EITHER(line, write(shared->pipe[1], "x", 1),
				     raw(__NR_write, shared->pipe[1], "x", 1)));
}
