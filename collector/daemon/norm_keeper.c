#include "collector/daemon/norm_keeper.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/hash.h"
#include "base/pure/text.h"
#include "collector/norms/ledger.h"

static const int64_t SECOND_US = 1000000;
enum { PUT_S = 60, STALLED_S = 5, EVIDENCE = 1024 };

struct norm_keeper {
	struct records *records;
	const struct neighbor_watch *neighbors;
	const struct incidents *incidents;
	const struct spread_counts *spread;
	struct ledger *ledger;
	int64_t put_s; /* when next */
	/* days and incidents of which that was put, the last ones by hash */
	char evidence[EVIDENCE][NORM_DAY_MAX + LEDGER_ID_MAX + 1];
	/* rows of today are being restored, or given on */
	int64_t now_s; /* of the last tick, too */
	control_norm_row each;
	void *ctx;
	const char *day;
};

/* --- what is kept */

/* What costs points is to be shown for as long as they are. */
static void
put_evidence(struct norm_keeper *k, const char *day, const char *id)
{
	char key[LEDGER_ID_MAX + 3];

	snprintf(key, sizeof(key), "e %.*s", LEDGER_ID_MAX, id);
	records_day_put(k->records, day, key, "1", 1);
}

/* At once, for it may be over before the next minute is; the rest of the day with its row. */
static void
begin_evidence(struct norm_keeper *k, const struct incidents_way *w)
{
	uint32_t at = (uint32_t)hash_bytes(hash_seed(), w->id, strlen(w->id)) % EVIDENCE;
	char day[NORM_DAY_MAX], name[sizeof(k->evidence[0])];

	if (w->doubtful || w->unknown || w->n[WAY_SPREAD] == 0 ||
	    norm_metric_of(rule_info[w->rule].norm, w->ours) == METRICS)
		return;
	snprintf(name, sizeof(name), "%s %.*s", norm_day_text(k->now_s, day), LEDGER_ID_MAX, w->id);
	if (strcmp(k->evidence[at], name) == 0)
		return;
	memcpy(k->evidence[at], name, sizeof(name));
	put_evidence(k, day, w->id);
}

static void
put(void *ctx, const char *day, const char *key, const char *value, size_t len)
{
	struct norm_keeper *k = ctx;
	struct ledger_row_read row;

	records_day_put(k->records, day, key, value, len);
	if (key[0] == 'i' && ledger_row_parse(key, value, len, &row) && row.n > REACHES + 1)
		put_evidence(k, day, row.text);
}

static bool
restore(void *ctx, const char *key, const void *value, size_t len)
{
	struct norm_keeper *k = ctx;

	ledger_restore(k->ledger, k->now_s, key, value, len);
	return true;
}

struct norm_keeper *
norm_keeper_new(struct records *records, const struct neighbor_watch *neighbors,
    const struct incidents *incidents, const struct spread_counts *spread)
{
	struct norm_keeper *k = calloc(1, sizeof(*k));
	char day[NORM_DAY_MAX];

	if (k == NULL || (k->ledger = ledger_new(put, k)) == NULL) {
		free(k);
		return NULL;
	}
	k->records = records;
	k->neighbors = neighbors;
	k->incidents = incidents;
	k->spread = spread;
	k->now_s = clock_wall_us() / SECOND_US;
	journal_day_each(records_history(records), norm_day_text(k->now_s, day), restore, k);
	return k;
}

void
norm_keeper_free(struct norm_keeper *k)
{
	if (k != NULL)
		ledger_free(k->ledger);
	free(k);
}

/* --- what is so */

/* Families with and without labels are two to us, and one to whoever reads it. */
static void
tell_session(void *ctx, const struct neighbor_seen *n)
{
	struct norm_keeper *k = ctx;
	char name[LEDGER_NAME_MAX];
	bool labelled = n->family == SOURCE_V4_LABELLED || n->family == SOURCE_V6_LABELLED;
	const struct engine_volume *v = n->volume;
	struct ledger_session s = { .name = name,
		.asn = n->asn,
		.ipv6 = n->family == SOURCE_V6 || n->family == SOURCE_V6_LABELLED,
		.relation = n->relation,
		.limit = n->limit,
		.state = n->away      ? LEDGER_UNKNOWN
			 : !n->up     ? LEDGER_DOWN
			 : v->settled ? LEDGER_KNOWN
				      : LEDGER_UNKNOWN,
		.has = { v->has_sent, v->has_accepted, v->has_told },
		.n = { v->routes, v->accepted, v->told } };

	snprintf(name, sizeof(name), "%s %s%s%s%s", n->router, n->address,
	    n->distinguisher[0] != '\0' ? " " : "", n->distinguisher, labelled ? " labelled" : "");
	ledger_session(k->ledger, &s);
}

