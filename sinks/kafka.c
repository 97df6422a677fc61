/*
 * The thread: read the journal from the position, produce, and move the position up to the last
 * record before which everything is acknowledged.
 *
 * Order per key and no loss rest on two things: the idempotent producer keeps the order of what one
 * instance sends, and when anything at all fails, nothing further is sent: what is queued or in
 * flight is purged, the instance is thrown away, and a new one starts at the first record that was
 * not acknowledged.
 */
#include "sinks/kafka.h"

#include <errno.h>
#include <librdkafka/rdkafka.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/pure/text.h"
#include "sinks/journal.h"
#include "sinks/kafka_properties.h"

enum {
	WINDOW = 8192, /* records on their way at once */
	BATCH = 512,
	SAVE_US = 500000, /* how often the position is saved at most */
	IDLE_MS = 100,
	FLIGHT_MS = 25,		 /* records are on their way: look for new ones at least so often */
	HOPELESS_US = 1000000,	 /* so long a stop waits when there is no broker */
	ANEW_US = 300 * 1000000, /* no broker for so long: a new client resolves the names again */
	LOGGED_MAX = 16,
	BACKOFF_MIN_MS = 250,
	BACKOFF_MAX_MS = 10000,
	PAYLOAD_MAX = 1 << 20,
};

/* A record on its way, in order of production. */
struct flight {
	uint64_t seq;
	bool acked;
};

enum connection { CONNECTED_UNKNOWN, CONNECTED, DISCONNECTED };

struct kafka {
	/* the configuration, copied */
	char *journal_path, *reader, *topic_alerts, *topic_events;
	struct kafka_property *properties;
	size_t properties_n;
	enum kafka_format format;
	/* the thread's own */
	struct journal *journal;
	rd_kafka_t *rk;
	struct flight window[WINDOW];
	uint64_t head, tail; /* window[head % WINDOW] is the oldest */
	uint64_t read_seq;   /* last record taken from the journal */
	uint64_t acked_seq, saved_seq;
	int64_t saved_us;
	bool failed, full;
	int backoff_ms;
	/* held, so that the client knows them before the first record */
	rd_kafka_topic_t *topics[2];
	int connected; /* enum connection */
	int64_t lost_us;
	int logged[LOGGED_MAX]; /* errors that were logged since the last connection */
	size_t logged_n;
	struct log_limit limit;
	struct sbuf payload;
	pthread_t thread;
	/* shared */
	pthread_mutex_t lock;
	pthread_cond_t wake;
	bool woken, stopping;
	int64_t stop_us, deadline_us;
	struct kafka_stats stats;
};

/* --- callbacks: all on the sink's thread, from rd_kafka_poll */

static void
note_error(struct kafka *k, const char *text)
{
	pthread_mutex_lock(&k->lock);
	text_copy(k->stats.last_error, sizeof(k->stats.last_error), text);
	pthread_mutex_unlock(&k->lock);
}

/* Brokers come and go: one line each time, and a figure, no alarm. */
static void
set_connected(struct kafka *k, int now, const char *reason)
{
	if (k->connected == now)
		return;
	if (now == CONNECTED)
		log_info("kafka", "connected");
	else
		log_warning(
		    "kafka", "no broker can be reached; records wait in the journal: %s", reason);
	k->connected = now;
	k->lost_us = clock_mono_us();
	k->logged_n = 0;
	pthread_mutex_lock(&k->lock);
	k->stats.connected = now == CONNECTED;
	pthread_mutex_unlock(&k->lock);
}

/* Move the position to the last record before which everything is acknowledged. */
static void
advance(struct kafka *k)
{
	while (k->head < k->tail && k->window[k->head % WINDOW].acked)
		k->acked_seq = k->window[k->head++ % WINDOW].seq;
}

/* Log a kind of error once until the next connection: a wrong password is tried every second. */
static void
log_once(struct kafka *k, int err, const char *reason)
{
	for (size_t i = 0; i < k->logged_n; i++)
		if (k->logged[i] == err)
			return;
	if (k->logged_n == LOGGED_MAX)
		return;
	k->logged[k->logged_n++] = err;
	log_warning("kafka", "%s: %s", rd_kafka_err2name((rd_kafka_resp_err_t)err), reason);
}

