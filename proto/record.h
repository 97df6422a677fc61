/*
 * record: what leaves Bellman. An incident transition or an event, flat and self-contained, so that
 * it can be copied through a queue, written to the journal, and shown. The three codecs beside this
 * file know no more than this.
 *
 * Field names of the JSON form are those of the .proto files (snake_case).
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/pure/ip.h"
#include "base/sbuf.h"

enum severity {
	SEVERITY_INFO = 1,
	SEVERITY_NOTICE,
	SEVERITY_WARNING,
	SEVERITY_MAJOR,
	SEVERITY_CRITICAL
};
enum transition {
	TRANSITION_OPENED = 1,
	TRANSITION_UPDATED,
	TRANSITION_CLOSED,
	TRANSITION_UNKNOWN
};

/* Why a finding or a transition happened. A finding has one of those up to REASON_FEED_LOST, or
 * REASON_ROLES. */
enum reason {
	REASON_NONE,
	REASON_ANNOUNCED,
	REASON_WITHDRAWN,
	REASON_REPLACED, /* another route took its place */
	REASON_PEER_DOWN,
	REASON_RPKI,
	REASON_CONFIG,
	REASON_FEED_LOST, /* says nothing about the routes */
	REASON_FEED_RESTORED,
	REASON_FEED_GONE, /* unknown for longer than anybody would wait */
	REASON_SEVERITY,
	REASON_GROWTH,
	REASON_ROLES,	      /* a Peer Up whose roles make the neighbour another to us */
	REASON_VICTIM,	      /* somebody else's prefixes are concerned, too */
	REASON_SHRUNK,	      /* fewer prefixes */
	REASON_FLAPPING,      /* it comes and goes */
	REASON_RPKI_LOST,     /* what it is judged by is not there, or too old */
	REASON_CLEARED,	      /* a condition of the collector holds no longer */
	REASON_BASELINE,      /* an operator takes it as known (`bellman baseline reset`) */
	REASON_REGISTRY_LOST, /* no file of a registry that is judged by is there, or it is old */
	REASONS
};

/* What the neighbour is to us. */
enum relation {
	NEIGHBOR_UNKNOWN,
	NEIGHBOR_CUSTOMER,
	NEIGHBOR_PEER,
	NEIGHBOR_PROVIDER,
	NEIGHBOR_RS,
	NEIGHBOR_RS_CLIENT,
	NEIGHBOR_INTERNAL,  /* in our AS, or in our confederation */
	NEIGHBOR_COLLECTOR, /* looks at our routes, uses none and sends none */
	RELATIONS
};
/* Somebody for whom we provide: a customer, or the client of a route server. */
static inline bool
relation_is_customer(uint8_t relation)
{
	return relation == NEIGHBOR_CUSTOMER || relation == NEIGHBOR_RS_CLIENT;
}

/* Why a route of which a rule is true is probably as it should be. */
enum benign {
	BENIGN_NONE,
	/* RFC 9234: the origin marks all that it sends, also to who sells to it */
	BENIGN_OTC_OF_ORIGIN,
	/* a peer of ours in a customer's path: it may buy from the customer */
	BENIGN_PEER_MAY_BUY,
	/* a customer has a ROA for it */
	BENIGN_CUSTOMER,
	/* own.prefixes.scrubbers names the origin */
	BENIGN_SCRUBBER,
	/* more-specifics of ours, longer than our ROA allows, inside of what somebody hijacks */
	BENIGN_ANSWER,
	BENIGNS
};

/* Covered by a VRP, matched by none (RFC 6811 2): why. */
enum record_rov { RECORD_ROV_NONE, RECORD_ROV_ASN, RECORD_ROV_LENGTH };

/* Same numbers as enum bmp_view of the parsers, which this folder does not include. */
enum record_view { VIEW_IN_PRE, VIEW_IN_POST, VIEW_LOC_RIB, VIEW_OUT_PRE, VIEW_OUT_POST, VIEWS };

