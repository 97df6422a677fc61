/*
 * leak_type: what kind of leak it is (RFC 7908 3), by what those are to the leaker whom it has the
 * routes of and whom it told.
 */
#pragma once

#include "collector/detect/as_rel.h"
#include "collector/detect/detect.h"

/* Everything that is known of the leak. */
struct leak_parties {
	uint32_t leaker, from, to; /* 0: not known */
	/* of the session that shows it: whose, and what he is to us */
	uint32_t peer_as;
	uint8_t relation; /* enum relation */
};

/* What it is by our sessions, the configuration, and as-rel, which may be NULL, in this order. */
struct leak_kind {
	uint8_t type; /* 1 to 4; 0: not known, or none by that */
	/* by as-rel alone: what they are to the leaker, enum relation */
	uint8_t from, to;
};
struct leak_kind leak_kind_of(
    const struct detect_config *, const struct as_rel *, const struct leak_parties *);

/* A network of a list that as-rel says otherwise of. */
struct list_doubt {
	uint32_t asn, other; /* other: the first of n */
	unsigned n;
	const char *list; /* "rules.provider_free" */
};
/*
 * Networks of provider_free with a provider, of no_transit with a customer, of peerlock with a
 * provider it does not list; not counted: those of one organisation, us, and neighbours whose
 * relation is configured. Into out, max at most; returns how many there are.
 */
size_t list_doubts(
    const struct detect_config *, const struct as_rel *, struct list_doubt *out, size_t max);
