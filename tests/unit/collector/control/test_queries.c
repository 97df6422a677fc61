/* Requests that the workers answer: whom the control socket asks, and when, and what becomes of
 * readers that are slow or gone. */
#include "tests/unit/support/control_fixture.h"

/* One after the other, a piece at a time, the next when the reader has taken the last. */
START_TEST(control_asks_every_worker)
{
	int fd = request("show\twhat=peers\tformat=json\n");
	const struct engine_place place = { .router = 3, .peers_left = 4 };
	uint32_t id = asked_id;

	ck_assert_uint_eq(asked.what, SHOW_PEERS);
	ck_assert_uint_eq(asked.format, PRINTER_JSON);
	ck_assert_uint_eq(asked.at.router, 0);
	control_reply(control, id, "on", 2);
	control_reply(control, id, "e\n", 2);
	control_reply_end(control, id, &place);
	ck_assert_str_eq(receive(fd), "ok\none\n");
	ck_assert(!ended);
	ck_assert_uint_eq(asked_worker, 0);
	ck_assert_uint_ne(asked_id, id);
	ck_assert_int_eq(memcmp(&asked.at, &place, sizeof(place)), 0);
	control_reply(control, id, "late\n", 5);
	control_reply(control, asked_id, "two\n", 4);
	control_reply_end(control, asked_id, NULL);
	ck_assert_str_eq(receive(fd), "two\n");
	ck_assert_uint_eq(asked_worker, 1);
	ck_assert_uint_eq(asked.at.router, 0);
	control_reply_end(control, asked_id, NULL);
	ck_assert_str_eq(receive(fd), "");
	ck_assert(ended);
	close(fd);
}
END_TEST

START_TEST(control_heading)
{
	int fd = request("show\twhat=routes\tprefix=192.0.2.0/24\tcolour=1\n");
	char text[IP_PREFIX_TEXT_MAX];

	ck_assert_uint_eq(asked.format, PRINTER_COLOUR);
	ck_assert_str_eq(ip_prefix_format(&asked.prefix, text), "192.0.2.0/24");
	ck_assert_int_eq(strncmp(receive(fd), "ok\nROUTER ", 10), 0);
	ck_assert_uint_eq(lines(sbuf_text(&answer)), 2);
	close(fd);
}
END_TEST

/* A reader that is gone is asked for no longer; one that has only said all it has to say is. */
START_TEST(control_reader_leaves)
{
	int fd = request("show\twhat=peers\n"), polite;
	const struct engine_place place = { .router = 1 };

	close(fd);
	turn();
	ck_assert_uint_eq(asked_n, 1);
	control_reply(control, asked_id, "nobody reads this\n", 18);
	control_reply_end(control, asked_id, &place);
	turn();
	ck_assert_uint_eq(asked_n, 1);
	polite = request("show\twhat=peers\n");
	shutdown(polite, SHUT_WR);
	turn();
	control_reply(control, asked_id, "a row\n", 6);
	control_reply_end(control, asked_id, &place);
	ck_assert_ptr_nonnull(strstr(receive(polite), "a row\n"));
	ck_assert_uint_eq(asked_n, 3);
	control_reply_end(control, asked_id, NULL);
	close(polite);
}
END_TEST

/* However many ask, few queries are out, and who does not read gets no second piece. */
START_TEST(control_few_queries)
{
	enum { READERS = 100 };
	const struct engine_place place = { .router = 1 };
	int fd[READERS];
	char *much = calloc(1, 1 << 20);
	unsigned before;

	memset(much, 'x', 1 << 20);
	for (int i = 0; i < READERS; i++)
		fd[i] = request("show\twhat=peers\n");
	before = asked_n;
	ck_assert_uint_gt(before, 0);
	ck_assert_uint_lt(before, 10);
	for (unsigned done = 0; done < READERS; done++) {
		/* what is out is answered, whoever it is for, and each asks once */
		uint32_t id = asked_id - (asked_n - done - 1);

		control_reply(control, id, much, 1 << 20);
		control_reply_end(control, id, &place);
		turn();
	}
	ck_assert_uint_eq(asked_n, READERS);
	receive(fd[7]);
	ck_assert_uint_gt(answer.len, 1 << 20);
	ck_assert_uint_eq(asked_n, READERS + 1);
	for (int i = 0; i < READERS; i++)
		close(fd[i]);
	free(much);
}
END_TEST

/* Behind what the workers say come the routers that are configured and never came. */
START_TEST(control_absent)
{
	int fd = request("show\twhat=routers\tformat=json\n");

	one_is_absent = true;
	control_reply_end(control, asked_id, NULL);
	turn();
	ck_assert_uint_eq(asked_n, 2);
	control_reply_end(control, asked_id, NULL);
	turn();
	receive(fd);
	one_is_absent = false;
	ck_assert_msg(
	    strstr(sbuf_text(&answer),
		"{\"router\":\"never1\",\"state\":\"never-seen\",\"synced\":false,") != NULL,
	    "%s", sbuf_text(&answer));
}
END_TEST

START_TEST(control_sums)
{
	int fd = request("show\twhat=stats\tformat=json\n");
	struct engine_stats one = { .routers = 2, .routes = 40 };
	const char *got;

	for (int w = 0; w < WORKERS; w++) {
		control_reply(control, asked_id, &one, sizeof(one));
		control_reply_end(control, asked_id, NULL);
		turn();
	}
	got = receive(fd);
	ck_assert(ended);
	ck_assert_ptr_nonnull(strstr(got, "{\"collector\":\"here\","));
	ck_assert_ptr_nonnull(strstr(got, "\"sessions\":17,"));
	ck_assert_ptr_nonnull(strstr(got, "\"routers\":4,"));
	ck_assert_ptr_nonnull(strstr(got, "\"routes\":80,"));
	close(fd);
}
END_TEST

HARNESS_MAIN("queries")
{
	TIMEOUT(120);
	FIXTURE(setup, teardown);
	TEST(control_asks_every_worker);
	TEST(control_heading);
	TEST(control_reader_leaves);
	TEST(control_few_queries);
	TEST(control_absent);
	TEST(control_sums);
}
