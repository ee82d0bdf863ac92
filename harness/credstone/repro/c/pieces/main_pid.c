// main_pid
static pid_t main_pid;
