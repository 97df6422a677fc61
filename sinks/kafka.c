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
#include "base/text.h"
#include "sinks/journal.h"

enum {
	WINDOW = 8192, /* records on their way at once */
	BATCH = 512,
	SAVE_US = 500000, /* how often the position is saved at most */
	POLL_MS = 100,
	BACKOFF_MIN_MS = 250,
	BACKOFF_MAX_MS = 10000,
	PAYLOAD_MAX = 1 << 20,
};

/* A record on its way, in order of production. */
struct flight {
	uint64_t seq;
	bool acked;
};

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
	struct sbuf payload;
	pthread_t thread;
	/* shared */
	pthread_mutex_t lock;
	pthread_cond_t wake;
	bool woken, stopping;
	int64_t deadline_us;
	struct kafka_stats stats;
};

/* Ours, before what the configuration says (ecosystem habits: idempotent, ordered, Java's
 * partitioner). */
static const struct {
	const char *name, *value;
} defaults[] = {
	{ "enable.idempotence", "true" },
	{ "compression.codec", "lz4" },
	{ "linger.ms", "5" },
	{ "message.timeout.ms",
	    "0" }, /* never give up: what was not delivered waits, and stays in order */
	{ "enable.gapless.guarantee", "true" },
	{ "partitioner", "murmur2_random" },
	{ "socket.keepalive.enable", "true" },
	{ "queue.buffering.max.messages", "100000" },
	{ "log.connection.close", "false" },
	{ "client.id", "bellman" },
};

/* --- configuration
 * ---------------------------------------------------------------------------------------------------------
 */

static rd_kafka_conf_t *
make_conf(const struct kafka_property *properties, size_t n, char *error, size_t size)
{
	rd_kafka_conf_t *conf = rd_kafka_conf_new();
	char why[384];

	for (size_t i = 0; i < sizeof(defaults) / sizeof(defaults[0]); i++)
		rd_kafka_conf_set(conf, defaults[i].name, defaults[i].value, why, sizeof(why));
	for (size_t i = 0; i < n; i++) {
		if (rd_kafka_conf_set(conf, properties[i].name, properties[i].value, why,
			sizeof(why)) != RD_KAFKA_CONF_OK) {
			snprintf(error, size, "%u: kafka.properties: %s: %s", properties[i].line,
			    properties[i].name, why);
			rd_kafka_conf_destroy(conf);
			return NULL;
		}
	}
	return conf;
}

bool
kafka_check(const struct kafka_config *c, char *error, size_t size)
{
	rd_kafka_conf_t *conf = make_conf(c->properties, c->properties_n, error, size);
	bool has = false;

	if (conf == NULL)
		return false;
	for (size_t i = 0; i < c->properties_n; i++)
		has |= strcmp(c->properties[i].name, "bootstrap.servers") == 0 ||
		       strcmp(c->properties[i].name, "metadata.broker.list") == 0 ||
		       strcmp(c->properties[i].name, "test.mock.num.brokers") == 0;
	rd_kafka_conf_destroy(conf);
	if (!has)
		snprintf(error, size,
		    "0: kafka.properties: bootstrap.servers is missing; right would be "
		    "\"broker1:9092,broker2:9092\"");
	return has;
}

/* --- callbacks: all on the sink's thread, from rd_kafka_poll
 * --------------------------------------------------------------- */

static void
note_error(struct kafka *k, const char *text)
{
	pthread_mutex_lock(&k->lock);
	text_copy(k->stats.last_error, sizeof(k->stats.last_error), text);
	pthread_mutex_unlock(&k->lock);
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
	while (k->head < k->tail && k->window[k->head % WINDOW].acked)
		k->acked_seq = k->window[k->head++ % WINDOW].seq;
	k->backoff_ms = BACKOFF_MIN_MS;
	pthread_mutex_lock(&k->lock);
	k->stats.delivered++;
	k->stats.connected = true;
	pthread_mutex_unlock(&k->lock);
}

