import torch
from timing import time

torch.manual_seed(0)
for n in [64, 128, 256, 512, 1024]:
    a, b = torch.randn(n, n), torch.randn(n, n)
    time(f"matmul {n}", max(5, 200_000_000 // n**3), lambda: a @ b)

for rows, inputs, units in [(64, 784, 512), (32, 128, 384), (2048, 128, 128), (1, 1024, 1024)]:
    x, w = torch.randn(rows, inputs), torch.randn(units, inputs)
    time(f"linear, {rows} × {inputs} → {units}", max(20, 200_000_000 // (rows * inputs * units)),
         lambda: torch.nn.functional.linear(x, w))
