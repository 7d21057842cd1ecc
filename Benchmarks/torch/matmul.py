import torch
from timing import time

torch.manual_seed(0)
for n in [64, 128, 256, 512, 1024]:
    a, b = torch.randn(n, n), torch.randn(n, n)
    time(f"matmul {n}", max(5, 200_000_000 // n**3), lambda: a @ b)
