/*
 * The thread: read the journal, produce, take reports, and save the position up to which everything
 * is acknowledged.
 *
 * Order per key and no loss rest on two things: the idempotent producer keeps the order of what one
 * client sends, and when anything at all fails, that client sends nothing further. What it still
 * has on its way is waited for, then it is thrown away, and a new one sends what was not
 * acknowledged.
 *
 * Where a record is to blame, or the batch that it was in, the next client sends one by one until
 * it is behind them: nothing can overtake a record then, and nothing is sent again for its sake.
 */
#include <errno.h>
#include <time.h>

#include "base/clock.h"
#include "sinks/kafka_topic_private.h"

enum {
	BATCH = 512,
	SAVE_US = 500000, /* how often the position is saved at most */
	IDLE_MS = 100,
	FLIGHT_MS = 25,		 /* records are on their way: look for new ones at least so often */
	DRAIN_MS = 2000,	 /* so long a client that failed may tell of what is on its way */
	HOPELESS_US = 2000000,	 /* so long a stop waits when nothing is delivered */
	ANEW_US = 300 * 1000000, /* no broker for so long: a new client resolves the names again */
	BACKOFF_MAX_MS = 10000,
	RETRY_MAX_MS = 2000, /* where no record is taken, all are tried again so often */
};

/* --- a client */

static bool
client_start(struct kafka_topic *t)
{
	struct kafka_client_config c = { .properties = t->config.properties,
		.properties_n = t->config.properties_n,
		.topic = t->config.topic,
		.batch_octets = t->batch_max };
	char error[512];

	t->pace = window_position(&t->window) < t->careful_seq ? KAFKA_ONE_BY_ONE : KAFKA_PIPELINED;
	c.pace = t->pace;
	t->failed = t->full = false;
	t->lost_us = clock_mono_us();
	t->client = kafka_client_new(&c, &kafka_reports, t, error, sizeof(error));
	if (t->client != NULL)
		return true;
	kafka_note_error(t, error);
	health_suspect(&t->health, true, error, clock_mono_us());
	if (kafka_first_time(t, RD_KAFKA_RESP_ERR__FAIL))
		log_error("kafka", "topic=%s: cannot start a client: %s", t->config.topic, error);
	return false;
}

/* What is not acknowledged comes back through on_report, to be sent again. */
static void
client_stop(struct kafka_topic *t, int drain_ms)
{
	bool order;

	if (t->client == NULL)
		return;
	t->failed = true;
	order = kafka_client_keeps_order(t->client);
	if (drain_ms > 0 && t->connected == CONNECTED)
		kafka_client_drain(t->client, drain_ms);
	kafka_client_free(t->client);
	t->client = NULL;
	if (!order)
		window_forget_done(&t->window);
	window_return_all(&t->window);
}

/* --- a record */

static bool
encode(struct kafka_topic *t, const struct record *r)
{
	sbuf_clear(&t->payload);
	return t->config.format == KAFKA_JSON ? record_to_json(r, &t->payload)
					      : record_to_pb(r, &t->payload);
}

static rd_kafka_resp_err_t
produce(struct kafka_topic *t, const struct record *r, uint64_t number)
{
	char key[RECORD_NAME_MAX], id[RECORD_NAME_MAX * 2];
	struct flight *f = window_flight(&t->window, number);
	struct kafka_message m = { .at_ms = f->restamp ? 0 : r->at_us / 1000 };

	if (!encode(t, r))
		return RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE;
	m.key = record_key(r, key, sizeof(key));
	m.id = record_uid(r, id, sizeof(id));
	m.content_type = t->config.format == KAFKA_JSON ? "application/json"
							: "application/x-protobuf";
	m.schema = r->kind == RECORD_INCIDENT ? "bellman.v1.Incident" : "bellman.v1.Event";
	m.payload = t->payload.data;
	m.len = t->payload.len;
	f->octets = (uint32_t)m.len;
	return kafka_client_send(t->client, &m, number);
}

