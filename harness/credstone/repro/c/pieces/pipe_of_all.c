// pipe_of_all
static int pipe_of_all[2];
