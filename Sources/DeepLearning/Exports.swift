// Figures are a module of their own, so that they compile beside the engine rather than after it. To a chapter
// they are part of the library.
@_exported import Figures
