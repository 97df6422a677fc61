/* The peers of an MRT file as BMP peers; mrt/to_bmp.c's own. */
#pragma once

#include "base/ptrmap.h"
#include "parsers/bmp/write.h"
#include "parsers/mrt/mrt.h"

enum { MRT_PEERS_MAX = 131072, MRT_OPEN_MAX = 4096 };

struct mrt_open { /* an OPEN as recorded, whole */
	uint8_t *data;
	size_t n;
};

struct mrt_peer_state {
	struct bmp_peer_spec spec; /* times are the message's */
	uint32_t local_as;
	struct ip_addr local_address;
	uint8_t local_id[4];
	bool up, path_ids; /* path_ids: Peer Up said so */
	bool in_table;	   /* an index table gave it its BGP ID */
	struct mrt_open sent, received;
	struct mrt_peer_state *next;
};

struct mrt_peers {
	struct ptrmap by_address;
	struct mrt_peer_state *all;
	uint64_t distinguisher; /* of the last peer that needed one */
};

/* The peer of this address, AS and, where that is known (else NULL), BGP ID; made when it is new.
 * NULL when there are too many. */
struct mrt_peer_state *mrt_peers_get(
    struct mrt_peers *, const struct ip_addr *, uint32_t as, const uint8_t *bgp_id);
void mrt_peers_free(struct mrt_peers *);
/* Keep an OPEN of the peer's session; what is longer than MRT_OPEN_MAX is not kept. */
void mrt_peer_keep_open(struct mrt_open *, struct cursor message);
/* Peer Up for it, written into buf: the OPENs kept, else made up. 0 when it does not fit. */
size_t mrt_peer_write_up(struct mrt_peer_state *, void *buf, size_t size);
/* Peer Down: with the NOTIFICATION, or, when that is empty, "local system closed, no event". */
size_t mrt_peer_write_down(
    struct mrt_peer_state *, struct cursor notification, bool local, void *buf, size_t size);
