#include "collector/daemon/records.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/pure/text.h"
#include "collector/daemon/kafka_output.h"

enum {
	PENDING_OCTETS = 128 << 20, /* in memory while the disk does not take them */
	STOP_MS = 10000,
	FLUSH_MS = 1000,
	SHOW_EVERY_US = 1000000, /* what is not written is looked through */
	SHOW_MORE_US = 100000,	 /* the same, while there is more than can be shown at once */
	SHOW_MANY = 512,	 /* records of it, shown at once */
};

struct records {
	char collector[RECORD_NAME_MAX];
	struct journal_writer *writer;
	int64_t show_us; /* then what is not written is looked through */
	void (*wake)(void *ctx);
	void *wake_ctx;
	struct journal *reader; /* what the journal had at the start, and history */
	struct kafka_output *kafka;
	bool kafka_known, kafka_idle; /* as the journal was told */
	void (*listener)(void *ctx, const struct record *);
	void (*listen_written)(void *ctx, uint64_t seq);
	void *ctx;
	struct latency disk, opening; /* as of records_stats */
};

/* --- Kafka */

static void
journal_written(void *ctx)
{
	struct records *r = ctx;

	kafka_output_wake(r->kafka);
	r->wake(r->wake_ctx);
}

/* Retention waits for the sink, and no longer when it is gone. */
static void
follow_kafka(struct records *r)
{
	static const char *const names[] = { "kafka" };
	bool idle = kafka_output_is_idle(r->kafka);

	if (r->kafka_known && idle == r->kafka_idle)
		return;
	journal_writer_readers(r->writer, names, idle ? 0 : 1);
	r->kafka_known = true;
	r->kafka_idle = idle;
}

bool
records_set_kafka(struct records *r, const struct records_config *c, char *error, size_t size)
{
	bool on = c->kafka_enabled &&
		  (c->kafka.topic_alerts[0] != '\0' || c->kafka.topic_events[0] != '\0');

	if (!kafka_output_set(r->kafka, on ? &c->kafka : NULL, error, size))
		return false;
	follow_kafka(r);
	return true;
}

bool
records_take_set_aside(struct records *r, struct kafka_set_aside *out)
{
	return kafka_output_take_set_aside(r->kafka, out);
}

void
records_tick(struct records *r)
{
	kafka_output_tick(r->kafka);
	follow_kafka(r);
}

/* --- life */

static bool
open_journal(struct records *r, const struct records_config *c, char *error, size_t size)
{
	struct journal_writer_config wc = { .path = c->journal_path,
		.pending_octets = PENDING_OCTETS,
		.retain_days = c->retain_days,
		.retain_octets = c->retain_octets,
		.keep_written = true,
		.written = journal_written,
		.ctx = r };

	r->writer = journal_writer_start(&wc, error, size); /* makes the file */
	if (r->writer == NULL)
		return false;
	r->reader = journal_open(c->journal_path, false, error, size);
	return r->reader != NULL;
}

struct records *
records_new(
    const struct records_config *c, void (*wake)(void *ctx), void *ctx, char *error, size_t size)
{
	struct records *r = calloc(1, sizeof(*r));

	if (r == NULL) {
		snprintf(error, size, "out of memory");
		return NULL;
	}
	r->wake = wake;
	r->wake_ctx = ctx;
	text_copy(r->collector, sizeof(r->collector), c->collector);
	r->kafka = kafka_output_new();
	if (r->kafka == NULL)
		snprintf(error, size, "out of memory");
	else if (open_journal(r, c, error, size) && records_set_kafka(r, c, error, size))
		return r;
	records_free(r);
	return NULL;
}

void
records_listen(struct records *r, void (*record)(void *ctx, const struct record *),
    void (*written)(void *ctx, uint64_t seq), void *ctx)
{
	r->listener = record;
	r->listen_written = written;
	r->ctx = ctx;
}

