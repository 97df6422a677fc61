/* What the files of bmp_stream share; nobody else includes it. */
#pragma once

#include "collector/bmp_stream/bmp_stream.h"

/* peers.c */
struct bmp_peer *peer_for(struct bmp_stream *, const struct bmp_peer_header *, bool make);
void peer_key_of(const struct bmp_peer_header *, struct bmp_peer_key *);
void peer_merge_open(struct bgp_open *into, const struct bgp_open *from);
void peers_free(struct bmp_stream *);

/* reading.c: decide how an UPDATE has to be read */
void reading_decide(struct bmp_stream *, struct bmp_peer *, struct bmp_update *, uint8_t flags);

static inline void
stream_quirk(struct bmp_stream *s, struct bmp_peer *p, enum bmp_quirk q)
{
	s->counters.quirks[q]++;
	if (p != NULL)
		p->quirks |= 1U << q;
}
