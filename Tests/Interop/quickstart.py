"""PyTorch's quickstart with a seed and a shuffled loader: what section 4.5 of chapter 4 prints is compared with this.

usage: python quickstart.py [SEED] [EPOCHS] [FOLDER]      (needs torch and numpy)

FOLDER holds the four .gz files of Fashion-MNIST, by default where Debian installs them.
"""

import gzip
import sys

import numpy as np
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset


class NeuralNetwork(nn.Module):
    def __init__(self):
        super().__init__()
        self.flatten = nn.Flatten()
        self.linear_relu_stack = nn.Sequential(
            nn.Linear(28 * 28, 512), nn.ReLU(), nn.Linear(512, 512), nn.ReLU(), nn.Linear(512, 10)
        )

    def forward(self, x):
        return self.linear_relu_stack(self.flatten(x))


def read(folder, part):
    def content(name, header):
        with gzip.open(f"{folder}/{part}-{name}-ubyte.gz") as file:
            return torch.from_numpy(np.frombuffer(file.read(), np.uint8, offset=header).copy())

    images = content("images-idx3", 16).reshape(-1, 1, 28, 28).float() / 255
    return TensorDataset(images, content("labels-idx1", 8).long())


def train(loader, model, loss_function, optimizer):
    model.train()
    for batch, (x, y) in enumerate(loader):
        loss = loss_function(model(x), y)
        loss.backward()
        optimizer.step()
        optimizer.zero_grad()
        if batch % 100 == 0:
            print(f"loss: {loss.item():>7f}  [{(batch + 1) * len(x):>5d}/{len(loader.dataset):>5d}]")


def test(loader, model, loss_function):
    model.eval()
    loss, correct = 0, 0
    with torch.no_grad():
        for x, y in loader:
            prediction = model(x)
            loss += loss_function(prediction, y).item()
            correct += (prediction.argmax(1) == y).sum().item()
    print(f"Accuracy: {100 * correct / len(loader.dataset):>0.1f}%, Avg loss: {loss / len(loader):>8f}")


def main(seed=0, epochs=2, folder="/usr/share/datasets/fashion-mnist"):
    training_data, test_data = read(folder, "train"), read(folder, "t10k")
    torch.manual_seed(int(seed))
    model = NeuralNetwork()
    training_loader = DataLoader(training_data, batch_size=64, shuffle=True)
    test_loader = DataLoader(test_data, batch_size=64)
    loss_function = nn.CrossEntropyLoss()
    optimizer = torch.optim.SGD(model.parameters(), lr=1e-3)
    for epoch in range(int(epochs)):
        print(f"Epoch {epoch + 1}")
        train(training_loader, model, loss_function, optimizer)
        test(test_loader, model, loss_function)


if __name__ == "__main__":
    main(*sys.argv[1:])
