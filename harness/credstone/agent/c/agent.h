/*
 * The words that all parts of the agent share.
 *
 * The agent is the small program inside a target that performs the lines of a cell and says what it saw.  It knows no
 * expectation.  The contract with the harness is ../PROTOCOL.md; the order in which to read the sources is
 *
 *   main      the session: cells in, answers out           shared      the memory that all processes of a cell see
 *   input     standard input, cut into cells               cell        one cell: fork, watch, kill, reap, answer
 *   plan      the text of a cell, parsed                   setup       files, identity, namespaces before the first line
 *   crew      who there is                                 lines       who does what about which line, and when
 *   unfinished  calls that do not return at once           calls       what performs a line: rows.h (generated), calls_*.c
 *   credential  what a task sees of itself                 facts       what is probed before the first cell
 *   pretended   the same, and the identity, where a program in front of the agent only pretends to be root
 *   raw, kernel   the way into the kernel                  library, libc   the C library itself, and its name
 *
 * Everything that observes or prepares uses raw system calls.  The wrappers of the C library appear only where they
 * are what is asked for (API `libc`), so a broken or preloaded library cannot falsify the observation.  Processes are
 * made by the C library's own fork (library.c), threads by pthread_create as any program calls it.
 */
#ifndef CREDSTONE_AGENT_H
#define CREDSTONE_AGENT_H

#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#define _FILE_OFFSET_BITS 64 /* 32-bit ABIs: inode numbers may be larger */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>
#include "kernel.h"

/* ---- shared.c: the memory that all processes of a cell see, and that outlives an exec ---- */

enum { MEMBERS = 64, NAME_SIZE = 32, NOTE_SIZE = 256, QUEUES = 16 };

enum kind { MAIN, OUTSIDE, THREAD, CHILD, MAPPER, VFORKED };

struct member {
	_Atomic uint32_t turn; /* a futex: 1 when it is this member's turn */
	enum kind kind;
	bool gone;                /* it has ended, or ends now, and is asked no more */
	bool busy;                /* it is in a call that was begun, and cannot be asked */
	_Atomic uint32_t calling; /* how far it is with that: enum calling; a futex */
	pid_t task;               /* of a thread its ID; of others that too, once they were in such a call */
	pid_t pid;                /* of a process; 0 for a thread */
	uint64_t place;           /* an address at which its process has a byte */
	int listening, connected; /* sockets of its process; -1 for none */
	char name[NAME_SIZE];     /* as the scenario calls it; empty for main and outside */
};

enum ending { RUNNING, DONE, REFUSED, DIED };

enum calling { NOT_CALLING, ABOUT_TO_CALL, RETURNED };

enum order { PERFORM, BEGIN, ANSWER, REPORT, WRITE_MAPS, LEAVE };

struct shared {
	int64_t number;           /* of the cell */
	size_t text, text_length; /* its lines, as an offset from the start of the mapping */
	enum ending ending;
	int status;                  /* with DIED: how the member ended that made the cell end */
	char note[NOTE_SIZE];        /* with REFUSED: why */
	bool folder;                 /* the cell has a folder that must be removed */
	uint64_t home;               /* the user namespace of the agent: its inode number */
	bool crowd;                  /* the cell had processes besides main */
	_Atomic bool traced;         /* a ptrace(2) of the cell has succeeded */
	_Atomic uint32_t clone_done; /* a futex: the process or thread of a line `clone` has done all it has to */
	int held;                    /* the descriptor of the last line `hold` */
	int pipe[2], pair[2]; /* descriptors that all have, if the cell needs them; of the pair, main the first */
	int proc;             /* a descriptor of /proc, if the cell has calls that are begun: a chroot may hide it */
	int queues;
	struct {
		int id;
		uint64_t space;
	} queue[QUEUES]; /* System V message queues, each in its IPC namespace */
	pid_t main_pid;
	size_t written, committed; /* offsets: the end of the transcript, and the end of its last whole step */
	int steps;
	enum order order; /* what the member whose turn it is shall do */
	int line;         /* the line being performed */
	int members;
	struct member member[MEMBERS];
};

extern struct shared *shared;

void shared_create(void);
bool shared_adopt(int descriptor);
void shared_inherit(bool inherited);
int shared_descriptor(void);
void shared_seal(char *image, size_t length);
void shared_reset(void);
char *shared_input(size_t *size);
char *transcript_body(void);
char *transcript_end(void);

