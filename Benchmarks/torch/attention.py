import torch
from torch import nn
from additive import AdditiveAttention
from timing import time

torch.manual_seed(0)
score, cell = AdditiveAttention(128, 128, 128), nn.GRUCell(256, 128)
states = torch.randn(32, 20, 128).requires_grad_()
input, before = torch.randn(32, 128), torch.randn(32, 128).requires_grad_()
leaves = [*score.parameters(), *cell.parameters(), states, before]


def step():
    for tensor in leaves:
        tensor.grad = None
    context, _ = score(before, states)
    cell(torch.cat([input, context], 1), before).mean().backward()


time("decoder step, additive attention", 200, step)

x = torch.randn(16, 128, 128).requires_grad_()
attention = nn.MultiheadAttention(128, 4, batch_first=True)
inputs = [*attention.parameters(), x]


def attend():
    for tensor in inputs:
        tensor.grad = None
    attention(x, x, x, need_weights=False)[0].mean().backward()


time("multi-head self-attention", 40, attend)

encoder = nn.Sequential(*[nn.TransformerEncoderLayer(128, 4, 512, dropout=0.0, batch_first=True) for _ in range(4)])
optimizer = torch.optim.AdamW(encoder.parameters())


def train():
    optimizer.zero_grad()
    encoder(x.detach()).square().mean().backward()
    optimizer.step()


time("encoder of four layers, AdamW", 10, train)
