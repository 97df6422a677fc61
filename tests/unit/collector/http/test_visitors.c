/* Who may come, and who gives way. */
#include "tests/unit/support/harness.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <unistd.h>

#include "collector/http/visitors.h"

enum { SILENT_US = 300000 }; /* longer than anybody is young */

static struct visitors *v;

static void
setup(void)
{
	v = visitors_new();
	ck_assert_ptr_nonnull(v);
	visitors_limit(v, 4, 2);
}

static void
teardown(void)
{
	visitors_free(v);
}

static struct sockaddr_storage
address(const char *text)
{
	struct sockaddr_storage ss = { 0 };
	struct sockaddr_in in = { .sin_family = AF_INET };
	struct sockaddr_in6 in6 = { .sin6_family = AF_INET6 };

	if (inet_pton(AF_INET, text, &in.sin_addr) == 1)
		memcpy(&ss, &in, sizeof(in));
	else if (inet_pton(AF_INET6, text, &in6.sin6_addr) == 1)
		memcpy(&ss, &in6, sizeof(in6));
	return ss;
}

struct guest {
	struct visitor *at;
	int fd[2];
};

static bool
may(const char *from)
{
	struct sockaddr_storage ss = address(from);

	return visitors_may_come(v, (struct sockaddr *)&ss);
}

/* NULL in `at`: it was refused. */
static struct guest
come(const char *from)
{
	struct sockaddr_storage ss = address(from);
	struct guest g = { .at = NULL };

	ck_assert_int_eq(socketpair(AF_UNIX, SOCK_STREAM, 0, g.fd), 0);
	if (may(from))
		g.at = visitors_enter(v, (struct sockaddr *)&ss, g.fd[0]);
	return g;
}

static bool
is_shut(const struct guest *g)
{
	struct pollfd p = { .fd = g->fd[1], .events = POLLRDHUP };

	return poll(&p, 1, 0) == 1;
}

START_TEST(one_address)
{
	struct guest a = come("192.0.2.1"), b = come("192.0.2.1");
	struct visitors_counts n;

	ck_assert(a.at != NULL && b.at != NULL);
	ck_assert(!may("192.0.2.1")); /* those who are there have just come */
	ck_assert(may("192.0.2.2"));
	visitors_count(v, &n);
	ck_assert_uint_eq(n.open, 2);
	ck_assert_uint_eq(n.refused_of_address, 1);
	visitors_leave(v, a.at);
	ck_assert(may("192.0.2.1"));
}
END_TEST

/* A /64 is one customer. */
START_TEST(ipv6)
{
	come("2001:db8::1");
	come("2001:db8::2");
	ck_assert(!may("2001:db8::3"));
	ck_assert(may("2001:db8:0:1::3"));
}
END_TEST

START_TEST(all_are_answered)
{
	static const char *const from[] = { "192.0.2.1", "192.0.2.2", "192.0.2.3", "192.0.2.4" };
	struct visitors_counts n;

	for (int i = 0; i < 4; i++)
		visitor_is_answered(v, come(from[i]).at, true);
	usleep(SILENT_US);
	ck_assert(!may("192.0.2.5"));
	visitors_count(v, &n);
	ck_assert_uint_eq(n.refused, 1);
	ck_assert_uint_eq(n.gave_way, 0);
}
END_TEST

/* Of those who say nothing the one that has been silent for the longest time gives way. */
START_TEST(the_silent_give_way)
{
	struct guest answered = come("192.0.2.1"), first = come("192.0.2.2"), second, newcomer;
	struct visitors_counts n;

	visitor_is_answered(v, answered.at, true);
	usleep(1000);
	second = come("192.0.2.3");
	come("192.0.2.4");
	usleep(SILENT_US);
	newcomer = come("192.0.2.5");
	ck_assert_ptr_nonnull(newcomer.at);
	ck_assert(is_shut(&first));
	ck_assert(!is_shut(&second) && !is_shut(&answered));
	visitors_count(v, &n);
	ck_assert_uint_eq(n.open, 4); /* never more than may be, though the first is not gone yet */
	visitors_leave(v, first.at);
	visitors_count(v, &n);
	ck_assert_uint_eq(n.open, 4);
	ck_assert(may("192.0.2.6"));
	ck_assert(is_shut(&second));
}
END_TEST

/* Who fills the places of its address does not cost others theirs. */
START_TEST(of_its_own_address)
{
	struct guest other = come("192.0.2.1"), a = come("192.0.2.2"), b = come("192.0.2.2");

	usleep(SILENT_US);
	ck_assert(may("192.0.2.2"));
	ck_assert(!is_shut(&other));
	ck_assert(is_shut(&a) != is_shut(&b));
}
END_TEST

HARNESS_MAIN("http_visitors")
{
	CASE("all");
	FIXTURE(setup, teardown);
	TEST(one_address);
	TEST(ipv6);
	TEST(all_are_answered);
	TEST(the_silent_give_way);
	TEST(of_its_own_address);
}
