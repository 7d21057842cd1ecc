#!/usr/bin/env python3
"""Runs workloads here and in PyTorch in turns, and prints the medians and their ratio (ours over PyTorch's).

usage: compare.py [--python PYTHON] [--rounds N] [--write] [WORKLOAD ...]     (default: all workloads, 5 rounds)

PyTorch is needed for this only: pip install torch, and name its Python with --python. Both sides use as many threads as
there are cores. --write puts the table into README.md and a figure into ratios.svg, both beside this file.
"""
import argparse, datetime, os, platform, subprocess, sys, time
from pathlib import Path
from statistics import geometric_mean, median

here = Path(__file__).resolve().parent
# What is no workload: modules that several of them import.
shared = {"timing", "additive"}
# Workloads whose every line is a step of training, or its heaviest part.
training = {"attention", "cnn", "conv", "mlp", "rnn", "seq2seq"}

parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument("--python", default=sys.executable)
parser.add_argument("--rounds", type=int, default=5)
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
environment = os.environ | {"OMP_NUM_THREADS": str(os.cpu_count())}


def run(workload, command):
    """The seconds of each measurement, and the largest memory of the process in MB."""
    start = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment)
    lines = process.stdout.read().splitlines()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        sys.exit(f"compare.py: {' '.join(map(str, command))} ends with {process.returncode}")
    seconds = {name: float(value) for name, value in (line.split("\t") for line in lines)}
    # A program that measures nothing is measured itself.
    return seconds or {workload: time.perf_counter() - start}, usage.ru_maxrss / 1024


def shown(seconds):
    return f"{seconds * 1e6:.1f} µs" if seconds < 1e-2 else f"{seconds * 1e3:.1f} ms"


rows = []
print(f"{'':38}{'ours':>12}{'PyTorch':>12}{'ratio':>8}   ratios of the rounds   peak memory")
for workload in workloads:
    rounds = [(run(workload, [build / workload]), run(workload, [options.python, here / "torch" / f"{workload}.py"]))
              for _ in range(options.rounds)]
    memory = [median(r[side][1] for r in rounds) for side in (0, 1)]
    for name in rounds[0][0][0]:
        ours, theirs = ([r[side][0][name] for r in rounds] for side in (0, 1))
        ratios = sorted(a / b for a, b in zip(ours, theirs))
        row = (workload, name, median(ours), median(theirs), median(ratios), ratios[0], ratios[-1], *memory)
        rows.append(row)
        print(f"{name:38}{shown(row[2]):>12}{shown(row[3]):>12}{row[4]:>8.2f}   "
              f"{row[5]:6.2f} … {row[6]:<6.2f}     {memory[0]:6.0f}, {memory[1]:.0f} MB", flush=True)
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
        f"medians of {options.rounds} rounds in turns.", "",
        "| measured | ours | PyTorch | ratio | rounds | MB, ours | MB, PyTorch |", "| --- | --: | --: | --: | --- | --: | --: |",
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