static void
on_error(rd_kafka_t *rk, int err, const char *reason, void *opaque)
{
	struct kafka *k = opaque;

	(void)rk;
	note_error(k, reason);
	if (err == RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN) {
		bool was;

		pthread_mutex_lock(&k->lock);
		was = k->stats.connected;
		k->stats.connected = false;
		pthread_mutex_unlock(&k->lock);
		if (was)
			log_warning("kafka",
			    "no broker can be reached; records wait in the journal: %s", reason);
	} else if (err == RD_KAFKA_RESP_ERR__FATAL) {
		log_error("kafka", "the client gave up and is started anew: %s", reason);
		k->failed = true;
	}
}

static void
on_log(const rd_kafka_t *rk, int level, const char *fac, const char *buf)
{
	(void)rk;
	(void)level;
	log_debug("kafka", "%s %s", fac, buf);
}

/* --- one instance
 * ------------------------------------------------------------------------------------------------------------
 */

static bool
instance_start(struct kafka *k)
{
	char error[512];
	rd_kafka_conf_t *conf = make_conf(k->properties, k->properties_n, error, sizeof(error));

	if (conf == NULL)
		return false;
	rd_kafka_conf_set_opaque(conf, k);
	rd_kafka_conf_set_dr_msg_cb(conf, on_delivery);
	rd_kafka_conf_set_error_cb(conf, on_error);
	rd_kafka_conf_set_log_cb(conf, on_log);
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
	rd_kafka_destroy_flags(k->rk, 0);
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
	return rd_kafka_producev(k->rk, RD_KAFKA_V_TOPIC(topic), RD_KAFKA_V_KEY(key, strlen(key)),
	    RD_KAFKA_V_VALUE(k->payload.data, k->payload.len),
	    RD_KAFKA_V_MSGFLAGS(RD_KAFKA_MSG_F_COPY), RD_KAFKA_V_TIMESTAMP(r->at_us / 1000),
	    RD_KAFKA_V_HEADER("id", uid, (ssize_t)strlen(uid)),
	    RD_KAFKA_V_HEADER("content-type", type, (ssize_t)strlen(type)),
	    RD_KAFKA_V_HEADER("schema", schema, (ssize_t)strlen(schema)),
	    RD_KAFKA_V_OPAQUE((void *)(uintptr_t)at), RD_KAFKA_V_END);
}

/* One record of the journal into the window and to the client. false: stop reading for now. */
static bool
take_record(void *ctx, const struct record *r)
{
	struct kafka *k = ctx;
	const char *topic = topic_of(k, r);
	rd_kafka_resp_err_t err;

	if (k->failed || k->tail - k->head >= WINDOW)
		return false;
	k->window[k->tail % WINDOW] = (struct flight){ .seq = r->seq, .acked = topic[0] == '\0' };
	if (topic[0] != '\0') {
		if (!encode(k, r)) {
			log_error("kafka", "record %llu cannot be encoded and is left out",
			    (unsigned long long)r->seq);
			k->window[k->tail % WINDOW].acked = true;
		} else if ((err = produce(k, r, topic, k->tail)) == RD_KAFKA_RESP_ERR__QUEUE_FULL) {
			k->full = true;
			return false;
		} else if (err != RD_KAFKA_RESP_ERR_NO_ERROR) {
			log_warning("kafka", "topic=%s: %s", topic, rd_kafka_err2str(err));
			note_error(k, rd_kafka_err2str(err));
			k->failed = true;
			return false;
		}
	}
	k->tail++;
	k->read_seq = r->seq;
	while (k->head < k->tail && k->window[k->head % WINDOW].acked)
		k->acked_seq = k->window[k->head++ % WINDOW].seq;
	pthread_mutex_lock(&k->lock);
	k->stats.produced++;
	pthread_mutex_unlock(&k->lock);
	return true;
}

/* --- the thread
 * ----------------------------------------------------------------------------------------------------------------
 */

