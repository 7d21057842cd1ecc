import torch
from torch import nn
from additive import AdditiveAttention
from timing import time

torch.manual_seed(0)
batch, length, tokens, units = 32, 20, 60, 128
source_table, target_table = nn.Embedding(tokens, 64), nn.Embedding(tokens, 64)
encoder, cell = nn.GRU(64, units), nn.GRUCell(64 + units, units)
score, head = AdditiveAttention(units, units, units), nn.Linear(2 * units, tokens)
parameters = [p for part in (source_table, target_table, encoder, cell, score, head) for p in part.parameters()]
optimizer = torch.optim.Adam(parameters)
source, target = torch.randint(0, tokens, (length, batch)), torch.randint(0, tokens, (length, batch))


def step():
    optimizer.zero_grad()
    output, hidden = encoder(source_table(source))
    states, s = output.transpose(0, 1), hidden[0]
    inputs, steps = target_table(target), []
    for t in range(length):
        context, _ = score(s, states)
        s = cell(torch.cat([inputs[t], context], 1), s)
        steps.append(torch.cat([s, context], 1))
    nn.functional.cross_entropy(head(torch.cat(steps)), target.flatten()).backward()
    nn.utils.clip_grad_norm_(parameters, 1)
    optimizer.step()


time("seq2seq, additive attention", 10, step)
