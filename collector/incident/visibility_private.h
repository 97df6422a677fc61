/* What the files of visibility share. */
#pragma once

#include "collector/incident/visibility.h"

enum {
	VIS_TEXT = 320,
	VIS_ABOUT = 2 * RECORD_NAME_MAX + RECORD_RD_MAX + 16,
	VIS_SECOND_US = 1000000,
};
static const char vis_out_kind[] = "visibility.out", vis_loc_kind[] = "visibility.loc-rib";

struct vis_router {
	char name[RECORD_NAME_MAX];
	bool border;	 /* it has a session with another network */
	bool heard;	 /* it has told all it has, once since the start */
	bool kept;	 /* something of it was known before the start */
	int64_t away_us; /* since when its feed is lost; 0: it is not */
	bool telling;	 /* its feed is back, and it has not told all yet */
};

/* Loc-RIB of a router, or a neighbour of it. */
struct vis_point {
	uint32_t router;
	char peer[RECORD_NAME_MAX], distinguisher[RECORD_RD_MAX];
	uint32_t peer_as;
	uint8_t told_relation, relation; /* by the router; and by the configuration, if it says */
	bool used;			 /* else it is a free place */
	bool loc, outside, up, unmonitored;
	bool post;		/* what goes out is seen after policy */
	char down[VIS_TEXT];	/* why it is down, or was last */
	int64_t complete_us[2]; /* Loc-RIB, IPv4 and IPv6: since when it has told all; 0: not */
};

enum vis_why {
	WHY_DOWN,     /* the session is down */
	WHY_POLICY,   /* the router still has it, and sends it no longer */
	WHY_NEIGHBOR, /* who brought it to us has withdrawn it */
	WHY_ORIGIN,   /* nobody brought it: we do not originate it any more */
	WHY_NEVER,    /* it was not there before; all others have it */
};

struct vis_tally;

/* Something that took prefixes away, and is told. */
struct vis_loss {
	char about[VIS_ABOUT];
	char why[VIS_TEXT]; /* in words, for a sentence */
	uint8_t type;	    /* enum vis_why */
	char router[RECORD_NAME_MAX], peer[RECORD_NAME_MAX];
	uint32_t peer_as;
	const char *told;	 /* its kind, while it is; NULL: it is not */
	unsigned back;		 /* prefixes that came back, each wherever it did */
	struct vis_tally *tally; /* while it is put into words */
	struct vis_loss *next;
};

/* A prefix at a point. */
struct vis_at {
	uint32_t point;
	uint16_t has;	  /* bit per enum record_view, labelled ones 8 higher */
	bool established; /* it belongs there */
	bool unheard;	  /* what is said here is of before: the router has not said it again */
	uint8_t cause;	  /* enum reason: why it came or went */
	int64_t since_us; /* it came or went */
	int64_t in_us;	  /* the neighbour brought it and no longer does: since when; 0: else */
	struct vis_loss *loss; /* that is told; NULL: none */
};

struct vis_prefix {
	struct ip_prefix prefix;
	bool own;     /* one that is judged; else it only stands for others */
	bool settled; /* nothing of it can change by time alone */
	struct vis_at *v;
	unsigned n, max;
};

struct visibility {
	const struct visibility_ops *ops;
	void *ctx;
	struct visibility_config config;
	struct vis_router *routers;
	uint32_t routers_n, routers_max;
	struct vis_point *points;
	uint32_t points_n, points_max, last; /* last: the one that was asked for last */
	struct vis_prefix *v;		     /* sorted */
	size_t n, max;
	struct vis_loss *losses;
	uint32_t generation; /* of detect, by which `own` is known; 0 none */
	bool changed;	     /* what is told may be otherwise */
	bool unsure;	     /* which incidents are open that nobody speaks of any more */
	bool ready;	     /* the routers of before have come, or have had their time */
	int64_t started_us;
};

/* --- visibility.c */

struct vis_prefix *vis_find(const struct visibility *, const struct ip_prefix *); /* or NULL */
const struct vis_router *vis_router_of(const struct visibility *, const struct vis_point *);
/* Of a prefix, at the Loc-RIB of the router; NULL when it has none. */
struct vis_at *vis_loc_of(const struct visibility *, const struct vis_prefix *, uint32_t router,
    const char *distinguisher);
/* Is it there, in the view that is judged, for all that is known? */
bool vis_is_there(const struct visibility *, const struct vis_at *);
/* Keep what is known of it for after a restart, or that nothing is. */
void vis_keep(const struct visibility *, const struct vis_prefix *, const struct vis_at *);
/* The loss about this, made when missing; NULL when out of memory. */
struct vis_loss *vis_loss_about(struct visibility *, const char *about);

/* --- visibility_cause.c */

struct vis_cause {
	enum vis_why why;
	const struct vis_point *who; /* the session that did it, or where it is missing */
};
/* Why this prefix is not there any more. */
struct vis_cause vis_cause_of(
    const struct visibility *, const struct vis_prefix *, const struct vis_at *);
/* What is told together. */
enum vis_scope { SCOPE_PREFIX, SCOPE_SESSION, SCOPE_ALL };
/* What it is told about, and the cause in words. The scope is for what was withdrawn: whatever a
 * session that is down has taken is told of that session. */
void vis_cause_text(const struct visibility *, const struct vis_cause *, const struct vis_prefix *,
    enum vis_scope, struct vis_loss *out);

/* --- visibility_left.c */

/* How far a neighbour carries what is ours: 0 not to the world. */
enum { CLASS_NONE, CLASS_PEER, CLASS_UNKNOWN, CLASS_PROVIDER };
unsigned vis_class(const struct visibility *, const struct vis_point *);
/* What a prefix has left of those that carry it. */
struct vis_left {
	unsigned class;	  /* the best of those that carried it */
	unsigned there;	  /* so many still have it */
	unsigned unknown; /* of so many more nobody knows */
	unsigned pending; /* so many have just lost it, and it is not certain that it stays so */
};
struct vis_left vis_left_of(const struct visibility *, const struct vis_prefix *, int64_t now_us);
/* Has its feed been lost, or is it not monitored? */
bool vis_is_unknown(const struct visibility *, const struct vis_at *, int64_t now_us);

/* --- visibility_say.c */

/* Tell of all losses what is so now; those of which nothing is left are over, and freed. */
void vis_say(struct visibility *, int64_t now_us);
/* Those that are open and that nobody has spoken of since the start are over. */
void vis_end_others(struct visibility *);
