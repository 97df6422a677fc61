/*
 * The Kafka sink against a mock cluster that refuses: batches, single records, everything, one of
 * the two topics. What can be delivered is delivered once, in order; what cannot is told; nothing
 * waits for anything else.
 */
#include "tests/unit/support/kafka_sink.h"

enum {
	TOO_LARGE = RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE,
	MISSING = RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART,
	INVALID = RD_KAFKA_RESP_ERR_INVALID_RECORD,
	TIMESTAMP = RD_KAFKA_RESP_ERR_INVALID_TIMESTAMP,
	CORRUPT = RD_KAFKA_RESP_ERR_INVALID_MSG,
	API_INIT_PRODUCER_ID = 22,
};

/* Incidents only, to one partition: then a request is a batch of what was written together. */
static struct kafka *
start_single(void)
{
	static const struct kafka_property p[] = { { "linger.ms", "100", NULL, 20, 1 } };
	struct kafka_config c;
	struct kafka *k;

	snprintf(alerts, sizeof(alerts), "single.%lld", (long long)clock_wall_us());
	rd_kafka_mock_topic_create(cluster, alerts, 1, 1);
	c = config(p, 1);
	c.topic_events = "";
	k = kafka_start(&c, error, sizeof(error));
	ck_assert_msg(k != NULL, "%s", error);
	return k;
}

static void
refuse(int err, size_t times)
{
	for (size_t i = 0; i < times; i++)
		rd_kafka_mock_push_request_errors(
		    cluster, API_PRODUCE, 1, (rd_kafka_resp_err_t)err);
}

/* What a consumer finds of n records: how often each, in the order of the journal. */
static void
count_copies(unsigned *copies, uint64_t n)
{
	const char *const topics[] = { alerts };
	static struct kafka_reader r;
	uint64_t wanted = 0;

	ck_assert(reader_open(&r, brokers, topics, 1, n));
	for (uint64_t i = 1; i <= n; i++)
		wanted += copies[i];
	reader_read(&r, wanted, 3000, 300);
	ck_assert_uint_eq(r.disorder + r.foreign + r.bad, 0);
	ck_assert_uint_eq(r.duplicates, 0);
	for (uint64_t i = 1; i <= n; i++)
		ck_assert_msg((r.at_us[i] != 0) == (copies[i] != 0), "record %llu: %s",
		    (unsigned long long)i, r.at_us[i] != 0 ? "is there" : "is missing");
	reader_close(&r);
}

/* All incidents of 1..n but one (0: none is left out). */
static void
verify_but(uint64_t n, uint64_t but)
{
	unsigned *copies = calloc(n + 1, sizeof(*copies));

	for (uint64_t i = 1; i <= n; i++)
		copies[i] = i != but && stream_record(i, KEYS).kind == RECORD_INCIDENT;
	count_copies(copies, n);
	free(copies);
}

static struct kafka_stats
wait_until(struct kafka *k, bool (*done)(const struct kafka_stats *))
{
	struct kafka_stats st;

	for (int i = 0; i < 3000; i++) {
		kafka_stats(k, &st);
		if (done(&st))
			return st;
		usleep(10000);
	}
	ck_abort_msg("nothing happens: delivered %llu, last error: %s",
	    (unsigned long long)st.delivered, st.last_error);
	return st;
}

static bool
one_is_set_aside(const struct kafka_stats *st)
{
	return st->set_aside == 1;
}

static bool
a_topic_fails(const struct kafka_stats *st)
{
	return st->topics[0].trouble == KAFKA_TOPIC_FAILS ||
	       (st->topics_n > 1 && st->topics[1].trouble == KAFKA_TOPIC_FAILS);
}

