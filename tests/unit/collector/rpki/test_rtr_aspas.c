/* ASPAs over RTR version 2 (draft-ietf-sidrops-8210bis): what is in force at End of Data, what is
 * refused, and how a session comes to a version. */
#include "collector/rpki/rtr_session.h"

#include "tests/unit/support/harness.h"
#include "tests/unit/support/rtr_pdus.h"

enum { SESSION = 0x1234, SEEDS = 100 };

static struct rtr_session s;
static struct sbuf in;
static int64_t now;

static void
setup(void)
{
	now = 1000000000;
	in = sbuf_of(1 << 20);
	rtr_session_init(&s, "cache", 2, now);
}

static void
teardown(void)
{
	rtr_session_fini(&s);
	sbuf_free(&in);
}

static void
deliver(void)
{
	uint8_t *exact = exact_copy(sbuf_text(&in), in.len);

	rtr_session_feed(&s, exact, in.len, now);
	free(exact);
	sbuf_clear(&in);
}

static void
come_up(void)
{
	if (s.next_us > now)
		now = s.next_us;
	rtr_session_tick(&s, now);
	ck_assert_int_eq(s.state, RTR_CONNECTING);
	rtr_session_connected(&s, now);
}

/* What the session sent last, which is taken: version and type, or the code of an error. */
static void
expect(uint8_t version, uint8_t type, uint16_t code)
{
	const uint8_t *p = (const uint8_t *)sbuf_text(&s.out);

	ck_assert_uint_ge(s.out.len, 8);
	ck_assert_uint_eq(p[0], version);
	ck_assert_uint_eq(p[1], type);
	if (type == RTR_ERROR_REPORT)
		ck_assert_uint_eq(p[2] << 8 | p[3], code);
	sbuf_clear(&s.out);
}

static void
end(uint32_t serial)
{
	pdu_end(&in, 2, SESSION, serial, 100, 50, 1000);
	deliver();
}

static const char *
aspas_now(void)
{
	static char text[400];

	text[0] = '\0';
	for (size_t i = 0; i < s.aspas.n; i++)
		snprintf(text + strlen(text), sizeof(text) - strlen(text), "%u:%u ",
		    s.aspas.v[i].customer, s.aspas.v[i].provider);
	return text;
}

static void
say(uint32_t customer, uint32_t a, uint32_t b)
{
	const uint32_t providers[] = { a, b };

	pdu_aspa(&in, customer, providers, b != 0 ? 2 : 1);
}

static void
withdraw(uint32_t customer)
{
	pdu_aspa(&in, customer, NULL, 0);
}

static void
synced(void)
{
	come_up();
	expect(2, RTR_RESET_QUERY, 0);
	pdu_response(&in, 2, SESSION);
	say(7, 0, 0);
	say(5, 8, 9);
	deliver();
	ck_assert_str_eq(aspas_now(), ""); /* not before its end */
	end(1);
	ck_assert_int_eq(s.state, RTR_SYNCED);
	ck_assert(s.changed && s.version == 2);
	ck_assert_str_eq(aspas_now(), "5:8 5:9 7:0 ");
	s.changed = false;
}

static void
refresh(void)
{
	now = s.next_us;
	rtr_session_tick(&s, now);
	expect(2, RTR_SERIAL_QUERY, 0);
	pdu_response(&in, 2, SESSION);
}

START_TEST(announced_replaces)
{
	synced();
	refresh();
	say(5, 9, 10);
	say(6, 1, 0);
	withdraw(7);
	end(2);
	ck_assert_str_eq(aspas_now(), "5:9 5:10 6:1 ");
	ck_assert(s.changed);
	s.changed = false;
	refresh();
	withdraw(6);
	say(6, 2, 0);
	say(5, 1, 0);
	say(5, 9, 10); /* the last counts */
	end(3);
	ck_assert_str_eq(aspas_now(), "5:9 5:10 6:2 ");
	refresh();
	s.changed = false;
	end(4);
	ck_assert(!s.changed);
}
END_TEST

