/*
 * What the files of bmp_stream share; nobody else includes it. From the ground up:
 *
 *   counters, router_text, router_time, peers
 *   path_ids, as_width, encoding, quirks       what the octets of an UPDATE, or of a message, show
 *   updates, messages                          what a message does to the conversation
 *   bmp_stream                                 feed, frame, dispatch
 */
#pragma once

#include "base/ptrmap.h"
#include "collector/bmp_stream/bmp_stream.h"

/* The views, and what is mirrored of either direction. */
enum { ENCODING_VIEWS = BMP_VIEWS + 2, ENCODING_FAMILIES_MAX = 16, LABELS_FAMILIES_MAX = 8 };

/* Path ids of a family in a view, as the octets show them. */
struct path_ids_memory {
	uint8_t view;  /* below ENCODING_VIEWS */
	bool doubtful; /* an ambiguous UPDATE was read, perhaps the wrong way */
	int8_t proofs; /* above 0: they are there, below: they are not */
	struct bgp_family family;
};

/* Labels of a family in a view, as the octets show them. */
struct labels_memory {
	uint8_t view; /* below ENCODING_VIEWS */
	bool stacks;  /* of several labels were announced */
	/* above 0: announced ones are otherwise than the OPENs say; withdrawn ones have a stack */
	int8_t announced, withdrawn;
	struct bgp_family family;
};

/* How the UPDATEs of a peer have shown to be encoded (path_ids.c, as_width.c,
 * labels.c). */
struct encoding_memory {
	uint8_t path_ids_n;
	/* UPDATEs that cannot have path ids; counted up to the number that is certainty */
	uint8_t without_ids[ENCODING_VIEWS];
	/* above 0: AS numbers are not as wide as expected */
	int8_t as_otherwise[ENCODING_VIEWS];
	struct path_ids_memory path_ids[ENCODING_FAMILIES_MAX];
	uint8_t labels_n;
	struct labels_memory labels[LABELS_FAMILIES_MAX];
};

/* What quirks are seen by (quirks.c). */
struct quirk_memory {
	uint8_t up_flags, flags_noted; /* bit 0: L (Loc-RIB: F) clear, bit 1: set */
	uint8_t views_announcing;      /* bit per view */
	uint16_t only_withdrawn[BMP_VIEWS];
};

/* A peer as the stream keeps it: what everybody reads comes first. */
struct stream_peer {
	struct bmp_peer peer;
	/* What its Peer Up said of the session: the OPENs and the connection, in a number each (0:
	 * no Peer Up), when it was, and the views (a bit per value of the L and O flags). */
	uint64_t opens, connection;
	uint64_t up_at;
	uint8_t up_views;
	struct quirk_memory quirks;
	struct encoding_memory encoding;
	struct stream_peer *next; /* of the list */
};

static inline struct stream_peer *
stream_peer(const struct bmp_peer *p)
{
	return (struct stream_peer *)(uintptr_t)p; /* its first member */
}

struct bmp_stream {
	const struct bmp_stream_ops *ops;
	void *ctx;
	uint32_t message_max; /* longest message accepted */
	bool initiated, terminated;
	bool broken; /* framing lost, feed no more */
	bool stop;   /* by a callback; the next feed clears it */
	struct fault broken_by;
	char sys_name[BMP_TEXT_MAX], sys_descr[BMP_TEXT_MAX];
	uint16_t termination_reason; /* 0: no Termination */
	char termination_text[BMP_TEXT_MAX];
	struct stream_peer *peers; /* list, newest first */
	struct ptrmap by_key;	   /* the same */
	unsigned peers_max;
	bool odd_addresses; /* a peer's address stands where it should not, or is not what V says */
	uint64_t peers_refused; /* over peers_max: their messages are counted and skipped */
	struct bmp_counters counters;
	int64_t now_us;
	struct bmp_peer *last;	  /* of the previous message: most streams have runs of one peer */
	struct bmp_peer *current; /* whose this message is; NULL: nobody's, or not known yet */
	enum bmp_v4_revision v4_revision; /* proved by this session's version 4 messages */
	uint8_t v4_doubts;		  /* messages in a row that hint at another */
};

/* counters.c. p: whose message it was, or NULL. */
void stream_count_faults(struct bmp_stream *, struct bmp_peer *p, const struct faults *);

/* router_time.c: the header's time in microseconds; one that cannot be (zero, uptime and boot times
 * are all seen) is no time: 0. */
int64_t stream_time(struct bmp_stream *, struct bmp_peer *, const struct bmp_peer_header *);

/* peers.c */
/* The peer, made when there is none; NULL over the limit. announced: by a Peer Up. */
struct bmp_peer *peer_for(struct bmp_stream *, const struct bmp_peer_header *, bool announced);
void peer_merge_open(struct bgp_open *into, const struct bgp_open *from);
/* AS and BGP ID as the header has them now. */
void peer_refresh(struct bmp_peer *, const struct bmp_peer_header *);
/* The session is over: forget its OPENs, its names, what its messages have shown. */
void peer_forget_session(struct bmp_peer *);
/* Forget only how its UPDATEs have shown to be encoded. */
void peer_forget_encoding(struct bmp_peer *);
void peers_free(struct bmp_stream *);

/* messages.c: what a message does to the conversation */
void stream_initiation(struct bmp_stream *, const struct bmp_msg *, struct faults *);
void stream_termination(struct bmp_stream *, const struct bmp_msg *, struct faults *);
void stream_peer_up(struct bmp_stream *, const struct bmp_msg *, struct faults *);
void stream_peer_down(struct bmp_stream *, const struct bmp_msg *, struct faults *);
void stream_statistics(struct bmp_stream *, const struct bmp_msg *, struct faults *);

/* updates.c: the same for messages that hold BGP messages */
void stream_routes(struct bmp_stream *, const struct bmp_msg *, struct faults *);
void stream_mirroring(struct bmp_stream *, const struct bmp_msg *, struct faults *);

/* quirks.c: detectors that need more than the message's own bytes */
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

/* encoding.c: decide how an UPDATE is encoded */
void encoding_decide(struct bmp_stream *, struct bmp_peer *, struct bmp_update *, uint8_t flags);
/* The same for a mirrored UPDATE: no flag says how it is encoded, only the OPENs, as far as they
 * are known. */
void encoding_decide_mirrored(struct bmp_stream *, struct bmp_peer *, struct bmp_update *);

/* labels.c: counts the NLRI of a family that is not plain, and notes what their labels show. */
size_t labels_count(struct bmp_stream *, struct bmp_peer *, const struct bmp_update *,
    const struct bgp_mp *, struct bgp_nlri_encoding);

static inline void
stream_quirk(struct bmp_stream *s, struct bmp_peer *p, enum bmp_quirk q)
{
	s->counters.quirks[q]++;
	if (p != NULL)
		p->quirks |= UINT64_C(1) << q;
}
