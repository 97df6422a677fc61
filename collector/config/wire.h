#pragma once

#include "collector/config/config.h"

/* Complete what the modules take with what follows from the options, and with what no option says.
 */
void config_wire(struct config *);
