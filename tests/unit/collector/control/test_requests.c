/* What the control socket answers to a request, whatever it is and however it comes. */
#include "tests/unit/support/control_fixture.h"

#define PREFIX_WANTED  "error\tnot a prefix; right would be 192.0.2.0/24 or 2001:db8::/32\n"

#define SECONDS_WANTED "error\tsince is no number of seconds; right would be 3600\n"

#define TARGET_WANTED                                                                              \
	"error\tof what? right would be the id of an incident, or a filter as kind ~ leak\n"
#define FOR_WANTED "error\tfor is from a second to 366 days; right would be 7200\n"
#define FROM_WANTED                                                                                \
	"error\tfrom is a time to come within 366 days; right would be +30m for in half an "       \
	"hour, or nothing for now\n"
#define WHY_WANTED "error\tsay why, in less than 160 octets\n"

static const struct {
	const char *request, *answer;
} answers[] = {
	{ "nothing\n", "error\tunknown request; right would be tail, show, mute, ack, "
		       "unmute, baseline or test-alert\n" },
	{ "\n", "error\tunknown request; right would be tail, show, mute, ack, "
		"unmute, baseline or test-alert\n" },
	{ "show\n", "error\tshow what? routers, peers, incidents, incident, routes, rpki, mutes, "
		    "contacts or "
		    "stats\n" },
	{ "show\twhat=route\n", "error\tshow what? routers, peers, incidents, incident, routes, "
				"rpki, mutes, contacts or stats\n" },
	{ "show\twhat=routes\n", PREFIX_WANTED },
	{ "show\twhat=routes\tprefix=10.0.0.0/33\n", PREFIX_WANTED },
	{ "show\twhat=rpki\tprefix=\n", PREFIX_WANTED },
	{ "show\twhat=rpki\tprefix=192.0.2.0/24\tasn=AS64500\n",
	    "ok\n192.0.2.0/24 AS64500 not-found, RPKI data: no-data\n" },
	{ "show\twhat=rpki\tprefix=192.0.2.0/24\tasn=64500\tformat=json\n",
	    "ok\n{\"prefix\":\"192.0.2.0/24\",\"origin\":64500,\"state\":\"not-found\","
	    "\"rpki_state\":\"no-data\",\"vrps\":[]}\n" },
	{ "show\twhat=rpki\tformat=json\n", "ok\n{\"caches\":1}\n" },
	{ "show\twhat=incidents\tfilter=severity = info\n", "ok\n" },
	{ "show\twhat=incidents\tfilter=severity\n", NULL },
	{ "tail\tfilter=severity\n", NULL },
	{ "tail\tfilter=\033[31m\n",
	    "error\tfilter, column 1: \"?[31m\" is no field; right would "
	    "be severity, kind, router, "
	    "peer, table, as, origin, prefix, view, rov, summary, transition, type, "
	    "reason, id, muted or dry_run\n" },
	{ "tail\tsince=nan\n", SECONDS_WANTED },
	{ "tail\tsince=inf\n", SECONDS_WANTED },
	{ "tail\tsince=-1\n", SECONDS_WANTED },
	{ "tail\tsince=1h\n", SECONDS_WANTED },
	{ "tail\tsince=\n", SECONDS_WANTED },
	{ "tail\tsince=1e308\n", "ok\n" },
	{ "tail\tsince=1e308\tend=1\n", "ok\tend\n\004\n" },
	{ "tail\tafter=x\n",
	    "error\tafter is no number of a record; right would be the seq of the last one\n" },
	{ "tail\tafter=99999999999999999999\n", NULL },
	{ "tail\tn=ten\n", "error\tn is no number of records; right would be 10, or 0 for none\n" },
	{ "tail\tn=-1\n", "error\tn is no number of records; right would be 10, or 0 for none\n" },
	{ "tail\tn=99999999999999999999\n", "ok\n" },
	{ "tail\tcount=x\n",
	    "error\tcount is no number of records; right would be 10, or 0 for any number\n" },
	{ "show\twhat=rpki\tformat=json\tend=1\n", "ok\tend\n{\"caches\":1}\n\004\n" },
	{ "show\twhat=route\tend=1\n", "error\tshow what? routers, peers, incidents, incident, "
				       "routes, rpki, mutes, contacts or stats\n" },
	{ "tail\n", "ok\n" },
	{ "baseline\tdo=show\tformat=json\n", "ok\n{\"prefixes\":4000}\n" },
	{ "baseline\tdo=reset\twho=ann\twhy=migration\n", "ok\nann migration\n" },
	{ "baseline\tdo=reset\twho=ann\twhy=no\n", "error\tann no\n" },
	{ "test-alert\n", "ok\n3 10000000\n" },
	{ "test-alert\tseverity=critical\tfor=1.5\tformat=json\n",
	    "ok\n{\"said\":\"5 1500000\",\"id\":\"0123456789abcdef\"}\n" },
	{ "test-alert\tseverity=info\n", "error\t1 10000000\n" },
	{ "test-alert\tseverity=bad\n",
	    "error\tseverity is info, notice, warning, major or critical\n" },
	{ "test-alert\tfor=0\n", "error\tfor is from 1 to 3600 seconds; right would be 10\n" },
	{ "test-alert\tfor=3601\n", "error\tfor is from 1 to 3600 seconds; right would be 10\n" },
	{ "test-alert\tfor=x\n", "error\tfor is from 1 to 3600 seconds; right would be 10\n" },
	{ "baseline\n", "error\tdo what with the baseline? right would be show or reset\n" },
	{ "show\twhat=case\tid=xyz\n", NULL },
	{ "show\twhat=own\n", "ok\n{\"own_asns\":[64500]}\n" },
	{ "show\twhat=own\tasns=x\n", NULL },
	{ "show\twhat=case\trule=rov\n", NULL },
	{ "show\twhat=norms\tmonth=2026-13\n", "error\tnot a month; right would be 2026-10\n" },
	{ "show\twhat=norms\tmonth=9999-01\n", "error\tthat month has not begun\n" },
	{ "show\twhat=norms\tneighbor=x\n", NULL },
	{ "show\twhat=norms\tneighbor=4294967296\n", NULL },
	{ "show\twhat=sav\n", "error\twhose list? AS64501, or the address of a neighbour\n" },
	{ "show\twhat=sav\ttarget=0\n", NULL },
	{ "show\twhat=sav\ttarget=4294967296\n", NULL },
	{ "show\twhat=sav\ttarget=1\tmethod=urpf\n", "error\tmethod is bar, efp-a or efp-b\n" },
	{ "show\twhat=sav\ttarget=1\texplain=x\n", NULL },
	{ "show\twhat=what-if\n", "error\tfrom one VRP up to 16 at once\n" },
	{ "show\twhat=what-if\tvrps=+192.0.2.0/24-23:1\n",
	    "error\t\"+192.0.2.0/24-23:1\" is no VRP; right would be +203.0.113.0/24-24:64500\n" },
	{ "show\twhat=what-if\tvrps=+192.0.2.0/24-24:1 192.0.2.0/24-24:1\n", NULL },
	{ "show\twhat=what-if\tvrps=+192.0.2.0/24-24:4294967296\n", NULL },
	{ "show\twhat=what-if\tvrps=+192.0.2.1/24-24:1\n", NULL },
	{ "show\twhat=what-if\taspas=64500\n", NULL },
	{ "show\twhat=what-if\taspas=64500:x\n", NULL },
	{ "show\twhat=what-if\taspas=64500:1,4294967296\n", NULL },
	{ "show\twhat=what-if\taspas=1: 2: 3: 4: 5:\n", NULL },
	{ "mute\ttarget=kind ~ leak\tfor=7200\twhy=known\n",
	    "ok\n0|kind ~ leak|7200000000|known\n" },
	{ "mute\ttarget=as 7\tfor=1\twhy=w\tformat=json\n",
	    "ok\n{\"said\":\"0|as 7|1000000|w\"}\n" },
	{ "ack\ttarget=0123456789abcdef0123456789abcdef\twhy=seen\n",
	    "ok\n1|0123456789abcdef0123456789abcdef|0|seen\n" },
	{ "unmute\ttarget=all\twho=ann\n", "ok\nann\n" },
	{ "unmute\ttarget=all\n", "ok\n2|all|0|\n" },
	{ "unmute\ttarget=nothing\n", "error\t2|nothing|0|\n" },
	{ "unmute\n", TARGET_WANTED },
	{ "mute\tfor=1\twhy=w\n", TARGET_WANTED },
	{ "mute\ttarget=as 7\twhy=w\n", FOR_WANTED },
	{ "mute\ttarget=as 7\twhy=w\tfor=0\n", FOR_WANTED },
	{ "mute\ttarget=as 7\twhy=w\tfor=nan\n", FOR_WANTED },
	{ "mute\ttarget=as 7\twhy=w\tfor=1e9\n", FOR_WANTED },
	{ "mute\ttarget=as 7\tfor=1\n", WHY_WANTED },
	{ "mute\ttarget=as 7\twhy=w\tfor=1\tfrom=1700000000\n", FROM_WANTED },
	{ "mute\ttarget=as 7\twhy=w\tfor=1\tfrom=1e11\n", FROM_WANTED },
	{ "mute\ttarget=as 7\twhy=w\tfor=1\tfrom=\n", FROM_WANTED },
	{ "mute\ttarget=as 7\twhy=w\tfor=1\tfrom=soon\n", FROM_WANTED },
	{ "ack\ttarget=as 7\twhy=w\n",
	    "error\tan ack is of one incident; right would be its id, 32 hexadecimal digits\n" },
};

