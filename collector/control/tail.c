/* The loop's end of a tail: it has pieces read as its reader takes them. */
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "collector/control/control_private.h"

/* Longer ago than any record is; no sum with it overflows. */
static const double AGO_MAX_S = 1e10;

static void
read_on(struct client *c)
{
	tail_read(c->tail);
}

void
tail_pieces(struct control *control)
{
	struct sbuf piece;
	struct client *c;
	bool ended;

	while ((c = tails_take(control->tails, &piece, &ended)) != NULL) {
		client_put_buffer(c, &piece);
		if (ended)
			client_done(c);
		else
			client_turn(c);
	}
}

static void
reader_gone(struct client *c)
{
	tail_drop(c->tail);
	c->tail = NULL;
}

/* --- the request */

/* A number of records; `otherwise` when it is not there. false: it is no number. */
static bool
number(const struct control_request *r, const char *key, uint32_t otherwise, uint32_t *out)
{
	const char *text = control_request_value(r, key, NULL);
	unsigned long long v;
	char *end;

	*out = otherwise;
	if (text == NULL)
		return true;
	errno = 0;
	v = strtoull(text, &end, 10);
	if (*text < '0' || *text > '9' || *end != '\0')
		return false;
	*out = errno != 0 || v > UINT32_MAX ? UINT32_MAX : (uint32_t)v;
	return true;
}

/* Seconds ago. false: it is none. */
static bool
ago(const char *text, int64_t *since_us)
{
	char *end;
	double v = strtod(text, &end);

	if (end == text || *end != '\0' || !isfinite(v) || v < 0)
		return false;
	*since_us = clock_wall_us() - (int64_t)((v < AGO_MAX_S ? v : AGO_MAX_S) * 1e6);
	return true;
}

/* The number of a record. false: it is none. */
static bool
read_after(const char *text, uint64_t *after)
{
	char *end;

	errno = 0;
	*after = strtoull(text, &end, 10);
	return *text >= '0' && *text <= '9' && *end == '\0' && errno == 0;
}

/* What is wrong with the request, NULL when nothing is. */
static const char *
read_request(const struct control_request *r, struct tail_wanted *t)
{
	const char *since = control_request_value(r, "since", NULL);
	const char *after = control_request_value(r, "after", NULL);
	const char *until = control_request_value(r, "until", NULL);

	t->says_place = control_request_is(r, "place", "1");
	t->by_time = since != NULL;
	t->follow = control_request_is(r, "follow", "1");
	if (since != NULL && !ago(since, &t->since_us))
		return "since is no number of seconds; right would be 3600";
	if (until != NULL && !ago(until, &t->until_us))
		return "until is no number of seconds; right would be 1800";
	if (after != NULL && !read_after(after, &t->after))
		return "after is no number of a record; right would be the seq of the last one";
	t->by_number = after != NULL;
	if (!number(r, "n", since != NULL || after != NULL ? UINT32_MAX : 10, &t->last))
		return "n is no number of records; right would be 10, or 0 for none";
	if (!number(r, "count", 0, &t->count))
		return "count is no number of records; right would be 10, or 0 for any number";
	if (t->count == 0)
		t->count = UINT32_MAX;
	return NULL;
}

void
tail_request(struct client *c, const struct control_request *r)
{
	struct tail_wanted wanted = { .format = c->format };
	const char *why = read_request(r, &wanted);
	char error[256];

	if (why == NULL) {
		wanted.filter =
		    record_filter_new(control_request_value(r, "filter", ""), error, sizeof(error));
		why = wanted.filter == NULL ? error : NULL;
	}
	if (why != NULL) {
		client_refuse(c, why);
		return;
	}
	if (wanted.follow && !client_follow(c)) {
		record_filter_free(wanted.filter);
		return;
	}
	c->tail = tail_new(c->control->tails, &wanted, c);
	if (c->tail == NULL) {
		client_refuse(c, "out of memory");
		return;
	}
	c->more = read_on;
	c->gone = reader_gone;
	client_begin(c);
	client_turn(c);
}
