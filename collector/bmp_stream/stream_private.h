/* What the files of bmp_stream share; nobody else includes it. */
#pragma once

#include "collector/bmp_stream/bmp_stream.h"

/* peers.c */
/* The peer, made when there is none; NULL over the limit. announced: by a Peer Up. */
struct bmp_peer *peer_for(struct bmp_stream *, const struct bmp_peer_header *, bool announced);
void peer_key_of(const struct bmp_peer_header *, struct bmp_peer_key *);
void peer_merge_open(struct bgp_open *into, const struct bgp_open *from);
/* AS and BGP ID as the header has them now. */
void peer_refresh(struct bmp_peer *, const struct bmp_peer_header *);
/* The session is over: what it could do is past. */
void peer_forget_session(struct bmp_peer *);
/* What its UPDATEs have proved is past. */
void peer_forget_encoding(struct bmp_peer *);
void peers_free(struct bmp_stream *);

/* messages.c: what a message does to the conversation. Not called for those that have to be
 * skipped. */
void stream_apply(struct bmp_stream *, const struct bmp_msg *, struct faults *);
/* The header's time in microseconds; one that cannot be (zero, uptime and boot times are all seen)
 * is no time: 0. */
int64_t stream_time(struct bmp_stream *, struct bmp_peer *, const struct bmp_peer_header *);

/* updates.c */
void stream_routes(struct bmp_stream *, const struct bmp_msg *, struct faults *);
void stream_mirroring(struct bmp_stream *, const struct bmp_msg *, struct faults *);

/* bmp_stream.c */
struct bmp_family_count *stream_family(struct bmp_stream *, struct bgp_family);

/* bmp_stream/quirks.c: detectors that need more than the message's own bytes */
void quirks_of_peer_up(struct bmp_stream *, struct bmp_peer *, const struct bmp_peer_header *,
    const struct bmp_peer_up *);
void quirks_of_statistics(
    struct bmp_stream *, struct bmp_peer *, const struct bmp_msg *, struct faults *);
void quirks_of_routes(struct bmp_stream *, struct bmp_peer *, const struct bmp_peer_header *,
    const struct bmp_update *);
void quirks_of_v4(struct bmp_stream *, struct bmp_peer *, const struct bmp_update *);

/* L, or F of a Loc-RIB, as a bit: 1 clear, 2 set. */
static inline uint8_t
flag_bit(const struct bmp_peer_header *h)
{
	return h->flags & (h->type == BMP_PEER_LOC_RIB ? BMP_FLAG_F : BMP_FLAG_L) ? 2 : 1;
}

/* bmp_stream/encoding.c: decide how an UPDATE has to be read */
void encoding_decide(struct bmp_stream *, struct bmp_peer *, struct bmp_update *, uint8_t flags);
/* The same for one that is mirrored: no flag speaks of it, the OPENs do as far as they are known.
 */
void encoding_decide_mirrored(struct bmp_stream *, struct bmp_peer *, struct bmp_update *);

static inline void
stream_quirk(struct bmp_stream *s, struct bmp_peer *p, enum bmp_quirk q)
{
	s->counters.quirks[q]++;
	if (p != NULL)
		p->quirks |= UINT64_C(1) << q;
}