/* Each record is small, all together are too much. */
START_TEST(batch_too_large)
{
	struct kafka *k = start_single();
	struct kafka_stats st;

	write_records(40);
	refuse(TOO_LARGE, 1);
	st = wait_for_all(k);
	ck_assert_uint_eq(st.set_aside, 0);
	ck_assert_uint_ge(st.failed, 2);
	ck_assert_uint_eq(st.delivered, 35); /* the incidents of 40 */
	kafka_stop(k, 2000);
	ck_assert_uint_eq(journal_cursor(journal, "kafka"), written);
	verify_but(written, 0);
}
END_TEST

/* What the broker says of one record in the midst of others, and what becomes of it. */
static const struct {
	const char *name;
	int err;
	size_t times; /* one by one, after the batch */
	bool set_aside;
} answers[] = {
	{ "too large", TOO_LARGE, 1, true },
	{ "invalid", INVALID, 1, true },
	{ "corrupt once", CORRUPT, 2, false }, /* may be an accident */
	{ "corrupt always", CORRUPT, 3, true },
	{ "old", TIMESTAMP, 1, false }, /* with the time of sending it is taken */
	{ "old anyhow", TIMESTAMP, 2, true },
};

static void
on_untold(void *ctx, const struct kafka_set_aside *s)
{
	*(struct kafka_set_aside *)ctx = *s;
}

START_TEST(one_record)
{
	struct kafka *k = start_single();
	struct kafka_set_aside s, kept;
	struct record poison;
	char id[KAFKA_ID_MAX];
	struct kafka_stats st;

	write_records(8);
	wait_for_all(k); /* others are taken */
	write_records(20);
	poison = stream_record(9, KEYS);
	refuse(answers[_i].err, 1 + answers[_i].times);
	st = wait_for_all(k);
	ck_assert_uint_eq(st.set_aside, answers[_i].set_aside);
	ck_assert_int_eq(st.topics[0].trouble, KAFKA_FINE);
	if (answers[_i].set_aside) {
		ck_assert(kafka_take_set_aside(k, &s));
		ck_assert_uint_eq(s.seq, poison.seq);
		ck_assert_str_eq(s.id, record_uid(&poison, id, sizeof(id)));
		ck_assert_str_eq(s.key, poison.incident.id);
		ck_assert_str_eq(s.type, poison.incident.kind);
		ck_assert_str_eq(s.topic, alerts);
		ck_assert_str_eq(s.reason, rd_kafka_err2str((rd_kafka_resp_err_t)answers[_i].err));
		ck_assert_uint_eq(s.revision, poison.incident.revision);
		/* kept until it is told */
		kafka_untold(journal, on_untold, &kept);
		ck_assert_uint_eq(kept.seq, s.seq);
		ck_assert_str_eq(kept.id, s.id);
		ck_assert_str_eq(kept.key, s.key);
		ck_assert_str_eq(kept.type, s.type);
		ck_assert_str_eq(kept.topic, s.topic);
		ck_assert_str_eq(kept.reason, s.reason);
		ck_assert_uint_eq(kept.occurrence, s.occurrence);
		ck_assert_uint_eq(kept.revision, s.revision);
	}
	ck_assert(!kafka_take_set_aside(k, &s));
	kafka_stop(k, 2000);
	ck_assert_uint_eq(journal_cursor(journal, "kafka"), written);
	verify_but(written, answers[_i].set_aside ? poison.seq : 0);
}
END_TEST

/* It is the first that this client sends: the next one tells whose fault it is. */
START_TEST(first_record)
{
	struct kafka *k = start_single();
	struct kafka_set_aside s;
	struct kafka_stats st;

	write_records(1);
	refuse(TOO_LARGE, 2);
	kafka_wake(k);
	st = wait_until(k, a_topic_fails);
	ck_assert_uint_eq(st.set_aside, 0);
	ck_assert_ptr_nonnull(strstr(st.topics[0].reason, "Message size too large"));
	refuse(TOO_LARGE, 1);
	write_records(1);
	kafka_wake(k);
	st = wait_until(k, one_is_set_aside);
	st = wait_for_all(k);
	ck_assert_int_eq(st.topics[0].trouble, KAFKA_FINE);
	ck_assert(kafka_take_set_aside(k, &s));
	ck_assert_uint_eq(s.seq, 1);
	kafka_stop(k, 2000);
	verify_but(written, 1);
}
END_TEST

