#include "collector/rpki/rtr_session.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* RFC 8210 section 6 */
enum {
	REFRESH_MIN = 1,
	REFRESH_MAX = 86400,
	REFRESH = 3600,
	RETRY_MIN = 1,
	RETRY_MAX = 7200,
	RETRY = 600,
	EXPIRE_MIN = 600,
	EXPIRE_MAX = 172800,
	EXPIRE = 7200,
	FIRST_RETRY_S = 1,
	ANSWER_S = 60, /* a cache that does not answer a query */
	VRPS_MAX = 10000000,
	OUT_MAX = 65536,
	IN_MAX = 2 * RTR_PDU_MAX,
};

static int64_t
seconds(uint32_t s)
{
	return (int64_t)s * 1000000;
}

static uint32_t
clamp(uint32_t v, uint32_t min, uint32_t max)
{
	return v < min ? min : v > max ? max : v;
}

void
rtr_session_init(struct rtr_session *s, const char *name, uint8_t version_max, int64_t now_us)
{
	memset(s, 0, sizeof(*s));
	snprintf(s->name, sizeof(s->name), "%s", name);
	s->version = s->version_max = version_max;
	s->refresh_s = REFRESH;
	s->retry_s = RETRY;
	s->expire_s = EXPIRE;
	s->out = sbuf_of(OUT_MAX);
	s->in = sbuf_of(IN_MAX);
	s->next_us = now_us;
}

void
rtr_session_fini(struct rtr_session *s)
{
	vrp_list_free(&s->data);
	rtr_pending_free(&s->pending);
	sbuf_free(&s->out);
	sbuf_free(&s->in);
}

/* --- leaving */

/* Forget the data of this cache. */
static void
flush_data(struct rtr_session *s)
{
	if (s->has_data && s->data.n > 0)
		s->changed = true;
	vrp_list_free(&s->data);
	s->has_data = s->has_session = false;
	s->synced_us = 0;
}

static void
go_idle(struct rtr_session *s, int64_t now_us)
{
	/* soon at first, then less and less often: a cache that restarts is not missed for long */
	uint32_t wait = (uint32_t)FIRST_RETRY_S << (s->backoff < 12 ? s->backoff : 12);

	if (wait > s->retry_s)
		wait = s->retry_s;
	s->backoff++;
	s->state = RTR_IDLE;
	s->negotiated = false;
	rtr_pending_free(&s->pending);
	sbuf_clear(&s->in);
	s->next_us = now_us + seconds(wait);
}

static void set_error(struct rtr_session *s, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));
static void
set_error(struct rtr_session *s, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(s->last_error, sizeof(s->last_error), fmt, ap);
	va_end(ap);
}

/* Report the error to the cache and close. A fatal error drops the data, too (RFC 8210 12). */
static void
fail(struct rtr_session *s, uint16_t code, const uint8_t *pdu, size_t len, const char *text,
    int64_t now_us)
{
	uint8_t buf[512];
	size_t n =
	    rtr_write_error(buf, sizeof(buf), s->version, code, pdu, len < 256 ? len : 256, text);

	sbuf_add(&s->out, buf, n);
	s->counters.errors_sent++;
	set_error(s, "%s: %s", rtr_error_name(code), text);
	flush_data(s);
	s->want_close = true;
	go_idle(s, now_us);
}

/* --- asking */

static void
ask(struct rtr_session *s, int64_t now_us)
{
	uint8_t buf[12];

	if (s->has_session)
		sbuf_add(&s->out, buf,
		    rtr_write_serial_query(buf, s->version, s->session_id, s->serial));
	else
		sbuf_add(&s->out, buf, rtr_write_reset_query(buf, s->version));
	s->state = RTR_SYNC;
	s->full = !s->has_session;
	s->notified = false;
	rtr_pending_free(&s->pending);
	s->next_us = now_us + seconds(ANSWER_S);
}

void
rtr_session_connected(struct rtr_session *s, int64_t now_us)
{
	s->counters.connects++;
	sbuf_clear(&s->in);
	ask(s, now_us);
}

/* A cache that cannot speak this version: one lower, at once (RFC 8210 section 7). */
static bool
downgrade(struct rtr_session *s, int64_t now_us)
{
	if (s->negotiated || s->version == 0)
		return false;
	s->version--;
	s->has_session = false; /* session ids belong to a version */
	s->counters.downgrades++;
	s->want_close = true;
	go_idle(s, now_us);
	s->next_us = now_us;
	return true;
}

