/* show_route: one route of engine_lookup, as a line. */
#pragma once

#include "base/sbuf.h"
#include "collector/engine/engine.h"

/* Both add a line, newline at its end. */
void show_route_json(const struct engine_route *, struct sbuf *out);
void show_route_text(const struct engine_route *, bool colour, struct sbuf *out);
