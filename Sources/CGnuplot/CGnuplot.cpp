#include "CGnuplot.h"

#include <cerrno>
#include <gnuplot-iostream.h>
#include <memory>

namespace {

// One line of a data block: a view of the caller's numbers, so that nothing is copied.
struct Row {
  const double *values;
  size_t columns;
};

}  // namespace

namespace gnuplotio {

template <>
struct TextSender<Row> {
  static void send(std::ostream &stream, const Row &row) {
    for (size_t column = 0; column < row.columns; ++column) {
      if (column > 0) stream << ' ';
      TextSender<double>::send(stream, row.values[column]);
    }
  }
};

}  // namespace gnuplotio

struct gnuplot_script {
  std::unique_ptr<gnuplotio::Gnuplot> stream;
  int error = 0;

  // Runs `body` unless an earlier call failed, and notes why it failed if it did.
  template <typename Body>
  void attempt(Body body) {
    if (error != 0) return;
    errno = 0;
    try {
      body(*stream);
      if (!*stream) error = errno != 0 ? errno : EIO;
    } catch (...) {
      error = errno != 0 ? errno : EIO;
    }
  }
};

gnuplot_script *gnuplot_script_open(const char *path) {
  // "e": programs that are started meanwhile do not inherit the file.
  FILE *file = std::fopen(path, "we");
  if (file == nullptr) return nullptr;
  try {
    auto script = std::make_unique<gnuplot_script>();
    script->stream = std::make_unique<gnuplotio::Gnuplot>(file);
    // Nine digits give every float back exactly and keep scripts short.
    *script->stream << std::defaultfloat << std::setprecision(9);
    return script.release();
  } catch (...) {
    std::fclose(file);
    errno = ENOMEM;
    return nullptr;
  }
}

void gnuplot_script_command(gnuplot_script *script, const char *text) {
  script->attempt([&](gnuplotio::Gnuplot &stream) { stream << text << '\n'; });
}

void gnuplot_script_data(
    gnuplot_script *script, const char *name, const double *values, size_t rows, size_t columns) {
  script->attempt([&](gnuplotio::Gnuplot &stream) {
    std::vector<Row> lines(rows);
    for (size_t row = 0; row < rows; ++row) lines[row] = {values + row * columns, columns};
    // The library ends a data set with a line "e"; naming that as the terminator makes an inline block of it.
    stream << name << " << e\n";
    stream.send1d(lines);
  });
}

int gnuplot_script_close(gnuplot_script *script) {
  script->attempt([](gnuplotio::Gnuplot &stream) { stream.flush(); });
  const int error = script->error;
  try {
    // With its bad bit set the stream would try again to write what the disk did not take.
    script->stream.reset();
  } catch (...) {
  }
  delete script;
  return error;
}
