/* What the files of this room share. */
#pragma once

#include "base/jw.h"
#include "collector/show/show.h"

/* The cell "peer": address or loc-rib, and in text the VRF or other table by its name. */
void show_peer_name(struct printer *, const struct engine_peer_info *);
/* Where the relation of a session comes from: "configured", "as-number", "roles", "" for none. */
const char *show_relation_from(const struct engine_peer_info *);
/* A route that engine_lookup found: a row. */
void show_route(struct printer *, const struct engine *, const struct engine_route *, bool octets);
/* Its attributes as they are kept, and its next hop, in hex, as members of the object. */
void show_octets(struct jw *, const struct engine *, const struct engine_route *);
/* Routes of a walk, as rows, or as a row of counts for each table. */
bool show_walk_rows(struct engine *, struct show_query *, struct printer *);
/* The attributes of a route as members of the object that is open. */
void show_attributes(struct jw *, const struct engine *, const struct engine_route *);
/* Why the routes of a prefix are what they are to the rules; what is near it: rows of JSON. */
bool show_explain_rows(struct engine *, struct show_query *, struct printer *);
bool show_near_rows(struct engine *, struct show_query *, struct printer *);
/* What other VRPs would make of the routes; what we originate: rows of JSON. */
bool show_what_if_rows(struct engine *, struct show_query *, struct printer *);
bool show_originated_rows(struct engine *, struct show_query *, struct printer *);
bool show_neighbor_origin_rows(struct engine *, struct show_query *, struct printer *);
/* Facts of a walk for a permit list. */
bool show_sav_facts(struct engine *, struct show_query *, struct printer *);
/* Members of the object that is open. The keys are those of `bellman decode --summary`. */
void show_counters_json(struct jw *, const struct bmp_counters *);
/* What it is to us by the sizes of its tables, where nothing else says it: "relation_inferred". */
void show_inferred(struct jw *, const struct engine_peer_info *);
