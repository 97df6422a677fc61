#pragma once

#include "collector/config/config.h"

/* wire: sets, in the structs of the modules, what follows from several options, and what no option
 * says. */
void config_wire(struct config *);
