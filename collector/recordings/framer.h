/*
 * framer: whole BMP messages out of octets that come in pieces, in bounded memory (RFC 7854 4.1).
 *
 *      in step --(lost)--> searching --(a header that holds)--> in step
 *         \--(a header that is none)--> passing
 *
 * While in step it hands on runs of whole messages. After octets were lost it drops the rest of the
 * broken message and searches for the next header. When the router itself sent what is no BMP,
 * everything is passed on as it is: whoever reads it says what is wrong. With `sift` set it is
 * dropped as if octets had been lost: for streams that can begin anew at any time.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/sbuf.h"

enum { FRAMER_MESSAGE_MAX = 16 * 1024 * 1024 };

enum framer_state { FRAMER_IN_STEP, FRAMER_SEARCHING, FRAMER_PASSING };

/* false: stop. */
typedef bool framer_emit(void *ctx, const uint8_t *messages, size_t n);

struct framer {
	uint8_t state; /* enum framer_state */
	bool sift;
	struct sbuf held;
	uint64_t messages;  /* handed on */
	size_t search_from; /* searching: octets to be held before it is worth another try */
	uint64_t searched;  /* octets looked at while searching: what it costs */
	uint64_t dropped;   /* octets, while searching and of broken messages */
	framer_emit *emit;
	void *ctx;
};

/* In step, with nothing held. emit gets runs of whole messages. */
void framer_init(struct framer *, framer_emit *, void *ctx);
void framer_fini(struct framer *);
/* false when emit said stop, or memory is short. */
bool framer_feed(struct framer *, const uint8_t *data, size_t n);
/* Octets are missing here. After them the next message is searched for. */
void framer_lost(struct framer *);
/* A message begins here, whatever came before: what is held of another is dropped. */
void framer_restart(struct framer *);
/* Nothing more comes: hand on the incomplete message at the end, too. false when emit said stop. */
bool framer_end(struct framer *);

/* Do these octets begin like a BMP message? Looks at as many as there are, up to the per-peer
 * header. Without any it says yes. */
bool framer_plausible(const uint8_t *at, size_t n);
/* Are they whole messages, one or more, and nothing else? */
bool framer_whole(const uint8_t *at, size_t n);
