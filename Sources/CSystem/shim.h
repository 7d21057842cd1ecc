// What Swift has no words for: an instruction of the processor's, and the door to Linux's scheduler, on which cores a
// thread may run. The C library declares the scheduler's calls under a macro that Swift does not set, so they are declared
// here or made by their numbers.
#pragma once
#include <sys/syscall.h>
#include <unistd.h>

/// Lets the processor fetch a line of memory into its cache while the program goes on. Any address will do.
static inline void prefetch(const void *place) { __builtin_prefetch(place); }

/// The core that the caller runs on now.
int sched_getcpu(void);

/// The number by which the other functions know the caller's thread.
static inline int currentThread(void) { return (int)syscall(SYS_gettid); }

/// Writes a bit for each core on which the thread may run. Negative where it fails.
static inline int getCores(int thread, unsigned long *mask, size_t bytes) {
  return (int)syscall(SYS_sched_getaffinity, thread, bytes, mask);
}

/// The thread moves to one of these cores at once, or when it wakes.
static inline int setCores(int thread, const unsigned long *mask, size_t bytes) {
  return (int)syscall(SYS_sched_setaffinity, thread, bytes, mask);
}
