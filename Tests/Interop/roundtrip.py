"""Models from PyTorch to Swift and back, and from Swift to PyTorch, compared bit for bit.

Needs torch and safetensors. See README.md.
"""

import os
import subprocess
import sys
import tempfile

import torch
from safetensors import safe_open
from safetensors.torch import load_file, save_file
from torch import nn


class Net(nn.Module):
    """The model of the same name in InteropTests.swift."""

    def __init__(self):
        super().__init__()
        self.embedding = nn.Embedding(50, 8)
        self.layers = nn.Sequential(nn.Linear(8, 16), nn.ReLU(), nn.Linear(16, 4))
        self.register_buffer("steps", torch.tensor(2**62 + 1))
        self.register_buffer("mask", torch.tensor([True, False, True, True]))
        self.register_buffer("mean", torch.randn(3, dtype=torch.float64))

    def forward(self, x):
        return self.layers(self.embedding(x))


def compare(title, actual, expected):
    """Whether both hold the same names, types, shapes and bits."""
    same = set(actual) == set(expected)
    print(f"{title}:")
    for name, tensor in expected.items():
        other = actual.get(name)
        equal = (
            other is not None
            and other.dtype == tensor.dtype
            and other.shape == tensor.shape
            and other.contiguous().numpy().tobytes() == tensor.contiguous().numpy().tobytes()
        )
        same &= equal
        shape = "x".join(map(str, tensor.shape)) or "scalar"
        print(f"  {name:20} {str(tensor.dtype)[6:]:8} {shape:10} {'equal' if equal else 'DIFFERENT'}")
    for name in set(actual) - set(expected):
        print(f"  {name:20} UNEXPECTED")
    return same


def main():
    torch.manual_seed(7)
    model = Net()
    inputs = torch.randint(0, 50, (32,))
    optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
    for _ in range(20):
        optimizer.zero_grad()
        nn.functional.cross_entropy(model(inputs), inputs % 4).backward()
        optimizer.step()

    with tempfile.TemporaryDirectory() as folder:
        save_file(model.state_dict(), f"{folder}/torch.safetensors")
        save_file({"input": inputs}, f"{folder}/input.safetensors")

        command = ["swift", "test", "--filter", "InteropTests"] if len(sys.argv) == 1 else sys.argv[1:]
        root = os.path.dirname(os.path.abspath(__file__)) + "/../.."
        subprocess.run(command, cwd=root, check=True, env={**os.environ, "INTEROP_FOLDER": folder})

        print()
        back = Net()
        back.load_state_dict(load_file(f"{folder}/swift.safetensors"))
        good = compare("PyTorch -> Swift -> PyTorch", back.state_dict(), model.state_dict())
        with safe_open(f"{folder}/swift.safetensors", "pt") as file:
            good &= file.metadata() == {"format": "pt"}

        output = load_file(f"{folder}/output.safetensors")["output"]
        error = (output - model(inputs)).abs().max().item()
        good &= error < 1e-5
        print(f"outputs of the two: largest difference {error:.1e}\n")

        torch.manual_seed(0)
        fresh = nn.Sequential(
            nn.Flatten(), nn.Linear(784, 512), nn.ReLU(), nn.Linear(512, 512), nn.ReLU(), nn.Linear(512, 10)
        )
        good &= compare(
            "manualSeed(0) in Swift, torch.manual_seed(0)",
            load_file(f"{folder}/seed0.safetensors"),
            fresh.state_dict(),
        )
    print("\nall equal" if good else "\nNOT EQUAL")
    sys.exit(0 if good else 1)


if __name__ == "__main__":
    main()
