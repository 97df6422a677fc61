/*
 * vrp_aside: changes of VRPs that wait for a while, since they are more likely a mistake of a
 * source than the will of those who hold ROAs: VRPs that no registry gives in one block, that are
 * new and cover what nothing covered before, that would turn a great part of the table invalid
 * (vrp_trial.h), or that only one of two sources says that should say the same. A VRP that is to
 * come is kept out of the data; one that is to go, and whose end would do harm, is kept in it. What
 * is still so when the time is over is so.
 */
#pragma once

#include "base/sbuf.h"
#include "collector/rpki/vrp.h"
#include "collector/rpki/vrp_trial.h"

enum vrp_aside_kind {
	VRP_ASIDE_DEFAULT,  /* wider than a /8, or than a /12 of what is given out of IPv6 */
	VRP_ASIDE_MASS,	    /* new, wide (a /8, a /19) or AS 0 and together so wide; or tried out */
	VRP_ASIDE_DISPUTED, /* new, and sources disagree */
	VRP_ASIDE_KINDS
};

struct vrp_held {
	struct vrp vrp;
	uint8_t kind;
	bool gone; /* it is to go, and stays meanwhile */
	bool over; /* its time is, and it is not in force yet */
	bool seen; /* in the data of now */
	bool tried;
	uint32_t routes; /* that it would turn invalid, when it was tried */
	int64_t since_us;
};

/* How the last one of a kind ended. */
enum vrp_aside_end { VRP_ASIDE_LET_IN, VRP_ASIDE_TAKEN_BACK };

struct vrp_aside {
	struct vrp_held *v; /* sorted by VRP */
	size_t n, cap;
	uint8_t ended[VRP_ASIDE_KINDS]; /* enum vrp_aside_end */
	struct vrp_aside_ours {
		struct ip_prefix prefix;
		struct vrp vrp;
	} ours[VRP_TRIAL_OURS_MAX]; /* prefixes of ours that they would turn invalid */
	unsigned ours_n;
};

/* What the data of now is held against. */
struct vrp_aside_with {
	const struct vrp_set *in_force; /* NULL for nothing yet */
	/* Is what is new news, and not of a source that has just been added? Without, or with
	 * nothing in force, of what is wide only VRP_ASIDE_DEFAULT is held. */
	bool growth;
	/* Do sources disagree about a VRP? NULL: about none. */
	bool (*disputed)(const void *ctx, const struct vrp *);
	const void *ctx;
	int64_t hold_us, now_us;
};

/*
 * Take out of `next` (sorted, unique) what is to be held and put into it what is to stay, remember
 * it, and forget what is no longer so. false: out of memory; then `next` may hold what it should
 * not.
 */
bool vrp_aside_apply(struct vrp_aside *, struct vrp_list *next, const struct vrp_aside_with *);
/*
 * VRPs have been tried out. What is held gets its numbers; if the rest would turn more than `most`
 * routes invalid, those that turn most are held from now on. Returns how many. Those whose time is
 * over count no more. The trial is changed.
 */
size_t vrp_aside_tried(struct vrp_aside *, struct vrp_trial *, uint32_t most, int64_t now_us);
/* It was held before a restart. false: out of memory. */
bool vrp_aside_restore(struct vrp_aside *, const struct vrp_held *);
/* What is held as lines of text (vrp_aside_text.c), for the time after a restart, and back. now_us
 * and wall_us: the same moment by both clocks. What cannot be read is passed over. */
void vrp_aside_write(const struct vrp_aside *, int64_t now_us, int64_t wall_us, struct sbuf *out);
void vrp_aside_read(struct vrp_aside *, const char *text, int64_t now_us, int64_t wall_us);
/* Sources were taken out by who configures them: nothing of theirs is kept in the data. */
void vrp_aside_let_go(struct vrp_aside *);

/* Is it kept out of the data? */
bool vrp_aside_is_out(const struct vrp_aside *, const struct vrp *);
/* Is it to go, and has not been tried out? */
bool vrp_aside_is_going(const struct vrp_aside *, const struct vrp *);
/* Nobody can try out those that have not been. */
void vrp_aside_give_up(struct vrp_aside *);

/* When the first of them is to be let in; 0: none is held. */
int64_t vrp_aside_due(const struct vrp_aside *, int64_t hold_us);
/* Is there one that has not been tried out? */
bool vrp_aside_untried(const struct vrp_aside *);
size_t vrp_aside_count(const struct vrp_aside *, enum vrp_aside_kind);
/* Up to max of this kind, those that turn most routes invalid first. Returns how many. */
size_t vrp_aside_worst(
    const struct vrp_aside *, enum vrp_aside_kind, const struct vrp_held **out, size_t max);
/* Routes that those of this kind would turn invalid: the sum, so at most so many. */
uint64_t vrp_aside_routes(const struct vrp_aside *, enum vrp_aside_kind);
/* Prefixes of ours that those of this kind would turn invalid; the first of them to out. */
size_t vrp_aside_ours(
    const struct vrp_aside *, enum vrp_aside_kind, struct ip_prefix *out, size_t max);
void vrp_aside_free(struct vrp_aside *);
