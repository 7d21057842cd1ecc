/// Saves tensors by name in the safetensors format, which PyTorch reads with `safetensors.torch.load_file`.
///
///     try save(model.stateDict(), to: "model.safetensors", metadata: ["epochs": "5"])
///
/// The file appears whole or not at all: whatever interrupts the writing, `path` holds either what it held
/// before or all of the new content. The same tensors and metadata give the same bytes.
///
/// - Parameters:
///   - tensors: `float32`, `float64`, `int64` and `bool` keep their types (F32, F64, I64, BOOL). Views are
///     written as the elements they show. Gradients are not saved.
///   - path: a file in a folder that exists. A file that is there already is replaced, through a symbolic link as well.
///   - metadata: any text, to be read again with ``loadMetadata(_:)``.
/// - Throws: ``CheckpointError`` of kind `.unwritable`, or `.tooLarge` where the names take more than 100 MB.
public func save(
  _ tensors: StateDict, to path: String, metadata: [String: String] = [:]
) throws(CheckpointError) {
  let header = SafetensorsHeader(describing: tensors, metadata: metadata)
  let text = header.encoded()
  guard text.count <= SafetensorsHeader.sizeLimit else {
    throw CheckpointError(
      .tooLarge, file: path, expected: "at most \(SafetensorsHeader.sizeLimit) bytes of names and metadata",
      found: "\(text.count)")
  }
  try AtomicFile.replace(path) { file throws(CheckpointError) in
    try file.append(UInt64(text.count))
    try file.append(text)
    for entry in header.entries.sorted(by: { $0.range.lowerBound < $1.range.lowerBound }) {
      try contiguous(tensors[entry.name]!).withBytes { bytes throws(CheckpointError) in
        try file.append(UnsafeRawBufferPointer(bytes))
      }
    }
  }
}

/// Reads the tensors of a safetensors file, in the order in which its header names them.
///
///     try model.loadStateDict(load("model.safetensors"))
///
/// F32, F64, I64 and BOOL are read as they are. What no tensor here can hold is widened without loss: F16 and
/// BF16 to `float32`; I32, I16, I8, U32, U16 and U8 to `int64`. Other types are refused.
///
/// The file may come from anybody. Memory is set aside only after the sizes that its header claims have been
/// found to be exactly those of the file.
///
/// - Throws: ``CheckpointError``, which says what was expected and what was found.
public func load(_ path: String) throws(CheckpointError) -> StateDict { try loadWithMetadata(path).tensors }

func loadWithMetadata(
  _ path: String
) throws(CheckpointError) -> (tensors: StateDict, metadata: [String: String]) {
  let file = try InputFile(path)
  let header = try SafetensorsHeader(readFrom: file)
  var tensors = StateDict()
  for entry in header.entries {
    tensors[entry.name] = try entry.read(from: file, dataStart: header.dataStart)
  }
  return (tensors, header.metadata)
}

/// Reads the metadata of a safetensors file, without its tensors.
///
/// - Throws: ``CheckpointError``, also where something is wrong with the description of the tensors.
public func loadMetadata(_ path: String) throws(CheckpointError) -> [String: String] {
  try SafetensorsHeader(readFrom: InputFile(path)).metadata
}

extension Tensor {
  /// Calls `body` with the memory of a contiguous tensor.
  func withBytes<Failure: Error>(
    _ body: (UnsafeMutableRawBufferPointer) throws(Failure) -> Void
  ) throws(Failure) {
    let start: UnsafeMutableRawPointer =
      switch dtype {
      case .float32: .init(pointer(Float.self))
      case .float64: .init(pointer(Double.self))
      case .int64: .init(pointer(Int.self))
      case .bool: .init(pointer(Bool.self))
      }
    try withExtendedLifetime(self) { () throws(Failure) in
      try body(UnsafeMutableRawBufferPointer(start: start, count: count * dtype.size))
    }
  }
}