/* Hand the record to the client. false: not now. */
static bool
send_record(struct kafka_topic *t, const struct record *r, uint64_t number)
{
	rd_kafka_resp_err_t err = produce(t, r, number);

	if (err == RD_KAFKA_RESP_ERR_NO_ERROR) {
		window_sent(&t->window, number);
		pthread_mutex_lock(&t->lock);
		t->stats.produced++;
		pthread_mutex_unlock(&t->lock);
		return true;
	}
	if (err == RD_KAFKA_RESP_ERR__QUEUE_FULL) {
		t->full = true;
		return false;
	}
	kafka_note_error(t, rd_kafka_err2str(err));
	if (err == RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE) {
		window_refuse(&t->window, number, KAFKA_OWN_LIMIT, true);
		kafka_count_failed(t);
		return true;
	}
	kafka_undelivered(t, number, err);
	t->failed = true;
	return false;
}

/* The next record of the journal. false: stop reading for now. */
static bool
take_record(void *ctx, const struct record *r)
{
	struct kafka_topic *t = ctx;
	uint64_t number;
	/* of a rule in dry-run nobody is told */
	bool wanted = r->kind == t->config.kind &&
		      !(r->kind == RECORD_INCIDENT && r->incident.dry_run);

	if (t->pace == KAFKA_ONE_BY_ONE && t->window.sent_n > 0)
		return false;
	switch (window_offer(&t->window, r->seq, wanted, &number)) {
	case WINDOW_SEND:
		return send_record(t, r, number);
	case WINDOW_PASS:
		return true;
	default:
		t->full = true;
		return false;
	}
}

/* --- waiting */

/* Sleep until the time is over or the thread is to stop; `wakeable`: or there is something new. */
static void
pause_for(struct kafka_topic *t, int ms, bool wakeable)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	ts.tv_sec += ms / 1000;
	ts.tv_nsec += (long)(ms % 1000) * 1000000;
	ts.tv_sec += ts.tv_nsec / 1000000000;
	ts.tv_nsec %= 1000000000;
	pthread_mutex_lock(&t->lock);
	while (!t->stopping && !(wakeable && t->woken))
		if (pthread_cond_timedwait(&t->wake, &t->lock, &ts) == ETIMEDOUT)
			break;
	t->woken = false;
	pthread_mutex_unlock(&t->lock);
}

static int
longer(int ms)
{
	return ms * 2 > BACKOFF_MAX_MS ? BACKOFF_MAX_MS : ms * 2;
}

static void
back_off(struct kafka_topic *t)
{
	pause_for(t, t->backoff_ms, false);
	t->backoff_ms = longer(t->backoff_ms);
}

/* --- the thread */

static void
journal_trouble(struct kafka_topic *t, const char *what)
{
	uint32_t suppressed;

	kafka_note_error(t, journal_error(t->journal));
	if (log_allowed(&t->limit, clock_mono_us(), &suppressed))
		log_warning("kafka", "topic=%s: %s: %s repeated=%u", t->config.topic, what,
		    journal_error(t->journal), suppressed);
}

static void
save_position(struct kafka_topic *t, bool now)
{
	uint64_t seq;

	if (!now && clock_mono_us() - t->saved_us < SAVE_US)
		return;
	seq = window_position(&t->window);
	if (seq == t->saved_seq)
		return;
	t->saved_us = clock_mono_us();
	if (kafka_positions_save(t->config.positions, t->journal, t->config.number, seq))
		t->saved_seq = seq;
	else
		journal_trouble(t, "position not saved");
}

static void
publish_stats(struct kafka_topic *t)
{
	uint64_t last = journal_last(t->journal), position = window_position(&t->window);

	pthread_mutex_lock(&t->lock);
	t->stats.position = position;
	t->stats.lag = last > position ? last - position : 0;
	pthread_mutex_unlock(&t->lock);
}

/* Is the thread to stop? *late: at once, since its time is over, or nothing is delivered: what is
 * left is safe in the journal. */
static bool
is_stopping(struct kafka_topic *t, bool *late)
{
	int64_t now = clock_mono_us(), moved;
	bool stop;

	pthread_mutex_lock(&t->lock);
	stop = t->stopping;
	moved = t->delivered_us > t->stop_us ? t->delivered_us : t->stop_us;
	*late = stop && (now > t->deadline_us || now > moved + HOPELESS_US);
	pthread_mutex_unlock(&t->lock);
	return stop;
}

