import torch
from torch import nn


class AdditiveAttention(nn.Module):
    def __init__(self, queries, keys, hidden):
        super().__init__()
        self.key = nn.Linear(keys, hidden, bias=False)
        self.query = nn.Linear(queries, hidden, bias=False)
        self.weight = nn.Linear(hidden, 1, bias=False)

    def forward(self, query, keys):
        scores = self.weight(torch.tanh(self.key(keys) + self.query(query).unsqueeze(1))).squeeze(2)
        weights = scores.softmax(1)
        return torch.bmm(weights.unsqueeze(1), keys).squeeze(1), weights
