#ifndef CSQLITE_H
#define CSQLITE_H
// What Swift cannot say to SQLite: its functions with a variable number of arguments.

#ifdef __cplusplus
extern "C" {
#endif

/// Leaves the counting of allocations out, which takes a lock at each of them. Takes effect only before
/// the first connection of the process.
void csqlite_leave_out_memory_statistics(void);

#ifdef __cplusplus
}
#endif
#endif
