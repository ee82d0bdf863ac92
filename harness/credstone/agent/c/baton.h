/*
 * Waiting for a turn: a futex in the shared mapping, one word for each member of a crew.
 *
 * The baton makes the lines of a cell run one after the other, in whichever process or thread they belong.  A member
 * without the baton sleeps in the kernel and does nothing that could disturb the one who has it.
 */
#ifndef CREDSTONE_BATON_H
#define CREDSTONE_BATON_H

#include "agent.h"

enum { LOOK = 5 }; /* milliseconds between two looks at what no futex tells */

void baton_give(struct member *to);
void baton_await(struct member *self);
bool baton_await_while_alive(struct member *self, struct member *other);
bool process_has_ended(pid_t process);
void futex_wait(_Atomic uint32_t *word, uint32_t value, long milliseconds);
void futex_wake(_Atomic uint32_t *word);

#endif