/* None is taken: that is no record's fault. They wait, and all go out once it is repaired. */
START_TEST(nothing_is_taken)
{
	struct kafka *k = start_single();
	struct kafka_stats st;

	refuse(TOO_LARGE, 2000);
	write_records(12);
	kafka_wake(k);
	st = wait_until(k, a_topic_fails);
	usleep(1500000);
	kafka_stats(k, &st);
	ck_assert_uint_eq(st.set_aside, 0);
	ck_assert_uint_eq(st.delivered, 0);
	ck_assert_uint_lt(st.failed, 1500); /* it does not hurry */
	rd_kafka_mock_clear_request_errors(cluster, API_PRODUCE);
	st = wait_for_all(k);
	ck_assert_uint_eq(st.set_aside, 0);
	ck_assert_int_eq(st.topics[0].trouble, KAFKA_FINE);
	kafka_stop(k, 2000);
	verify_but(written, 0);
}
END_TEST

static bool
alerts_are_delivered(const struct kafka_stats *st)
{
	return st->topics[0].position == written;
}

/* One topic is missing: the other gets its records, once, also over a restart. */
START_TEST(missing_topic)
{
	static const struct kafka_property p[] = { { "topic.metadata.propagation.max.ms", "300",
	    NULL, 20, 1 } };
	struct kafka_stats st;
	struct kafka *k;
	int64_t begin;

	rd_kafka_mock_topic_set_error(cluster, events, (rd_kafka_resp_err_t)MISSING);
	write_records(80);
	k = start(p, 1);
	st = wait_until(k, a_topic_fails);
	ck_assert_str_eq(st.topics[1].topic, events);
	ck_assert_int_eq(st.topics[1].trouble, KAFKA_TOPIC_FAILS);
	ck_assert_ptr_nonnull(strstr(st.topics[1].reason, "nknown topic"));
	ck_assert_int_eq(st.topics[0].trouble, KAFKA_FINE);
	ck_assert_uint_eq(st.topics[0].delivered, 70);
	ck_assert_uint_eq(st.topics[0].position, 80);
	ck_assert_uint_eq(st.topics[1].position, 6); /* the first event is record 7 */
	write_records(10);
	kafka_wake(k);
	st = wait_until(k, alerts_are_delivered);
	ck_assert_uint_eq(st.topics[0].delivered, 79);
	ck_assert_uint_eq(st.topics[0].retried_instances, 0);
	begin = clock_mono_us();
	kafka_stop(k, 10000); /* what does not move is not waited for */
	ck_assert_int_lt(clock_mono_us() - begin, 8000000);
	ck_assert_uint_eq(journal_cursor(journal, "kafka"), 6);
	k = start(p, 1);
	st = wait_until(k, a_topic_fails);
	ck_assert_uint_eq(st.topics[0].delivered, 0);
	ck_assert_uint_eq(st.topics[0].position, 90);
	rd_kafka_mock_topic_set_error(cluster, events, RD_KAFKA_RESP_ERR_NO_ERROR);
	st = wait_for_all(k);
	ck_assert_int_eq(st.topics[1].trouble, KAFKA_FINE);
	kafka_stop(k, 2000);
	ck_assert_uint_eq(journal_cursor(journal, "kafka"), 90);
	ck_assert_uint_eq(verify(), 0);
}
END_TEST

static bool
unreachable(const struct kafka_stats *st)
{
	return st->topics[0].trouble == KAFKA_UNREACHABLE &&
	       st->topics[1].trouble == KAFKA_UNREACHABLE;
}