START_TEST(control_answers)
{
	int fd = request(answers[_i].request);
	const char *got = receive_end(fd);

	if (answers[_i].answer != NULL)
		ck_assert_str_eq(got, answers[_i].answer);
	else
		ck_assert_int_eq(strncmp(got, CONTROL_ERROR, strlen(CONTROL_ERROR)), 0);
	close(fd);
}
END_TEST

static const char *
right_value(const char *key)
{
	static const struct {
		const char *key, *value;
	} values[] = {
		{ "filter", "severity = info" },
		{ "prefix", "192.0.2.0/24" },
		{ "asn", "64500" },
		{ "rule", "rov.invalid.asn" },
		{ "asns", "64500 64501" },
		{ "vrps", "+192.0.2.0/24-24:64500" },
		{ "target", "64501" },
		{ "method", "efp-a" },
		{ "id", "00112233445566778899aabbccddeeff" },
	};

	for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++)
		if (strcmp(values[i].key, key) == 0)
			return values[i].value;
	ck_abort_msg("no right value of %s in values[]", key);
	return NULL;
}

/* Every verb with all its arguments: somebody answers it. */
START_TEST(control_every_verb)
{
	const struct show_verb *v = &show_verbs[_i];
	char text[CONTROL_REQUEST_MAX];
	struct txt t = txt_of(text, sizeof(text));
	const char *got;
	int fd;

	ck_assert_msg(v->name != NULL, "verb %d has no name", _i);
	txt_putf(&t, "show\twhat=%s", v->name);
	for (int k = 0; k < SHOW_KEYS_MAX && v->keys[k] != NULL; k++)
		txt_putf(&t, "\t%s=%s", v->keys[k], right_value(v->keys[k]));
	txt_puts(&t, "\n");
	asked_id = 0;
	fd = request(text);
	got = receive(fd);
	ck_assert_msg(
	    strncmp(got, CONTROL_OK, strlen(CONTROL_OK)) == 0, "show %s: %s", v->name, got);
	ck_assert_msg((asked_id != 0) == v->by_workers, "show %s: id %u", v->name, asked_id);
	ck_assert(ended != v->by_workers);
	if (v->by_workers)
		ck_assert_int_eq(asked.what, _i);
	for (unsigned w = 0; v->by_workers && w < (_i == SHOW_SAV ? 2U : 1U) * WORKERS; w++) {
		ck_assert_uint_eq(asked_worker, w % WORKERS); /* a list takes two walks */
		control_reply_end(control, asked_id, NULL);
		receive(fd);
	}
	ck_assert(ended);
	close(fd);
}
END_TEST