/* --- payload */

static void
apply_prefix(
    struct rtr_session *s, const struct rtr_pdu *p, const uint8_t *pdu, size_t len, int64_t now_us)
{
	struct vrp v;

	memset(&v, 0, sizeof(v));
	v.prefix = p->prefix.ip;
	v.max_len = p->prefix.max_len;
	v.asn = p->prefix.asn;
	if (p->prefix.host_bits)
		fail(s, RTR_ERR_CORRUPT_DATA, pdu, len, "host bits are set", now_us);
	else if (s->pending.n >= VRPS_MAX || !rtr_pending_add(&s->pending, &v, p->prefix.announce))
		fail(s, RTR_ERR_INTERNAL, pdu, len, "too many records", now_us);
}

static bool
same(const struct vrp_list *a, const struct vrp_list *b)
{
	bool equal = a->n == b->n;

	for (size_t i = 0; equal && i < a->n; i++)
		equal = vrp_cmp(&a->v[i], &b->v[i]) == 0;
	return equal;
}

/* Send an Error Report about a record, with its PDU, which is rebuilt. */
static void
fail_record(struct rtr_session *s, enum rtr_outcome outcome, const struct vrp *v, int64_t now_us)
{
	struct rtr_pdu p = { .version = s->version };
	uint8_t pdu[32];
	size_t len;

	p.prefix.announce = outcome == RTR_TWICE;
	p.prefix.ip = v->prefix;
	p.prefix.max_len = v->max_len;
	p.prefix.asn = v->asn;
	len = rtr_write_prefix(pdu, &p);
	if (outcome == RTR_TWICE)
		fail(s, RTR_ERR_DUPLICATE, pdu, len, "announcement of a known record", now_us);
	else
		fail(s, RTR_ERR_UNKNOWN_WITHDRAWAL, pdu, len, "withdrawal of an unknown record",
		    now_us);
}

/* Put everything into force at once: an incomplete answer is never used. */
static bool
apply(struct rtr_session *s, int64_t now_us)
{
	struct vrp_list next;
	struct vrp bad;
	enum rtr_outcome outcome =
	    rtr_pending_apply(&s->pending, s->full ? NULL : &s->data, &next, &bad);

	if (outcome == RTR_APPLIED && next.n > VRPS_MAX) {
		vrp_list_free(&next);
		outcome = RTR_NO_MEMORY;
	}
	if (outcome == RTR_NO_MEMORY) {
		fail(s, RTR_ERR_INTERNAL, NULL, 0, "too many records", now_us);
		return false;
	}
	if (outcome != RTR_APPLIED) {
		fail_record(s, outcome, &bad, now_us);
		return false;
	}
	s->changed |= !same(&next, &s->data);
	vrp_list_free(&s->data);
	s->data = next;
	rtr_pending_free(&s->pending);
	return true;
}

/* Into range, and data may not lapse between two polls: expire exceeds the others (RFC 8210 6). */
static void
apply_timers(struct rtr_session *s, const struct rtr_pdu *p)
{
	s->refresh_s = clamp(p->end_of_data.refresh_s, REFRESH_MIN, REFRESH_MAX);
	s->retry_s = clamp(p->end_of_data.retry_s, RETRY_MIN, RETRY_MAX);
	s->expire_s = clamp(p->end_of_data.expire_s, EXPIRE_MIN, EXPIRE_MAX);
	if (s->refresh_s >= s->expire_s)
		s->refresh_s = s->expire_s / 2;
	if (s->retry_s >= s->expire_s)
		s->retry_s = s->expire_s / 4;
}

static void
apply_end_of_data(
    struct rtr_session *s, const struct rtr_pdu *p, const uint8_t *pdu, size_t len, int64_t now_us)
{
	bool first = !s->has_data;

	if (p->session_id != s->session_id) {
		fail(s, RTR_ERR_CORRUPT_DATA, pdu, len, "End of Data of another session", now_us);
		return;
	}
	if (!apply(s, now_us))
		return;
	s->has_data = s->has_session = true;
	s->changed |= first;
	s->serial = p->end_of_data.serial;
	if (p->end_of_data.has_timers)
		apply_timers(s, p);
	s->synced_us = now_us;
	s->state = RTR_SYNCED;
	s->backoff = 0;
	s->last_error[0] = '\0';
	s->counters.end_of_data++;
	s->next_us = now_us + seconds(s->refresh_s);
	if (s->notified)
		ask(s, now_us);
}

