// Stands between a program and the system (LD_PRELOAD, Linux), counts the calls of each kind on what lies below one
// folder, and fails, shortens or kills at the N-th. Shares no code with the programs.
//
//   INJECT_BELOW  the folder, absolute and without links; the program starts in it
//   INJECT_CALL   the kind of call, a name of `names`
//   INJECT_AT     the number of the call that is struck, from 1; or
//   INJECT_FROM   that one and all later ones
//   INJECT_AS     an error (EIO), short, kill-before or kill-after
//   INJECT_COUNT  a file that gets how many calls were struck, and how many of each kind there were: 64-bit integers
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

enum kind { READ, PREAD, WRITE, PWRITE, SYNC, OPEN, RENAME, LINK, UNLINK, MKDIR, TRUNCATE, FLOCK, SETLK, MMAP, KINDS };
static const char *names[KINDS] = {"read",   "pread", "write",    "pwrite", "sync",  "open", "rename", "link",
                                   "unlink", "mkdir", "truncate", "flock",  "setlk", "mmap"};

enum { SHORT = -1, KILL_BEFORE = -2, KILL_AFTER = -3 };
static const struct { const char *name; int value; } faults[] = {
    {"EIO", EIO}, {"ENOSPC", ENOSPC}, {"EACCES", EACCES}, {"EMFILE", EMFILE}, {"ENOLCK", ENOLCK}, {"ENOMEM", ENOMEM},
    {"short", SHORT}, {"kill-before", KILL_BEFORE}, {"kill-after", KILL_AFTER}};

static const char *below = NULL;
static int call = KINDS, as = 0;
static uint64_t first = 0, last = 0;
// Shared with a file, so that it is right whatever ends the program.
static struct counts { _Atomic uint64_t struck, calls[KINDS]; } own, *counts = &own;

__attribute__((constructor)) static void begin(void) {
    const char *name = getenv("INJECT_CALL"), *at = getenv("INJECT_AT"), *from = getenv("INJECT_FROM");
    const char *fault = getenv("INJECT_AS"), *file = getenv("INJECT_COUNT");
    for (int i = 0; name && i < KINDS; i++)
        if (strcmp(name, names[i]) == 0) call = i;
    for (size_t i = 0; fault && i < sizeof faults / sizeof *faults; i++)
        if (strcmp(fault, faults[i].name) == 0) as = faults[i].value;
    first = at ? strtoull(at, NULL, 10) : from ? strtoull(from, NULL, 10) : UINT64_MAX;
    last = at ? first : UINT64_MAX - 1;
    if (file) {
        int fd = (int)syscall(SYS_openat, AT_FDCWD, file, O_RDWR | O_CREAT | O_CLOEXEC, 0644);
        if (fd < 0 || syscall(SYS_ftruncate, (long)fd, sizeof own) != 0) abort();
        void *shared = (void *)syscall(SYS_mmap, 0L, sizeof own, PROT_READ | PROT_WRITE, MAP_SHARED, (long)fd, 0L);
        if (shared == MAP_FAILED) abort();
        counts = shared;
        syscall(SYS_close, fd);
    }
    below = getenv("INJECT_BELOW");
}

static bool path_below(const char *path) {
    size_t length = strlen(below);
    return strncmp(path, below, length) == 0 && (path[length] == '/' || path[length] == 0);
}

static bool fd_below(int fd) {
    if (!below || fd <= 2) return false;
    char link[32], path[4096];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    long length = syscall(SYS_readlinkat, AT_FDCWD, link, path, sizeof path - 1);
    if (length < 0) return false;
    path[length] = 0;
    return path_below(path);
}

static bool named_below(int folder, const char *path) {
    if (!below || !path) return false;
    return *path == '/' ? path_below(path) : folder == AT_FDCWD || fd_below(folder);
}

static void die(void) {
    syscall(SYS_kill, getpid(), SIGKILL);
    for (;;) pause();
}

// The call itself, or what becomes of it. The third argument is the length wherever a fault may be `short`.
static long make(enum kind kind, bool ours, long number, long a, long b, long c, long d, long e, long f) {
    if (ours) {
        uint64_t n = ++counts->calls[kind];
        if ((int)kind == call && n >= first && n <= last) {
            counts->struck++;
            if (as == KILL_BEFORE) die();
            if (as == KILL_AFTER) syscall(number, a, b, c, d, e, f), die();
            if (as > 0) return errno = as, -1;
            if (c > 1) c /= 2;
        }
    }
    return syscall(number, a, b, c, d, e, f);
}

