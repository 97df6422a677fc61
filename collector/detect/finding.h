/*
 * finding: the truth value of one rule flipped for one route. Flat, so that it can be copied
 * through a ring; the path in text comes last and only as much of it as is used is sent.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "base/pure/ip.h"
#include "collector/detect/detect.h"
#include "collector/rpki/vrp.h"
#include "proto/record.h"

enum { FINDING_VRPS_MAX = 4 };

/* Why it flipped, for the reason of a transition. */
enum finding_cause {
	FINDING_ANNOUNCED,
	FINDING_WITHDRAWN,
	FINDING_REPLACED, /* another route took its place */
	FINDING_PEER_DOWN,
	FINDING_RPKI,
	FINDING_CONFIG,
	FINDING_EXPIRED, /* the feed has been lost for too long: says nothing about the route */
};
const char *finding_cause_name(uint8_t cause);

struct finding {
	uint8_t rule, on; /* enum rule; 1: became true */
	uint8_t view, cause;
	uint8_t relation, relation_configured;
	uint8_t outbound;	 /* seen on its way out: the neighbour is the receiver */
	uint8_t views_monitored; /* by this router so far: bit per enum bmp_view */
	uint32_t router;	 /* number the coordinator knows the router by */
	struct ip_addr peer;	 /* the neighbour; family 0 in Loc-RIB */
	uint32_t peer_as, local_as;
	struct ip_prefix prefix;
	uint32_t path_id;
	uint8_t has_origin, has_otc, vrps_n;
	uint32_t origin, otc, provider_free_as;
	uint32_t scope_as;    /* SCOPE_ORIGIN: origin; SCOPE_NEIGHBOR: the leaker or the receiver */
	struct ip_prefix own; /* SCOPE_OWN_PREFIX */
	struct vrp vrps[FINDING_VRPS_MAX]; /* covering VRPs that decided */
	int64_t at_us, router_us;
	char as_path[RECORD_PATH_MAX];
};

/* Octets of a finding that matter: up to the end of its path text. */
size_t finding_size(const struct finding *);