/* --- PDUs */

static void
apply_cache_response(
    struct rtr_session *s, const struct rtr_pdu *p, const uint8_t *pdu, size_t len, int64_t now_us)
{
	if (s->state != RTR_SYNC) {
		fail(s, RTR_ERR_CORRUPT_DATA, pdu, len, "Cache Response to nothing", now_us);
		return;
	}
	if (!s->full && p->session_id != s->session_id) {
		/* the cache has started anew: what it said before is of no use (RFC 8210 5.5) */
		fail(s, RTR_ERR_CORRUPT_DATA, pdu, len, "session id changed", now_us);
		s->next_us = now_us;
		return;
	}
	s->session_id = p->session_id;
	s->negotiated = true;
	s->state = RTR_RECEIVING;
	s->next_us = now_us + seconds(ANSWER_S);
}

static void
apply_error(struct rtr_session *s, const struct rtr_pdu *p, int64_t now_us)
{
	s->counters.errors_received++;
	set_error(s, "cache says %s: %.*s", rtr_error_name(p->session_id),
	    (int)(cur_left(&p->error.text) < 80 ? cur_left(&p->error.text) : 80),
	    (const char *)p->error.text.pos);
	if (p->session_id == RTR_ERR_UNSUPPORTED_VERSION && downgrade(s, now_us))
		return;
	s->want_close = true;
	if (p->session_id == RTR_ERR_NO_DATA) { /* not fatal: data stays until it expires */
		s->has_session = false;
		go_idle(s, now_us);
		s->next_us = now_us + seconds(s->has_data ? s->retry_s : clamp(s->retry_s, 1, 30));
		return;
	}
	/* Nor is an objection to a Serial Query: a cache that has started anew may say "corrupt
	 * data" of our session id where it should say Cache Reset (StayRTR does). The data was
	 * good; a Reset Query follows. */
	if (s->state == RTR_SYNC && !s->full) {
		s->has_session = false;
		go_idle(s, now_us);
		s->next_us = now_us + seconds(1);
		return;
	}
	flush_data(s);
	go_idle(s, now_us);
}

static void
apply_notify(
    struct rtr_session *s, const struct rtr_pdu *p, const uint8_t *pdu, size_t len, int64_t now_us)
{
	if (!s->negotiated)
		return; /* RFC 8210 section 7 */
	s->counters.serial_notifies++;
	if (p->session_id != s->session_id)
		fail(s, RTR_ERR_CORRUPT_DATA, pdu, len, "Serial Notify of another session", now_us);
	else if (s->state != RTR_SYNCED)
		s->notified = true;
	else if (p->serial != s->serial)
		ask(s, now_us);
}

static bool
version_ok(
    struct rtr_session *s, const struct rtr_pdu *p, const uint8_t *pdu, size_t len, int64_t now_us)
{
	if (p->version == s->version || p->type == RTR_ERROR_REPORT)
		return true;
	if (!s->negotiated && p->version < s->version) { /* it answers in the version it can */
		if (p->type == RTR_CACHE_RESPONSE && s->full) {
			s->version = p->version;
			s->counters.downgrades++;
			return true;
		}
		if (p->type == RTR_SERIAL_NOTIFY)
			return true;
	}
	fail(s, RTR_ERR_UNEXPECTED_VERSION, pdu, len, "version changed", now_us);
	return false;
}

