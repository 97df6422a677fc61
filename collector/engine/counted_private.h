/*
 * What is counted of peers and by them, for the files of the engine:
 *
 *   statistics   the last report of each
 *   counts       what it says against what is kept
 *   volumes      how many routes a neighbour sends
 *   rov_states   what a router makes of what is invalid
 *   survey       what is worth a number and no incident
 *   spread       prefixes of each neighbour that are used and passed on
 */
#pragma once

#include "collector/engine/engine.h"

struct peer;
struct router;
struct table;

enum { PEER_FAMILIES = 4 }; /* plain IPv4 and IPv6, and the same labelled */

/* What was told of the number of its routes. */
struct volume_told {
	uint32_t routes, accepted, told;
	bool any, settled;
	int64_t at_us;
};

/* In which way a router and our VRPs are at odds about origins. */
enum rov_odds { ROV_TAKES, ROV_STRICTER, ROV_SENDS, ROV_SHOWS, ROV_ODDS };

/* One of them. */
struct rov_sum {
	uint32_t n;	  /* routes: how many when that was told */
	int64_t since_us; /* 0: there are none, or few */
	int64_t at_us;	  /* when they were added up last */
	bool told;
	bool unknown;	  /* those that make the difference cannot be seen now */
	char example[96]; /* in words; "": to be found */
};

/* What was found in a table by the last whole walk over it (survey.c). */
struct rov_marks {
	uint32_t invalid;	  /* routes that are so by our VRPs; where the router counts them */
	uint32_t stricter_n, net; /* that it marks as invalid, and our VRPs do not; one of them */
	uint32_t shown_n, shown;  /* that go out with a mark; one of them */
	bool whole;		  /* when the walk began, the table had told all */
	bool counts;		  /* and the router counted what is invalid of it */
};

/* Routes that our VRPs call invalid, and the router does not, when it was looked at last. */
struct rov_states {
	uint32_t n, net; /* net: one of those that it marks so */
	bool marked;	 /* it says it of the routes, and not by its count alone */
};
/* A look that is not at the end of the table yet. */
struct rov_look {
	uint32_t at, size; /* cursor of routes_rules_next; rules_max when it began */
	uint32_t invalid;
	bool whole; /* the table had told all when it began */
	bool seen;  /* one that was whole came to its end, since the table was told anew */
	struct rov_states found;
};
/* What was found in a table that is gone, or is told anew: so it is until that was looked at. */
struct rov_past {
	uint8_t view;
	struct bgp_family family;
	bool by_count[ROV_ODDS]; /* the router's count alone said it */
	uint32_t n[ROV_ODDS];
	struct rov_past *next;
};

/* A gauge that says otherwise than the tables. */
struct count_compared {
	int64_t since_us; /* 0: it does not */
	uint64_t router, ours;
	uint32_t reports;
};

struct peer_statistics {
	int64_t at_us;
	bool rov; /* it counts invalid routes */
	unsigned n;
	struct engine_statistic v[ENGINE_STATISTICS_MAX];
	struct count_compared compared[ENGINE_STATISTICS_MAX];
};

/* --- volumes.c */

/* Tell how many routes the router's neighbours send, where that is news. */
void volumes_look(struct engine *, struct router *);
/* What was told of it says nothing of the session that begins. */
void volumes_begin(struct peer *);
/* Routes that it sends now, of all families that the rules judge. */
uint32_t volume_of_peer(const struct peer *);

/* Has it told all of the table? One without an End-of-RIB, though others have one, is waited for.
 */
bool table_has_told_all(const struct engine *, const struct table *);
/* The same of a table that need not be there. */
bool peer_has_told_all(const struct engine *, const struct peer *, uint8_t view, struct bgp_family);

/* --- counts.c */

/* When its session began, or the router's: reports of before are past. */
int64_t peer_began_us(const struct peer *);
/* A report has come: compare. */
void counts_compare(const struct engine *, struct peer *);
/* Has it lasted? */
bool count_is_told(const struct engine *, const struct count_compared *);
struct count_difference {
	uint8_t view;
	bool per_family, is_told;
	bool is_past; /* of a session before, and in this one it cannot be compared */
	struct bgp_family family;
	uint64_t router, ours;
};
/* The next difference of a peer that is up; *at is 0 at first. */
bool count_next(
    const struct engine *, const struct peer *, unsigned *at, struct count_difference *);

/* --- rov_states.c */

/* Call every few seconds. */
void rov_states_look(struct engine *, struct router *);
bool rov_is_told(const struct router *, enum rov_odds);
/* When it is not told: is that known? */
bool rov_is_known(const struct engine *, const struct router *, enum rov_odds);
/* One of them, in words; valid until the next call. */
const char *rov_example(const struct engine *, struct router *, enum rov_odds);
/* Its tables are dropped, or told anew: keep in mind what was found in them. */
void rov_remember(struct peer *);
/* Has something been found in it that was not looked at since, and makes a difference? */
bool rov_awaits(const struct engine *, const struct peer *);
void rov_forget(struct peer *);
/* Has the table told all, and had the time to? A walk, or look, that begins now is whole. */
bool rov_can_be_seen(const struct engine *, const struct table *);
/* What is found in a table, when a walk begins: nothing. */
struct rov_marks rov_marks_of(const struct engine *, const struct table *);
/* Count what a route says of itself (RFC 8097), and what it is. */
void rov_mark(const struct engine *, const struct table *, uint32_t net, attrs_block block,
    struct rov_marks *);
/* Is it one of the tables where it is worth that? */
bool rov_may_mark(const struct engine *, const struct table *);

/* --- survey.c */

struct survey {
	uint32_t at;	/* cursor of nets_next */
	uint32_t walks; /* that came to their end */
	struct survey_counts now, last;
};
/* Go on with the walk; call a few times a second. */
void survey_tick(struct engine *);

/* --- spread.c */

/* Prefixes of a neighbour at a router; asn 0: empty slot. */
struct spread_count {
	uint32_t asn;
	bool ipv6, told, has_used, has_spread;
	uint32_t used, spread;	       /* as told */
	uint32_t used_now, spread_now; /* by the walk that goes on */
	uint32_t used_net, spread_net; /* that was counted last */
};
struct router_spread {
	struct spread_count *v;
	uint32_t n, max;
	uint32_t walks; /* 1: one has ended since it had told all */
};
struct spread {
	uint32_t at; /* cursor of nets_next */
	int64_t next_us;
};
/* Go on with the walk; call a few times a second. */
void spread_tick(struct engine *);

/* --- statistics.c */

/* Keep what a report says of the peer. */
void engine_statistics_keep(struct peer *, const struct bmp_msg *, int64_t now_us);
