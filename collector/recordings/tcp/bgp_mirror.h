/*
 * bgp_mirror: one direction of a BGP session as the BMP stream of the router that receives it:
 * an Initiation, then each message verbatim by Route Mirroring (RFC 7854 4.7), whatever its type.
 * The per-peer header is the sender's: its address, and AS number and BGP ID once its OPEN has been
 * seen.
 *
 * Bounded by the longest BGP message (RFC 8654). Knows no file.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/sbuf.h"
#include "parsers/bmp/write.h"

/* Called with whole BMP messages. false: stop. */
typedef bool bgp_mirror_emit(void *ctx, const uint8_t *messages, size_t n);

/* The sysDescr of such a stream. Readers recognise the stream by it, also after a conversion. */
#define BGP_MIRROR_DESCR "a BGP session as it was captured"

struct bgp_mirror {
	struct sbuf held;
	struct bmp_peer_spec peer;
	bool initiated;
	uint64_t dropped; /* octets that are no message */
	bgp_mirror_emit *emit;
	void *ctx;
};

/* Do these octets begin like a BGP message, as far as there are any (RFC 4271 4.1: the marker)? */
bool bgp_mirror_begins(const uint8_t *at, size_t n);

/* from: address of the sender, 4 or 16 octets. */
void bgp_mirror_init(struct bgp_mirror *, const struct ip_addr *from, bgp_mirror_emit *, void *ctx);
void bgp_mirror_fini(struct bgp_mirror *);
/* router: what the receiver is called in the Initiation. time_us: when these octets were captured.
 * false when emit said stop, or memory is short. */
bool bgp_mirror_feed(
    struct bgp_mirror *, const char *router, const uint8_t *data, size_t n, int64_t time_us);
/* Octets are missing here. */
void bgp_mirror_lost(struct bgp_mirror *);
/* Nothing more comes; what is no whole message is dropped. */
void bgp_mirror_end(struct bgp_mirror *);
