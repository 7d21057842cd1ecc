"""Prints how long a function takes, as Sources/Timing does: name<TAB>seconds, the median of several batches of runs."""
import time as clock


def time(name, runs, body, batches=5):
    start = clock.perf_counter()
    while clock.perf_counter() - start < 0.2:
        body()
    seconds = []
    for _ in range(batches):
        start = clock.perf_counter()
        for _ in range(runs):
            body()
        seconds.append((clock.perf_counter() - start) / runs)
    print(f"{name}\t{sorted(seconds)[batches // 2]}", flush=True)
