/* Threads that come and go while the lines of a cell run: load.c. */
#ifndef CREDSTONE_LOAD_H
#define CREDSTONE_LOAD_H

void load_start(int threads);
void load_pause(void);
void load_resume(void);

#endif
