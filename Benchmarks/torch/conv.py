import torch
from torch import nn
from timing import time

torch.manual_seed(0)


def measure(name, layer, *shape, needs_input=True):
    x = torch.randn(shape).requires_grad_(needs_input)
    with torch.no_grad():
        gradient = torch.randn_like(layer(x))
    size = "×".join(map(str, shape))

    def forward():
        with torch.no_grad():
            layer(x)

    def both():
        x.grad = None
        layer.zero_grad()
        layer(x).backward(gradient)

    time(f"{name}, {size}", max(5, 2_000_000 // x.numel()), forward)
    time(f"{name}, {size}, with backward", max(5, 1_000_000 // x.numel()), both)


measure("conv 3→6 5×5", nn.Conv2d(3, 6, 5), 4, 3, 32, 32, needs_input=False)
measure("conv 3→6 5×5", nn.Conv2d(3, 6, 5), 64, 3, 32, 32, needs_input=False)
measure("conv 6→16 5×5", nn.Conv2d(6, 16, 5), 4, 6, 14, 14)
measure("conv 6→16 5×5", nn.Conv2d(6, 16, 5), 64, 6, 14, 14)
measure("conv 16→32 3×3", nn.Conv2d(16, 32, 3, padding=1), 64, 16, 28, 28)
measure("conv 64→64 3×3", nn.Conv2d(64, 64, 3, padding=1), 64, 64, 14, 14)
measure("conv 128→128 3×3", nn.Conv2d(128, 128, 3, padding=1), 64, 128, 7, 7)
measure("conv 32→64 3×3, stride 2", nn.Conv2d(32, 64, 3, stride=2, padding=1), 64, 32, 28, 28)
measure("conv 64→64 1×1", nn.Conv2d(64, 64, 1), 64, 64, 14, 14)
measure("transposed conv 32→16 4×4, stride 2", nn.ConvTranspose2d(32, 16, 4, stride=2, padding=1), 64, 32, 14, 14)
measure("conv1d 64→64 3", nn.Conv1d(64, 64, 3, padding=1), 64, 64, 128)
measure("max-pool 2", nn.MaxPool2d(2), 64, 6, 28, 28)
measure("max-pool 3, stride 2", nn.MaxPool2d(3, stride=2, padding=1), 64, 32, 28, 28)
measure("average-pool 2", nn.AvgPool2d(2), 64, 16, 28, 28)
measure("average-pool 3, stride 2", nn.AvgPool2d(3, stride=2, padding=1), 64, 32, 28, 28)
measure("max-pool1d 2", nn.MaxPool1d(2), 64, 64, 128)
measure("average-pool1d 2", nn.AvgPool1d(2), 64, 64, 128)
measure("averages of 7×7 windows", nn.AdaptiveAvgPool2d(7), 64, 16, 28, 28)
measure("average of the plane", nn.AdaptiveAvgPool2d(1), 64, 64, 14, 14)
measure("nearest, twice as large", nn.Upsample(scale_factor=2), 64, 16, 14, 14)
measure("bilinear, twice as large", nn.Upsample(scale_factor=2, mode="bilinear"), 64, 16, 14, 14)
