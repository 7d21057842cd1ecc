// The door to OpenBLAS, from Debian's libopenblas-dev.
#pragma once
#include <cblas.h>