enum {
	RECORD_ID_MAX = 33,	/* 32 hexadecimal digits and NUL */
	RECORD_NAME_MAX = 64,	/* router, peer, collector, kind, table */
	RECORD_RD_MAX = 32,	/* route distinguisher in text */
	RECORD_TEXT_MAX = 256,	/* summary */
	RECORD_VALUE_MAX = 160, /* evidence value, action */
	RECORD_PATH_MAX = 320,	/* AS path in text */
	RECORD_SCOPE_MAX = 128, /* what an id is a hash of */
	RECORD_EXAMPLES_MAX = 10,
	RECORD_EVIDENCE_MAX = 16,
	RECORD_VRPS_MAX = 4,
	RECORD_FACETS_MAX = 6,	    /* other rules that are true of the same routes */
	RECORD_HOLDERS_MAX = 16,    /* routers and peers that have member routes now */
	RECORD_RELATED_MAX = 4,	    /* ids of incidents that have to do with it */
	RECORD_VICTIMS_MAX = 8,	    /* AS numbers whose prefixes are concerned */
	RECORD_COMMUNITIES_MAX = 8, /* of a route */
	RECORD_ASPA_MAX = 6,	    /* providers by an ASPA */
	RECORD_CALLS_MAX = 5,	    /* networks to call */
	RECORD_REGISTRY_MAX = 12,   /* "ripencc" */
};

struct record_evidence {
	char name[32];
	char value[RECORD_VALUE_MAX];
};

struct record_vrp {
	struct ip_prefix prefix;
	uint8_t max_length;
	uint32_t asn;
};

struct record_vrp_change {
	struct record_vrp vrp;
	bool went; /* else it came */
};

/*
 * What the evaluation of an incident rests on: the newest of the gravest routes that it
 * has now, and what the rule saw of it. Absent is: family 0, zero, NEIGHBOR_UNKNOWN, REASON_NONE.
 */
struct record_facts {
	struct ip_prefix prefix;
	uint8_t first_view; /* enum record_view */
	uint8_t rov;	    /* enum record_rov */
	uint8_t vrps_n;
	struct record_vrp vrps[RECORD_VRPS_MAX]; /* covering VRPs that decided */
	bool has_otc;
	uint32_t otc;		   /* RFC 9234 5 */
	uint32_t provider_free_as; /* the one that cannot be behind this neighbour */
	/* a hop that breaks an ASPA: aspa_other is none of the customer's providers, some of which
	 * follow; customer 0: none does */
	uint32_t aspa_customer, aspa_other;
	uint8_t aspa_providers_n;
	uint32_t aspa_providers[RECORD_ASPA_MAX];
	struct ip_prefix own;	  /* of ours, that it is or is inside of */
	uint8_t relation;	  /* enum relation: of the neighbour */
	bool relation_configured; /* else from the roles of the OPENs */
	/* Or no more than inferred: routes that it sent and got, and of its router's largest table
	 * then. */
	bool relation_inferred;
	uint32_t relation_in, relation_out, relation_full;
	/* All of the incident rests on an inferred relation; inferred_as: whose, when it is not the
	 * neighbour's, and which. */
	bool inferred;
	uint32_t inferred_as;
	uint8_t inferred_relation; /* enum relation */
	uint8_t cause;		   /* enum reason: what made the rule true; it stays so */
	/* the VRPs that did, when they came or went; it stays so, too */
	uint8_t cause_vrps_n;
	struct record_vrp_change cause_vrps[RECORD_VRPS_MAX];
	uint32_t offender_as; /* who did it: the origin, or who leaks; 0 not known */
	/* of a leak: whom the offender has it of, and whom he told; 0 not known */
	uint32_t leaked_from_as, leaked_to_as;
	/* of a detour: the two that were next to each other before; 0: it is none */
	uint32_t direct_from_as, direct_to_as;
	/* Of a leak: which it is (RFC 7908 3); 0 not known. What those two are to the offender,
	 * enum relation, by public as-rel data of that day; day 0: there is none. */
	uint8_t leak_type, as_rel_from, as_rel_to;
	uint32_t as_rel_day; /* since 1970 UTC */
	uint8_t benign;	     /* enum benign */
	struct ip_addr next_hop;
	uint8_t communities_n;
	uint32_t communities[RECORD_COMMUNITIES_MAX]; /* RFC 1997 */
	int64_t seen_us;			      /* when it came, collector's clock */
	int64_t
	    router_us; /* the router's own time of it (RFC 7854 4.2); 0: none that can be used */
};

