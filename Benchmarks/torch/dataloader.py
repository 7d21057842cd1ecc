"""The same epochs as Sources/dataloader: torch's DataLoader over data sets in memory."""
import gzip, math
import numpy, torch
from torch.nn import functional
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


def affine(image):
    """What torchvision's RandomAffine(10, (0.1, 0.1), (0.9, 1.1), 5) does to a tensor, in torch alone."""
    def uniform(low, high):
        return torch.empty(1).uniform_(low, high).item()

    angle, x, y = math.radians(uniform(-10, 10)), round(uniform(-2.8, 2.8)), round(uniform(-2.8, 2.8))
    scale, shear = uniform(0.9, 1.1), math.tan(math.radians(uniform(-5, 5)))
    c, s = math.cos(angle) / scale, math.sin(angle) / scale
    # The inverse of rotation · scale · shear, with moves in halves of the image.
    a = torch.tensor([[[c - s * shear, s + c * shear, 0.0], [-s, c, 0.0]]])
    a[0, :, 2] = a[0, :, :2] @ torch.tensor([-x / 14, -y / 14])
    grid = functional.affine_grid(a, (1, 1, 28, 28), align_corners=False)
    return functional.grid_sample(image.unsqueeze(0), grid, align_corners=False)[0]


def epoch(data, **options):
    for images, labels in DataLoader(data, batch_size=64, shuffle=True, **options):
        assert images.shape[0] == labels.shape[0]


mean, std = torch.tensor([0.5]).view(-1, 1, 1), torch.tensor([0.5]).view(-1, 1, 1)
images, normalized = Images(), Images(normalize)
tensors = TensorDataset(images.data.unsqueeze(1).float().div(255), images.targets)
time("epoch, images", 1, lambda: epoch(images), 3)
time("epoch, TensorDataset", 1, lambda: epoch(tensors), 3)
time("epoch, Normalize", 1, lambda: epoch(normalized), 3)
time("epoch, Normalize, prefetch", 1, lambda: epoch(normalized, num_workers=1), 3)
time("epoch, RandomAffine", 1, lambda: epoch(Images(affine)), 3)
