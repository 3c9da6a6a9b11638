// The other names of openat, for who has put a function of its own in its place.
#define OPENING(name, ...)                                               \
    int name(__VA_ARGS__ const char *path, int flags, ...) {             \
        va_list rest;                                                    \
        va_start(rest, flags);                                           \
        int mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(rest, int) : 0; \
        va_end(rest);                                                    \
        return openat(FOLDER, path, flags, mode);                        \
    }
#define FOLDER AT_FDCWD
OPENING(open, )
OPENING(open64, )
#undef FOLDER
#define FOLDER folder
OPENING(openat64, int folder, )
