#!/usr/bin/env python3
"""Runs workloads here and in PyTorch in turns, and prints the medians and their ratio (ours over PyTorch's).

usage: compare.py [--python PYTHON] [--rounds N] [--write] [WORKLOAD ...]     (default: all workloads, 3 rounds)

In a round both programs are started once and measure in turns, some milliseconds each, while the other waits: what else the
processor is busy with slows both. A ratio is that of two turns in succession; printed are the median of all of them and the
bounds between which their middle half lies.

PyTorch is needed for this only: pip install torch, and name its Python with --python. Both sides use as many threads as
there are cores. --write puts the table into README.md and a figure into ratios.svg, both beside this file.
"""
import argparse, datetime, os, platform, subprocess, sys, time
from pathlib import Path
from statistics import geometric_mean, median, quantiles

here = Path(__file__).resolve().parent
# What is no workload: modules that several of them import.
shared = {"timing", "additive"}
# Workloads whose every line is a step of training, or its heaviest part.
training = {"attention", "cnn", "conv", "mlp", "rnn", "seq2seq"}

parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument("--python", default=sys.executable)
parser.add_argument("--rounds", type=int, default=3)
parser.add_argument("--write", action="store_true")
parser.add_argument("workloads", nargs="*")
options = parser.parse_args()
known = sorted(path.stem for path in (here / "torch").glob("*.py") if path.stem not in shared)
workloads = options.workloads or known
if unknown := set(workloads) - set(known):
    sys.exit(f"compare.py: there is no workload {', '.join(sorted(unknown))}; there are {', '.join(known)}")

subprocess.run(["swift", "build", "--package-path", here], check=True, stdout=sys.stderr)
build = Path(subprocess.run(["swift", "build", "--package-path", here, "--show-bin-path"], check=True,
                            capture_output=True, text=True).stdout.strip())
environment = os.environ | {"OMP_NUM_THREADS": str(os.cpu_count()), "TAKE_TURNS": "1"}


class Side:
    """A program that works when it is told to, and says what it has measured."""

    def __init__(self, command):
        self.command = command
        self.start = time.perf_counter()
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment)
        self.line = self.process.stdout.readline()

    def turn(self):
        """The next line in three parts, a name, a tab, and the seconds or nothing; None at the program's end."""
        if self.line is None:
            # The other's threads go on looking for work for some milliseconds.
            time.sleep(0.01)
            self.process.stdin.write("\n")
            self.process.stdin.flush()
            self.line = self.process.stdout.readline()
        line, self.line = self.line, None
        return line.rstrip("\n").partition("\t") if line else None

    def end(self):
        """The seconds since the start, and the largest memory of the process in MB."""
        _, status, usage = os.wait4(self.process.pid, 0)
        self.process.returncode = os.waitstatus_to_exitcode(status)
        if self.process.returncode != 0:
            sys.exit(f"compare.py: {' '.join(map(str, self.command))} ends with {self.process.returncode}")
        return time.perf_counter() - self.start, usage.ru_maxrss / 1024


def compete(workload):
    """Pairs of seconds for each measurement, and the memory of both."""
    pairs = {}
    commands = [[build / workload], [options.python, here / "torch" / f"{workload}.py"]]
    ours = Side(commands[0])
    whole = None if ours.line else ours.end()
    theirs = Side(commands[1])
    if whole:
        # A program that measures nothing is measured itself.
        its_whole = theirs.end()
        return {workload: [(whole[0], its_whole[0])]}, (whole[1], its_whole[1])
    while True:
        a, b = ours.turn(), theirs.turn()
        if a is None and b is None:
            break
        if a is None or b is None or a[0] != b[0]:
            sys.exit(f"compare.py: {workload} measures {a} here and {b} in PyTorch")
        if a[2]:
            pairs.setdefault(a[0], []).append((float(a[2]), float(b[2])))
    return pairs, tuple(side.end()[1] for side in (ours, theirs))


def shown(seconds):
    return f"{seconds * 1e6:.1f} µs" if seconds < 1e-2 else f"{seconds * 1e3:.1f} ms"