/* Of the routes of a holder; records of 0.1.0 do not say it. */
enum holder_family {
	HOLDER_ANY,
	HOLDER_V4,
	HOLDER_V6,
	HOLDER_V4_LABELLED,
	HOLDER_V6_LABELLED,
	HOLDER_FAMILIES
};

/* Who has member routes now: a neighbour of a router, or its Loc-RIB. */
struct record_holder {
	char router[RECORD_NAME_MAX];
	struct ip_addr peer; /* family 0: Loc-RIB */
	uint32_t peer_as;
	char distinguisher[RECORD_RD_MAX]; /* of its VRF; "" in the global table */
	uint8_t family;			   /* enum holder_family */
	uint8_t views;			   /* bit per enum record_view */
	bool lost; /* its feed is lost, or has not come back: nothing is known of it */
	uint32_t routes;
	int64_t since_us; /* the oldest member's entry */
};

/* What a network has to do with an incident; one may be several. */
enum call_role { CALL_NEIGHBOR = 1, CALL_ORIGIN = 2, CALL_VICTIM = 4 };
enum { CALL_ROLES = 3 };

/* A network to call, and what is known of whom. */
struct record_call {
	uint32_t asn;
	uint8_t roles;			    /* of enum call_role */
	char name[RECORD_NAME_MAX];	    /* "" when nobody has told it */
	char contact[RECORD_NAME_MAX];	    /* the same */
	char registry[RECORD_REGISTRY_MAX]; /* that handed its number out; "" not known */
};

struct record_incident {
	char id[RECORD_ID_MAX]; /* stable: hash of kind and scope, the same on every collector */
	/* n-th time that this incident happens, from 1; id and occurrence are one story, from its
	 * first opening to its last closing */
	uint32_t occurrence;
	uint32_t revision;	      /* n-th transition of this id, from 1, over all occurrences */
	uint8_t transition;	      /* enum transition */
	uint8_t severity;	      /* enum severity */
	char scope[RECORD_SCOPE_MAX]; /* "hijack|AS64666": group of rules, and whose doing it is */
	/* rule: "rov.invalid.asn", "leak.otc", "leak.peerlock", "hijack.exact",
	 * "hijack.more-specific", "own.more-specific" */
	char kind[RECORD_NAME_MAX];
	char summary[RECORD_TEXT_MAX];
	int64_t first_seen_us, last_seen_us; /* of the incident, collector's clock */
	char router[RECORD_NAME_MAX];	     /* first router that saw it, of routers_n */
	uint32_t routers_n;
	char peer[RECORD_NAME_MAX]; /* first neighbour: its address in text */
	uint32_t peer_as;
	/* Of that neighbour, when it is not of the global table: the VRF as the router calls it,
	 * and its distinguisher, "64500:1". "" when not said. */
	char table[RECORD_NAME_MAX], distinguisher[RECORD_RD_MAX];
	uint64_t prefixes_n; /* members now */
	uint64_t prefixes_peak;
	uint8_t examples_n;
	struct ip_prefix examples[RECORD_EXAMPLES_MAX];
	bool has_origin;
	uint32_t origin;
	char as_path[RECORD_PATH_MAX]; /* "65001 64500 {64501,64502}" */
	uint8_t views;		       /* bit per enum record_view: where members are now */
	/* views nobody monitors: nothing may be concluded from their silence */
	uint8_t views_missing;
	uint64_t view_counts[VIEWS]; /* members per view */
	uint8_t reason;		     /* enum reason: why this transition */
	/* How often it came back within this occurrence; flapping: so often that it is told
	 * sparingly. */
	uint32_t flaps;
	bool flapping;
	uint64_t prefixes_added, prefixes_removed; /* since the record before */
	uint8_t facets_n;
	char facets[RECORD_FACETS_MAX][32]; /* kinds of the other rules that are true, too */
	uint32_t holders_n;		    /* all; the first RECORD_HOLDERS_MAX are below */
	struct record_holder holders[RECORD_HOLDERS_MAX];
	uint32_t victims_n; /* all AS numbers; the first RECORD_VICTIMS_MAX are below */
	uint32_t victims[RECORD_VICTIMS_MAX];
	uint32_t own_n; /* prefixes of ours that are concerned */
	uint8_t related_n;
	char related[RECORD_RELATED_MAX][RECORD_ID_MAX];
	char neighbor_name[RECORD_NAME_MAX];	/* of the peer, "" when nobody has told it */
	char neighbor_contact[RECORD_NAME_MAX]; /* whom to call there */
	/* Whom to call: the neighbour, then who did it, then whose prefixes they are. */
	uint8_t calls_n;
	struct record_call calls[RECORD_CALLS_MAX];
	bool muted;    /* told, but nobody is to be woken */
	bool dry_run;  /* of a rule in dry-run: it would be told, and is not */
	bool standing; /* it was so before we looked: told as no graver than a warning */
	struct record_facts facts;
	/* The facts in words: record_evidence_of_facts() makes them for a record that is shown. */
	uint8_t evidence_n;
	struct record_evidence evidence[RECORD_EVIDENCE_MAX];
	char manrs_action[RECORD_VALUE_MAX];
};

