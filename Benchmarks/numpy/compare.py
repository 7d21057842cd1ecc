#!/usr/bin/env python3
"""Times the from-scratch network of chapter 3, in Swift and in NumPy, on this machine.

The two take turns, so that whatever else the machine does hits both; the medians are compared. What is timed
in either is the training of section 3.4, 500 iterations over 60,000 images from the uniform start, without
the reading of the data. Both run the same arithmetic in float32. What the Swift program does differently: it
keeps the images as bytes and makes floats of one block at a time, it takes each block forward and backward
while it is in the cache, and both cores work on everything rather than on the matrix products alone.

    swift build --product chapter3-backprop
    python3 Benchmarks/numpy/compare.py
"""

import argparse
import re
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

here = Path(__file__).resolve().parent


def seconds(command):
    """The time that a program prints of itself, on its first line of the form `time = [1.23 s]`."""
    run = subprocess.run(command, capture_output=True, text=True)
    found = re.search(r"time\s+= \[([\d.]+) s\]", run.stdout)
    if run.returncode != 0 or not found:
        sys.exit(f"{' '.join(map(str, command))} failed:\n{run.stderr or run.stdout}")
    return float(found[1])


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, default=3, help="how often each is run")
    parser.add_argument(
        "--program", type=Path, default=here.parents[1] / ".build/debug/chapter3-backprop",
        help="the built chapter")
    options = parser.parse_args()
    if not options.program.exists():
        sys.exit(f"{options.program} is not there; build it first: swift build --product chapter3-backprop")

    swift, numpy = [], []
    with tempfile.TemporaryDirectory() as plots:
        for run in range(options.runs):
            numpy.append(seconds([sys.executable, here / "backprop_from_scratch.py"]))
            swift.append(seconds([options.program, "--section", "3.4", "--plots", plots]))
            print(f"run {run + 1}: NumPy {numpy[-1]:.2f} s, Swift {swift[-1]:.2f} s", flush=True)
    fast, slow = statistics.median(swift), statistics.median(numpy)
    print(f"median: NumPy {slow:.2f} s, Swift {fast:.2f} s; Swift takes 1/{slow / fast:.2f} of NumPy's time")


if __name__ == "__main__":
    main()