rows = []
print(f"{'':54}{'ours':>12}{'PyTorch':>12}{'ratio':>8}   middle half       peak memory")
for workload in workloads:
    rounds = [compete(workload) for _ in range(options.rounds)]
    memory = [median(r[1][side] for r in rounds) for side in (0, 1)]
    for name in rounds[0][0]:
        pairs = [pair for r in rounds for pair in r[0][name]]
        ratios = [a / b for a, b in pairs]
        low, _, high = quantiles(ratios, n=4, method="inclusive") if len(ratios) > 1 else ratios * 3
        row = (workload, name, *(median(pair[side] for pair in pairs) for side in (0, 1)), median(ratios), low, high, *memory)
        rows.append(row)
        print(f"{name:54}{shown(row[2]):>12}{shown(row[3]):>12}{row[4]:>8.2f}   "
              f"{low:6.2f} … {high:<6.2f}     {memory[0]:6.0f}, {memory[1]:.0f} MB", flush=True)
means = [("all", geometric_mean(row[4] for row in rows))]
if steps := [row[4] for row in rows if row[0] in training]:
    means.append(("steps of training", geometric_mean(steps)))
for name, mean in means:
    print(f"geometric mean, {name}: {mean:.2f}")


def version(command, word):
    lines = subprocess.run(command, capture_output=True, text=True).stdout.splitlines()
    return next((line.strip() for line in lines if word in line), "unknown")


def write_table():
    processor = version(["lscpu"], "Model name").removeprefix("Model name:").strip()
    torch = version([options.python, "-c", "import torch; print(torch.__version__)"], ".")
    swift = version(["swift", "--version"], "Swift version").split("(")[0].strip()
    lines = [
        f"{datetime.date.today()}, {processor}, {os.cpu_count()} cores; {swift}, PyTorch {torch}, {platform.system()}; "
        f"medians of {options.rounds} round{'' if options.rounds == 1 else 's'} in turns.", "",
        "| measured | ours | PyTorch | ratio | middle half | MB, ours | MB, PyTorch |", "| --- | --: | --: | --: | --- | --: | --: |",
    ]
    for _, name, ours, theirs, ratio, low, high, memory, their_memory in rows:
        lines.append(f"| {name} | {shown(ours)} | {shown(theirs)} | {ratio:.2f} | {low:.2f} … {high:.2f} "
                     f"| {memory:.0f} | {their_memory:.0f} |")
    lines += [""] + [f"Geometric mean, {name}: {mean:.2f}." for name, mean in means]
    readme = here / "README.md"
    head, _, rest = readme.read_text().partition("<!-- table -->\n")
    _, mark, tail = rest.partition("<!-- end of the table -->")
    readme.write_text(head + "<!-- table -->\n" + "\n".join(lines) + "\n" + mark + tail)


def write_figure():
    script = [
        f"set terminal svg size 830,{60 + 18 * len(rows)} font 'sans-serif,11' background '#ffffff'",
        f"set output '{here / 'ratios.svg'}'", "set logscale x 2", "set xrange [0.01:2]", "set grid x lc '#dddddd'",
        f"set yrange [{len(rows)}:-1]", "set lmargin 54", "unset key", "set tics nomirror", "set border 3",
        "set xlabel 'our time over that of PyTorch'",
        "set ytics (" + ", ".join(f"'{row[1]}' {i}" for i, row in enumerate(rows)) + ")",
        "set arrow from 1, graph 0 to 1, graph 1 nohead lc '#888888' dt 2",
        "$ratios << END", *(f"{max(row[4], 0.0101)} {i} {max(row[5], 0.0101)} {row[6]}" for i, row in enumerate(rows)),
        "END",
        "plot $ratios using 3:2:($4-$3):(0) with vectors nohead lc '#99bbdd' lw 3, '' using 1:2 with points pt 7 ps 0.6 lc '#0072b2'",
    ]
    subprocess.run(["gnuplot"], input="\n".join(script), text=True, check=True)


if options.write:
    write_table()
    write_figure()
