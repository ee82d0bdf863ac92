// DATA, VERSION
enum { DATA, VERSION };                 /* what is of interest after such a call */
