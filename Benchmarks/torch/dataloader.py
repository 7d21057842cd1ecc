"""The same epochs as Sources/dataloader: torch's DataLoader over data sets in memory."""
import gzip
import numpy, torch
from torch.utils.data import DataLoader, Dataset, TensorDataset
from timing import time

folder = "/usr/share/datasets/fashion-mnist/train-"


def idx(name, head):
    return torch.from_numpy(numpy.frombuffer(gzip.open(folder + name).read(), numpy.uint8, offset=head).copy())


class Images(Dataset):
    """Bytes in memory, an image scaled to [0, 1] as torchvision's ToTensor does, and then transformed."""

    def __init__(self, transform=None):
        self.data = idx("images-idx3-ubyte.gz", 16).view(-1, 28, 28)
        self.targets = idx("labels-idx1-ubyte.gz", 8).long()
        self.transform = transform

    def __len__(self):
        return len(self.data)

    def __getitem__(self, index):
        image = self.data[index].unsqueeze(0).float().div(255)
        return image if self.transform is None else self.transform(image), int(self.targets[index])


def normalize(image):
    return (image - mean) / std


def epoch(data, **options):
    for images, labels in DataLoader(data, batch_size=64, shuffle=True, **options):
        assert images.shape[0] == labels.shape[0]


mean, std = torch.tensor([0.5]).view(-1, 1, 1), torch.tensor([0.5]).view(-1, 1, 1)
images, normalized = Images(), Images(normalize)
tensors = TensorDataset(images.data.unsqueeze(1).float().div(255), images.targets)
time("epoch, images", 1, lambda: epoch(images))
time("epoch, TensorDataset", 1, lambda: epoch(tensors))
time("epoch, Normalize", 1, lambda: epoch(normalized))
time("epoch, Normalize, prefetch", 1, lambda: epoch(normalized, num_workers=1))
