#include "collector/rpki/rtr_session.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/pure/text.h"

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
	CLOSES_MAX = 3,
	TRY_HIGHER_S = 3600, /* after that a cache may have learnt a higher version */
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
	aspa_list_free(&s->aspas);
	rtr_pending_free(&s->pending);
	rtr_aspas_free(&s->pending_aspas);
	sbuf_free(&s->out);
	sbuf_free(&s->in);
}

/* --- leaving */

static void
drop_pending(struct rtr_session *s)
{
	rtr_pending_free(&s->pending);
	rtr_aspas_free(&s->pending_aspas);
	s->pending_rejected = 0;
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
	s->negotiated = s->in_step = false;
	drop_pending(s);
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

/* What the cache sends is of no use: from the start, the next time. The data stays. */
static void
leave_broken(struct rtr_session *s, int64_t now_us)
{
	s->broken = true;
	s->has_session = false;
	s->want_close = true;
	go_idle(s, now_us);
}

/* Report the error to the cache and close. */
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
	leave_broken(s, now_us);
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
	drop_pending(s);
	s->next_us = now_us + seconds(ANSWER_S);
}

static void
ask_for_all(struct rtr_session *s, int64_t now_us)
{
	s->has_session = false;
	ask(s, now_us);
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
	s->answered = false;
	s->counters.downgrades++;
	s->lowered_us = now_us;
	s->want_close = true;
	go_idle(s, now_us);
	s->next_us = now_us;
	return true;
}

/* --- payload */

/* A record that cannot be used costs itself. */
static void __attribute__((format(printf, 2, 3)))
reject(struct rtr_session *s, const char *fmt, ...)
{
	va_list ap;

	if (s->pending_rejected++ > 0)
		return;
	va_start(ap, fmt);
	vsnprintf(s->first_rejected, sizeof(s->first_rejected), fmt, ap);
	va_end(ap);
}

static void
apply_prefix(
    struct rtr_session *s, const struct rtr_pdu *p, const uint8_t *pdu, size_t len, int64_t now_us)
{
	char text[IP_PREFIX_TEXT_MAX];
	struct vrp v;

	memset(&v, 0, sizeof(v));
	v.prefix = p->prefix.ip;
	v.max_len = p->prefix.max_len;
	v.asn = p->prefix.asn;
	if (p->prefix.host_bits)
		reject(s, "%s AS%u: host bits are set", ip_prefix_format(&v.prefix, text), v.asn);
	else if (s->pending.n >= VRPS_MAX || !rtr_pending_add(&s->pending, &v, p->prefix.announce))
		fail(s, RTR_ERR_INTERNAL, pdu, len, "too many records", now_us);
}

