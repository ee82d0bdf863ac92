// of_vfork, vforked
static const char *volatile of_vfork;
static pid_t vforked;
