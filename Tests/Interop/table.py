"""Runs the PyTorch side of chapter 4's tables, and compares it with what the chapter says PyTorch gives.

usage: python table.py      (needs torch and safetensors)

Prints each row that differs, and how many there are; ends with status 1 if any does.
"""

import os
import re
import sys
import tempfile

import torch
import torch.nn as nn
import torch.nn.functional as F
from safetensors.torch import load_file, save_file
from torch import optim
from torch.utils.data import DataLoader, Subset, TensorDataset

CHAPTER = "/../../Chapters/chapter4-pytorch-style-api/main.swift"
STRING = r'"((?:[^"\\]|\\.)*)"'


def brief(value):
    """As Both.brief in the chapter: on one line, and true, false and names of types as Swift writes them."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, torch.dtype):
        return str(value).removeprefix("torch.")
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        return ", ".join(value)
    text = " ".join(str(value).split()).replace("[ ", "[")
    return text.removeprefix("tensor(")[:-1] if isinstance(value, torch.Tensor) else text


def names(table, folder):
    """What the expressions of a table call their operands."""
    n, m, path = torch.arange(10), nn.Linear(2, 1), f"{folder}/small.safetensors"
    save_file(m.state_dict(), path)
    x = torch.tensor([[0, 1, 2], [3, 4, 5]])
    if table == "autograd":
        x = torch.tensor([1.0, 2.0], requires_grad=True)
    return {
        "torch": torch, "nn": nn, "F": F, "optim": optim, "x": x, "f": x.float(), "device": torch.device("cpu"),
        "row": torch.tensor([10, 20, 30]), "column": torch.tensor([[100], [200]]),
        "z": torch.tensor([[2.0, 1.0, -1.0], [0.5, 0.0, 0.0]]), "t": torch.tensor([0, 2]),
        "m": m, "path": path, "load_file": load_file, "numbers": TensorDataset(n, n * n), "DataLoader": DataLoader,
        "Subset": Subset, "p": [torch.tensor([1.0], requires_grad=True)],
    }  # fmt: skip


def main():
    with open(os.path.dirname(os.path.abspath(__file__)) + CHAPTER, encoding="utf-8") as file:
        source = file.read()
    rows = different = 0
    folder = tempfile.TemporaryDirectory()
    for title, body in re.findall(rf"page\.compare\(\s*{STRING},\n(.*?)\n\n", source, re.S):
        for expression, expected in re.findall(rf"Both\(\s*{STRING}, .*?, {STRING}\),?\)?$", body, re.M):
            found = brief(eval(expression.replace('\\"', '"'), names(title, folder.name)))
            rows += 1
            if found != expected.replace('\\"', '"'):
                different += 1
                print(f"{title}: {expression}\n  the chapter says {expected}\n  PyTorch gives    {found}")
    print(f"{rows} rows, {different} different")
    sys.exit(1 if different or rows != source.count("Both(") else 0)


if __name__ == "__main__":
    main()
