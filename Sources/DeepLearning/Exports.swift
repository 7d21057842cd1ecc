// The library is made of modules that compile beside each other, or need not be compiled again when another
// changes. To a chapter they are one.
@_exported import Datasets
@_exported import Figures
@_exported import Networks
@_exported import Tensors
