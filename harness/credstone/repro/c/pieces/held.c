// held_file
static int held_file = -1;
