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

START_TEST(nothing_waits)
{
	health_suspect(&h, false, "refused", S(1));
	ck_assert(!health_look(&h, false, S(1000)));
	is(KAFKA_FINE, "");
}
END_TEST

START_TEST(brokers_are_away)
{
	health_suspect(&h, false, "connection refused", S(1));
	health_suspect(&h, false, "all down", S(2));
	ck_assert(!health_look(&h, true, S(5)));
	ck_assert(health_look(&h, true, S(6)));
	is(KAFKA_UNREACHABLE, "connection refused");
	/* the words stay as they are, and what is said stays until something is delivered */
	health_suspect(&h, false, "no route", S(7));
	ck_assert(!health_look(&h, true, S(8)));
	health_connected(&h);
	ck_assert(!health_look(&h, true, S(9)));
	is(KAFKA_UNREACHABLE, "connection refused");
	ck_assert(health_delivered(&h, S(10)));
	is(KAFKA_FINE, "");
	ck_assert(!health_delivered(&h, S(11)));
	ck_assert(!health_look(&h, true, S(12)));
}
END_TEST

/* A broker restarts: nobody needs to hear of it. */
START_TEST(back_in_time)
{
	health_suspect(&h, false, "connection refused", S(1));
	ck_assert(!health_look(&h, true, S(3)));
	health_connected(&h);
	ck_assert(!health_look(&h, true, S(30)));
	health_suspect(&h, false, "connection refused", S(30));
	ck_assert(!health_look(&h, true, S(34)));
}
END_TEST

/* A refusal says more than that nobody can be reached. */
START_TEST(wrong_password)
{
	health_suspect(&h, false, "disconnected", S(1));
	health_suspect(&h, true, "wrong password", S(1));
	health_suspect(&h, false, "all down", S(1));
	health_suspect(&h, true, "wrong certificate", S(2));
	ck_assert(health_look(&h, true, S(6)));
	is(KAFKA_UNREACHABLE, "wrong password");
}
END_TEST

START_TEST(no_answer)
{
	ck_assert(!health_look(&h, true, S(1)));
	ck_assert(!health_look(&h, true, S(40)));
	ck_assert(health_look(&h, true, S(41)));
	is(KAFKA_UNREACHABLE, "the brokers do not answer");
	health_delivered(&h, S(50));
	ck_assert(!health_look(&h, true, S(89)));
	ck_assert(health_look(&h, true, S(90)));
}
END_TEST

START_TEST(a_topic)
{
	ck_assert(health_topic_fails(&h, "no such topic"));
	ck_assert(!health_topic_fails(&h, "no such topic"));
	is(KAFKA_TOPIC_FAILS, "no such topic");
	ck_assert(!health_look(&h, true, S(1)));
	ck_assert(!health_look(&h, true, S(100)));
	ck_assert(health_topic_fails(&h, "forbidden"));
	health_suspect(&h, false, "refused", S(100));
	ck_assert(health_look(&h, true, S(105)));
	is(KAFKA_UNREACHABLE, "refused");
	ck_assert(health_delivered(&h, S(106)));
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
