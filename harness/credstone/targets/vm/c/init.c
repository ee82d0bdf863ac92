/*
 * The first process of a guest: makes what the agent needs, starts it, and carries its lines to the harness and back.
 *
 * They go over the second serial port.  The kernel's own messages go to the first one, so they do not stand in between;
 * what is lost or put in all the same is noticed.  Bytes go in frames,
 *
 *     0xC5, kind (1 byte), length (2, little endian), Fletcher's checksum of the payload (2, little endian), payload
 *
 * of kind LINES, which is the standard input and output of the agent, or TOLD, which is a sentence from here.  Where there is
 * memory to share (shared.c) the bytes lie in that, and the payload of a frame of kind SHARED is their number (4, little
 * endian).  The agent never sees the end of its input: a guest ends as a whole.
 */
#define _GNU_SOURCE
#include "shared.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/reboot.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#define AGENT "/credstone/agent"
#define PORT "/dev/ttyS1"
#define WORK "/tmp/credstone"

enum { MAGIC = 0xC5, HEAD = 6, MOST = 4096, PIPE = 1 << 20 };
enum kind { TOLD, LINES, SHARED };

/* The serial port, and what came over it and is no whole frame yet. */
static int line = -1;
static unsigned char coming[4 * (HEAD + MOST)];
static size_t filled;

/* The agent, and what waits for it to read: a cell may be larger than a pipe, and the port has nowhere to put it. */
static pid_t agent;
static int to_agent, from_agent;
static struct {
	char *bytes;
	size_t begin, end, room;
} waiting;

static _Noreturn void give_up(const char *what)
{
	fprintf(stderr, "credstone: init: %s: %s\n", what, strerror(errno));
	reboot(RB_POWER_OFF);
	for (;;)
		pause();
}

static void mounted(const char *type, const char *place, unsigned long flags, const char *options)
{
	mkdir(place, 0755);
	if (mount(type, place, type, flags, options) < 0 && errno != EBUSY)
		give_up(place);
}

/* The folders of a machine that has no disk. */
static void folders_make(void)
{
	mounted("proc", "/proc", MS_NOSUID | MS_NODEV | MS_NOEXEC, "");
	mounted("sysfs", "/sys", MS_NOSUID | MS_NODEV | MS_NOEXEC, "");
	mounted("devtmpfs", "/dev", MS_NOSUID, "mode=755");
	mounted("tmpfs", "/tmp", MS_NODEV, "mode=1777");
	mkdir("/etc", 0755);
	mkdir(WORK, 0711);
	chmod(WORK, 0711);
}

static void line_open(void)
{
	struct termios raw;

	line = open(PORT, O_RDWR | O_NOCTTY | O_CLOEXEC);
	if (line < 0 || tcgetattr(line, &raw) < 0)
		give_up(PORT);
	cfmakeraw(&raw);
	raw.c_cflag |= CLOCAL | CREAD;
	cfsetspeed(&raw, B115200);
	if (tcsetattr(line, TCSANOW, &raw) < 0)
		give_up(PORT);
	tcflush(line, TCIOFLUSH);
}

static uint16_t checksum(const unsigned char *bytes, size_t length)
{
	unsigned low = 0, high = 0;

	for (size_t i = 0; i < length; i++) {
		low = (low + bytes[i]) % 255;
		high = (high + low) % 255;
	}
	return high << 8 | low;
}

static void frame_write(enum kind kind, const void *payload, size_t length)
{
	uint16_t sum = checksum(payload, length);
	unsigned char frame[HEAD + MOST] = {MAGIC, kind, length & 0xff, length >> 8, sum & 0xff, sum >> 8};

	memcpy(frame + HEAD, payload, length);
	for (size_t done = 0; done < HEAD + length;) {
		ssize_t more = write(line, frame + done, HEAD + length - done);
		if (more < 0 && errno != EINTR)
			give_up(PORT);
		done += more > 0 ? more : 0;
	}
}

static void tell(const char *text)
{
	frame_write(TOLD, text, strlen(text));
}

static void agent_start(void)
{
	int to[2], from[2];

	if (pipe2(to, O_CLOEXEC) < 0 || pipe2(from, O_CLOEXEC) < 0 || (agent = fork()) < 0)
		give_up(AGENT);
	if (agent == 0) {
		dup2(to[0], 0);
		dup2(from[1], 1);
		setsid();
		if (chdir(WORK) == 0)
			execl(AGENT, AGENT, (char *) NULL);
		give_up(AGENT);
	}
	close(to[0]);
	close(from[1]);
	to_agent = to[1];
	from_agent = from[0];
	fcntl(to_agent, F_SETFL, O_NONBLOCK);
	fcntl(to_agent, F_SETPIPE_SZ, PIPE);
	fcntl(from_agent, F_SETPIPE_SZ, PIPE);
}

