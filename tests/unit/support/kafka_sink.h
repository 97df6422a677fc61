/*
 * What suites of the Kafka sink are made of: a broker (librdkafka's mock cluster in this process,
 * or with KAFKA_BOOTSTRAP=HOST:PORT a real one), a journal that is filled with records, a sink that
 * reads it, and the accounts of a consumer of both topics. For one suite's .c file each.
 */
#pragma once

#include <librdkafka/rdkafka.h>
#include <librdkafka/rdkafka_mock.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "sinks/journal.h"
#include "sinks/kafka.h"
#include "tests/tools/kafka_reader.h"
#include "tests/unit/support/harness.h"
#include "tests/unit/support/records.h"

enum { KEYS = 23, PARTITIONS = 4, API_PRODUCE = 0 };

static char dir[64], path[80] = "unused", error[512], brokers[256] = "127.0.0.1:9", alerts[64],
		     events[64];
static rd_kafka_t *mock_rk;
static rd_kafka_mock_cluster_t *cluster; /* NULL with a real broker */
static struct journal *journal;
static uint64_t written;

static inline void
start_mock(void)
{
	rd_kafka_conf_t *conf = rd_kafka_conf_new();

	rd_kafka_conf_set(conf, "log_level", "2", error, sizeof(error));
	mock_rk = rd_kafka_new(RD_KAFKA_PRODUCER, conf, error, sizeof(error));
	cluster = rd_kafka_mock_cluster_new(mock_rk, 1);
	ck_assert_ptr_nonnull(cluster);
	text_copy(brokers, sizeof(brokers), rd_kafka_mock_cluster_bootstraps(cluster));
	rd_kafka_mock_topic_create(cluster, alerts, PARTITIONS, 1);
	rd_kafka_mock_topic_create(cluster, events, PARTITIONS, 1);
}

static inline void
setup(void)
{
	const char *real = getenv("KAFKA_BOOTSTRAP");
	long long unique = (long long)clock_wall_us();

	log_setup(getenv("VERBOSE") != NULL ? LOG_DEBUG : LOG_ERROR, LOG_TEXT);
	snprintf(dir, sizeof(dir), "/tmp/bellman-kafka-XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(dir));
	snprintf(path, sizeof(path), "%s/journal.db", dir);
	snprintf(alerts, sizeof(alerts), "test.%lld.alerts", unique);
	snprintf(events, sizeof(events), "test.%lld.events", unique);
	if (real != NULL)
		text_copy(brokers, sizeof(brokers), real);
	else
		start_mock();
	journal = journal_open(path, true, error, sizeof(error));
	ck_assert_msg(journal != NULL, "%s", error);
	written = 0;
}

static inline void
teardown(void)
{
	static const char *const names[] = { "", "-wal", "-shm" };
	char name[96];

	journal_close(journal);
	for (size_t i = 0; i < 3; i++) {
		snprintf(name, sizeof(name), "%s%s", path, names[i]);
		unlink(name);
	}
	rmdir(dir);
	/* the cluster ends with the case's process: to end it in order takes most of a second */
}

static inline void
write_records(unsigned n)
{
	enum { BATCH = 200 };
	static struct record records[BATCH];
	const struct record *batch[BATCH];

	while (n > 0) {
		unsigned k = 0;

		for (; k < BATCH && n > 0; k++, n--) {
			records[k] = stream_record(++written, KEYS);
			batch[k] = &records[k];
		}
		ck_assert_msg(journal_append(journal, batch, k), "%s", journal_error(journal));
	}
}

static inline struct kafka_config
config(const struct kafka_property *extra, size_t extra_n)
{
	static struct kafka_property properties[16];
	size_t n = 0;

	properties[n++] = (struct kafka_property){ "bootstrap.servers", brokers, NULL, 10, 1 };
	properties[n++] = (struct kafka_property){ "reconnect.backoff.ms", "50", NULL, 11, 1 };
	properties[n++] = (struct kafka_property){ "reconnect.backoff.max.ms", "200", NULL, 12, 1 };
	for (size_t i = 0; i < extra_n; i++)
		properties[n++] = extra[i];
	return (struct kafka_config){ .journal_path = path,
		.reader = "kafka",
		.topic_alerts = alerts,
		.topic_events = events,
		.properties = properties,
		.properties_n = n };
}

static inline struct kafka *
start(const struct kafka_property *extra, size_t n)
{
	struct kafka_config c = config(extra, n);
	struct kafka *k = kafka_start(&c, error, sizeof(error));

	ck_assert_msg(k != NULL, "%s", error);
	return k;
}

/* Wait until everything written is acknowledged. */
static inline struct kafka_stats
wait_for_all(struct kafka *k)
{
	struct kafka_stats st = { 0 };

	kafka_wake(k);
	for (int i = 0; i < 3000; i++) {
		kafka_stats(k, &st);
		if (st.position == written)
			break;
		usleep(10000);
	}
	ck_assert_msg(st.position == written, "position %llu of %llu, last error: %s",
	    (unsigned long long)st.position, (unsigned long long)written, st.last_error);
	return st;
}

/* The accounts of a consumer of both topics. Returns the second copies. */
static inline uint64_t
verify(void)
{
	const char *const topics[] = { alerts, events };
	static struct kafka_reader r;
	uint64_t duplicates;

	ck_assert(reader_open(&r, brokers, topics, 2, written));
	reader_read(&r, written, 15000, 150);
	ck_assert_uint_eq(r.records, written);
	ck_assert_uint_eq(r.disorder, 0);
	ck_assert_uint_eq(r.foreign, 0);
	ck_assert_uint_eq(r.bad, 0);
	duplicates = r.duplicates;
	reader_close(&r);
	return duplicates;
}