/* The kind of incidents that an operator makes up, to see that incidents arrive. */
#define RECORD_KIND_TEST "collector.test-alert"
bool record_is_test(const struct record_incident *);
/* Where its kind is written about: file of docs/ and anchor, "RULES.md#rovinvalidasn". Into buf;
 * returns buf. */
enum { RECORD_DOC_MAX = RECORD_NAME_MAX + 16 };
const char *record_doc(const struct record_incident *, char buf[RECORD_DOC_MAX]);

struct record_event {
	/* "session.up", "session.down", "peer.up", "peer.down", "route.announced",
	 * "route.withdrawn", "rpki.updated", "rpki.stale", "rpki.lost", "sav.changed",
	 * "collector.started", "collector.reloaded", "collector.stopped", "mute.set", "mute.ended",
	 * "ack.set", "ack.ended" */
	char type[RECORD_NAME_MAX];
	uint8_t severity;
	char summary[RECORD_TEXT_MAX];
	char router[RECORD_NAME_MAX]; /* "" when it is about no router */
	char peer[RECORD_NAME_MAX];   /* "" when it is about no peer */
	uint32_t peer_as;
	char table[RECORD_NAME_MAX], distinguisher[RECORD_RD_MAX]; /* as of an incident */
	uint8_t details_n;
	struct record_evidence details[RECORD_EVIDENCE_MAX];
};

enum record_kind { RECORD_INCIDENT = 1, RECORD_EVENT = 2 };

struct record {
	uint64_t seq;  /* journal number, increasing, from 1; 0 before it has one */
	int64_t at_us; /* when it happened, collector's clock */
	uint8_t kind;  /* enum record_kind */
	char collector[RECORD_NAME_MAX];
	union {
		struct record_incident incident;
		struct record_event event;
	};
};

const char *severity_name(uint8_t);    /* "info" ... "critical"; "unspecified" */
const char *transition_name(uint8_t);  /* "opened" ... ; "unspecified" */
const char *record_view_name(uint8_t); /* "adj-rib-in-pre" ... "adj-rib-out-post" */
bool severity_parse(const char *, uint8_t *);
const char *reason_name(uint8_t);   /* "announced" ... "growth"; "" for none */
uint8_t reason_parse(const char *); /* REASON_NONE for a word that is none */
const char *relation_name(uint8_t); /* "unknown", "customer" ... "collector" */
/* By its place in enum call_role, from 0: "neighbor", "origin", "victim". */
const char *call_role_name(unsigned place);
const char *benign_name(uint8_t);   /* "otc-of-the-origin" ...; "" for BENIGN_NONE */
uint8_t benign_parse(const char *); /* BENIGN_NONE for what is no name of one */
/* "9 (3 unknown, 2 critical)": how many incidents are there, for people; what there is none of is
 * not said. `open` are those that are known, of all of them `critical` are so. Into buf; returns
 * buf. */
