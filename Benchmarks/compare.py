#!/usr/bin/env python3
"""Runs workloads here and in PyTorch in turns, and prints the medians and their ratio (ours over PyTorch's).

usage: compare.py [--python PYTHON] [--rounds N] [WORKLOAD ...]        (default: all workloads, 5 rounds)

PyTorch is needed for this only: pip install torch, and name its Python with --python. Both sides use as many threads as
there are cores.
"""
import argparse, os, subprocess, sys
from pathlib import Path
from statistics import median

here = Path(__file__).resolve().parent
parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument("--python", default=sys.executable)
parser.add_argument("--rounds", type=int, default=5)
parser.add_argument("workloads", nargs="*")
options = parser.parse_args()
known = sorted(path.stem for path in (here / "torch").glob("*.py") if path.stem != "timing")
workloads = options.workloads or known
if unknown := set(workloads) - set(known):
    sys.exit(f"compare.py: there is no workload {', '.join(unknown)}; there are {', '.join(known)}")

subprocess.run(["swift", "build", "--package-path", here], check=True, stdout=sys.stderr)
build = Path(subprocess.run(["swift", "build", "--package-path", here, "--show-bin-path"], check=True,
                            capture_output=True, text=True).stdout.strip())
environment = os.environ | {"OMP_NUM_THREADS": str(os.cpu_count())}


def run(command):
    lines = subprocess.run(command, check=True, capture_output=True, text=True, env=environment).stdout.splitlines()
    return {name: float(seconds) for name, seconds in (line.split("\t") for line in lines)}


print(f"{'':34}{'ours':>12}{'PyTorch':>12}{'ratio':>8}{'   ratios of the rounds':}")
for workload in workloads:
    rounds = [(run([build / workload]), run([options.python, here / "torch" / f"{workload}.py"]))
              for _ in range(options.rounds)]
    for name in rounds[0][0]:
        ours = median(r[0][name] for r in rounds)
        theirs = median(r[1][name] for r in rounds)
        ratios = sorted(r[0][name] / r[1][name] for r in rounds)
        print(f"{name:34}{ours * 1e6:>9.1f} µs{theirs * 1e6:>9.1f} µs{median(ratios):>8.2f}   {ratios[0]:.2f} … {ratios[-1]:.2f}")
