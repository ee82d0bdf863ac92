// tracees_go_on
/* Continues whatever this thread traces and has stopped, such as one that has executed a program. */
static void tracees_go_on(void)
{
	tracees_continue(WSTOPPED | WNOHANG | __WALL | __WNOTHREAD);
}