START_TEST(no_broker)
{
	struct kafka_stats st;
	struct kafka *k;

	rd_kafka_mock_broker_set_down(cluster, 1);
	write_records(20);
	k = start(NULL, 0);
	st = wait_until(k, unreachable);
	ck_assert_ptr_nonnull(strstr(st.topics[0].reason, "refused"));
	rd_kafka_mock_broker_set_up(cluster, 1);
	st = wait_for_all(k);
	ck_assert_int_eq(st.topics[0].trouble, KAFKA_FINE);
	ck_assert_int_eq(st.topics[1].trouble, KAFKA_FINE);
	kafka_stop(k, 2000);
	ck_assert_uint_eq(verify(), 0);
}
END_TEST

/* Connected, and not allowed to write. */
START_TEST(not_allowed)
{
	struct kafka_stats st;
	struct kafka *k;

	for (int i = 0; i < 200; i++)
		rd_kafka_mock_push_request_errors(cluster, API_INIT_PRODUCER_ID, 1,
		    RD_KAFKA_RESP_ERR_CLUSTER_AUTHORIZATION_FAILED);
	write_records(20);
	k = start(NULL, 0);
	st = wait_until(k, unreachable);
	ck_assert_ptr_nonnull(strstr(st.topics[0].reason, "authorization failed"));
	rd_kafka_mock_clear_request_errors(cluster, API_INIT_PRODUCER_ID);
	st = wait_for_all(k);
	ck_assert_int_eq(st.topics[0].trouble, KAFKA_FINE);
	kafka_stop(k, 2000);
	ck_assert_uint_eq(verify(), 0);
}
END_TEST

/* Records that our own limit does not let through, more than are told at once; their neighbours do
 * not notice. */
START_TEST(own_limit)
{
	enum { BIG = 50 };
	static const struct kafka_property p[] = { { "message.max.bytes", "1500", NULL, 20, 1 } };
	struct kafka_set_aside s;
	struct kafka_stats st;
	struct kafka *k;

	for (written = 1; written <= BIG; written++) {
		struct record big = stream_record(written * 8, KEYS);
		const struct record *batch[] = { &big };

		big.seq = written;
		for (int i = 0; i < 10; i++)
			record_evidence_add(&big.incident, "filler", "%0*d", 250, i);
		ck_assert(journal_append(journal, batch, 1));
	}
	written = BIG;
	write_records(20);
	k = start(p, 1);
	for (uint64_t seq = 1; seq <= BIG; seq++) {
		while (!kafka_take_set_aside(k, &s))
			usleep(10000);
		ck_assert_uint_eq(s.seq, seq);
		ck_assert_ptr_nonnull(strstr(s.reason, "message.max.bytes"));
		if (seq == 1)
			usleep(500000); /* nobody takes them for a while */
	}
	st = wait_for_all(k);
	ck_assert_uint_eq(st.set_aside, BIG);
	ck_assert_uint_eq(st.delivered, 20);
	ck_assert_uint_eq(st.retried_instances, 0);
	ck_assert_int_eq(st.topics[0].trouble, KAFKA_FINE);
	kafka_stop(k, 1000);
	ck_assert_uint_eq(journal_cursor(journal, "kafka"), written);
}
END_TEST

/* A journal of a version that had one position for both topics. */
START_TEST(one_position_before)
{
	struct kafka_stats st;
	struct kafka *k;

	write_records(40);
	ck_assert(journal_cursor_save(journal, "kafka", 30));
	k = start(NULL, 0);
	st = wait_for_all(k);
	ck_assert_uint_eq(st.delivered, 10);
	kafka_stop(k, 1000);
	/* and one that such a version has moved on since */
	write_records(40);
	ck_assert(journal_cursor_save(journal, "kafka", 70));
	k = start(NULL, 0);
	st = wait_for_all(k);
	ck_assert_uint_eq(st.delivered, 10);
	kafka_stop(k, 1000);
}
END_TEST

