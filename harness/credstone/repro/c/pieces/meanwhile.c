// meanwhile
static void (*meanwhile)(void);         /* what is to be done by who waits, if anything is */
