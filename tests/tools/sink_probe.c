/*
 * sink_probe: the journal and the Kafka sink without the rest, as processes that can be killed.
 *
 * usage: sink_probe write JOURNAL N KEYS RATE [BIG]
 *          append N records of KEYS incidents, RATE a second (0: as fast as it goes), each batch
 * one transaction; an incident whose number is a multiple of BIG is some 2,000 octets large
 *        sink_probe sink JOURNAL BROKERS PREFIX LAST [NAME=VALUE...]
 *          deliver to PREFIX.alerts and PREFIX.events until record LAST is done with, or SIGTERM
 *        sink_probe verify BROKERS PREFIX LAST [BIG]
 *          read both topics; exit 0 when records 1..LAST are all there but for the large ones, in
 *          order per key, and second copies have the id of the first
 *        sink_probe topic BROKERS NAME [KEY=VALUE...]
 *          make a topic of one partition, with this configuration
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "sinks/journal.h"
#include "sinks/kafka.h"
#include "tests/tools/kafka_reader.h"
#include "tests/unit/support/records.h"

enum { BATCH = 100, PROPERTIES = 16 };

static volatile sig_atomic_t stop;

static void
on_signal(int number)
{
	(void)number;
	stop = 1;
}

static struct journal *
open_journal(const char *path)
{
	char error[512];
	struct journal *j = journal_open(path, true, error, sizeof(error));

	if (j == NULL) {
		fprintf(stderr, "sink_probe: %s\n", error);
		exit(1);
	}
	return j;
}

static bool
is_big(uint64_t seq, uint64_t big)
{
	return big > 0 && seq % big == 0 && stream_record(seq, 1).kind == RECORD_INCIDENT;
}

static struct record
make_record(uint64_t seq, unsigned keys, uint64_t big)
{
	struct record r = stream_record(seq, keys);

	for (int i = 0; is_big(seq, big) && i < RECORD_EVIDENCE_MAX; i++)
		record_evidence_add(&r.incident, "filler", "%0*d", RECORD_VALUE_MAX, i);
	return r;
}

static int
run_write(const char *path, uint64_t n, unsigned keys, uint64_t rate, uint64_t big)
{
	static struct record records[BATCH];
	const struct record *batch[BATCH];
	struct journal *j = open_journal(path);
	uint64_t seq = journal_last(j), done = 0;
	int64_t begin = clock_mono_us();
	double took;

	while (done < n && !stop) {
		size_t k = 0;

		for (; k < BATCH && done < n; k++, done++) {
			records[k] = make_record(++seq, keys, big);
			batch[k] = &records[k];
		}
		if (!journal_append(j, batch, k)) {
			fprintf(stderr, "sink_probe: %s\n", journal_error(j));
			return 1;
		}
		while (rate > 0 && clock_mono_us() - begin < (int64_t)(done * 1000000 / rate))
			usleep(1000);
	}
	took = (double)(clock_mono_us() - begin) / 1e6;
	printf("write: %llu records in %.2f s, %.0f/s, last=%llu\n", (unsigned long long)done, took,
	    (double)done / took, (unsigned long long)seq);
	journal_close(j);
	return 0;
}

static int
run_sink(const char *path, const char *brokers, const char *prefix, uint64_t last, char **given)
{
	struct kafka_property properties[PROPERTIES] = {
		{ .name = "bootstrap.servers", .value = brokers },
		{ .name = "reconnect.backoff.max.ms", .value = "500" },
	};
	char alerts[128], events[128], error[512];
	struct kafka_config c = { .journal_path = path,
		.reader = "kafka",
		.topic_alerts = alerts,
		.topic_events = events,
		.properties = properties,
		.properties_n = 2 };
	struct kafka_stats st = { 0 };
	struct kafka_set_aside aside;
	int64_t begin = clock_mono_us();
	uint64_t first;
	struct kafka *k;

	for (; *given != NULL && c.properties_n < PROPERTIES; given++) {
		char *value = strchr(*given, '=');

		if (value == NULL)
			return 2;
		*value = '\0';
		properties[c.properties_n++] =
		    (struct kafka_property){ .name = *given, .value = value + 1 };
	}
	snprintf(alerts, sizeof(alerts), "%s.alerts", prefix);
	snprintf(events, sizeof(events), "%s.events", prefix);
	journal_close(open_journal(path));
	k = kafka_start(&c, error, sizeof(error));
	if (k == NULL) {
		fprintf(stderr, "sink_probe: %s\n", error);
		return 1;
	}
	kafka_stats(k, &st);
	first = st.position;
	while (!stop && st.position < last) {
		usleep(10000);
		kafka_wake(k);
		kafka_stats(k, &st);
		while (kafka_take_set_aside(k, &aside)) {
		}
	}
	printf("sink: positions %llu to %llu in %.2f s, delivered=%llu failed=%llu set_aside=%llu "
	       "clients=%llu\n",
	    (unsigned long long)first, (unsigned long long)st.position,
	    (double)(clock_mono_us() - begin) / 1e6, (unsigned long long)st.delivered,
	    (unsigned long long)st.failed, (unsigned long long)st.set_aside,
	    (unsigned long long)st.retried_instances + KAFKA_TOPICS);
	kafka_stop(k, 5000);
	return st.position >= last ? 0 : 1;
}

static int
run_verify(const char *brokers, const char *prefix, uint64_t last, uint64_t big)
{
	uint64_t wanted = last;
	static struct kafka_reader r;
	char alerts[128], events[128];
	const char *const topics[] = { alerts, events };
	bool good;

	snprintf(alerts, sizeof(alerts), "%s.alerts", prefix);
	snprintf(events, sizeof(events), "%s.events", prefix);
	for (uint64_t seq = 1; seq <= last; seq++)
		wanted -= is_big(seq, big);
	if (!reader_open(&r, brokers, topics, 2, last)) {
		fputs("sink_probe: the broker does not answer\n", stderr);
		return 1;
	}
	reader_read(&r, wanted, 30000, 500);
	good = r.records == wanted && r.disorder + r.foreign + r.bad == 0;
	printf(
	    "verify: %llu of %llu records, %u keys, %llu twice, %llu out of order, %llu foreign, "
	    "%llu with a wrong id or key\n",
	    (unsigned long long)r.records, (unsigned long long)wanted, r.keys_n,
	    (unsigned long long)r.duplicates, (unsigned long long)r.disorder,
	    (unsigned long long)r.foreign, (unsigned long long)r.bad);
	reader_close(&r);
	return good ? 0 : 1;
}

static int
run_topic(const char *brokers, const char *name, char **given)
{
	char error[512] = "the broker does not answer";
	rd_kafka_conf_t *conf = rd_kafka_conf_new();
	rd_kafka_NewTopic_t *topic = rd_kafka_NewTopic_new(name, 1, 1, error, sizeof(error));
	const rd_kafka_topic_result_t *const *results = NULL;
	rd_kafka_event_t *answer;
	rd_kafka_t *rk;
	size_t n = 0;

	rd_kafka_conf_set(conf, "bootstrap.servers", brokers, error, sizeof(error));
	rk = rd_kafka_new(RD_KAFKA_PRODUCER, conf, error, sizeof(error));
	if (rk == NULL || topic == NULL) {
		fprintf(stderr, "sink_probe: %s\n", error);
		return 1;
	}
	for (; *given != NULL; given++) {
		char *value = strchr(*given, '=');

		if (value == NULL)
			return 2;
		*value = '\0';
		rd_kafka_NewTopic_set_config(topic, *given, value + 1);
	}
	rd_kafka_CreateTopics(rk, &topic, 1, NULL, rd_kafka_queue_get_main(rk));
	answer = rd_kafka_queue_poll(rd_kafka_queue_get_main(rk), 15000);
	if (answer != NULL && rd_kafka_event_CreateTopics_result(answer) != NULL)
		results = rd_kafka_CreateTopics_result_topics(
		    rd_kafka_event_CreateTopics_result(answer), &n);
	if (n == 1 && rd_kafka_topic_result_error(results[0]) == RD_KAFKA_RESP_ERR_NO_ERROR)
		return 0;
	fprintf(stderr, "sink_probe: %s\n",
	    n == 1 ? rd_kafka_topic_result_error_string(results[0]) : error);
	return 1;
}

int
main(int argc, char **argv)
{
	setvbuf(stdout, NULL, _IOLBF, 0);
	signal(SIGTERM, on_signal);
	log_setup(LOG_WARNING, LOG_TEXT);
	if ((argc == 6 || argc == 7) && strcmp(argv[1], "write") == 0)
		return run_write(argv[2], strtoull(argv[3], NULL, 10),
		    (unsigned)strtoul(argv[4], NULL, 10), strtoull(argv[5], NULL, 10),
		    argc == 7 ? strtoull(argv[6], NULL, 10) : 0);
	if (argc >= 6 && strcmp(argv[1], "sink") == 0)
		return run_sink(argv[2], argv[3], argv[4], strtoull(argv[5], NULL, 10), argv + 6);
	if ((argc == 5 || argc == 6) && strcmp(argv[1], "verify") == 0)
		return run_verify(argv[2], argv[3], strtoull(argv[4], NULL, 10),
		    argc == 6 ? strtoull(argv[5], NULL, 10) : 0);
	if (argc >= 4 && strcmp(argv[1], "topic") == 0)
		return run_topic(argv[2], argv[3], argv + 4);
	fputs("usage: sink_probe write JOURNAL N KEYS RATE [BIG]\n"
	      "       sink_probe sink JOURNAL BROKERS PREFIX LAST [NAME=VALUE...]\n"
	      "       sink_probe verify BROKERS PREFIX LAST [BIG]\n"
	      "       sink_probe topic BROKERS NAME [KEY=VALUE...]\n",
	    stderr);
	return 2;
}
