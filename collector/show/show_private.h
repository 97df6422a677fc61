/* What the files of this room share. */
#pragma once

#include "base/jw.h"
#include "collector/show/show.h"

/* A route that engine_lookup found: a row. */
void show_route(struct printer *, const struct engine_route *);
/* Members of the object that is open. The keys are those of `bellman decode --summary`. */
void show_counters_json(struct jw *, const struct bmp_counters *);
