/* Bytes of a cache into the RTR session, with connects, closes and time between them. */
#include "collector/rpki/rtr_session.h"
#include "tests/fuzz/fuzz.h"

static void
check(struct rtr_session *s)
{
	for (size_t i = 1; i < s->data.n; i++)
		assert(vrp_cmp(&s->data.v[i - 1], &s->data.v[i]) < 0);
	for (size_t i = 0; i < s->data.n; i++)
		assert(vrp_ok(&s->data.v[i]));
	assert(s->has_data || (s->data.n == 0 && s->aspas.n == 0));
	for (size_t i = 1; i < s->aspas.n; i++)
		assert(s->aspas.v[i - 1].customer < s->aspas.v[i].customer ||
		       (s->aspas.v[i - 1].customer == s->aspas.v[i].customer &&
			   s->aspas.v[i - 1].provider < s->aspas.v[i].provider));
	sbuf_clear(&s->out);
	s->want_close = s->want_connect = s->changed = false;
}

/* A length octet, then so many octets of stream; the length's top bits: what happens before. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct rtr_session s;
	int64_t now = 1000000;

	rtr_session_init(&s, "fuzz", 2, now);
	rtr_session_tick(&s, now);
	rtr_session_connected(&s, now);
	check(&s);
	while (size > 0) {
		uint8_t op = data[0];
		size_t n = op & 0x3f;
		uint8_t *exact;

		data++;
		size--;
		if (n > size)
			n = size;
		if (n == 0x3f)
			n = size; /* everything */
		if ((op & 0xc0) == 0x40) {
			now += 700LL * 1000000;
			rtr_session_tick(&s, now);
		} else if ((op & 0xc0) == 0x80) {
			rtr_session_closed(&s, now, "closed");
			now += 30 * 1000000;
			rtr_session_tick(&s, now);
			if (s.state == RTR_CONNECTING)
				rtr_session_connected(&s, now);
		}
		check(&s);
		exact = fuzz_exact(data, n);
		rtr_session_feed(&s, exact, n, now);
		fuzz_exact_free(exact);
		check(&s);
		data += n;
		size -= n;
	}
	rtr_session_fini(&s);
	return 0;
}