static void
on_delivery(rd_kafka_t *rk, const rd_kafka_message_t *m, void *opaque)
{
	struct kafka *k = opaque;
	uint64_t at = (uint64_t)(uintptr_t)m->_private;

	(void)rk;
	if (m->err != RD_KAFKA_RESP_ERR_NO_ERROR) {
		if (!k->failed && m->err != RD_KAFKA_RESP_ERR__PURGE_QUEUE &&
		    m->err != RD_KAFKA_RESP_ERR__PURGE_INFLIGHT) {
			log_warning("kafka",
			    "not delivered, sending again from the first record that was not "
			    "acknowledged: %s",
			    rd_kafka_err2str(m->err));
			note_error(k, rd_kafka_err2str(m->err));
		}
		k->failed = true;
		pthread_mutex_lock(&k->lock);
		k->stats.failed++;
		pthread_mutex_unlock(&k->lock);
		return;
	}
	if (at >= k->head && at < k->tail)
		k->window[at % WINDOW].acked = true;
	advance(k);
	k->backoff_ms = BACKOFF_MIN_MS;
	pthread_mutex_lock(&k->lock);
	k->stats.delivered++;
	pthread_mutex_unlock(&k->lock);
	if (!k->failed)
		set_connected(k, CONNECTED, "");
}

static void
on_error(rd_kafka_t *rk, int err, const char *reason, void *opaque)
{
	struct kafka *k = opaque;

	(void)rk;
	note_error(k, reason);
	if (err == RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN) {
		set_connected(k, DISCONNECTED, reason);
	} else if (err == RD_KAFKA_RESP_ERR__FATAL) {
		if (!k->failed) /* else our own purge has caused it */
			log_error("kafka", "the client gave up and is started anew: %s", reason);
		k->failed = true;
	} else if (err != RD_KAFKA_RESP_ERR__TRANSPORT) { /* all down is reported above */
		log_once(k, err, reason);
	}
}

/* The client's own figures, once a second: is a broker up? They say so nowhere else. */
static int
on_stats(rd_kafka_t *rk, char *json, size_t len, void *opaque)
{
	(void)rk;
	if (memmem(json, len, "\"state\":\"UP\"", 12) != NULL)
		set_connected(opaque, CONNECTED, "");
	return 0; /* json stays librdkafka's */
}

/* --- one instance */

/* Make the client ask for our topics now: the first record to a topic that it does not know can
 * wait for a second (librdkafka before 2.10.1). */
static void
warm_up(struct kafka *k)
{
	const char *names[2] = { k->topic_alerts, k->topic_events };

	for (size_t i = 0; i < 2; i++)
		k->topics[i] = names[i][0] != '\0' ? rd_kafka_topic_new(k->rk, names[i], NULL)
						   : NULL;
}

static bool
instance_start(struct kafka *k)
{
	char error[512];
	rd_kafka_conf_t *conf =
	    kafka_conf_new(k->properties, k->properties_n, true, error, sizeof(error));

	if (conf == NULL)
		return false;
	rd_kafka_conf_set_opaque(conf, k);
	rd_kafka_conf_set_dr_msg_cb(conf, on_delivery);
	rd_kafka_conf_set_error_cb(conf, on_error);
	rd_kafka_conf_set_stats_cb(conf, on_stats);
	k->rk = rd_kafka_new(RD_KAFKA_PRODUCER, conf, error, sizeof(error));
	if (k->rk == NULL) {
		rd_kafka_conf_destroy(conf);
		note_error(k, error);
		log_error("kafka", "cannot start a client: %s", error);
		return false;
	}
	k->failed = k->full = false;
	k->head = k->tail = 0;
	k->read_seq = k->acked_seq;
	k->lost_us = clock_mono_us();
	warm_up(k);
	return true;
}

/* Everything not yet acknowledged comes back through on_delivery; none of it counts. */
static void
instance_stop(struct kafka *k)
{
	if (k->rk == NULL)
		return;
	rd_kafka_purge(k->rk, RD_KAFKA_PURGE_F_QUEUE | RD_KAFKA_PURGE_F_INFLIGHT);
	k->failed = true;
	while (rd_kafka_poll(k->rk, 0) > 0) {
	}
	for (size_t i = 0; i < 2; i++)
		if (k->topics[i] != NULL)
			rd_kafka_topic_destroy(k->topics[i]);
	rd_kafka_destroy(k->rk);
	k->rk = NULL;
}

