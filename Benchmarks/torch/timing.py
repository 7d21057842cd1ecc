"""Prints how long a function takes, as Sources/Timing does: a line name<TAB>seconds for each batch of runs."""
import os, sys, time as clock

takes_turns = "TAKE_TURNS" in os.environ


def warm_up(seconds, body):
    start = clock.perf_counter()
    while clock.perf_counter() - start < seconds:
        body()


def time(name, runs, body, batches=9):
    def say(seconds):
        print(f"{name}\t{seconds}", flush=True)
        if takes_turns:
            sys.stdin.readline()

    warm_up(0.2, body)
    say("")
    for _ in range(batches):
        # While the other had its turn, the caches have cooled and the threads gone to sleep.
        if runs > 1:
            warm_up(0.005, body)
        start = clock.perf_counter()
        for _ in range(runs):
            body()
        say((clock.perf_counter() - start) / runs)
