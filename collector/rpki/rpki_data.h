/*
 * rpki_data: what all sources of RPKI data said, what of it is in force, and what that is worth. A
 * state machine without I/O and without a clock: sources report, time comes in; sets, states and
 * alarms go out.
 *
 *   a source    WAITING --data--> IN_STEP --lost, broken--> LOST, BROKEN
 *               --its time is over--> EXPIRED; NEVER: it had time enough
 *               Whatever happens to it, its last complete data stays.
 *
 *   the data    Nothing is put in force before all sources answered, or settle_s is over; so after
 *               the start, and so after a change of the configuration, until when the former set
 *               of sources counts.
 *
 *   held back   What a source says and that is so much less than before (vrp_loss.h); VRPs that
 *               come or go and are more likely a mistake (vrp_aside.h), since they are so wide,
 *               would turn so much invalid (vrp_trial.h), or are said by one alone of two sources
 *               that disagree. For hold_s, or until the sources say something else. hold_s 0 holds
 *               nothing back; a reload with it lets in what is held.
 *
 *   in use      Files, and the caches of one group by preference (rpki_groups.c). The others are
 *               connected, too, and what they say is kept for when it is needed.
 *
 * Local exceptions (slurm.h) are a source, too: filters first, then what is held back, then what
 * they add.
 */
#pragma once

#include "base/sbuf.h"
#include "collector/rpki/aspa.h"
#include "collector/rpki/rpki_state.h"
#include "collector/rpki/slurm.h"
#include "collector/rpki/vrp.h"
#include "collector/rpki/vrp_loss.h"
#include "collector/rpki/vrp_trial.h"

enum rpki_source_kind { RPKI_CACHE, RPKI_FILE, RPKI_SLURM };

enum rpki_source_state {
	RPKI_SOURCE_WAITING, /* no data yet */
	RPKI_SOURCE_NEVER,   /* none in the time it was given */
	RPKI_SOURCE_IN_STEP,
	RPKI_SOURCE_LOST,   /* not reached since; its data stays */
	RPKI_SOURCE_BROKEN, /* what it says cannot be used; its data stays, if it has any */
	RPKI_SOURCE_EXPIRED /* its data stays, but is past its time */
};

enum rpki_alarm {
	RPKI_ALARM_MISSING,	/* about a source: it never answered */
	RPKI_ALARM_LOST,	/* about a source */
	RPKI_ALARM_BROKEN,	/* about a source */
	RPKI_ALARM_REJECTED,	/* about a source: some of its records are not usable */
	RPKI_ALARM_STALE,	/* about a source: its data is past its time */
	RPKI_ALARM_SHRUNKEN,	/* about a source, or "rpki": much less than before, held back */
	RPKI_ALARM_MASS_CHANGE, /* about "rpki": VRPs that would turn very much invalid, held back
				 */
	RPKI_ALARM_DEFAULT_VRP, /* about "rpki": a VRP for all or nearly all, held back */
	RPKI_ALARM_DIVERGING,	/* about a source: it disagrees with another of its kind */
	RPKI_ALARMS
};

struct rpki_limits {
	uint32_t settle_s, hold_s;
	uint32_t switch_s; /* a group of caches has not worked, or has, before another is used */
	struct vrp_loss_limits loss;
	uint32_t max_invalid; /* routes that a change may turn invalid; 0: any number */
};

/* What a source is like at the moment; `why`: "" or what is wrong, fit to be shown. */
struct rpki_source_report {
	bool in_step, broken, expired;
	size_t rejected; /* records of its data that were left out */
	const char *why, *first_rejected;
};

/* What goes out. Called from rpki_data_tick, and alarms from rpki_data_remove. */
struct rpki_data_ops {
	/* In force from now on; both borrowed for the call. delta: to what was before. by_config:
	 * since sources left the configuration, and not for what one of them says. */
	void (*in_force)(void *ctx, struct vrp_set *, const struct vrp_delta *, bool by_config);
	void (*state)(void *ctx, enum rpki_state);
	/* Find out what would turn invalid by this set, which is not in force yet, and the answer
	 * to rpki_data_tried. Both borrowed for the call. false: nobody can. NULL: the same. */
	bool (*try_out)(void *ctx, struct vrp_set *, const struct vrp_delta *);
	/* Does it hold? Told at every tick where that is known, so the receiver compares. text:
	 * what, or how it ended; grave: it is worse than it was at first. */
	void (*alarm)(void *ctx, enum rpki_alarm, const char *about, bool holds, bool grave,
	    const char *text);
	/* These ASPAs are in force from now on; borrowed for the call. changed: customers whose
	 * providers are others than before. NULL: nobody wants to know. */
	void (*aspas)(void *ctx, struct aspa_set *, size_t changed);
	/* Caches of another preference are in use from now on: which, and why. NULL: the same. */
	void (*group)(void *ctx, const char *text);
	/* Told once, for the log. */
	void (*note)(void *ctx, const char *text);
};