/* Throw the client away; the next one sends what was not acknowledged. */
static void
recover(struct kafka_topic *t)
{
	bool batch;

	client_stop(t, DRAIN_MS);
	batch = t->pace == KAFKA_PIPELINED && t->batch_octets > 0;
	t->failed_seq = window_position(&t->window) + 1;
	save_position(t, true);
	pthread_mutex_lock(&t->lock);
	t->stats.retried_instances++;
	pthread_mutex_unlock(&t->lock);
	if (!batch) /* else the next client does it in another way */
		back_off(t);
}

/* One by one, behind the records that were refused together. */
static bool
is_past_refusal(const struct kafka_topic *t)
{
	return t->pace == KAFKA_ONE_BY_ONE && t->window.sent_n == 0 &&
	       window_position(&t->window) >= t->careful_seq;
}

/* Were they too many rather than one too large? Then later batches are half of theirs. */
static void
learn_batch(struct kafka_topic *t)
{
	uint64_t half = t->batch_octets / 2;

	if (!t->set_aside && half > 0) {
		if (t->batch_max != 0 && half > t->batch_max / 2)
			half = t->batch_max / 2;
		t->batch_max = half > 0 ? (uint32_t)half : 1;
		log_notice("kafka", "topic=%s: batches of at most %u octets from now on",
		    t->config.topic, t->batch_max);
	}
	t->batch_octets = 0;
	t->set_aside = false;
	client_stop(t, 0);
}

/* Read, produce, take reports, for one turn. Returns the records read, -1 on failure. */
static int
turn(struct kafka_topic *t)
{
	struct window *w = &t->window;
	bool more;
	int n = 0;

	t->full = false;
	if (t->pace == KAFKA_PIPELINED || w->sent_n == 0) {
		n = journal_read(t->journal, w->read_seq, BATCH, take_record, t);
		if (n < 0)
			journal_trouble(t, "cannot read");
	}
	/* a full window or queue empties by reports only; so does the wait for them */
	more = n > 0 && !t->full && t->pace == KAFKA_PIPELINED;
	kafka_client_poll(t->client, more || w->sent_n == 0 ? 0 : FLIGHT_MS);
	if (t->refused_err != 0 && kafka_take_refusal(t))
		back_off(t);
	if (w->refused_n > 0)
		kafka_judge_refused(t);
	if (t->connected == DISCONNECTED && clock_mono_us() - t->lost_us > ANEW_US) {
		log_info("kafka", "topic=%s: no broker for long; looking the names up again",
		    t->config.topic);
		t->failed = true;
	}
	return n;
}

/* Nothing is on its way, and the journal has nothing new. */
static void
idle(struct kafka_topic *t, bool readable)
{
	if (!kafka_tell_refused(t)) {
		pause_for(t, IDLE_MS, readable);
		return;
	}
	/* all of them again, in order, before anything newer */
	pause_for(t, t->backoff_ms > RETRY_MAX_MS ? RETRY_MAX_MS : t->backoff_ms, false);
	t->backoff_ms = longer(t->backoff_ms);
	window_retry_refused(&t->window);
}

static void
deliver_all(struct kafka_topic *t)
{
	bool late = false;
	int n;

	for (;;) {
		bool stop = is_stopping(t, &late);

		if (late)
			return;
		kafka_publish_health(t, health_look(&t->health, !window_is_empty(&t->window),
					    t->window.head, clock_mono_us()));
		if (t->client == NULL && !client_start(t)) {
			if (stop)
				return;
			back_off(t);
			continue;
		}
		n = turn(t);
		save_position(t, false);
		publish_stats(t);
		if (t->failed)
			recover(t);
		else if (is_past_refusal(t))
			learn_batch(t);
		else if (n <= 0 && t->window.sent_n == 0) {
			/* at the end, what is in the journal still goes out */
			if (stop && n == 0)
				return;
			idle(t, n == 0);
		}
	}
}

void
kafka_deliver(struct kafka_topic *t)
{
	deliver_all(t);
	client_stop(t, 0);
	save_position(t, true);
	publish_stats(t);
}