/* Cache and router are not at the same place: everything anew. */
START_TEST(withdrawn_but_not_there)
{
	synced();
	refresh();
	withdraw(6);
	say(5, 1, 0);
	end(2);
	ck_assert_str_eq(aspas_now(), "5:8 5:9 7:0 ");
	expect(2, RTR_RESET_QUERY, 0);
	ck_assert_uint_eq(s.counters.misfits, 1);
	pdu_response(&in, 2, SESSION);
	say(5, 1, 0);
	end(2);
	ck_assert_str_eq(aspas_now(), "5:1 ");
}
END_TEST

/* What the draft forbids of a list costs the session, not the data. */
START_TEST(wrong_lists)
{
	static const uint32_t lists[][2] = { { 9, 8 }, { 9, 9 }, { 0, 9 } };

	synced();
	refresh();
	pdu_aspa(&in, 6, lists[_i], 2);
	deliver();
	expect(2, RTR_ERROR_REPORT, RTR_ERR_PROVIDERS);
	ck_assert(s.want_close && s.broken && s.state == RTR_IDLE);
	ck_assert_str_eq(aspas_now(), "5:8 5:9 7:0 ");
	come_up();
	expect(2, RTR_RESET_QUERY, 0); /* it has answered in this version */
}
END_TEST

/* Whatever a cache calls a version that it has never heard of. */
START_TEST(down_one_by_one)
{
	static const uint16_t codes[] = { RTR_ERR_UNSUPPORTED_VERSION, RTR_ERR_CORRUPT_DATA,
		RTR_ERR_INVALID_REQUEST, RTR_ERR_UNSUPPORTED_PDU, RTR_ERR_UNEXPECTED_VERSION };

	come_up();
	expect(2, RTR_RESET_QUERY, 0);
	pdu_error(&in, 1, codes[_i], "no");
	deliver();
	ck_assert(s.want_close && s.version == 1 && !s.broken);
	ck_assert_int_le(s.next_us, now);
	s.want_close = false;
	come_up();
	expect(1, RTR_RESET_QUERY, 0);
	rtr_session_closed(&s, now, "end of file");
	come_up();
	expect(0, RTR_RESET_QUERY, 0);
	pdu_response(&in, 0, SESSION);
	pdu_end(&in, 0, SESSION, 1, 0, 0, 0);
	deliver();
	ck_assert(s.state == RTR_SYNCED && s.version == 0);
}
END_TEST

START_TEST(down_by_the_answer)
{
	come_up();
	pdu_notify(&in, 1, 9, 9);
	pdu_response(&in, 1, SESSION);
	deliver();
	ck_assert(s.version == 1 && s.state == RTR_RECEIVING);
	withdraw(5); /* of version 2: not in this session */
	deliver();
	ck_assert(s.want_close && s.broken);
}
END_TEST

/* StayRTR 0.5: each family by itself. */
START_TEST(as_old_drafts_have_it)
{
	static const uint32_t v4[] = { 9, 8 }, v6[] = { 7, 8 };

	come_up();
	sbuf_clear(&s.out);
	pdu_response(&in, 2, SESSION);
	pdu_aspa_of_family(&in, 0, 5, v4, 2);
	pdu_aspa_of_family(&in, 1, 5, v6, 2);
	pdu_aspa_of_family(&in, 0, 6, v4, 1);
	end(1);
	ck_assert_int_eq(s.state, RTR_SYNCED);
	ck_assert_str_eq(aspas_now(), "5:7 5:8 5:9 6:9 ");
	refresh();
	pdu_aspa_of_family(&in, 0, 5, NULL, 0); /* of which family nobody knows later */
	end(2);
	expect(2, RTR_RESET_QUERY, 0);
	pdu_response(&in, 2, SESSION);
	pdu_aspa_of_family(&in, 1, 5, v6, 2);
	end(2);
	ck_assert_str_eq(aspas_now(), "5:7 5:8 ");
}
END_TEST

