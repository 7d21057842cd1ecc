import Exercises

/// Where a compiled exercise is entered. This file is compiled with every answer and its check.
@_cdecl("exercise")
public func exercise() { Trial.run(Check.self) }
