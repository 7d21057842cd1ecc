#!/usr/bin/env python3
"""Section 3.4 of chapter 3 in NumPy: the same network, the same data, the same steps.

784-10-10 with ReLU and softmax, weights and biases drawn evenly from (-1, 1), the whole training set of
60,000 images as one batch, learning rate 0.1, the accuracy at every tenth iteration. All in float32, written
as one writes NumPy: one example in each row, one expression for each formula. NumPy gives the five matrix
products to its OpenBLAS, which uses all cores; the other expressions run on one core, one after another.
Reading the files and scaling the pixels to [0, 1] is not part of the measured time.
"""

import argparse
import gzip
import time
from pathlib import Path

import numpy as np


def read_idx(path):
    """An idx file: two zero bytes, the type, the rank, the sizes as big-endian 32-bit integers, the data."""
    raw = gzip.open(path).read()
    rank = raw[3]
    shape = np.frombuffer(raw, ">i4", rank, offset=4)
    return np.frombuffer(raw, np.uint8, offset=4 + 4 * rank).reshape(shape)


def softmax(z):
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def train(x, labels, iterations, rng, report):
    rate = np.float32(0.1)
    n = np.float32(len(x))
    y = np.eye(10, dtype=np.float32)[labels]
    w1, b1, w2, b2 = (
        rng.uniform(-1, 1, shape).astype(np.float32) for shape in [(10, x.shape[1]), 10, (10, 10), 10])
    for iteration in range(iterations):
        # Forward.
        z1 = x @ w1.T + b1
        a1 = np.maximum(z1, 0)
        p = softmax(a1 @ w2.T + b2)
        # Backward.
        delta2 = (p - y) / n
        delta1 = (delta2 @ w2) * (z1 > 0)
        grad_w2, grad_b2 = delta2.T @ a1, delta2.sum(axis=0)
        grad_w1, grad_b1 = delta1.T @ x, delta1.sum(axis=0)
        # Step.
        w1 -= rate * grad_w1
        b1 -= rate * grad_b1
        w2 -= rate * grad_w2
        b2 -= rate * grad_b2
        if iteration % 10 == 0:
            report(iteration, (p.argmax(axis=1) == labels).mean())
    assert all(array.dtype == np.float32 for array in (x, y, z1, a1, p, delta1, delta2, w1, b1, w2, b2))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, default=Path("/usr/share/datasets/fashion-mnist"))
    parser.add_argument("--iterations", type=int, default=500)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()

    images = read_idx(options.data / "train-images-idx3-ubyte.gz")
    labels = read_idx(options.data / "train-labels-idx1-ubyte.gz").astype(np.int64)
    x = images.reshape(len(images), -1).astype(np.float32) / np.float32(255)

    start = time.perf_counter()
    train(
        x, labels, options.iterations, np.random.default_rng(options.seed),
        lambda iteration, accuracy: print(f"iteration {iteration}: accuracy {accuracy:.4f}"))
    print(f"time = [{time.perf_counter() - start:.3f} s]")


if __name__ == "__main__":
    main()
