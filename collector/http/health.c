/*
 * Is the collector alive, ready, healthy, and why not?
 *
 *   /livez    its main loop answers. No: it is stuck, and has to be started anew.
 *   /readyz   its listeners are open and all workers answer: routers may be sent here. Neither
 *             Kafka nor RPKI data are asked after: without them it still takes in what routers say.
 *   /healthz  each part, with reasons, and what alarms are open. Only what loses data is failing
 *             (503); what is worse than it should be is degraded (200).
 */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/jw.h"
#include "collector/http/http_private.h"
#include "collector/http/rows.h"
#include "proto/record.h"

enum { STALLED_US = 5000000, CHECKS_MAX = 8, DETAIL_MAX = 512 };
enum state { FINE, DEGRADED, FAILING };

struct check {
	const char *name;
	enum state state;
	char detail[DETAIL_MAX];
};

struct checks {
	struct check check[CHECKS_MAX];
	unsigned n;
};

static struct check *
add(struct checks *all, const char *name)
{
	struct check *c = &all->check[all->n < CHECKS_MAX ? all->n++ : CHECKS_MAX - 1];

	*c = (struct check){ .name = name };
	return c;
}

static void say(struct check *, enum state, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

static void
say(struct check *c, enum state state, const char *fmt, ...)
{
	va_list ap;

	c->state = state;
	va_start(ap, fmt);
	vsnprintf(c->detail, sizeof(c->detail), fmt, ap);
	va_end(ap);
}

/* --- the parts */

static void
check_journal(struct checks *all, const json_t *stats)
{
	const json_t *j = json_object_get(stats, "journal");
	struct check *c = add(all, "journal");

	if (rows_text(j, "lost")[0] != '\0')
		say(c, FAILING, "%s", rows_text(j, "lost"));
	else if (rows_number(j, "stalled_us") > STALLED_US || rows_text(j, "error")[0] != '\0')
		say(c, FAILING, "%lld records wait for the disk: %s",
		    (long long)rows_number(stats, "journal_pending"),
		    rows_text(j, "error")[0] != '\0' ? rows_text(j, "error") : "it takes nothing");
	else
		say(c, FINE, "number %lld is on the disk",
		    (long long)rows_number(stats, "journal_seq"));
}

static void
check_kafka(struct checks *all, const json_t *stats)
{
	const json_t *topics = json_object_get(stats, "kafka_topics"), *t;
	struct check *c;
	size_t i;

	if (json_array_size(topics) == 0)
		return; /* there is none to deliver to */
	c = add(all, "kafka");
	say(c, FINE, "%lld records are to be delivered yet",
	    (long long)rows_number(stats, "kafka_lag"));
	json_array_foreach(topics, i, t)
		if (rows_text(t, "trouble")[0] != '\0')
			say(c, DEGRADED, "topic %s: %s; the journal keeps what it has to get",
			    rows_text(t, "topic"), rows_text(t, "reason"));
}

static void
check_rpki(struct checks *all, const json_t *stats)
{
	const char *state = rows_text(stats, "rpki_state");
	long long vrps = rows_number(stats, "vrps_ipv4") + rows_number(stats, "vrps_ipv6");
	struct check *c = add(all, "rpki");

	if (rows_number(stats, "rpki_sources") == 0) {
		say(c, FINE, "there is no RPKI source");
		return;
	}
	say(c, strcmp(state, "stale") == 0 || strcmp(state, "partial") == 0 ? DEGRADED : FINE,
	    "the data is %s, %lld VRP%s in force", state, vrps, vrps == 1 ? " is" : "s are");
}

static void
check_routers(struct checks *all, const json_t *stats)
{
	long long known = rows_number(stats, "routers"), up = rows_number(stats, "routers_up");

	say(add(all, "routers"), up < known ? DEGRADED : FINE, "%lld of %lld are connected", up,
	    known);
}

static void
check_incidents(struct checks *all, const json_t *stats)
{
	char open[64];

	say(add(all, "incidents"), FINE, "incidents open: %s",
	    incidents_said(open, sizeof(open), (uint64_t)rows_number(stats, "incidents_open"),
		(uint64_t)rows_number(stats, "incidents_unknown"),
		(uint64_t)rows_number(stats, "incidents_critical")));
}

/* --- asking */

struct asked {
	struct checks *checks; /* NULL: whether there is an answer is all that counts */
	int64_t uptime_s;
	char collector[128], version[32];
};

static bool
each(void *ctx, const json_t *row)
{
	struct asked *a = ctx;

	if (a->checks == NULL)
		return true;
	snprintf(a->collector, sizeof(a->collector), "%s", rows_text(row, "collector"));
	snprintf(a->version, sizeof(a->version), "%s", rows_text(row, "version"));
	a->uptime_s = rows_number(row, "uptime_seconds");
	check_journal(a->checks, row);
	check_kafka(a->checks, row);
	check_rpki(a->checks, row);
	check_routers(a->checks, row);
	check_incidents(a->checks, row);
	return true;
}

static bool
ask_for(const struct http *h, const char *what, struct asked *a, char why[ASK_WHY_MAX])
{
	struct sbuf request = rows_request(what);

	return rows_each(h, &request, each, a, why) == ASK_END;
}

/* --- the answers */

static enum MHD_Result
answer_word(struct MHD_Connection *c, struct exchange *x, bool good, const char *why)
{
	struct sbuf body = sbuf_of(4096);

	if (good)
		sbuf_puts(&body, "ok\n");
	else
		sbuf_printf(&body, "failing: %s\n", why);
	return answer_body(c, x, good ? MHD_HTTP_OK : MHD_HTTP_SERVICE_UNAVAILABLE,
	    "text/plain; charset=utf-8", &body, NULL);
}

static enum MHD_Result
answer_checks(
    struct MHD_Connection *c, struct exchange *x, const struct checks *all, const struct asked *a)
{
	static const char *const words[] = { "ok", "degraded", "failing" };
	struct sbuf body = sbuf_of(65536);
	struct jw j = jw_to(&body);
	enum state worst = FINE;

	for (unsigned i = 0; i < all->n; i++)
		if (all->check[i].state > worst)
			worst = all->check[i].state;
	jw_object(&j, NULL);
	jw_string(&j, "status", words[worst]);
	jw_string(&j, "collector", a->collector);
	jw_string(&j, "version", a->version);
	jw_int(&j, "uptime_seconds", a->uptime_s);
	jw_array(&j, "checks");
	for (unsigned i = 0; i < all->n; i++) {
		jw_object(&j, NULL);
		jw_string(&j, "name", all->check[i].name);
		jw_string(&j, "status", words[all->check[i].state]);
		jw_string(&j, "detail", all->check[i].detail);
		jw_end_object(&j);
	}
	jw_end_array(&j);
	jw_end_object(&j);
	sbuf_putc(&body, '\n');
	return answer_body(c, x, worst < FAILING ? MHD_HTTP_OK : MHD_HTTP_SERVICE_UNAVAILABLE,
	    "application/json", &body, NULL);
}

enum MHD_Result
health_answer(struct http *h, struct MHD_Connection *c, struct exchange *x)
{
	struct checks all = { .n = 0 };
	struct asked a = { .checks = NULL };
	char why[ASK_WHY_MAX];
	struct check *own;
	int64_t start_us = clock_mono_us();

	if (x->target.segments != 1)
		return answer_problem(
		    c, x, MHD_HTTP_NOT_FOUND, NULL, "right would be /livez, /readyz or /healthz");
	if (strcmp(x->target.segment[0], "livez") == 0) /* who answers it is the main loop alone */
		return answer_word(c, x, ask_for(h, "mutes", &a, why), why);
	if (strcmp(x->target.segment[0], "readyz") == 0)
		return answer_word(c, x, ask_for(h, "stats", &a, why), why);
	own = add(&all, "collector");
	a.checks = &all;
	if (ask_for(h, "stats", &a, why))
		say(own, FINE, "main loop and workers answered within %lld ms",
		    (long long)(clock_mono_us() - start_us) / 1000);
	else
		say(own, FAILING, "%s", why);
	return answer_checks(c, x, &all, &a);
}