struct rpki_data;
struct rpki_source;

/* ops, ctx: as long as it lives. NULL when out of memory. Times: monotonic, microseconds. */
struct rpki_data *rpki_data_new(const struct rpki_data_ops *, void *ctx);
void rpki_data_free(struct rpki_data *);

/* --- configuration: sources come and go, then rpki_data_configured */

/* name: copied. NULL when out of memory. */
struct rpki_source *rpki_data_add(
    struct rpki_data *, enum rpki_source_kind, const char *name, int64_t now_us);
/* It said so many VRPs before a restart. Much less than that is in force as it is, but does not
 * make the data whole before hold_s is over. */
void rpki_source_remember(struct rpki_source *, size_t vrps);
/* So many of them of this trust anchor: the same of these. */
void rpki_source_remember_anchor(struct rpki_source *, const char *ta, size_t vrps);
/* Of caches those of the lowest number are used that work. 0 when it is not said; said again it is
 * another from then on. */
void rpki_source_prefer(struct rpki_source *, uint32_t preference);
/* It is no longer configured; the caller forgets it. Its data counts until the others answered. */
void rpki_data_remove(struct rpki_data *, struct rpki_source *);
void rpki_data_configured(struct rpki_data *, const struct rpki_limits *, int64_t now_us);

/* --- what sources say */

/* Complete data: sorted, unique, taken over (*data is empty afterwards), with its table of trust
 * anchors (NULL: it does not tell them). */
void rpki_source_said(
    struct rpki_source *, struct vrp_list *data, const struct vrp_tas *, int64_t now_us);
/* The ASPAs that came with them: sorted, unique, taken over. */
void rpki_source_said_aspas(struct rpki_source *, struct aspa_list *, int64_t now_us);
/* The same of a file of local exceptions; taken over. */
void rpki_source_said_slurm(struct rpki_source *, struct slurm *);
void rpki_source_report(struct rpki_source *, const struct rpki_source_report *, int64_t now_us);

/* The answer to try_out; borrowed, and changed. */
void rpki_data_tried(struct rpki_data *, struct vrp_trial *, int64_t now_us);

/* Draw the conclusions: after reports, and about once a second. */
void rpki_data_tick(struct rpki_data *, int64_t now_us);

/* --- over a restart */

/* What is held back, as text: from the data, and into the data before it is configured. wall_us: by
 * the clock that goes on meanwhile. */
void rpki_data_remember(const struct rpki_data *, int64_t now_us, int64_t wall_us, struct sbuf *);
void rpki_data_recall(struct rpki_data *, const char *text, int64_t now_us, int64_t wall_us);
/* How many VRPs are held back, whatever for. */
size_t rpki_data_held(const struct rpki_data *);

/* --- as it is now */

enum rpki_state rpki_data_state(const struct rpki_data *);
/* In force, borrowed; NULL for nothing yet. */
struct vrp_set *rpki_data_set(const struct rpki_data *);
/* ASPAs in force, borrowed; NULL for none so far. */
struct aspa_set *rpki_data_aspas(const struct rpki_data *);
enum rpki_source_state rpki_source_state(const struct rpki_source *);
/* What to remember for the time after a restart; .all is 0: nothing yet. */
struct vrp_counts rpki_source_to_remember(const struct rpki_source *);
/* How many VRPs of it count, and how many it says are held back (0: none are, or it says none). */
size_t rpki_source_count(const struct rpki_source *);
/* Is this one of its VRPs? */
bool rpki_source_has(const struct rpki_source *, const struct vrp *);
/* How many ASPAs of it count. */
size_t rpki_source_aspas(const struct rpki_source *);
bool rpki_source_is_held(const struct rpki_source *);
/* Does it count, if it has data? Not a cache while those of another preference are in use. */
bool rpki_source_in_use(const struct rpki_source *);
/* "waiting", "never", "in-step", "lost", "broken", "expired". */
const char *rpki_source_state_name(enum rpki_source_state);