const char *incidents_said(
    char *buf, size_t size, uint64_t open, uint64_t unknown, uint64_t critical);
const char *holder_family_name(uint8_t);   /* "ipv4" ... "ipv6-labelled"; "" for any */
uint8_t holder_family_parse(const char *); /* HOLDER_ANY for a word that is none */

/* Kafka key and order: incident id; router for events ("collector" when there is none). Into buf;
 * returns buf. */
const char *record_key(const struct record *, char *buf, size_t size);
/* Id of this very record, equal in every copy of it: "<collector>.<seq>.<at_us>", the time in
 * hexadecimal. */
const char *record_uid(const struct record *, char *buf, size_t size);

/* Add evidence; silently full after RECORD_EVIDENCE_MAX, value cut at a UTF-8 border. */
void record_evidence_add(struct record_incident *, const char *name, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
void record_detail_add(struct record_event *, const char *name, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

/* What as-rel data says of a leak. */
enum as_rel_says { AS_REL_TOO_LITTLE, AS_REL_A_LEAK, AS_REL_NO_LEAK };
enum as_rel_says record_as_rel_says(const struct record_facts *);
enum { RECORD_DATE_MAX = 16 };
/* "2026-11-27" of days since 1970 UTC. Returns buf. */
const char *record_date(uint32_t day, char buf[RECORD_DATE_MAX]);

/* Say the facts in words: r->evidence is written anew. */
void record_evidence_of_facts(struct record_incident *r);
/* The inverse, for records of versions that had words only (0.1.0): what can be read of r->evidence
 * goes into r->facts. */
void record_facts_of_evidence(struct record_incident *r);

/* --- codecs */

/* bellman.v1.Incident or bellman.v1.Event, appended; text that is no UTF-8 is made so. false when
 * out of memory or over the buffer's limit. */
bool record_to_pb(const struct record *, struct sbuf *out);
/* The inverse; kind says which message. Input is not trusted. false when it is none: not the
 * message, without id or type, or zeros of a file that was cut. */
bool record_from_pb(uint8_t kind, const void *data, size_t len, struct record *out);
/* One JSON object, no newline. */
bool record_to_json(const struct record *, struct sbuf *out);
/* How lines for people look; zero at first, and the same from line to line. */
struct record_look {
	bool colour;	       /* ANSI */
	int64_t now_us;	       /* of another day than that a record has its date; 0: none has */
	unsigned router_width; /* grows with the longest name of a router so far */
};
/* One line for people, no newline: aligned columns. Nothing that a router says reaches the terminal
 * as a control character. */
bool record_to_text(const struct record *, struct record_look *, struct sbuf *out);
/* What more there is to say of an incident, some lines, each of them indented and complete. */
bool record_details_to_text(const struct record *, struct sbuf *out);

/* --- filters: evaluated in the daemon, on records */

struct record_filter; /* a compiled expression */
/*
 * "severity >= warning and kind ~ leak and prefix in 203.0.113.0/24 and not router r1". On a syntax
 * error NULL, and error (size octets) says what and at which column. An empty text matches
 * everything. `id` may be the first 8 characters of one. `prefix` looks at the examples of an
 * incident; `a != b` is `not a = b`; `muted` alone is `muted = true`, which no event is.
 */
struct record_filter *record_filter_new(const char *text, char *error, size_t size);
bool record_filter_match(const struct record_filter *, const struct record *);
/* Does it look at this field? */
bool record_filter_asks(const struct record_filter *, const char *field);
/* The same for who is to be told: incidents of rules in dry-run only when the filter says something
 * of dry_run. */
bool record_filter_shows(const struct record_filter *, const struct record *);
void record_filter_free(struct record_filter *);
