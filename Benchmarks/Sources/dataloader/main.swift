import DeepLearning
import Timing

// One epoch over Fashion-MNIST, 60,000 images in shuffled batches of 64: straight from the bytes of the
// images, from a tensor in memory, and with a transform of each image, of which the last bends it.
func epoch(_ loader: DataLoader<(Tensor, Tensor)>) {
  for (images, labels) in loader { precondition(images.shape[0] == labels.shape[0]) }
}

let normalize = Normalize(mean: [0.5], std: [0.5])
let images = try FashionMNIST(train: true)
let normalized = try FashionMNIST(train: true, transform: normalize)
let affine = RandomAffine(degrees: 10, translate: (0.1, 0.1), scale: 0.9...1.1, shear: 5)
let bent = try FashionMNIST(train: true, transform: affine)
let tensors = TensorDataset(images.images, images.targets)

time("epoch, images", runs: 1, batches: 3) { epoch(DataLoader(images, batchSize: 64, shuffle: true)) }
time("epoch, TensorDataset", runs: 1, batches: 3) { epoch(DataLoader(tensors, batchSize: 64, shuffle: true)) }
time("epoch, Normalize", runs: 1, batches: 3) { epoch(DataLoader(normalized, batchSize: 64, shuffle: true)) }
time("epoch, Normalize, prefetch", runs: 1, batches: 3) {
  epoch(DataLoader(normalized, batchSize: 64, shuffle: true, prefetch: 2))
}
time("epoch, RandomAffine", runs: 1, batches: 3) { epoch(DataLoader(bent, batchSize: 64, shuffle: true)) }