static void
mark_aside(void *ctx, const struct kafka_set_aside *s)
{
	bool *aside = ctx;

	aside[s->seq] = true;
}

/*
 * Answers, outages and restarts by chance: in the end each record is delivered or was set aside, in
 * order per key. One request at a time, since the mock cluster takes a batch out of sequence, which
 * no broker does.
 */
START_TEST(by_chance)
{
	enum { ROUNDS = 12, RECORDS = 60, RECORDS_MAX = ROUNDS * RECORDS };
	static const int errors[] = { TOO_LARGE, INVALID, CORRUPT, TIMESTAMP,
		RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED, RD_KAFKA_RESP_ERR_NOT_ENOUGH_REPLICAS,
		RD_KAFKA_RESP_ERR_REQUEST_TIMED_OUT };
	static const struct kafka_property p[] = { { "max.in.flight", "1", NULL, 20, 1 },
		{ "batch.num.messages", "10", NULL, 21, 1 } };
	static bool aside[RECORDS_MAX + 1];
	const char *const topics[] = { alerts, events };
	static struct kafka_reader r;
	unsigned seed = (unsigned)_i + 1;
	struct kafka_set_aside s;
	struct kafka *k = start(p, 2);
	uint64_t asides = 0;

	memset(aside, 0, sizeof(aside));
	for (int round = 0; round < ROUNDS; round++) {
		int what = rand_r(&seed) % 8;

		write_records(RECORDS);
		for (int i = rand_r(&seed) % 6; i > 0; i--)
			refuse(errors[(size_t)rand_r(&seed) % (sizeof(errors) / sizeof(errors[0]))],
			    (size_t)(rand_r(&seed) % 3));
		kafka_wake(k);
		usleep((useconds_t)(rand_r(&seed) % 150000));
		while (kafka_take_set_aside(k, &s)) {
		}
		if (what == 0) {
			rd_kafka_mock_broker_set_down(cluster, 1);
			usleep((useconds_t)(rand_r(&seed) % 300000));
			rd_kafka_mock_broker_set_up(cluster, 1);
		} else if (what == 1) {
			kafka_stop(k, rand_r(&seed) % 300);
			k = start(p, 2);
		}
	}
	rd_kafka_mock_clear_request_errors(cluster, API_PRODUCE);
	wait_for_all(k);
	kafka_stop(k, 2000);
	kafka_untold(journal, mark_aside, aside); /* told or not, nobody has deleted any */
	for (uint64_t i = 1; i <= written; i++)
		asides += aside[i];
	ck_assert_uint_eq(journal_cursor(journal, "kafka"), written);
	ck_assert(reader_open(&r, brokers, topics, 2, written));
	reader_read(&r, written - asides, 10000, 200);
	ck_assert_uint_eq(r.disorder + r.foreign + r.bad, 0);
	for (uint64_t i = 1; i <= written; i++)
		ck_assert_msg(
		    aside[i] || r.at_us[i] != 0, "record %llu is nowhere", (unsigned long long)i);
	printf("kafka: %llu of %llu records set aside, %llu twice\n", (unsigned long long)asides,
	    (unsigned long long)written, (unsigned long long)r.duplicates);
	reader_close(&r);
}
END_TEST

HARNESS_MAIN("kafka_refusals")
{
#if defined(__SANITIZE_THREAD__)
	puts("SKIPPED: librdkafka cannot run under ThreadSanitizer");
	return;
#endif
	TIMEOUT(60);
	FIXTURE(setup, teardown);
	if (getenv("KAFKA_BOOTSTRAP") != NULL) {
		puts("SKIPPED: these cases need the mock cluster");
		return;
	}
	TEST(batch_too_large);
	ROWS(one_record, answers);
	TEST(first_record);
	TEST(nothing_is_taken);
	TEST(missing_topic);
	TEST(no_broker);
	TEST(not_allowed);
	TEST(own_limit);
	TEST(one_position_before);
	LOOP(by_chance, 4);
}