START_TEST(down_by_silence)
{
	for (int version = 2; version >= 0; version--) {
		come_up();
		expect((uint8_t)version, RTR_RESET_QUERY, 0);
		now = s.next_us;
		rtr_session_tick(&s, now);
		ck_assert(s.want_close && s.state == RTR_IDLE);
		s.want_close = false;
	}
	come_up();
	expect(2, RTR_RESET_QUERY, 0); /* it was not the version */
}
END_TEST

/* It was an old program; the new one is asked for the highest version, after a while. */
START_TEST(up_again)
{
	synced();
	rtr_session_closed(&s, now, "end of file");
	come_up();
	expect(2, RTR_SERIAL_QUERY, 0);
	pdu_error(&in, 1, RTR_ERR_UNSUPPORTED_VERSION, "no"); /* another program */
	deliver();
	come_up();
	expect(1, RTR_RESET_QUERY, 0);
	pdu_response(&in, 1, SESSION);
	pdu_end(&in, 1, SESSION, 1, 100, 50, 1000);
	deliver();
	ck_assert(s.state == RTR_SYNCED && s.aspas.n == 0 && s.changed);
	rtr_session_closed(&s, now, "end of file");
	come_up();
	expect(1, RTR_SERIAL_QUERY, 0);
	pdu_response(&in, 1, SESSION);
	pdu_end(&in, 1, SESSION, 1, 100, 50, 1000);
	deliver();
	now += 3601LL * 1000000;
	rtr_session_closed(&s, now, "end of file");
	come_up();
	expect(2, RTR_RESET_QUERY, 0);
}
END_TEST

/* A cache that says that it goes or restarts is not broken, and soon asked again. */
START_TEST(it_says_that_it_goes)
{
	synced();
	pdu_error(&in, 2, _i == 0 ? RTR_ERR_CACHE_RESTART : RTR_ERR_CACHE_SHUTDOWN, "bye");
	deliver();
	ck_assert(s.want_close && !s.broken && s.state == RTR_IDLE && s.version == 2);
	ck_assert_str_eq(aspas_now(), "5:8 5:9 7:0 ");
}
END_TEST

/* --- a random cache, whose model is an array */

enum { CUSTOMERS = 12 };

START_TEST(random_cache)
{
	uint32_t model[CUSTOMERS] = { 0 }, before[CUSTOMERS]; /* bit per provider; 0: no ASPA */
	uint64_t rng = seed_of(_i);

	come_up();
	pdu_response(&in, 2, SESSION);
	end(0);
	s.changed = false;
	for (uint32_t serial = 1; serial < 40; serial++) {
		char want[600] = "";

		sbuf_clear(&s.out);
		refresh();
		memcpy(before, model, sizeof(model));
		for (unsigned k = rnd(&rng) % 8; k > 0; k--) {
			uint32_t c = rnd(&rng) % CUSTOMERS, list[4], n = 0;

			if (model[c] != 0 && rnd(&rng) % 3 == 0) {
				model[c] = 0;
				withdraw(c + 1);
				continue;
			}
			model[c] = 1 + rnd(&rng) % 15;
			for (uint32_t p = 0; p < 4; p++)
				if (model[c] >> p & 1)
					list[n++] = p + 100;
			pdu_aspa(&in, c + 1, list, n);
		}
		end(serial);
		for (uint32_t c = 0; c < CUSTOMERS; c++)
			for (uint32_t p = 0; p < 4; p++)
				if (model[c] >> p & 1)
					sprintf(want + strlen(want), "%u:%u ", c + 1, p + 100);
		ck_assert_str_eq(aspas_now(), want);
		ck_assert_int_eq(s.changed, memcmp(before, model, sizeof(model)) != 0);
		s.changed = false;
	}
}
END_TEST

HARNESS_MAIN("rtr_aspas")
{
	FIXTURE(setup, teardown);
	TEST(announced_replaces);
	TEST(withdrawn_but_not_there);
	LOOP(wrong_lists, 3);
	LOOP(down_one_by_one, 5);
	TEST(down_by_the_answer);
	TEST(as_old_drafts_have_it);
	TEST(down_by_silence);
	TEST(up_again);
	LOOP(it_says_that_it_goes, 2);
	LOOP(random_cache, SEEDS);
}
