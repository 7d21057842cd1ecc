// The door to Linux's scheduler: on which cores a thread may run. The C library declares these calls under a macro that
// Swift does not set, so they are made by their numbers.
#pragma once
#include <sys/syscall.h>
#include <unistd.h>

/// The core that the caller runs on now.
static inline int currentCore(void) {
  unsigned core = 0;
  syscall(SYS_getcpu, &core, 0, 0);
  return (int)core;
}

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