static void
save_position(struct kafka *k, bool now)
{
	if (k->acked_seq == k->saved_seq || (!now && clock_mono_us() - k->saved_us < SAVE_US))
		return;
	k->saved_us = clock_mono_us();
	if (journal_cursor_save(k->journal, k->reader, k->acked_seq))
		k->saved_seq = k->acked_seq;
	else
		log_warning("kafka", "position not saved: %s", journal_error(k->journal));
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

/* true when the thread is to end. */
static bool
wait_a_moment(struct kafka *k, int ms)
{
	struct timespec ts;
	bool stop;

	clock_gettime(CLOCK_REALTIME, &ts);
	ts.tv_nsec += (long)ms * 1000000;
	ts.tv_sec += ts.tv_nsec / 1000000000;
	ts.tv_nsec %= 1000000000;
	pthread_mutex_lock(&k->lock);
	if (!k->woken && !k->stopping)
		pthread_cond_timedwait(&k->wake, &k->lock, &ts);
	k->woken = false;
	stop = k->stopping;
	pthread_mutex_unlock(&k->lock);
	return stop;
}

static bool
is_stopping(struct kafka *k, bool *late)
{
	bool stop;

	pthread_mutex_lock(&k->lock);
	stop = k->stopping;
	*late = stop && clock_mono_us() > k->deadline_us;
	pthread_mutex_unlock(&k->lock);
	return stop;
}

/* Throw the instance away and start over at the first record that was not acknowledged. */
static void
recover(struct kafka *k)
{
	instance_stop(k);
	save_position(k, true);
	pthread_mutex_lock(&k->lock);
	k->stats.retried_instances++;
	pthread_mutex_unlock(&k->lock);
	wait_a_moment(k, k->backoff_ms);
	k->backoff_ms = k->backoff_ms * 2 > BACKOFF_MAX_MS ? BACKOFF_MAX_MS : k->backoff_ms * 2;
	instance_start(k);
}

static void *
run(void *arg)
{
	struct kafka *k = arg;
	bool late = false;
	sigset_t all;
	int n = 0;

	sigfillset(&all);
	pthread_sigmask(SIG_BLOCK, &all, NULL);
	for (;;) {
		bool stop = is_stopping(k, &late);

		/* at the end: what is in the journal still goes out, while there is time and
		 * somebody takes it */
		if (stop && (late || (k->head == k->tail && n == 0 && !k->failed)))
			break;
		if (k->rk == NULL && !instance_start(k)) {
			if (wait_a_moment(k, k->backoff_ms) && late)
				break;
			continue;
		}
		k->full = false;
		n = journal_read(k->journal, k->read_seq, BATCH, take_record, k);
		if (n < 0)
			log_warning("kafka", "journal: %s", journal_error(k->journal));
		rd_kafka_poll(k->rk, n > 0 && !k->full ? 0 : POLL_MS / 4);
		save_position(k, false);
		publish_stats(k);
		if (k->failed)
			recover(k);
		else if (n <= 0 && k->head == k->tail && !stop)
			wait_a_moment(k, POLL_MS);
	}
	instance_stop(k);
	save_position(k, true);
	return NULL;
}

/* --- life
 * ------------------------------------------------------------------------------------------------------------------------
 */

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
	k = calloc(1, sizeof(*k));
	snprintf(error, size, "kafka: out of memory");
	if (k == NULL)
		return NULL;
	k->payload = sbuf_of(PAYLOAD_MAX);
	k->backoff_ms = BACKOFF_MIN_MS;
	if (!copy_config(k, c) ||
	    (k->journal = journal_open(c->journal_path, false, error, size)) == NULL) {
		kafka_free(k);
		return NULL;
	}
	k->acked_seq = k->saved_seq = k->read_seq = journal_cursor(k->journal, k->reader);
	/* a reader that exists holds retention back, also before its first delivery */
	journal_cursor_save(k->journal, k->reader, k->acked_seq);
	pthread_mutex_init(&k->lock, NULL);
	pthread_cond_init(&k->wake, NULL);
	if (pthread_create(&k->thread, NULL, run, k) != 0) {
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
	k->deadline_us = clock_mono_us() + (int64_t)deadline_ms * 1000;
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
