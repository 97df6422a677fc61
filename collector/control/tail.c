/* Records: those of the journal, those on their way there, and then as they come. */
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "collector/control/control_private.h"

enum {
	QUEUE_MAX = 4 * 1024 * 1024, /* octets not yet taken by a reader before lines are dropped */
	HISTORY_MAX = 100000,
};

void
record_line(const struct client *c, const struct record *r, struct sbuf *out)
{
	if (c->format == PRINTER_JSON ? record_to_json(r, out)
				      : record_to_text(r, c->format == PRINTER_COLOUR, out))
		sbuf_putc(out, '\n');
}

/* Write to a reader that was too slow how many lines it has missed. */
static void
report_dropped(struct client *c, struct sbuf *out)
{
	if (c->tail.dropped == 0)
		return;
	sbuf_printf(out,
	    c->format == PRINTER_JSON ? "{\"dropped\":%llu}\n"
				      : "-- %llu lines dropped: this reader is too slow --\n",
	    (unsigned long long)c->tail.dropped);
	c->tail.dropped = 0;
}

static void
send_record(struct client *c, const struct record *r)
{
	struct sbuf line = sbuf_of(65536);

	if (c->tail.count == 0 || c->closing || !record_filter_match(c->filter, r))
		return;
	if (client_behind(c) > QUEUE_MAX) {
		c->tail.dropped++;
		return;
	}
	report_dropped(c, &line);
	record_line(c, r, &line);
	client_put(c, line.data, line.len);
	sbuf_free(&line);
	if (c->tail.count != UINT32_MAX && --c->tail.count == 0)
		client_done(c);
}

static bool
send_past(void *ctx, const struct record *r)
{
	struct client *c = ctx;

	send_record(c, r);
	c->tail.last_seq = r->seq;
	return c->tail.count > 0 && !c->closing;
}

/* What the journal has, then what is on its way there. */
static void
send_history(struct client *c, uint64_t after)
{
	struct control *control = c->control;
	uint64_t first = control->recent_n > RECENT ? control->recent_n - RECENT : 0;

	c->tail.last_seq = after;
	journal_read(control->history, after, HISTORY_MAX, send_past, c);
	for (uint64_t i = first; i < control->recent_n; i++) {
		const struct record *r = &control->recent[i % RECENT];

		if (r->seq > c->tail.last_seq)
			send_past(c, r);
	}
}

/* The number behind which the answer begins. */
static uint64_t
first_wanted(struct client *c, const struct control_request *r)
{
	const char *since = control_request_value(r, "since", NULL);
	struct journal *history = c->control->history;
	long n = atol(control_request_value(r, "n", "10"));

	if (since != NULL)
		return journal_before_time(history, clock_wall_us() - (int64_t)(atof(since) * 1e6));
	return n > 0 ? journal_before_last(history, (int)n, c->filter) : c->control->seq;
}

void
tail_request(struct client *c, const struct control_request *r)
{
	long count = atol(control_request_value(r, "count", "0"));
	char error[256];

	c->tail.count = count > 0 ? (uint32_t)count : UINT32_MAX;
	c->filter = record_filter_new(control_request_value(r, "filter", ""), error, sizeof(error));
	if (c->filter == NULL) {
		client_refuse(c, error);
		return;
	}
	client_put(c, CONTROL_OK, strlen(CONTROL_OK));
	send_history(c, first_wanted(c, r));
	c->follow = control_request_is(r, "follow", "1") && c->tail.count > 0;
	if (!c->follow)
		client_done(c);
}

void
control_record(struct control *control, const struct record *r)
{
	struct client *next;

	control->recent[control->recent_n++ % RECENT] = *r;
	control->seq = r->seq;
	for (struct client *c = control->clients; c != NULL; c = next) {
		next = c->next;
		if (c->follow && !c->closing && r->seq > c->tail.last_seq) {
			c->tail.last_seq = r->seq;
			send_record(c, r);
		}
	}
}
