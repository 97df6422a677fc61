/*
 * finding: the truth value of one rule flipped for one route. Flat, so that it can be copied
 * through a ring; the AS path comes last, and only as much of it as is used is sent.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "base/pure/cursor.h"
#include "base/pure/ip.h"
#include "collector/detect/detect.h"
#include "collector/rpki/vrp.h"
#include "proto/record.h"

enum {
	FINDING_VRPS_MAX = 4,
	/* All of a path that a record has room for: an AS number takes at least two characters of
	 * its text, and at most six octets here. */
	FINDING_PATH_MAX = 6 * (RECORD_PATH_MAX / 2 + 1),
};

struct finding {
	uint8_t rule, on; /* enum rule; 1: became true */
	uint8_t view;
	/* Why it flipped: enum reason, of those that one route can give. REASON_FEED_LOST: the feed
	 * was lost for too long, which says nothing about the route. */
	uint8_t cause;
	uint8_t relation, relation_configured;
	uint8_t outbound; /* seen on its way out: the neighbour is the receiver */
	/* in which this peer's routes of this family can be seen: bit per enum bmp_view */
	uint8_t views_monitored;
	uint32_t router;     /* number the coordinator knows the router by */
	struct ip_addr peer; /* the neighbour; family 0 in Loc-RIB */
	uint32_t peer_as, local_as;
	struct ip_prefix prefix;
	uint32_t path_id;
	uint8_t has_origin, has_otc, vrps_n;
	uint32_t origin, otc, provider_free_as;
	uint32_t scope_as;    /* SCOPE_ORIGIN: origin; SCOPE_NEIGHBOR: the leaker or the receiver */
	struct ip_prefix own; /* SCOPE_OWN_PREFIX */
	struct vrp vrps[FINDING_VRPS_MAX]; /* covering VRPs that decided */
	int64_t at_us, router_us;
	uint16_t path_len;
	uint8_t path[FINDING_PATH_MAX]; /* AS_PATH value with AS numbers of four octets */
};

/* Octets of a finding that matter: up to the end of its path. */
size_t finding_size(const struct finding *);
/* path: AS_PATH value with AS numbers of four octets. Of one that is too long the first AS numbers
 * are kept, which are more than a record has room for. */
void finding_set_path(struct finding *, struct cursor path);
