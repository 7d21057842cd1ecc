"""Writes Tests/DeepLearningTests/Fixtures/reference.safetensors with the reference implementation:
every element type that can be read, a scalar, an empty tensor, and text that needs escapes."""

import pathlib

import torch
from safetensors.torch import save_file

tensors = {
    "linear.weight": torch.tensor([[1.5, -2.0, 0.25], [3.0, 1e-3, -0.0]]),
    "count": torch.tensor(2**53 + 1),
    "double": torch.tensor([0.1], dtype=torch.float64),
    "mask": torch.tensor([True, False, True]),
    "none": torch.zeros(0, 3),
    "half": torch.tensor([1.5, -2.0, 65504.0, 6e-8], dtype=torch.float16),
    "brain": torch.tensor([1.5, -2.0, 3.3895313892515355e38], dtype=torch.bfloat16),
    "i32": torch.tensor([-(2**31), 2**31 - 1], dtype=torch.int32),
    "i16": torch.tensor([-(2**15), 2**15 - 1], dtype=torch.int16),
    "i8": torch.tensor([-128, 127], dtype=torch.int8),
    "u32": torch.tensor([2**32 - 1], dtype=torch.uint32),
    "u16": torch.tensor([2**16 - 1], dtype=torch.uint16),
    "u8": torch.tensor([255, 1], dtype=torch.uint8),
}
folder = pathlib.Path(__file__).resolve().parent.parent / "DeepLearningTests" / "Fixtures"
save_file(tensors, folder / "reference.safetensors", metadata={"format": "pt", "note": 'a "é"\n'})
