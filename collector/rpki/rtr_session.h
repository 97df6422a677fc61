/*
 * rtr_session: the router side of one RPKI-to-Router connection (RFC 6810, RFC 8210,
 * draft-ietf-sidrops-8210bis) as a pure state machine.
 *
 * Inputs: connected, bytes, closed, the time. Outputs: octets to send, "connect", "close", "data
 * complete". It opens no socket and reads no clock: the daemon, a test, a capture and a fuzzer
 * feed it alike.
 *
 *   IDLE --due--> CONNECTING --connected--> SYNC: Reset or Serial Query sent
 *   SYNC --Cache Response--> RECEIVING --End of Data--> SYNCED
 *   SYNCED --refresh due, Serial Notify--> SYNC
 *   any --Cache Reset, other session id, delta that does not fit--> SYNC with a Reset Query
 *   any --error, close, silence--> IDLE, again after the retry interval
 *
 * It begins with the highest version that it may, and goes down one at a time while the cache shows
 * that it cannot (an Error Report, a close or silence before any answer), or at once to that of the
 * cache's answer. A connection that begins an hour after that tries the highest again.
 *
 * Payload is kept apart until End of Data and applied at once; the session owns the set of its
 * cache. A router that forwards flushes it on a fatal error and after Expire (RFC 8210 sections 6
 * and 12). This one judges by it, and a cache in trouble is no statement about a ROA: the set stays
 * until the next End of Data, and `expired` and `broken` say what it is worth.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/sbuf.h"
#include "collector/rpki/rtr_aspas.h"
#include "collector/rpki/rtr_pending.h"
#include "collector/rpki/vrp.h"
#include "parsers/rtr/rtr.h"

enum rtr_state { RTR_IDLE, RTR_CONNECTING, RTR_SYNC, RTR_RECEIVING, RTR_SYNCED };

enum { RTR_NAME_MAX = 64, RTR_ERROR_TEXT_MAX = 160 };

struct rtr_counters {
	uint64_t connects, pdus, end_of_data, serial_notifies, cache_resets, errors_sent,
	    errors_received, downgrades, expiries, misfits;
};

struct rtr_session {
	char name[RTR_NAME_MAX]; /* of the cache, for log lines */
	enum rtr_state state;
	uint8_t version, version_max; /* in use; the highest we ask for */
	bool negotiated;
	bool has_session; /* session_id and serial are of complete data */
	uint16_t session_id;
	uint32_t serial;
	uint32_t refresh_s, retry_s, expire_s; /* clamped to the ranges of RFC 8210 section 6 */
	int64_t next_us;   /* when rtr_session_tick wants to be called; 0 never */
	int64_t synced_us; /* last End of Data; 0 never */
	/* last complete data of this cache, sorted and unique */
	struct vrp_list data;
	struct aspa_list aspas; /* of version 2; the same */
	bool has_data;
	bool in_step; /* since an End of Data on the connection that is up */
	bool expired; /* no End of Data for longer than expire_s */
	bool broken;  /* left because of what the cache sent, and not in step since */
	/* records of the last complete answer that were left out, and what was wrong with one */
	size_t rejected;
	char first_rejected[RTR_ERROR_TEXT_MAX];
	bool changed; /* data or aspas differ from what it was: the owner clears it after merging */
	struct sbuf out;	       /* octets to send: the owner sends and clears them */
	bool want_connect, want_close; /* the owner acts and clears them */
	char last_error[RTR_ERROR_TEXT_MAX];
	struct rtr_counters counters;
	/* private */
	struct rtr_pending pending;	/* since Cache Response */
	struct rtr_aspas pending_aspas; /* the same */
	size_t pending_rejected;	/* of those, not usable */
	bool full;			/* answering a Reset Query */
	bool notified;
	bool answered;	    /* in this version, since the version was chosen */
	unsigned closes;    /* one after the other, before any answer */
	int64_t lowered_us; /* when it went to a lower version last */
	struct sbuf in;
	unsigned backoff;
};

/* version_max: 0, 1 or 2. now_us: monotonic clock, microseconds. */
void rtr_session_init(struct rtr_session *, const char *name, uint8_t version_max, int64_t now_us);
void rtr_session_fini(struct rtr_session *);
void rtr_session_connected(struct rtr_session *, int64_t now_us);
void rtr_session_feed(struct rtr_session *, const uint8_t *buf, size_t len, int64_t now_us);
void rtr_session_closed(struct rtr_session *, int64_t now_us, const char *why);
/* The connection came to nothing or ended for a reason below RTR, as one of TLS: that says nothing
 * of the cache's version. */
void rtr_session_failed(struct rtr_session *, int64_t now_us, const char *why);
/* Connect again as soon as the connection is closed, or at once: what was wrong may be mended. */
void rtr_session_hurry(struct rtr_session *, int64_t now_us);
void rtr_session_tick(struct rtr_session *, int64_t now_us);
const char *rtr_state_name(enum rtr_state);