static const char *
topic_of(const struct kafka *k, const struct record *r)
{
	return r->kind == RECORD_INCIDENT ? k->topic_alerts : k->topic_events;
}

static bool
encode(struct kafka *k, const struct record *r)
{
	sbuf_clear(&k->payload);
	return k->format == KAFKA_JSON ? record_to_json(r, &k->payload)
				       : record_to_pb(r, &k->payload);
}

static rd_kafka_resp_err_t
produce(struct kafka *k, const struct record *r, const char *topic, uint64_t at)
{
	char key[RECORD_NAME_MAX], uid[RECORD_NAME_MAX * 2];
	const char *type = k->format == KAFKA_JSON ? "application/json" : "application/x-protobuf";
	const char *schema = r->kind == RECORD_INCIDENT ? "bellman.v1.Incident"
							: "bellman.v1.Event";

	record_key(r, key, sizeof(key));
	record_uid(r, uid, sizeof(uid));
#if defined(__clang__) /* librdkafka's macros check types by a GNU extension */
#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wgnu-statement-expression"
#endif
	return rd_kafka_producev(k->rk, RD_KAFKA_V_TOPIC(topic), RD_KAFKA_V_KEY(key, strlen(key)),
	    RD_KAFKA_V_VALUE(k->payload.data, k->payload.len),
	    RD_KAFKA_V_MSGFLAGS(RD_KAFKA_MSG_F_COPY), RD_KAFKA_V_TIMESTAMP(r->at_us / 1000),
	    RD_KAFKA_V_HEADER("id", uid, (ssize_t)strlen(uid)),
	    RD_KAFKA_V_HEADER("content-type", type, (ssize_t)strlen(type)),
	    RD_KAFKA_V_HEADER("schema", schema, (ssize_t)strlen(schema)),
	    RD_KAFKA_V_OPAQUE((void *)(uintptr_t)at), RD_KAFKA_V_END);
#if defined(__clang__)
#pragma clang diagnostic pop
#endif
}

/* Hand the record to the client. false: it must come again later. A record that can never be sent
 * is left out and logged; then *out is true. */
static bool
send_record(struct kafka *k, const struct record *r, const char *topic, bool *out)
{
	rd_kafka_resp_err_t err = RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE;

	if (encode(k, r))
		err = produce(k, r, topic, k->tail);
	if (err == RD_KAFKA_RESP_ERR_NO_ERROR)
		return true;
	if (err == RD_KAFKA_RESP_ERR__QUEUE_FULL) {
		k->full = true;
		return false;
	}
	note_error(k, rd_kafka_err2str(err));
	if (err == RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE) {
		log_error("kafka",
		    "record %llu is too large and is left out: raise message.max.bytes",
		    (unsigned long long)r->seq);
		*out = true;
		return true;
	}
	log_warning("kafka", "topic=%s: %s", topic, rd_kafka_err2str(err));
	k->failed = true;
	return false;
}

/* One record of the journal into the window and to the client. false: stop reading for now. */
static bool
produce_record(void *ctx, const struct record *r)
{
	struct kafka *k = ctx;
	const char *topic = topic_of(k, r);
	bool out = topic[0] == '\0', sent = false;

	if (k->tail - k->head >= WINDOW)
		return false;
	k->window[k->tail % WINDOW] = (struct flight){ .seq = r->seq };
	if (!out) {
		sent = send_record(k, r, topic, &out);
		if (!sent)
			return false;
	}
	k->window[k->tail++ % WINDOW].acked = out;
	k->read_seq = r->seq;
	advance(k);
	pthread_mutex_lock(&k->lock);
	k->stats.produced += sent && !out;
	k->stats.failed += sent && out;
	pthread_mutex_unlock(&k->lock);
	return true;
}

/* --- the thread */

static void
journal_trouble(struct kafka *k, const char *what)
{
	uint32_t suppressed;

	note_error(k, journal_error(k->journal));
	if (log_allowed(&k->limit, clock_mono_us(), &suppressed))
		log_warning(
		    "kafka", "%s: %s repeated=%u", what, journal_error(k->journal), suppressed);
}