static void
apply_aspa(
    struct rtr_session *s, const struct rtr_pdu *p, const uint8_t *pdu, size_t len, int64_t now_us)
{
	if (!rtr_aspas_add(&s->pending_aspas, p->aspa.customer, p->aspa.providers,
		p->aspa.of_family, VRPS_MAX))
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

/* More than one, and more than a tenth: then it is not a record that is wrong. */
static bool
too_many_rejected(const struct rtr_session *s)
{
	return s->pending_rejected > 1 &&
	       s->pending_rejected > (s->pending.n + s->pending_aspas.n + s->pending_rejected) / 10;
}

/* What it would be; what does not fit is counted and noted. false: out of memory. */
static bool
gather(struct rtr_session *s, struct vrp_list *next, struct aspa_list *aspas, size_t *misfits)
{
	char text[IP_PREFIX_TEXT_MAX];
	struct rtr_misfits vrps;
	uint32_t customer = 0;

	if (!rtr_pending_apply(&s->pending, s->full ? NULL : &s->data, next, &vrps))
		return false;
	if (!rtr_aspas_apply(
		&s->pending_aspas, s->full ? NULL : &s->aspas, aspas, misfits, &customer)) {
		vrp_list_free(next);
		return false;
	}
	if (vrps.n > 0)
		reject(s, "%s AS%u: %s", ip_prefix_format(&vrps.first.prefix, text), vrps.first.asn,
		    vrps.first_announced ? "announced twice" : "withdrawn, but not there");
	else if (*misfits > 0)
		reject(s, "ASPA of AS%u: withdrawn, but not there", customer);
	*misfits += vrps.n;
	s->counters.misfits += *misfits;
	if (*misfits > 0)
		s->pending_rejected += *misfits - 1;
	return true;
}

/*
 * Put everything into force at once: an incomplete answer is never used. What does not fit to a
 * delta shows that cache and router are not at the same place: everything anew, on this connection.
 * In a full answer it says no more than it did already.
 */
static bool
apply(struct rtr_session *s, int64_t now_us)
{
	struct aspa_list aspas;
	struct vrp_list next;
	size_t misfits;

	if (s->pending_aspas.of_family && !s->full) {
		ask_for_all(s, now_us);
		return false;
	}
	if (!gather(s, &next, &aspas, &misfits)) {
		fail(s, RTR_ERR_INTERNAL, NULL, 0, "out of memory", now_us);
		return false;
	}
	if (next.n > VRPS_MAX || too_many_rejected(s)) {
		char why[RTR_ERROR_TEXT_MAX];

		snprintf(why, sizeof(why), "%zu records cannot be used, %.100s",
		    s->pending_rejected, s->first_rejected);
		fail(s, RTR_ERR_CORRUPT_DATA, NULL, 0, next.n > VRPS_MAX ? "too many records" : why,
		    now_us);
		vrp_list_free(&next);
		aspa_list_free(&aspas);
		return false;
	}
	if (misfits > 0 && !s->full) {
		set_error(s, "asked for everything again: %.120s", s->first_rejected);
		vrp_list_free(&next);
		aspa_list_free(&aspas);
		ask_for_all(s, now_us);
		return false;
	}
	s->changed |= !same(&next, &s->data) || !aspa_list_same(&aspas, &s->aspas);
	vrp_list_free(&s->data);
	aspa_list_free(&s->aspas);
	s->data = next;
	s->aspas = aspas;
	s->rejected = s->pending_rejected;
	drop_pending(s);
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
	s->has_data = s->has_session = s->in_step = true;
	s->expired = s->broken = false;
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
		/* the cache has started anew, and should have said Cache Reset: no fault to tell of
		 */
		fail(s, RTR_ERR_CORRUPT_DATA, pdu, len, "session id changed", now_us);
		s->broken = false;
		s->next_us = now_us;
		return;
	}
	s->session_id = p->session_id;
	s->negotiated = s->answered = true;
	s->closes = 0;
	s->state = RTR_RECEIVING;
	s->next_us = now_us + seconds(ANSWER_S);
}

static void
apply_error(struct rtr_session *s, const struct rtr_pdu *p, int64_t now_us)
{
	char text[256];
	struct txt t = txt_of(text, sizeof(text));

	s->counters.errors_received++;
	txt_string(&t, p->error.text);
	set_error(s, "cache says %s: %.80s", rtr_error_name(p->session_id), text);
	if (p->session_id == RTR_ERR_UNSUPPORTED_VERSION && downgrade(s, now_us))
		return;
	/* who has never heard of our version may call it whatever */
	if (p->session_id != RTR_ERR_NO_DATA && p->session_id < RTR_ERR_CACHE_RESTART &&
	    p->session_id != RTR_ERR_INTERNAL && s->state == RTR_SYNC && s->full && !s->answered &&
	    downgrade(s, now_us))
		return;
	if (p->session_id == RTR_ERR_NO_DATA || p->session_id == RTR_ERR_CACHE_RESTART ||
	    p->session_id == RTR_ERR_CACHE_SHUTDOWN) {
		s->want_close = true;
		s->has_session = false;
		go_idle(s, now_us);
		s->next_us = now_us + seconds(s->has_data ? s->retry_s : clamp(s->retry_s, 1, 30));
		return;
	}
	/* A cache that has started anew may say "corrupt data" of our session id where it should
	 * say Cache Reset (StayRTR does): that is no fault, and a Reset Query follows soon. */
	if (s->state == RTR_SYNC && !s->full) {
		s->want_close = true;
		s->has_session = false;
		go_idle(s, now_us);
		s->next_us = now_us + seconds(1);
		return;
	}
	leave_broken(s, now_us);
}

