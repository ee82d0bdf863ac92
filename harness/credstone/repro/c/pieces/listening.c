// listening
static int listening = -1;