static void
save_position(struct kafka *k, bool now)
{
	if (k->acked_seq == k->saved_seq || (!now && clock_mono_us() - k->saved_us < SAVE_US))
		return;
	k->saved_us = clock_mono_us();
	if (journal_cursor_save(k->journal, k->reader, k->acked_seq))
		k->saved_seq = k->acked_seq;
	else
		journal_trouble(k, "position not saved");
}

static void
publish_stats(struct kafka *k)
{
	uint64_t last = journal_last(k->journal);

	pthread_mutex_lock(&k->lock);
	k->stats.position = k->acked_seq;
	k->stats.lag = last > k->acked_seq ? last - k->acked_seq : 0;
	pthread_mutex_unlock(&k->lock);
}

/* Sleep until the time is over or the sink stops; `wakeable`: or there is something new. */
static void
pause_for(struct kafka *k, int ms, bool wakeable)
{
	struct timespec ts;

	clock_gettime(CLOCK_REALTIME, &ts);
	ts.tv_sec += ms / 1000;
	ts.tv_nsec += (long)(ms % 1000) * 1000000;
	ts.tv_sec += ts.tv_nsec / 1000000000;
	ts.tv_nsec %= 1000000000;
	pthread_mutex_lock(&k->lock);
	while (!k->stopping && !(wakeable && k->woken))
		if (pthread_cond_timedwait(&k->wake, &k->lock, &ts) == ETIMEDOUT)
			break;
	k->woken = false;
	pthread_mutex_unlock(&k->lock);
}

/* Is the sink to stop? *late: at once, since its time is over, or there is no broker to take what
 * is left, which is safe in the journal. */
static bool
is_stopping(struct kafka *k, bool *late)
{
	int64_t now = clock_mono_us();
	bool stop;

	pthread_mutex_lock(&k->lock);
	stop = k->stopping;
	*late = stop && (now > k->deadline_us ||
			    (k->connected != CONNECTED && now > k->stop_us + HOPELESS_US));
	pthread_mutex_unlock(&k->lock);
	return stop;
}

static void
back_off(struct kafka *k)
{
	pause_for(k, k->backoff_ms, false);
	k->backoff_ms = k->backoff_ms * 2 > BACKOFF_MAX_MS ? BACKOFF_MAX_MS : k->backoff_ms * 2;
}

/* Throw the instance away; the next one starts at the first record that was not acknowledged. */
static void
recover(struct kafka *k)
{
	instance_stop(k);
	save_position(k, true);
	pthread_mutex_lock(&k->lock);
	k->stats.retried_instances++;
	pthread_mutex_unlock(&k->lock);
	back_off(k);
}

/* Read, produce, take reports, for one turn. Returns the records read, -1 on failure. */
static int
turn(struct kafka *k)
{
	bool room = k->tail - k->head < WINDOW;
	int n = 0;

	k->full = false;
	if (room) {
		n = journal_read(k->journal, k->read_seq, BATCH, produce_record, k);
		if (n < 0)
			journal_trouble(k, "cannot read");
	}
	/* a full window or queue empties by reports only; so does the wait for them */
	rd_kafka_poll(k->rk, n > 0 && !k->full ? 0 : k->head < k->tail ? FLIGHT_MS : 0);
	while (rd_kafka_poll(k->rk, 0) > 0) {
	}
	if (k->connected == DISCONNECTED && clock_mono_us() - k->lost_us > ANEW_US) {
		log_info("kafka", "no broker for long; looking the names up again");
		k->failed = true;
	}
	save_position(k, false);
	publish_stats(k);
	return n;
}

static void *
run(void *arg)
{
	struct kafka *k = arg;
	bool late = false;
	sigset_t all;
	int n;

	sigfillset(&all);
	pthread_sigmask(SIG_BLOCK, &all, NULL);
	for (;;) {
		bool stop = is_stopping(k, &late);

		if (late)
			break;
		if (k->rk == NULL && !instance_start(k)) {
			if (stop)
				break;
			back_off(k);
			continue;
		}
		n = turn(k);
		if (k->failed)
			recover(k);
		else if (n <= 0 && k->head == k->tail) {
			/* at the end, what is in the journal still goes out */
			if (stop && n == 0)
				break;
			pause_for(k, IDLE_MS, n == 0);
		}
	}
	instance_stop(k);
	save_position(k, true);
	publish_stats(k);
	return NULL;
}

