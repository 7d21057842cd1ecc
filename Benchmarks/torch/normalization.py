import torch
from torch import nn
from timing import time

torch.manual_seed(0)


def measure(name, layer, *shape):
    x, gradient = torch.randn(shape).requires_grad_(), torch.randn(shape)

    def step():
        x.grad = None
        layer.zero_grad()
        layer(x).backward(gradient)

    time(f"{name}, {' × '.join(map(str, shape))}", max(5, 20_000_000 // x.numel()), step)


measure("batch norm", nn.BatchNorm1d(256), 64, 256)
measure("batch norm", nn.BatchNorm2d(64), 64, 64, 28, 28)
measure("batch norm", nn.BatchNorm2d(512), 64, 512, 7, 7)
measure("layer norm", nn.LayerNorm(256), 64, 256)
measure("layer norm", nn.LayerNorm(128), 2048, 128)
measure("layer norm", nn.LayerNorm(512), 4096, 512)
measure("group norm", nn.GroupNorm(8, 64), 32, 64, 28, 28)