/* ---- arena.c: memory that is never freed one by one ---- */

void *arena_take(size_t bytes);
size_t arena_mark(void);
void arena_release(size_t mark);
void arena_part(bool own);

/* ---- input.c: cells from standard input ---- */

enum found { CELL, STRAY_LINE, TOO_LONG, END_OF_INPUT };

struct cell_text {
	const char *start;
	size_t length; /* from the line `cell` up to, not including, the line `end` */
};

enum found input_next(int descriptor, struct cell_text *cell);
void input_skip(int descriptor);

/* ---- tokens.c: one token of a line ---- */

enum api { SYSCALL = 1, LIBC = 2 };

enum token_kind { NUMBER, TEXT, LIST, WORD };

struct token {
	enum token_kind kind;
	const char *source; /* the token as it stood on the line */
	int64_t number;
	const char *text; /* of a TEXT: decoded; of a WORD: itself */
	size_t length;    /* of the text */
	const int64_t *list;
	size_t count; /* of the list */
};

bool token_read(char *source, struct token *token);
bool word_number(const char *word, bool capability_bits, int64_t *number);

/* ---- plan.c: the parsed cell ---- */

struct call;

enum extent { SETUP, WHOLE, BEGUN, AWAITED };

struct line {
	const char *verb;   /* file, etc, as, namespace, load, do, ... */
	enum extent extent; /* how much of a call it stands for: do, begin, await */
	enum kind who;      /* of these lines, as are the next five */
	bool all_threads;
	const char *name; /* of the thread or child */
	enum api api;
	const struct call *call;
	const char *call_name;
	int tokens; /* the arguments: of a `do` line those of the call */
	struct token *token;
	const struct line *then; /* what the new process performs; NULL for nothing */
};

struct plan {
	int lines, first_do;
	struct line *line;
	int load, watch;      /* threads that come and go, threads that watch */
	bool outside, mapper; /* whether the cell needs these processes */
	bool children;        /* whether any line is performed by a child */
	bool begins;          /* whether any line begins a call */
	bool pipe;            /* whether any line reads or writes the cell's pipe */
};

extern struct plan plan;

void plan_make(void);
bool plan_has_child(const char *name);

/* ---- arguments.c: what a call finds on its line; a wrong argument refuses the cell ---- */

int64_t argument_number(const struct line *line, int index);
uint64_t argument_capabilities(const struct line *line, int index);
const char *argument_text(const struct line *line, int index, size_t *length);
const char *argument_path(const struct line *line, int index);
pid_t argument_pid(const struct line *line, int index);
bool argument_is(const struct line *line, int index, const char *word);
bool argument_is_path(const struct line *line, int index);
bool argument_is_pointer(const struct line *line, int index);
const char *variable_next(const char **at, char *name);
void *argument_pointer(const struct line *line, int index, void *valid);
uint32_t *argument_ids(const struct line *line, int index, size_t *count);

/* ---- json.c: the transcript ---- */

void out_begin(char *start, char *end);
char *out_position(void);
void out_char(char c);
void out_plain(const char *text);
void out_text(const char *text, size_t length);
void out_string(const char *text);
void out_number(int64_t number);
void out_ids(const uint32_t *ids, size_t count);
void out_numbers(const int64_t *numbers, size_t count);
const char *errno_name(int number);

/* ---- credential.c ---- */

enum { INHERITABLE, PERMITTED, EFFECTIVE, BOUNDING, AMBIENT, CAPABILITY_SETS };

struct credential {
	uint32_t uid[4], gid[4]; /* real, effective, saved, file system */
	size_t group_count;
	const uint32_t *groups; /* valid until the next credential_observe of the same process */
	uint64_t capabilities[CAPABILITY_SETS];
	uint32_t securebits;
	bool no_new_privs, keep_caps;
	int dumpable, parent_death_signal;
};

const char *credential_observe(struct credential *seen);
void credential_out(const struct credential *seen);
bool pretended_groups_are_kept(void); /* where the agent is built with -DPRETENDED */
bool capabilities_get(uint64_t sets[3]);
bool capabilities_set(uint64_t permitted, uint64_t effective, uint64_t inheritable);
int capability_last(void);

/* ---- setup.c, identity.c, namespace.c, files.c: what happens before the first `do` line ---- */