/* --- life */

static void
kafka_free(struct kafka *k)
{
	if (k->journal != NULL)
		journal_close(k->journal);
	for (size_t i = 0; i < k->properties_n; i++) {
		free((void *)(uintptr_t)k->properties[i].name);
		free((void *)(uintptr_t)k->properties[i].value);
	}
	free(k->properties);
	free(k->journal_path);
	free(k->reader);
	free(k->topic_alerts);
	free(k->topic_events);
	sbuf_free(&k->payload);
	free(k);
}

static bool
copy_config(struct kafka *k, const struct kafka_config *c)
{
	k->format = c->format;
	k->journal_path = strdup(c->journal_path);
	k->reader = strdup(c->reader);
	k->topic_alerts = strdup(c->topic_alerts);
	k->topic_events = strdup(c->topic_events);
	k->properties = calloc(c->properties_n + 1, sizeof(*k->properties));
	if (k->journal_path == NULL || k->reader == NULL || k->topic_alerts == NULL ||
	    k->topic_events == NULL || k->properties == NULL)
		return false;
	for (size_t i = 0; i < c->properties_n; i++) {
		k->properties[i] = (struct kafka_property){ strdup(c->properties[i].name),
			strdup(c->properties[i].value), c->properties[i].line };
		k->properties_n++;
		if (k->properties[i].name == NULL || k->properties[i].value == NULL)
			return false;
	}
	return true;
}

struct kafka *
kafka_start(const struct kafka_config *c, char *error, size_t size)
{
	struct kafka *k;

	if (!kafka_check(c, error, size))
		return NULL;
	snprintf(error, size, "kafka: out of memory");
	k = calloc(1, sizeof(*k));
	if (k == NULL)
		return NULL;
	k->payload = sbuf_of(PAYLOAD_MAX);
	k->backoff_ms = BACKOFF_MIN_MS;
	if (!copy_config(k, c) ||
	    (k->journal = journal_open(c->journal_path, false, error, size)) == NULL) {
		kafka_free(k);
		return NULL;
	}
	k->limit = (struct log_limit){ .burst = 1, .period_us = 10000000 };
	k->acked_seq = k->saved_seq = k->read_seq = journal_cursor(k->journal, k->reader);
	/* a reader that exists holds retention back, also before its first delivery */
	if (journal_error(k->journal)[0] != '\0' ||
	    !journal_cursor_save(k->journal, k->reader, k->acked_seq)) {
		snprintf(error, size, "journal %s: %s", c->journal_path, journal_error(k->journal));
		kafka_free(k);
		return NULL;
	}
	k->stats.position = k->acked_seq;
	pthread_mutex_init(&k->lock, NULL);
	pthread_cond_init(&k->wake, NULL);
	if (pthread_create(&k->thread, NULL, run, k) != 0) {
		snprintf(error, size, "kafka: no thread to be had");
		kafka_free(k);
		return NULL;
	}
	log_info("kafka", "started position=%llu alerts=%s events=%s",
	    (unsigned long long)k->acked_seq, k->topic_alerts, k->topic_events);
	return k;
}

void
kafka_wake(struct kafka *k)
{
	pthread_mutex_lock(&k->lock);
	k->woken = true;
	pthread_cond_signal(&k->wake);
	pthread_mutex_unlock(&k->lock);
}

void
kafka_stop(struct kafka *k, int deadline_ms)
{
	if (k == NULL)
		return;
	pthread_mutex_lock(&k->lock);
	k->stopping = true;
	k->stop_us = clock_mono_us();
	k->deadline_us = k->stop_us + (int64_t)deadline_ms * 1000;
	pthread_cond_signal(&k->wake);
	pthread_mutex_unlock(&k->lock);
	pthread_join(k->thread, NULL);
	log_info("kafka", "stopped position=%llu", (unsigned long long)k->acked_seq);
	pthread_mutex_destroy(&k->lock);
	pthread_cond_destroy(&k->wake);
	kafka_free(k);
}

void
kafka_stats(struct kafka *k, struct kafka_stats *out)
{
	pthread_mutex_lock(&k->lock);
	*out = k->stats;
	pthread_mutex_unlock(&k->lock);
}