ssize_t read(int fd, void *p, size_t n) { return make(READ, fd_below(fd), SYS_read, fd, (long)p, n, 0, 0, 0); }
ssize_t write(int fd, const void *p, size_t n) { return make(WRITE, fd_below(fd), SYS_write, fd, (long)p, n, 0, 0, 0); }
ssize_t pread(int fd, void *p, size_t n, off_t o) {
    return make(PREAD, fd_below(fd), SYS_pread64, fd, (long)p, n, o, 0, 0);
}
ssize_t pwrite(int fd, const void *p, size_t n, off_t o) {
    return make(PWRITE, fd_below(fd), SYS_pwrite64, fd, (long)p, n, o, 0, 0);
}
ssize_t pread64(int fd, void *p, size_t n, off_t o) { return pread(fd, p, n, o); }
ssize_t pwrite64(int fd, const void *p, size_t n, off_t o) { return pwrite(fd, p, n, o); }

int fsync(int fd) { return (int)make(SYNC, fd_below(fd), SYS_fsync, fd, 0, 0, 0, 0, 0); }
int fdatasync(int fd) { return (int)make(SYNC, fd_below(fd), SYS_fdatasync, fd, 0, 0, 0, 0, 0); }
int ftruncate(int fd, off_t n) { return (int)make(TRUNCATE, fd_below(fd), SYS_ftruncate, fd, n, 0, 0, 0, 0); }
int ftruncate64(int fd, off_t n) { return ftruncate(fd, n); }
int flock(int fd, int how) { return (int)make(FLOCK, fd_below(fd), SYS_flock, fd, how, 0, 0, 0, 0); }

// Only opening for writing, or to make a file, is counted.
int openat(int folder, const char *path, int flags, ...) {
    va_list rest;
    va_start(rest, flags);
    long mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(rest, int) : 0;
    va_end(rest);
    bool ours = (flags & (O_WRONLY | O_RDWR | O_CREAT)) && named_below(folder, path);
    return (int)make(OPEN, ours, SYS_openat, folder, (long)path, flags, mode, 0, 0);
}
#include "opening.h"

int renameat(int a, const char *from, int b, const char *to) {
    return (int)make(RENAME, named_below(b, to), SYS_renameat2, a, (long)from, b, (long)to, 0, 0);
}
int rename(const char *from, const char *to) { return renameat(AT_FDCWD, from, AT_FDCWD, to); }
int link(const char *from, const char *to) {
    return (int)make(LINK, named_below(AT_FDCWD, to), SYS_linkat, AT_FDCWD, (long)from, AT_FDCWD, (long)to, 0, 0);
}
int unlinkat(int folder, const char *path, int flags) {
    return (int)make(UNLINK, named_below(folder, path), SYS_unlinkat, folder, (long)path, flags, 0, 0, 0);
}
int unlink(const char *path) { return unlinkat(AT_FDCWD, path, 0); }
int rmdir(const char *path) { return unlinkat(AT_FDCWD, path, AT_REMOVEDIR); }
int mkdir(const char *path, mode_t mode) {
    return (int)make(MKDIR, named_below(AT_FDCWD, path), SYS_mkdirat, AT_FDCWD, (long)path, mode, 0, 0, 0);
}

int fcntl(int fd, int command, ...) {
    va_list rest;
    va_start(rest, command);
    long value = va_arg(rest, long);
    va_end(rest);
    bool ours = (command == F_SETLK || command == F_SETLKW) && fd_below(fd);
    return (int)make(SETLK, ours, SYS_fcntl, fd, command, value, 0, 0, 0);
}
int fcntl64(int fd, int command, ...) {
    va_list rest;
    va_start(rest, command);
    long value = va_arg(rest, long);
    va_end(rest);
    return fcntl(fd, command, value);
}

void *mmap(void *p, size_t n, int protection, int flags, int fd, off_t o) {
    return (void *)make(MMAP, fd_below(fd), SYS_mmap, (long)p, n, protection, flags, fd, o);
}
void *mmap64(void *p, size_t n, int protection, int flags, int fd, off_t o) {
    return mmap(p, n, protection, flags, fd, o);
}