static void
tell_spread(void *ctx, const char *router, uint32_t asn, bool ipv6, const struct engine_spread *s)
{
	struct norm_keeper *k = ctx;
	const struct ledger_use u = { .router = router,
		.asn = asn,
		.ipv6 = ipv6,
		.has = { s->has_used, s->has_spread },
		.n = { s->used, s->spread } };

	ledger_use(k->ledger, &u);
}

static void
tell_way(void *ctx, const struct incidents_way *w)
{
	struct norm_keeper *k = ctx;
	struct ledger_way to = { .id = w->id,
		.occurrence = w->occurrence,
		.asn = w->asn,
		.rule = w->rule,
		.ipv6 = w->ipv6,
		.ours = w->ours,
		.doubtful = w->doubtful,
		.unknown = w->unknown,
		.n = { w->n[WAY_SENT], w->n[WAY_ACCEPTED], w->n[WAY_USED], w->n[WAY_SPREAD] },
		.unproved = w->unproved };

	ledger_way(k->ledger, &to);
	begin_evidence(k, w);
}

/* Does the disk take nothing? What waits for it is in memory, where a row a minute is not to wait:
 * the same row is written when it takes something. */
static bool
takes_nothing(struct records *records)
{
	struct records_stats stats;

	records_stats(records, &stats);
	return stats.journal.stalled_us > STALLED_S * SECOND_US;
}

void
norm_keeper_tick(struct norm_keeper *k, int64_t wall_us)
{
	int64_t now_s = wall_us / SECOND_US;

	k->now_s = now_s;
	ledger_advance(k->ledger, now_s);
	ledger_begin(k->ledger);
	neighbor_watch_each(k->neighbors, tell_session, k);
	spread_counts_each(k->spread, tell_spread, k);
	incidents_each_way(k->incidents, tell_way, k);
	ledger_end(k->ledger);
	if ((now_s < k->put_s && k->put_s - now_s <= PUT_S) || takes_nothing(k->records))
		return;
	k->put_s = now_s + PUT_S;
	ledger_put(k->ledger);
}

void
norm_keeper_stop(struct norm_keeper *k, int64_t wall_us)
{
	ledger_advance(k->ledger, wall_us / SECOND_US);
	ledger_put(k->ledger);
}

/* --- who asks */

static void
give_today(void *ctx, const char *day, const char *key, const char *value, size_t len)
{
	const struct norm_keeper *k = ctx;

	if (strcmp(day, k->day) == 0)
		k->each(k->ctx, day, key, value, len);
}

static bool
give(void *ctx, const char *key, const void *value, size_t len)
{
	const struct norm_keeper *k = ctx;

	k->each(k->ctx, k->day, key, value, len);
	return true;
}

void
norm_keeper_rows(struct norm_keeper *k, const char *day, control_norm_row each, void *ctx)
{
	k->each = each;
	k->ctx = ctx;
	k->day = day;
	if (strcmp(ledger_today(k->ledger, give_today, k), day) != 0)
		journal_day_each(records_history(k->records), day, give, k);
}

enum journal_evidence
norm_keeper_evidence(const struct norm_keeper *k, const char *id)
{
	return journal_evidence(records_history(k->records), id);
}

void
norm_session_address(const char *session, char *out, size_t size)
{
	struct ip_addr address;

	/* a router's name may have blanks, an address has none */
	while ((session = strchr(session, ' ')) != NULL) {
		size_t n = strcspn(++session, " ");

		snprintf(out, size, "%.*s", (int)n, session);
		if (ip_addr_parse(out, &address))
			return;
	}
	out[0] = '\0';
}