static void
apply_notify(struct rtr_session *s, const struct rtr_pdu *p, int64_t now_us)
{
	if (!s->negotiated)
		return; /* RFC 8210 section 7 */
	s->counters.serial_notifies++;
	if (s->state != RTR_SYNCED)
		s->notified = true;
	else if (p->session_id != s->session_id) /* the cache has started anew */
		ask_for_all(s, now_us);
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
			s->lowered_us = now_us;
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
			leave_broken(s, now_us);
			return;
		}
		if (s->state == RTR_RECEIVING && f.v[0].code == FAULT_RTR_VALUE) {
			reject(s, "%s: %s", rtr_type_name(pdu[1]),
			    fault_text((enum fault_code)f.v[0].code));
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
		apply_notify(s, &p, now_us);
		break;
	case RTR_CACHE_RESPONSE:
		apply_cache_response(s, &p, pdu, len, now_us);
		break;
	case RTR_CACHE_RESET:
		s->counters.cache_resets++;
		if (s->state != RTR_SYNCED && s->full) /* or it would go on for ever */
			fail(s, RTR_ERR_CORRUPT_DATA, pdu, len, "Cache Reset to a Reset Query",
			    now_us);
		else
			ask_for_all(s, now_us);
		break;
	case RTR_ERROR_REPORT:
		apply_error(s, &p, now_us);
		break;
	case RTR_IPV4_PREFIX:
	case RTR_IPV6_PREFIX:
	case RTR_END_OF_DATA:
	case RTR_ROUTER_KEY:
	case RTR_ASPA:
		if (s->state != RTR_RECEIVING)
			fail(s, RTR_ERR_CORRUPT_DATA, pdu, len, "payload outside of an answer",
			    now_us);
		else if (p.type == RTR_END_OF_DATA)
			apply_end_of_data(s, &p, pdu, len, now_us);
		else if (p.type == RTR_ASPA)
			apply_aspa(s, &p, pdu, len, now_us);
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
	/* It did not like what was asked: a cache that has started anew may know nothing of our
	 * serial and say so by hanging up. */
	if (s->state == RTR_SYNC || s->state == RTR_RECEIVING)
		s->has_session = false;
	if (s->state == RTR_SYNC && s->full)
		s->closes++;
	/* Closed right after our first query: it may not know our version. One that has answered in
	 * it before is only restarting, unless that goes on. */
	if (s->closes >= CLOSES_MAX)
		s->answered = false;
	if (s->state == RTR_SYNC && s->full && !s->answered && s->version > 0) {
		set_error(s, "closed before an answer, trying version %u", s->version - 1U);
		downgrade(s, now_us);
		s->want_close = false;
		return;
	}
	/* not answered in any version: start over with the highest */
	if (!s->answered)
		s->version = s->version_max;
	set_error(s, "%s", why);
	go_idle(s, now_us);
}

void
rtr_session_failed(struct rtr_session *s, int64_t now_us, const char *why)
{
	if (s->state == RTR_IDLE)
		return;
	set_error(s, "%s", why);
	go_idle(s, now_us);
}

void
rtr_session_hurry(struct rtr_session *s, int64_t now_us)
{
	s->backoff = 0;
	if (s->state == RTR_IDLE)
		s->next_us = now_us;
}

/* A cache that could not once may have been replaced by one that can. */
static void
try_higher(struct rtr_session *s, int64_t now_us)
{
	if (s->version == s->version_max || now_us - s->lowered_us < seconds(TRY_HIGHER_S))
		return;
	s->version = s->version_max;
	s->has_session = s->answered = false; /* session ids belong to a version */
	s->closes = 0;
}

void
rtr_session_tick(struct rtr_session *s, int64_t now_us)
{
	if (s->has_data && !s->expired && now_us - s->synced_us > seconds(s->expire_s)) {
		s->counters.expiries++;
		s->expired = true;
	}
	if (s->next_us == 0 || now_us < s->next_us)
		return;
	switch (s->state) {
	case RTR_IDLE:
		try_higher(s, now_us);
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
		/* one that has never answered may not know our version */
		if (s->state == RTR_SYNC && s->full && !s->answered) {
			if (downgrade(s, now_us))
				break;
			s->version = s->version_max;
		}
		s->want_close = true;
		s->has_session = false;
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