/* Gives the agent what it takes now. */
static void waiting_flush(void)
{
	while (waiting.begin < waiting.end) {
		ssize_t done = write(to_agent, waiting.bytes + waiting.begin, waiting.end - waiting.begin);
		if (done < 0)
			return;
		waiting.begin += done;
	}
	waiting.begin = waiting.end = 0;
}

/* Makes room for more that waits, and gives it. */
static char *waiting_more(size_t length)
{
	if (!waiting.bytes || waiting.end + length > waiting.room) {
		waiting.room = 2 * (waiting.end + length);
		waiting.bytes = realloc(waiting.bytes, waiting.room);
		if (!waiting.bytes)
			give_up("memory for what waits for the agent");
	}
	waiting.end += length;
	return waiting.bytes + waiting.end - length;
}

static uint32_t number_of(const unsigned char *bytes)
{
	return bytes[0] | bytes[1] << 8 | bytes[2] << 16 | (uint32_t) bytes[3] << 24;
}

static void frame_taken(enum kind kind, const unsigned char *payload, size_t length)
{
	if (kind == SHARED)
		shared_take(waiting_more(number_of(payload)), number_of(payload));
	else if (length)
		memcpy(waiting_more(length), payload, length);
}

/* Takes whole frames from what came; what begins none is skipped. */
static void frames_take(void)
{
	size_t taken = 0;

	while (filled - taken >= HEAD) {
		const unsigned char *frame = coming + taken;
		size_t length = frame[2] | frame[3] << 8;
		if (frame[0] != MAGIC || (frame[1] != LINES && (frame[1] != SHARED || length != 4)) || length > MOST) {
			taken++;
			continue;
		}
		if (filled - taken < HEAD + length)
			break;
		if (checksum(frame + HEAD, length) != (frame[4] | frame[5] << 8)) {
			tell("the line to the guest is disturbed");
			taken++;
			continue;
		}
		frame_taken(frame[1], frame + HEAD, length);
		taken += HEAD + length;
	}
	filled -= taken;
	memmove(coming, coming + taken, filled);
}

static void line_read(void)
{
	ssize_t length = read(line, coming + filled, sizeof coming - filled);

	if (length > 0) {
		filled += length;
		frames_take();
		waiting_flush();
	}
}

static void output_carry(void)
{
	static char bytes[PIPE];
	ssize_t length = read(from_agent, bytes, sizeof bytes);

	if (length > 0 && shared_put(bytes, length)) {
		unsigned char number[] = {length, length >> 8, length >> 16, length >> 24};
		frame_write(SHARED, number, sizeof number);
	} else if (length > 0) {
		for (ssize_t done = 0; done < length; done += MOST)
			frame_write(LINES, bytes + done, length - done < MOST ? length - done : MOST);
	} else if (length == 0) {
		close(from_agent);
		from_agent = -1;
	}
}

/* Fetches the dead: the orphans of cells, and the agent, whose end is told. */
static void dead_fetch(void)
{
	int status;
	pid_t pid;

	while ((pid = waitpid(-1, &status, WNOHANG)) > 0)
		if (pid == agent) {
			char text[64];
			bool killed = WIFSIGNALED(status);
			snprintf(text, sizeof text, "the agent's process ended %s %d",
				 killed ? "by signal" : "with status", killed ? WTERMSIG(status) : WEXITSTATUS(status));
			tell(text);
		}
}

static _Noreturn void carry(void)
{
	for (;;) {
		struct pollfd wanted[] = {
			{.fd = line, .events = POLLIN},
			{.fd = from_agent, .events = POLLIN},
			{.fd = waiting.begin < waiting.end ? to_agent : -1, .events = POLLOUT},
		};
		poll(wanted, 3, 200);
		if (wanted[0].revents)
			line_read();
		if (wanted[1].revents)
			output_carry();
		if (wanted[2].revents)
			waiting_flush();
		dead_fetch();
	}
}

int main(void)
{
	struct sched_param first = {.sched_priority = 1};

	folders_make();
	line_open();
	shared_open();
	agent_start();
	/* what comes over the line is taken before anything else is done */
	sched_setscheduler(0, SCHED_FIFO, &first);
	carry();
}