/* Any number of them, while the loop goes on. */
START_TEST(control_incidents)
{
	int fd;

	open_incidents = _i == 0 ? 3 : MANY;
	fd = request("show\twhat=incidents\tfilter=severity = critical\n");
	ck_assert_uint_eq(lines(receive_end(fd)), 1 + open_incidents);
	close(fd);
}
END_TEST

/* Whether the line comes at once, octet by octet, or not at all. */
START_TEST(control_request_pieces)
{
	char much[2 * CONTROL_REQUEST_MAX];
	int fd = request("show\twhat=rp");

	ck_assert_str_eq(receive(fd), "");
	ck_assert(!ended);
	ck_assert_int_eq(send(fd, "ki\n", 3, MSG_NOSIGNAL), 3);
	ck_assert_uint_eq(lines(receive(fd)), 2);
	ck_assert(ended);
	close(fd);
	memset(much, 'x', sizeof(much) - 1);
	much[sizeof(much) - 1] = '\0';
	fd = request(much);
	ck_assert_str_eq(receive(fd), "error\trequest too long\n");
	close(fd);
}
END_TEST

HARNESS_MAIN("requests")
{
	TIMEOUT(120);
	FIXTURE(setup, teardown);
	ROWS(control_answers, answers);
	LOOP(control_every_verb, SHOW_VERBS);
	LOOP(control_incidents, 2);
	TEST(control_request_pieces);
}