void setup_run(void);
void identity_take(const struct line *line);
uint64_t namespace_of_users(void);
void namespace_enter(const struct line *line);
void namespace_write_maps(const struct line *line);
void file_make(const struct line *line);
bool file_copy_agent(int file);
void database_mount(const struct line *line);
void folder_seal_off(void);
long capabilities_attach(const char *name, uint64_t permitted, uint64_t inheritable, bool effective, int64_t root);
void folder_remove(int64_t number);
ssize_t file_read(const char *path, char *buffer, size_t size);
ssize_t file_write(const char *path, const char *text, size_t length);

/* ---- main.c ---- */

void descriptors_leave(void);

/* ---- beginning.c ---- */

void beginning_note(void);
int64_t beginning_umask(void);
void beginning_restore(void);

/* ---- refuse.c ---- */

_Noreturn void refuse(const char *first, ...) __attribute__((sentinel));
_Noreturn void refuse_errno(const char *what);

/* ---- crew.c ---- */

pid_t crew_fork(enum kind kind, const char *name);
int crew_add(enum kind kind, const char *name);
void crew_become(int member);
int crew_performer(const struct line *line);
void crew_summon(const struct line *line);
void crew_see_off(int member);
void crew_reaped(pid_t pid);
struct member *crew_find(enum kind kind, const char *name);
int crew_self(void);
int crew_threads(void);
uint64_t crew_place(pid_t pid);

/* ---- lines.c, unfinished.c ---- */

_Noreturn void crew_run(void);
_Noreturn void crew_continue(int member);
_Noreturn void crew_end(int status);
_Noreturn void crew_end_like(const struct member *member);
void crew_ask(int member, enum order order);
void crew_leave(int status);
void member_live(void);

void unfinished_open(void);
void unfinished_begin(struct member *member);
void unfinished_await(struct member *member);
void unfinished_perform(void);
void unfinished_answer(void);

/* ---- watch.c ---- */

void watch_start(int threads);
int watch_threads(void);

/* ---- calls.c and calls_*.c ---- */

/* A call by the C library's function or as it is, whichever the line asks for. */
#define EITHER(line, by_libc, raw) (errno = 0, (line)->api == LIBC ? (long) (by_libc) : (long) (raw))

enum value_kind { A_NUMBER, A_TEXT, A_LIST_OF_IDS, A_LIST, NOTHING, WRITTEN };

struct answer {
	bool failed;
	int error; /* of a failed call: errno, 0 where the call said nothing */
	enum value_kind kind;
	int64_t number;
	const char *text;
	const uint32_t *ids;
	const int64_t *list;
	size_t count; /* of the text, the ids or the list */
	size_t stray; /* bytes written where nothing may be written */
};

struct call {
	const char *name;
	enum api apis;
	void (*perform)(const struct line *line, struct answer *answer);
	unsigned takes; /* how many arguments, one bit for each number: another number is refused */
};

#define TAKES(count) (1U << (count))
#define FROM_TO(least, most) ((2U << (most)) - (1U << (least)))

#define BY_HAND(name, ...) void call_##name(const struct line *line, struct answer *answer);
#include "rows.h"

extern const struct call calls[]; /* of calls_regular.c; the last has no name */

const struct call *call_find(const char *name, enum api api);
void call_perform(const struct line *line);
void vforked_perform(const struct line *line, struct answer *answer);
void answer_out(const struct answer *answer);
void answer_result(struct answer *answer, int64_t result);
void answer_id(struct answer *answer, long result);
void answer_ids(struct answer *answer, const uint32_t *ids, size_t count);
void answer_list(struct answer *answer, const int64_t *list, size_t count);
void answer_text(struct answer *answer, const char *text, size_t length);
void answer_failed(struct answer *answer, int error);
const char *status_field(const char *status, const char *field, size_t *length);
void answer_status(const char *status, const char *field, struct answer *answer);
void threads_perform(const struct line *line, struct answer *answer);
void tracees_go_on(void);
void pipe_make(void);
void queues_remove(void);

/* ---- cell.c, sweep.c, facts.c, libc.c ---- */

void cell_run(int output, const struct cell_text *cell);
void answer_refused(int output, int64_t number, const char *note, const char *detail, size_t length);
bool write_all(int descriptor, const char *text, size_t length);
void sweep(pid_t group, pid_t which, int *status);
void facts_out(void);
const char *libc_name(void);
const char *libc_file(void);
bool libc_is_static(void);

#endif
