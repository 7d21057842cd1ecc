// A plain C door to libgnuplot-iostream, so that Swift needs no C++ interoperability.
//
// A script collects commands and inline data blocks in a file. Errors are kept: the first one stops
// further output and is what `gnuplot_script_close` returns. No exception crosses this boundary.

#ifndef CGNUPLOT_H
#define CGNUPLOT_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct gnuplot_script gnuplot_script;

/// Creates or empties the file at `path`. Returns NULL and sets `errno` where that fails.
gnuplot_script *_Nullable gnuplot_script_open(const char *_Nonnull path);

/// Appends `text` and a newline.
void gnuplot_script_command(gnuplot_script *_Nonnull script, const char *_Nonnull text);

/// Appends the data block `$name`: `rows` lines of `columns` numbers, row-major in `values`.
void gnuplot_script_data(
    gnuplot_script *_Nonnull script, const char *_Nonnull name, const double *_Nonnull values, size_t rows,
    size_t columns);

/// Flushes, closes and frees the script. Returns 0, or the `errno` of the first thing that failed.
int gnuplot_script_close(gnuplot_script *_Nonnull script);

#ifdef __cplusplus
}
#endif

#endif
