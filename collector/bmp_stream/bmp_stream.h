/*
 * bmp_stream: one router's BMP conversation. Bytes in, facts out through callbacks.
 *
 * It frames in place, reads each message, keeps the peers of the session with what their OPENs say,
 * decides in which encoding each UPDATE is (width of AS numbers, path ids: what was negotiated,
 * unless the octets prove otherwise), and counts. It keeps no routes, reads no clock, touches no
 * socket. One bad message never ends the stream while framing holds. Versions 3 and 4 may be mixed.
 *
 *        feed(bytes) --> frame --> bmp_parse --> peer --> callback
 *
 * A peer is identified by type, distinguisher and the 16 octets of its address (for Loc-RIB by BGP
 * ID, RFC 9069 6.1.1), never by the V, L and O flags. A Route Monitoring message for a peer never
 * announced makes an implicit peer (quirk).
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "collector/bmp_stream/counters.h"
#include "parsers/bgp/update.h"
#include "parsers/bmp/bmp.h"
#include "parsers/bmp/v4.h"

struct bmp_peer_key {
	uint8_t type;
	uint8_t distinguisher[8];
	uint8_t octets[16]; /* the address field; of a Loc-RIB zero */
	uint8_t bgp_id[4];  /* Loc-RIB only, else zero */
	/*
	 * What the octets are shown as; they identify the peer, not this. Where another peer of the
	 * session is shown so already, all 16 octets as an IPv6 address. Of no family: Loc-RIB.
	 */
	struct ip_addr address;
};

enum { BMP_TEXT_MAX = 256, BMP_TABLE_NAME_MAX = 256 };

/* What a Peer Up says of the BGP session (RFC 7854 4.10). */
enum bmp_peer_up_kind {
	PEER_UP_BEGINS,	  /* none was known */
	PEER_UP_REPEATED, /* of the one that is known: another view of it, or told once more */
	/* Of a new one: its OPENs or its connection are others. The Peer Down of the one before was
	 * not seen. */
	PEER_UP_ANEW,
	/* As before, but at another time: a new one of the same connection's ports, or the same one
	 * told again. Only what follows can show it. */
	PEER_UP_PERHAPS_ANEW,
};

/* What is known of a peer. All but `user` is the stream's to write. */
struct bmp_peer {
	struct bmp_peer_key key;
	enum bmp_peer_up_kind last_up; /* what the last Peer Up was */
	bool up;		       /* between Peer Up and Peer Down */
	bool implicit;		       /* up without a Peer Up */
	bool was_up;		       /* had a Peer Up, or routes, before */
	uint32_t as;		       /* remote AS from the per-peer header */
	uint8_t bgp_id[4];
	uint32_t local_as; /* from the sent OPEN; 0 when not known */
	struct ip_addr local_address;
	uint8_t sent_role, received_role; /* enum bgp_role of the two OPENs */
	bool role_conflict;
	/* VRF/Table Name TLVs, sanitised UTF-8, several joined by ", "; "" when none */
	char table_name[BMP_TABLE_NAME_MAX];
	/* merged over repeated Peer Ups; cursor members are not kept (empty) */
	struct bgp_open sent, received;
	uint64_t quirks; /* bit per enum bmp_quirk seen at this peer */
	uint64_t updates, announced, withdrawn, faults;
	void *user; /* the owner's; NULL at first, the stream does not touch it */
};

/* One UPDATE, ready to be applied. Valid during the callback. */
struct bmp_update {
	struct bgp_update *bgp; /* split, not checked */
	struct bgp_context context;
	enum bmp_view view;
	bool is_end_of_rib;
	struct bgp_family end_of_rib;
	/* time of the per-peer header, microseconds since 1970; 0 when it is not available or
	 * cannot be */
	int64_t router_us;
	struct faults *faults; /* of the split; the receiver's check adds to it */
	/* set by the receiver: it has checked the attributes; it will not announce */
	bool checked, refused;
	bool mirrored;		 /* as it was on the wire of the session, by Route Mirroring */
	const struct bmp_v4 *v4; /* path status, table name, sequence; NULL in version 3 */
};

struct bmp_stream;