static void
measure(struct records *r, const struct record *rec)
{
	int64_t now_us = clock_wall_us();

	latency_add(&r->disk, now_us - rec->at_us);
	if (rec->kind == RECORD_INCIDENT && rec->incident.transition == TRANSITION_OPENED)
		latency_add(&r->opening, now_us - rec->incident.first_seen_us);
}

static void
show(struct records *r, const struct journal_entry *e)
{
	struct record rec;

	if (r->listener == NULL || !journal_entry_record(e, &rec))
		return;
	measure(r, &rec);
	r->listener(r->ctx, &rec);
}

static void
show_unwritten(void *ctx, const struct journal_entry *e)
{
	show(ctx, e);
}

void
records_show(struct records *r)
{
	struct journal_entry *e = journal_writer_take(r->writer);
	struct journal_writer_stats stats;
	int64_t now = clock_mono_us();
	size_t shown;

	for (const struct journal_entry *last = e; last != NULL; last = last->next)
		if (last->next == NULL && r->listen_written != NULL)
			r->listen_written(r->ctx, last->seq);
	while (e != NULL) {
		struct journal_entry *next = e->next;

		if (!e->shown)
			show(r, e);
		free(e);
		e = next;
	}
	journal_writer_stats(r->writer, &stats);
	if (stats.waiting_us < RECORDS_BLIND_S * 1000000 || now < r->show_us)
		return;
	shown = journal_writer_unwritten(r->writer, SHOW_MANY, show_unwritten, r);
	r->show_us = now + (shown == SHOW_MANY ? SHOW_MORE_US : SHOW_EVERY_US);
}

void
records_flush(struct records *r)
{
	journal_writer_flush(r->writer, FLUSH_MS);
	records_show(r);
}

void
records_free(struct records *r)
{
	if (r == NULL)
		return;
	journal_writer_stop(r->writer, STOP_MS);
	kafka_output_free(r->kafka);
	if (r->reader != NULL)
		journal_close(r->reader);
	free(r);
}

/* --- records */

void
records_emit(struct records *r, struct record *rec)
{
	text_copy(rec->collector, sizeof(rec->collector), r->collector);
	journal_writer_add(r->writer, rec);
}

void
records_event(struct records *r, const char *type, uint8_t severity, const char *router,
    const char *peer, uint32_t peer_as, const char *fmt, ...)
{
	struct record rec = { .kind = RECORD_EVENT, .at_us = clock_wall_us() };
	va_list ap;
	int n;

	text_copy(rec.event.type, sizeof(rec.event.type), type);
	rec.event.severity = severity;
	text_copy(rec.event.router, sizeof(rec.event.router), router);
	text_copy(rec.event.peer, sizeof(rec.event.peer), peer);
	rec.event.peer_as = peer_as;
	va_start(ap, fmt);
	n = vsnprintf(rec.event.summary, sizeof(rec.event.summary), fmt, ap);
	va_end(ap);
	if (n >= (int)sizeof(rec.event.summary))
		text_end_with(rec.event.summary, sizeof(rec.event.summary), "…");
	records_emit(r, &rec);
}

void
records_state_put(
    struct records *r, const char *room, const char *key, const void *value, size_t len)
{
	journal_writer_state(r->writer, room, key, value, len);
}

void
records_day_put(struct records *r, const char *day, const char *key, const void *value, size_t len)
{
	journal_writer_day(r->writer, day, key, value, len);
}

const char *
records_collector(const struct records *r)
{
	return r->collector;
}

struct journal_writer *
records_writer(struct records *r)
{
	return r->writer;
}

struct journal *
records_history(struct records *r)
{
	return r->reader;
}

void
records_stats(struct records *r, struct records_stats *out)
{
	memset(out, 0, sizeof(*out));
	journal_writer_stats(r->writer, &out->journal);
	out->seq = out->journal.seq;
	kafka_output_stats(r->kafka, &out->kafka);
	out->disk = r->disk;
	out->opening = r->opening;
}
