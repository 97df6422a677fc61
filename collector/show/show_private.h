/* What the files of this room share. */
#pragma once

#include "base/jw.h"
#include "collector/show/show.h"

/* The cell "peer": address or loc-rib, and in text the VRF or other table by its name. */
void show_peer_name(struct printer *, const struct engine_peer_info *);
/* A route that engine_lookup found: a row. */
void show_route(struct printer *, const struct engine_route *);
/* Members of the object that is open. The keys are those of `bellman decode --summary`. */
void show_counters_json(struct jw *, const struct bmp_counters *);
