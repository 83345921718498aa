// The header of libyaml, found where the compiler looks.
#ifndef UPLIFT_CYAML_SHIM_H
#define UPLIFT_CYAML_SHIM_H

#include <yaml.h>

#endif
