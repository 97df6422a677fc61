/*
 * finding: which rules are true of one route now, and what they saw. It names the route, so whoever
 * keeps it can tell a change from a repetition, and needs nothing but the route's name to let go of
 * it. Flat, so that it can be copied through a ring; the AS path comes last, and only as much of it
 * as is used is sent.
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
	/* The route: its router, peer, view, prefix and path id. */
	uint32_t router; /* number the coordinator knows the router by */
	uint32_t peer;	 /* the engine's number of the peer, of this router */
	struct ip_prefix prefix;
	uint8_t view;  /* enum record_view */
	bool labelled; /* of labelled unicast (RFC 8277) */
	uint32_t path_id;
	bool behind; /* End-of-RIB of its table has come in this session */

	/* Bit per enum rule that is true of it now. Without any the route is over as a finding, and
	 * of what follows only the cause and the times say something. */
	uint32_t rules;
	uint32_t dry_run; /* those of them that are in dry-run */
	/* Why: enum reason, of those that one route can give. REASON_FEED_LOST: the feed was lost
	 * for too long, which says nothing about the route. */
	uint8_t cause;
	int64_t at_us, router_us;

	/* The peer. */
	struct ip_addr address; /* family 0 in Loc-RIB */
	uint32_t peer_as, local_as;
	uint8_t relation; /* enum relation */
	bool relation_configured;
	/* What it is by the sizes of its tables, where relation is unknown and rules may use that:
	 * enum relation, and routes sent, got, and of the largest table of its router then. */
	uint8_t like;
	uint32_t like_in, like_out, like_full;
	uint8_t views_monitored; /* of this peer and its router: bit per enum record_view */
	char table[RECORD_NAME_MAX];
	char distinguisher[RECORD_RD_MAX];

	/* What the rules saw. */
	bool has_origin, has_otc;
	bool own_origin; /* the origin is one of ours */
	bool inferred;	 /* it rests on a relation that is no more than inferred */
	/* of that: whose, when it is not the neighbour's, and which; 0: it is */
	uint32_t inferred_as;
	uint8_t inferred_relation; /* enum relation */
	bool by_us;		   /* a leak that did not come in as one: it is ours */
	uint8_t benign;		   /* enum benign: why it is probably as it should be */
	bool of_customers;	   /* they sent or originate it, or it is theirs by a VRP */
	uint32_t origin, otc, provider_free_as;
	uint32_t via_as;    /* the neighbour that it came in from: first of the path without us */
	uint32_t leaker_as; /* of a leak */
	/* whom the leaker has it of, and whom he told; 0 not known */
	uint32_t leaked_from_as, leaked_to_as;
	/* of a detour: who were next to each other before; 0 not known */
	uint32_t direct_from_as, direct_to_as;
	/* Where a path is invalid by ASPA: whose, who is none of its providers, and some of these;
	 * customer 0: it is not. */
	uint32_t aspa_customer, aspa_other;
	uint8_t aspa_providers_n;
	uint32_t aspa_providers[RECORD_ASPA_MAX];
	/* the registry that has not handed out the prefix, or the AS number, by its file of that
	 * day;
	 * "": none, and 0 */
	char registry[12];
	uint32_t registry_day, left_as;
	struct ip_prefix own; /* of ours, that it is or lies in; family 0: none */
	uint8_t vrps_n;
	struct vrp vrps[FINDING_VRPS_MAX]; /* covering VRPs that decided */
	/* Where VRPs that came or went are the cause: which; went: bit per place. */
	uint8_t cause_vrps_n, cause_vrps_went;
	struct vrp cause_vrps[FINDING_VRPS_MAX];
	struct ip_addr next_hop;
	uint8_t communities_n;
	uint32_t communities[RECORD_COMMUNITIES_MAX];
	uint16_t path_len;
	uint8_t path[FINDING_PATH_MAX]; /* AS_PATH value with AS numbers of four octets */
};

/* Octets of a finding that matter: up to the end of its path. */
size_t finding_size(const struct finding *);
/* path: AS_PATH value with AS numbers of four octets. Of one that is too long the first AS numbers
 * are kept, which are more than a record has room for. */
void finding_set_path(struct finding *, struct cursor path);
