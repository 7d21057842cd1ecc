/// The element types of the safetensors format that can be read here.
enum SafetensorsType: String, CaseIterable {
  case f64 = "F64"
  case f32 = "F32"
  case f16 = "F16"
  case bf16 = "BF16"
  case i64 = "I64"
  case i32 = "I32"
  case i16 = "I16"
  case i8 = "I8"
  case u32 = "U32"
  case u16 = "U16"
  case u8 = "U8"
  case bool = "BOOL"

  /// The type under which a tensor is saved.
  init(_ dtype: DType) {
    switch dtype {
    case .float32: self = .f32
    case .float64: self = .f64
    case .int64: self = .i64
    case .bool: self = .bool
    }
  }

  /// The type of the tensor into which elements of this type are read.
  var dtype: DType {
    switch self {
    case .f64: .float64
    case .f32, .f16, .bf16: .float32
    case .i64, .i32, .i16, .i8, .u32, .u16, .u8: .int64
    case .bool: .bool
    }
  }

  /// Bytes that one element takes in the file.
  var size: Int {
    switch self {
    case .f64, .i64: 8
    case .f32, .i32, .u32: 4
    case .f16, .bf16, .i16, .u16: 2
    case .i8, .u8, .bool: 1
    }
  }
}

extension SafetensorsEntry {
  /// Reads the elements. The sizes have been compared with the file's before.
  func read(from file: borrowing InputFile, dataStart: Int) throws(CheckpointError) -> Tensor {
    let tensor = Tensor(uninitialized: shape, dtype: type.dtype)
    let start = dataStart + range.lowerBound
    try tensor.withBytes { bytes throws(CheckpointError) in
      switch type {
      case .f64, .f32, .i64: try file.read(into: bytes, at: start)
      case .bool:
        try file.read(into: bytes, at: start)
        // Any other byte would be a Bool that is neither true nor false.
        if let byte = bytes.first(where: { $0 > 1 }) {
          throw CheckpointError(
            .damaged, file: file.path, expected: "0 or 1 for each element of \(quoted(name)), which is BOOL",
            found: "\(byte)")
        }
      case .f16: try widen(file, start, into: bytes) { Float(Float16(bitPattern: $0)) }
      // The upper half of a Float.
      case .bf16: try widen(file, start, into: bytes) { (x: UInt16) in Float(bitPattern: UInt32(x) << 16) }
      case .i32: try widen(file, start, into: bytes) { (x: Int32) in Int(x) }
      case .i16: try widen(file, start, into: bytes) { (x: Int16) in Int(x) }
      case .i8: try widen(file, start, into: bytes) { (x: Int8) in Int(x) }
      case .u32: try widen(file, start, into: bytes) { (x: UInt32) in Int(x) }
      case .u16: try widen(file, start, into: bytes) { (x: UInt16) in Int(x) }
      case .u8: try widen(file, start, into: bytes) { (x: UInt8) in Int(x) }
      }
    }
    return tensor
  }

  /// Reads and converts piece by piece, so that the unconverted elements take no memory to speak of.
  private func widen<Narrow: BitwiseCopyable, Wide>(
    _ file: borrowing InputFile, _ start: Int, into bytes: UnsafeMutableRawBufferPointer,
    _ convert: (Narrow) -> Wide
  ) throws(CheckpointError) {
    let target = bytes.assumingMemoryBound(to: Wide.self)
    let count = target.count
    let piece = UnsafeMutableBufferPointer<Narrow>.allocate(capacity: min(count, 1 << 16))
    defer { piece.deallocate() }
    var done = 0
    while done < count {
      let part = UnsafeMutableBufferPointer(rebasing: piece[..<min(piece.count, count - done)])
      try file.read(into: UnsafeMutableRawBufferPointer(part), at: start + done * MemoryLayout<Narrow>.size)
      for i in 0..<part.count { target[done + i] = convert(part[i]) }
      done += part.count
    }
  }
}