struct bmp_stream_ops {
	/* every one may be NULL */
	void (*initiation)(void *ctx, struct bmp_stream *); /* names are in the stream */
	void (*peer_up)(void *ctx, struct bmp_stream *, struct bmp_peer *, int64_t router_us);
	void (*peer_down)(void *ctx, struct bmp_stream *, struct bmp_peer *,
	    const struct bmp_peer_down *, int64_t router_us);
	void (*update)(void *ctx, struct bmp_stream *, struct bmp_peer *, struct bmp_update *);
	void (*statistics)(
	    void *ctx, struct bmp_stream *, struct bmp_peer *, const struct bmp_msg *);
	/*
	 * Each BGP message of a Route Mirroring. type: enum bgp_type, 0 when it is none. update:
	 * not NULL when it is an UPDATE; the OPENs of the session and its own octets decide how it
	 * is read. Offsets of its faults count from its body during the call, as in `update`. Its
	 * routes are not counted: they come by Route Monitoring, too.
	 */
	void (*mirrored)(void *ctx, struct bmp_stream *, struct bmp_peer *, const struct bmp_msg *,
	    unsigned type, struct cursor message, struct bmp_update *update);
	/*
	 * It is now certain whether this peer sends path ids in this family, in UPDATEs of this
	 * view (mirrored ones, if this one is). Earlier ambiguous UPDATEs may have been decoded the
	 * other way: drop their routes.
	 */
	void (*encoding_proved)(void *ctx, struct bmp_stream *, struct bmp_peer *,
	    const struct bmp_update *, struct bgp_family, bool path_ids);
	void (*termination)(void *ctx, struct bmp_stream *, unsigned reason);
	/* after each message, whatever came of it; for `bellman decode` and tests */
	void (*message)(
	    void *ctx, struct bmp_stream *, const struct bmp_msg *, const struct faults *);
};

/* message_max: octets, at least 4096; peers_max: at least 1. Yours to free. NULL when out of
 * memory. */
struct bmp_stream *bmp_stream_new(
    const struct bmp_stream_ops *, void *ctx, uint32_t message_max, unsigned peers_max);
/* Frees the peers, too; their `user` is the owner's business before that. */
void bmp_stream_free(struct bmp_stream *);

/*
 * Read every whole message at buf. Returns the octets consumed; the caller keeps the rest and gives
 * it again with more. Stops early, with whole messages left, when a callback called
 * bmp_stream_stop() or framing is lost. now_us: wall clock of the collector, for plausibility of
 * the router's times.
 */
size_t bmp_stream_feed(struct bmp_stream *, const uint8_t *buf, size_t len, int64_t now_us);
/* Called from a callback: bmp_stream_feed() returns after this message (back-pressure). */
void bmp_stream_stop(struct bmp_stream *);
/* Did the last bmp_stream_feed() return for that? */
bool bmp_stream_stopped(const struct bmp_stream *);

/* As given to bmp_stream_new(). */
void *bmp_stream_ctx(const struct bmp_stream *);
uint32_t bmp_stream_message_max(const struct bmp_stream *);
/* Why framing was lost; NULL while it holds. Such a stream is fed no more. */
const struct fault *bmp_stream_broken(const struct bmp_stream *);
/* Has there been an Initiation, a Termination? */
bool bmp_stream_initiated(const struct bmp_stream *);
bool bmp_stream_terminated(const struct bmp_stream *);
/* Why, as the Termination says it (RFC 7854 4.5): its reason by name, and its String, sanitised
 * UTF-8, in brackets: "out of resources (maintenance 42)". "" without a Termination. */
const char *bmp_stream_termination(const struct bmp_stream *, char *buf, size_t size);
/* Of the Initiation, sanitised UTF-8; "" when not said. */
const char *bmp_stream_sys_name(const struct bmp_stream *);
const char *bmp_stream_sys_descr(const struct bmp_stream *);
/* The draft that version 4 messages of this session have proved to follow. */
enum bmp_v4_revision bmp_stream_v4_revision(const struct bmp_stream *);
/* What has been counted so far; valid as long as the stream. */
const struct bmp_counters *bmp_stream_counters(const struct bmp_stream *);

/* Peer of a key, or NULL. */
struct bmp_peer *bmp_stream_peer(struct bmp_stream *, const struct bmp_peer_key *);
bool bmp_peer_key_equal(const struct bmp_peer_key *, const struct bmp_peer_key *);
/* The peer behind that one, newest first; with NULL the newest. NULL at the end. */
struct bmp_peer *bmp_stream_next_peer(const struct bmp_stream *, const struct bmp_peer *);
unsigned bmp_stream_peers(const struct bmp_stream *);
/* Messages of peers beyond peers_max: they are counted and skipped. */
uint64_t bmp_stream_peers_refused(const struct bmp_stream *);

/* Count routes of a family in the counters and at the peer (the walker of the NLRI calls it; opaque
 * families too). */
void bmp_stream_count(struct bmp_stream *, struct bmp_peer *, struct bgp_family, uint64_t announced,
    uint64_t withdrawn);
void bmp_stream_count_end_of_rib(struct bmp_stream *, struct bgp_family);

/* Copy a router's text for display: valid UTF-8 without control characters, cut to size octets. */
void bmp_text(char *to, size_t size, struct cursor from);
