// The door to zlib, from Debian's zlib1g-dev.
#pragma once
#include <zlib.h>
