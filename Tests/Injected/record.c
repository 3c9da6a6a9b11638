// Stands between a program and the system (LD_PRELOAD, Linux) and writes down, in their order, the calls that change what
// lies below one folder, with their data. Shares no code with the programs.
//
//   RECORD_BELOW  the folder, absolute and without links; the program starts in it
//   RECORD_INTO   the trace: records of a kind, a file's number, an offset, the lengths of a name, a second name and data,
//                 then these three
//
// What a map of shared memory changes is not seen: SQLite maps `-shm`, which it makes again after a crash.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

enum kind { CREATE = 1, WRITE, TRUNCATE, SYNC, SYNC_FOLDER, SYNC_ALL, RENAME, LINK, UNLINK, MKDIR, UNKNOWN };

static const char *below = NULL;
static int trace = -1;
// Calls are made under it, so that their order is that of the trace.
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

__attribute__((constructor)) static void begin(void) {
    const char *file = getenv("RECORD_INTO");
    if (file) trace = (int)syscall(SYS_openat, AT_FDCWD, file, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
    if (trace >= 0) below = getenv("RECORD_BELOW");
}

// The part of an absolute path below the folder; NULL elsewhere.
static const char *inside(const char *path) {
    size_t length = strlen(below);
    if (strncmp(path, below, length) != 0 || (path[length] != '/' && path[length] != 0)) return NULL;
    return path[length] ? path + length + 1 : "";
}

static const char *fd_path(int fd, char *path) {
    if (!below || fd <= 2 || fd == trace) return NULL;
    char link[32];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    long length = syscall(SYS_readlinkat, AT_FDCWD, link, path, 4095L);
    if (length < 0) return NULL;
    path[length] = 0;
    return inside(path);
}

// The same for a name and the folder that it begins in.
static const char *named(int folder, const char *name, char *path) {
    if (!below || !name) return NULL;
    if (*name == '/') return inside(name);
    while (name[0] == '.' && name[1] == '/') name += 2;
    if (folder == AT_FDCWD) return snprintf(path, 4096, "%s", name), path;
    char base[4096];
    const char *found = fd_path(folder, base);
    if (!found) return NULL;
    snprintf(path, 4096, "%s%s%s", found, *found ? "/" : "", name);
    return path;
}

static void note(enum kind kind, uint64_t file, int64_t offset, const char *name, const char *other, const void *data, size_t length) {
    uint64_t head[6] = {kind, file, (uint64_t)offset, name ? strlen(name) : 0, other ? strlen(other) : 0, length};
    struct iovec parts[] = {{head, sizeof head}, {(void *)name, head[3]}, {(void *)other, head[4]}, {(void *)data, length}};
    if (syscall(SYS_writev, (long)trace, parts, 4L) != (long)(sizeof head + head[3] + head[4] + length)) abort();
}

static uint64_t number(int fd) {
    struct stat status;
    return fstat(fd, &status) == 0 ? status.st_ino : 0;
}

#define CALL(kind, call, ...)                      \
    int error = errno;                             \
    pthread_mutex_lock(&lock);                     \
    errno = error;                                 \
    long result = call;                            \
    error = errno;                                 \
    if (result >= 0) note(kind, __VA_ARGS__);      \
    pthread_mutex_unlock(&lock);                   \
    errno = error;                                 \
    return result

static ssize_t put(int fd, const void *p, size_t n, off_t at) {
    CALL(WRITE, syscall(SYS_pwrite64, fd, p, n, at), number(fd), at, NULL, NULL, p, (size_t)result);
}
static ssize_t append(int fd, const void *p, size_t n) {
    CALL(WRITE, syscall(SYS_write, fd, p, n), number(fd), lseek(fd, 0, SEEK_CUR) - result, NULL, NULL, p, (size_t)result);
}
ssize_t pwrite(int fd, const void *p, size_t n, off_t at) {
    char path[4096];
    return fd_path(fd, path) ? put(fd, p, n, at) : syscall(SYS_pwrite64, fd, p, n, at);
}
ssize_t write(int fd, const void *p, size_t n) {
    char path[4096];
    return fd_path(fd, path) ? append(fd, p, n) : syscall(SYS_write, fd, p, n);
}
ssize_t pwrite64(int fd, const void *p, size_t n, off_t at) { return pwrite(fd, p, n, at); }

static int sync_one(int fd, long number_of_call, const char *path) {
    struct stat status;
    bool folder = fstat(fd, &status) == 0 && S_ISDIR(status.st_mode);
    CALL(folder ? SYNC_FOLDER : SYNC, syscall(number_of_call, fd), status.st_ino, 0, path, NULL, NULL, 0);
}
int fsync(int fd) {
    char path[4096];
    const char *found = fd_path(fd, path);
    return found ? sync_one(fd, SYS_fsync, found) : (int)syscall(SYS_fsync, fd);
}
int fdatasync(int fd) {
    char path[4096];
    const char *found = fd_path(fd, path);
    return found ? sync_one(fd, SYS_fdatasync, found) : (int)syscall(SYS_fdatasync, fd);
}

static int cut_at(int fd, off_t n) { CALL(TRUNCATE, syscall(SYS_ftruncate, fd, n), number(fd), n, NULL, NULL, NULL, 0); }
int ftruncate(int fd, off_t n) {
    char path[4096];
    return fd_path(fd, path) ? cut_at(fd, n) : (int)syscall(SYS_ftruncate, fd, n);
}
int ftruncate64(int fd, off_t n) { return ftruncate(fd, n); }

int openat(int folder, const char *name, int flags, ...) {
    va_list rest;
    va_start(rest, flags);
    long mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(rest, int) : 0;
    va_end(rest);
    char path[4096];
    const char *found = flags & (O_CREAT | O_TRUNC) ? named(folder, name, path) : NULL;
    if (!found) return (int)syscall(SYS_openat, folder, name, flags, mode);
    pthread_mutex_lock(&lock);
    struct stat status;
    bool there = fstatat(folder, name, &status, 0) == 0;
    int fd = (int)syscall(SYS_openat, folder, name, flags, mode), error = errno;
    if (fd >= 0 && !there) note(CREATE, number(fd), 0, found, NULL, NULL, 0);
    if (fd >= 0 && there && flags & O_TRUNC) note(TRUNCATE, number(fd), 0, NULL, NULL, NULL, 0);
    pthread_mutex_unlock(&lock);
    errno = error;
    return fd;
}
#include "opening.h"

static int move(int a, const char *from, const char *old, int b, const char *to, const char *new, unsigned flags) {
    CALL(RENAME, syscall(SYS_renameat2, a, from, b, to, flags), flags, 0, old, new, NULL, 0);
}
int renameat2(int a, const char *from, int b, const char *to, unsigned flags) {
    char first[4096], second[4096];
    const char *old = named(a, from, first), *new = named(b, to, second);
    return old && new ? move(a, from, old, b, to, new, flags) : (int)syscall(SYS_renameat2, a, from, b, to, flags);
}
int renameat(int a, const char *from, int b, const char *to) { return renameat2(a, from, b, to, 0); }
int rename(const char *from, const char *to) { return renameat2(AT_FDCWD, from, AT_FDCWD, to, 0); }

static int join(const char *from, const char *old, const char *to, const char *new) {
    CALL(LINK, syscall(SYS_linkat, AT_FDCWD, from, AT_FDCWD, to, 0), 0, 0, old, new, NULL, 0);
}
int link(const char *from, const char *to) {
    char first[4096], second[4096];
    const char *old = named(AT_FDCWD, from, first), *new = named(AT_FDCWD, to, second);
    return old && new ? join(from, old, to, new) : (int)syscall(SYS_linkat, AT_FDCWD, from, AT_FDCWD, to, 0);
}

static int remove_name(int folder, const char *name, int flags, const char *path) {
    CALL(UNLINK, syscall(SYS_unlinkat, folder, name, flags), 0, 0, path, NULL, NULL, 0);
}
int unlinkat(int folder, const char *name, int flags) {
    char path[4096];
    const char *found = named(folder, name, path);
    return found ? remove_name(folder, name, flags, found) : (int)syscall(SYS_unlinkat, folder, name, flags);
}
int unlink(const char *name) { return unlinkat(AT_FDCWD, name, 0); }
int rmdir(const char *name) { return unlinkat(AT_FDCWD, name, AT_REMOVEDIR); }

static int make_folder(int folder, const char *name, mode_t mode, const char *path) {
    struct stat status = {0};
    CALL(MKDIR, syscall(SYS_mkdirat, folder, name, mode), (fstatat(folder, name, &status, 0), status.st_ino), 0, path, NULL,
         NULL, 0);
}
int mkdirat(int folder, const char *name, mode_t mode) {
    char path[4096];
    const char *found = named(folder, name, path);
    return found ? make_folder(folder, name, mode, found) : (int)syscall(SYS_mkdirat, folder, name, mode);
}
int mkdir(const char *name, mode_t mode) { return mkdirat(AT_FDCWD, name, mode); }

void sync(void) {
    pthread_mutex_lock(&lock);
    if (below) note(SYNC_ALL, 0, 0, NULL, NULL, NULL, 0);
    pthread_mutex_unlock(&lock);
}

// What the programs do not use; were they to, the trace would say so.
static long refuse(const char *what) {
    pthread_mutex_lock(&lock);
    if (below) note(UNKNOWN, 0, 0, what, NULL, NULL, 0);
    pthread_mutex_unlock(&lock);
    return errno = ENOSYS, -1;
}
ssize_t copy_file_range(int a, off_t *b, int c, off_t *d, size_t e, unsigned f) { return refuse("copy_file_range"); }
ssize_t sendfile(int a, int b, off_t *c, size_t d) { return refuse("sendfile"); }
ssize_t pwritev(int a, const struct iovec *b, int c, off_t d) { return refuse("pwritev"); }
