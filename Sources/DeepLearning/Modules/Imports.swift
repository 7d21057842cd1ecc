// What layers, optimizers and training stand upon, for every file of their module and for whoever imports it.
@_exported import Tensors
