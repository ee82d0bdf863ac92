// faults
static int faults;
