/* What the files of rpki_data share. */
#pragma once

#include "collector/rpki/rpki_data.h"
#include "collector/rpki/vrp_aside.h"

enum { RPKI_NAME_MAX = 256, RPKI_TEXT_MAX = 400 };

struct rpki_source {
	struct rpki_data *data_of;
	struct rpki_source *next;
	enum rpki_source_kind kind;
	char name[RPKI_NAME_MAX], why[RPKI_TEXT_MAX / 2], first_rejected[RPKI_TEXT_MAX / 2];
	int64_t added_us, left_step_us;
	bool in_step, broken, expired;
	size_t rejected;
	bool never;	       /* not answered, and its time is over */
	bool answered, joined; /* has data; which counts, if it is in use */
	uint32_t preference;   /* of a cache: its group */
	bool in_use, aspas_in_use, was_in_use;
	bool redundant;		/* expired, and others say as much: it counts no longer */
	bool leaving, replaced; /* out of the configuration; others came at the same time */
	int64_t leaving_us;	/* when all others had answered; 0 not yet */
	struct vrp_list vrps;
	struct vrp_tas tas;
	bool has_held;
	struct vrp_list held; /* what it says, when that is held back */
	struct vrp_tas held_tas;
	int64_t held_us;
	struct vrp_loss loss;
	struct vrp_counts remembered; /* before a restart; .all is 0: not known */
	struct vrp_counts counts;     /* of vrps */
	bool doubtful;		      /* in force, but much less than that, since held_us */
	size_t let_go; /* VRPs before much less was let in; 0: not so, or it is back */
	struct slurm slurm;
	struct aspa_list aspas, held_aspas; /* what counts; what it says, when held back */
	bool has_held_aspas;
	int64_t aspas_held_us;
	/* another source of its kind that disagrees with it */
	const struct rpki_source *other;
	size_t differences;
	int64_t diverging_us;
};

/* Which group of caches is in use, and which is to be (rpki_groups.c). */
struct rpki_groups {
	bool chosen;	 /* one is */
	bool rearranged; /* preferences are others than they were */
	uint32_t now;
	int64_t down_us; /* it has not worked since; 0: it does */
	bool has_better; /* a preferred one works */
	uint32_t better; /* this one, since better_us */
	int64_t better_us;
	bool has_next; /* the one that is to be used, since next_us; wait: it would be a loss */
	uint32_t next;
	int64_t next_us;
	bool wait;
	struct vrp_loss loss;
	int64_t switched_us;
	unsigned falls; /* from a preferred one, one soon after the other */
};

struct rpki_data {
	const struct rpki_data_ops *ops;
	void *ctx;
	struct rpki_limits limits;
	struct rpki_source *sources;
	enum rpki_state state;
	struct vrp_set *set;
	uint64_t generation;
	struct aspa_set *aspas; /* NULL: there were none so far */
	bool aspas_dirty;
	struct vrp_aside aside;
	int64_t settle_until_us; /* 0: not configured yet */
	bool added;		 /* a source, since the configuration before */
	bool dirty;		 /* what counts is not what is in force */
	bool stirred;		 /* a source is or says something else */
	bool joining;		 /* what is to be put in force has a source more */
	bool left;		 /* sources that left the configuration are in force still */
	bool meant;		 /* what changes has been held back for its time */
	/* VRPs are being tried out: those of a candidate, or, without one, some that are aside */
	bool trying;
	struct vrp_set *candidate;
	unsigned rounds;	     /* candidates, one after the other, that turned too much */
	struct vrp_delta difference; /* of it to what is in force */
	bool leaving_held;	     /* those that left stay, or this would be lost */
	struct vrp_loss leaving_loss;
	char slurm_conflict[RPKI_TEXT_MAX / 2];
	struct rpki_groups groups;
};

/* Has it data that would count if it were in use, and is that a list? */
static inline bool
rpki_could_count(const struct rpki_source *s)
{
	return s->joined && !s->redundant && s->kind != RPKI_SLURM;
}

/* Does this source's data count, and is it a list? */
static inline bool
rpki_counts(const struct rpki_source *s)
{
	return s->in_use && rpki_could_count(s);
}

/* What it says can be held against what another says. */
static inline bool
rpki_is_fresh(const struct rpki_source *s)
{
	return rpki_could_count(s) && s->in_step && !s->expired && !s->has_held && !s->leaving;
}

/* Is it one whose answer matters to what is in use? */
static inline bool
rpki_is_of_group(const struct rpki_source *s)
{
	const struct rpki_groups *g = &s->data_of->groups;

	return s->kind != RPKI_CACHE || !g->chosen || s->preference == g->now;
}

static inline int64_t
rpki_seconds(uint32_t s)
{
	return (int64_t)s * 1000000;
}

/* rpki_force.c: put in force what counts, if it has changed and is not to be tried out first. */
void rpki_use(struct rpki_data *, int64_t now_us);
void rpki_give_up_trial(struct rpki_data *);
/* The trial that is out is done: it is changed. */
void rpki_take_trial(struct rpki_data *, struct vrp_trial *, int64_t now_us);
/* All that sources say which count. *out is the caller's; false: out of memory, it is empty. */
bool rpki_union(const struct rpki_data *, bool with_leaving, struct vrp_list *out);
/* rpki_groups.c: is the preferred group there as a whole, or, when not, every source? */
bool rpki_all_answered(const struct rpki_data *);
/* Use another group of caches, if it is time to. */
void rpki_choose_group(struct rpki_data *, int64_t now_us);
/* rpki_aspas.c: let in what was held back for its time; put in force what counts. */
void rpki_let_in_aspas(struct rpki_data *, int64_t now_us);
void rpki_use_aspas(struct rpki_data *);
/* Those of the caches in use, once they are not much fewer than those that count. */
void rpki_follow_group(struct rpki_data *, int64_t now_us);
/* rpki_compare.c: what is lost from one union to the other; both are changed, anchors do not
 * matter.
 */
struct vrp_loss rpki_loss_between(
    const struct rpki_data *, struct vrp_list *before, struct vrp_list *after);
/* Do living sources say all but a small part of what this one, which is past its
 * time, said? And which sources that should agree do not? */
bool rpki_is_said_by_others(const struct rpki_data *, const struct rpki_source *);
void rpki_find_diverging(struct rpki_data *, int64_t now_us);
bool rpki_any_diverging(const struct rpki_data *);
/* Does one of two that disagree say this VRP, and no third? ctx: the data. */
bool rpki_is_disputed(const void *ctx, const struct vrp *);
/* rpki_alarms.c: tell of all that is wrong, and that it no longer is; note something in the log. */
void rpki_note(struct rpki_data *, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void rpki_tell_alarms(struct rpki_data *, int64_t now_us);