static void
apply_pdu(struct rtr_session *s, const uint8_t *pdu, size_t len, int64_t now_us)
{
	struct faults f = { .n = 0 };
	struct rtr_pdu p;

	s->counters.pdus++;
	if (!rtr_parse(pdu, len, &p, &f)) {
		if (pdu[1] == RTR_ERROR_REPORT) { /* never answer one with one */
			set_error(s, "malformed Error Report");
			flush_data(s);
			s->want_close = true;
			go_idle(s, now_us);
			return;
		}
		fail(s, rtr_error_for(f.v[0].code), pdu, len,
		    fault_text((enum fault_code)f.v[0].code), now_us);
		return;
	}
	if (!version_ok(s, &p, pdu, len, now_us))
		return;
	switch (p.type) {
	case RTR_SERIAL_NOTIFY:
		apply_notify(s, &p, pdu, len, now_us);
		break;
	case RTR_CACHE_RESPONSE:
		apply_cache_response(s, &p, pdu, len, now_us);
		break;
	case RTR_CACHE_RESET:
		s->counters.cache_resets++;
		s->has_session = false;
		ask(s, now_us);
		break;
	case RTR_ERROR_REPORT:
		apply_error(s, &p, now_us);
		break;
	case RTR_IPV4_PREFIX:
	case RTR_IPV6_PREFIX:
	case RTR_END_OF_DATA:
	case RTR_ROUTER_KEY:
		if (s->state != RTR_RECEIVING)
			fail(s, RTR_ERR_CORRUPT_DATA, pdu, len, "payload outside of an answer",
			    now_us);
		else if (p.type == RTR_END_OF_DATA)
			apply_end_of_data(s, &p, pdu, len, now_us);
		else if (p.type !=
			 RTR_ROUTER_KEY) /* BGPsec keys are of no use to a monitor of origins */
			apply_prefix(s, &p, pdu, len, now_us);
		break;
	default:
		fail(s, RTR_ERR_INVALID_REQUEST, pdu, len, "a cache does not send this", now_us);
	}
}

/* The whole PDUs of the input buffer. */
static void
apply_pdus(struct rtr_session *s, int64_t now_us)
{
	size_t at = 0;

	while (s->state != RTR_IDLE) {
		const uint8_t *pdu = (const uint8_t *)sbuf_text(&s->in) + at;
		struct faults f = { .n = 0 };
		int64_t n = rtr_frame(pdu, s->in.len - at, &f);

		if (n < 0) {
			fail(s, RTR_ERR_CORRUPT_DATA, pdu, RTR_HEADER_LEN, "length out of range",
			    now_us);
			return;
		}
		if (n == 0 || (size_t)n > s->in.len - at)
			break;
		apply_pdu(s, pdu, (size_t)n, now_us);
		at += (size_t)n;
		if (s->state == RTR_RECEIVING)
			s->next_us = now_us + seconds(ANSWER_S);
	}
	if (s->state != RTR_IDLE)
		sbuf_drop(&s->in, at);
}

void
rtr_session_feed(struct rtr_session *s, const uint8_t *buf, size_t len, int64_t now_us)
{
	if (s->state == RTR_CONNECTING)
		return;
	while (len > 0 && s->state != RTR_IDLE) {
		/* what is left of the last slice is less than a PDU, so this always fits */
		size_t n = len < RTR_PDU_MAX ? len : RTR_PDU_MAX;

		sbuf_add(&s->in, buf, n);
		if (s->in.failed) {
			fail(s, RTR_ERR_INTERNAL, NULL, 0, "out of memory", now_us);
			return;
		}
		apply_pdus(s, now_us);
		buf += n;
		len -= n;
	}
}

void
rtr_session_closed(struct rtr_session *s, int64_t now_us, const char *why)
{
	if (s->state == RTR_IDLE)
		return;
	/* closed right after our first query: it may not know our version; one that has answered in
	 * it before is only restarting */
	if (s->state == RTR_SYNC && !s->negotiated && !s->has_session && s->version > 0) {
		set_error(s, "closed before an answer, trying version %u", s->version - 1U);
		downgrade(s, now_us);
		s->want_close = false;
		return;
	}
	/* not answered in any version: start over with the highest */
	if (!s->negotiated && !s->has_session)
		s->version = s->version_max;
	set_error(s, "%s", why);
	go_idle(s, now_us);
}

void
rtr_session_tick(struct rtr_session *s, int64_t now_us)
{
	if (s->has_data && now_us - s->synced_us > seconds(s->expire_s)) {
		s->counters.expiries++;
		set_error(s, "data older than %u s dropped", s->expire_s);
		flush_data(s);
	}
	if (s->next_us == 0 || now_us < s->next_us)
		return;
	switch (s->state) {
	case RTR_IDLE:
		s->state = RTR_CONNECTING;
		s->want_connect = true;
		s->next_us = 0;
		break;
	case RTR_SYNCED:
		ask(s, now_us);
		break;
	case RTR_SYNC:
	case RTR_RECEIVING:
		set_error(s, "no answer within %d s", ANSWER_S);
		s->want_close = true;
		go_idle(s, now_us);
		break;
	default:
		break;
	}
}

const char *
rtr_state_name(enum rtr_state state)
{
	static const char *const names[] = { "idle", "connecting", "asking", "receiving",
		"synced" };

	return (unsigned)state < sizeof(names) / sizeof(names[0]) ? names[state] : "unknown";
}
