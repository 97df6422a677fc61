/* sinks/kafka_health: what is said of a topic, when, and until when. Times are in seconds. */
#include "sinks/kafka_health.h"

#include "tests/unit/support/harness.h"

#define S(n) ((int64_t)(n)*1000000)

static struct health h;

static void
setup(void)
{
	memset(&h, 0, sizeof(h));
}

static void
is(enum kafka_trouble trouble, const char *reason)
{
	ck_assert_int_eq(h.trouble, trouble);
	ck_assert_str_eq(h.reason, reason);
}

/* Record `oldest` waits, at this second. */
static bool
look(uint64_t oldest, int second)
{
	return health_look(&h, true, oldest, S(second));
}

START_TEST(nothing_waits)
{
	health_suspect(&h, false, "refused", S(1));
	ck_assert(!health_look(&h, false, 0, S(1000)));
	is(KAFKA_FINE, "");
	/* old news is none for a record that comes now */
	ck_assert(!look(1, 1001));
	ck_assert(!look(1, 1005));
	ck_assert(look(1, 1006));
}
END_TEST

START_TEST(brokers_are_away)
{
	look(1, 1);
	health_suspect(&h, false, "connection refused", S(1));
	health_suspect(&h, false, "all down", S(2));
	ck_assert(!look(1, 5));
	ck_assert(look(1, 6));
	is(KAFKA_UNREACHABLE, "connection refused");
	/* the words stay as they are, and what is said stays until something is delivered */
	health_suspect(&h, false, "no route", S(7));
	ck_assert(!look(1, 8));
	health_connected(&h);
	ck_assert(!look(1, 9));
	is(KAFKA_UNREACHABLE, "connection refused");
	ck_assert(health_delivered(&h));
	is(KAFKA_FINE, "");
	ck_assert(!health_delivered(&h));
	ck_assert(!look(2, 12));
}
END_TEST

/* A broker restarts: nobody needs to hear of it. */
START_TEST(back_in_time)
{
	look(1, 1);
	health_suspect(&h, false, "connection refused", S(1));
	ck_assert(!look(1, 3));
	health_connected(&h);
	ck_assert(!look(1, 30));
	health_suspect(&h, false, "connection refused", S(30));
	ck_assert(!look(1, 34));
}
END_TEST

/* A refusal says more than that nobody can be reached, and a connection is no answer to it. */
START_TEST(wrong_password)
{
	look(1, 1);
	health_suspect(&h, false, "disconnected", S(1));
	health_suspect(&h, true, "wrong password", S(1));
	health_suspect(&h, false, "all down", S(1));
	health_suspect(&h, true, "wrong certificate", S(2));
	health_connected(&h);
	ck_assert(look(1, 6));
	is(KAFKA_UNREACHABLE, "wrong password");
}
END_TEST

START_TEST(no_answer)
{
	ck_assert(!look(1, 1));
	ck_assert(!look(1, 40));
	ck_assert(look(1, 41));
	is(KAFKA_UNREACHABLE, "records are not acknowledged");
	/* others come through, that one does not */
	ck_assert(!health_delivered(&h));
	is(KAFKA_UNREACHABLE, "records are not acknowledged");
	ck_assert(look(2, 50));
	is(KAFKA_FINE, "");
	ck_assert(!look(2, 89));
	ck_assert(look(2, 90));
	ck_assert(health_look(&h, false, 0, S(91)));
	is(KAFKA_FINE, "");
}
END_TEST

START_TEST(a_topic)
{
	look(1, 1);
	ck_assert(health_topic_fails(&h, "no such topic"));
	ck_assert(!health_topic_fails(&h, "no such topic"));
	is(KAFKA_TOPIC_FAILS, "no such topic");
	ck_assert(!look(1, 100));
	ck_assert(health_topic_fails(&h, "forbidden"));
	health_suspect(&h, false, "refused", S(100));
	ck_assert(look(1, 105));
	is(KAFKA_UNREACHABLE, "refused");
	ck_assert(health_delivered(&h));
	is(KAFKA_FINE, "");
}
END_TEST

HARNESS_MAIN("kafka_health")
{
	FIXTURE(setup, NULL);
	TEST(nothing_waits);
	TEST(brokers_are_away);
	TEST(back_in_time);
	TEST(wrong_password);
	TEST(no_answer);
	TEST(a_topic);
}
