/*
 * tcp_conn: one direction of a TCP connection: its octets put in order, and what they are handed
 * to. tcp.c's own.
 *
 *   deliver   octets in turn, to the framer (BMP) or the mirror (BGP)
 *   waiting   what came too early, by sequence number
 *   stray     a segment with numbers of long ago: damaged, or the ports are used again and the SYN
 *             is not in the capture. The next one decides which.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "collector/recordings/framer.h"
#include "collector/recordings/reader.h"
#include "collector/recordings/tcp/bgp_mirror.h"

/* A segment further back than this is not a retransmission. */
enum { TCP_LATE_MAX = 64 * 1024 * 1024 };

struct tcp_key {
	uint8_t from[16], to[16];
	uint16_t from_port, to_port;
	uint8_t v6;
};

/* What is reported about all connections of a capture. */
struct tcp_notes {
	struct note gap, cut, dropped, again;
	uint64_t nothing, nothing_octets; /* connections without a whole message */
};

/* `n` octets follow. */
struct tcp_held {
	struct tcp_held *next;
	uint32_t seq;
	size_t n;
	uint8_t data[];
};

struct tcp_conn {
	struct reader *reader;
	struct tcp_notes *notes;
	struct tcp_key key;
	uint8_t kind;  /* enum tcp_kind */
	bool started;  /* next is known */
	bool closed;   /* it has ended: what still comes of it came before */
	bool syn_data; /* the SYN brought octets: does it count itself? */
	bool fin;
	uint32_t isn, next, fin_seq;
	int64_t time_us;
	struct tcp_held *waiting, *stray;
	size_t waiting_n, waiting_octets;
	struct framer framer;	  /* of BMP */
	struct bgp_mirror mirror; /* of BGP */
	bool begun;
	void *stream;
	struct tcp_conn *list_next, **list_prev; /* tcp.c's */
};

enum tcp_kind { TCP_KIND_NEW, TCP_KIND_BMP, TCP_KIND_BGP, TCP_KIND_OTHER };

/* From one sequence number to another, over the wrap. */
static inline int32_t
tcp_distance(uint32_t from, uint32_t to)
{
	return (int32_t)(to - from);
}

/* The fields that are not zero: reader, notes, key. */
void tcp_conn_init(struct tcp_conn *);
void tcp_conn_fini(struct tcp_conn *);
/* The first octet will be number `next`. */
void tcp_conn_start(struct tcp_conn *, uint32_t isn, uint32_t next);
/* Octets in turn. */
void tcp_conn_deliver(struct tcp_conn *, const uint8_t *, size_t n);
/* Octets from anywhere. */
void tcp_conn_add(struct tcp_conn *, uint32_t seq, const uint8_t *, size_t n);
/* Octets that the capture left out of its packets are in turn. */
void tcp_conn_cut(struct tcp_conn *, uint32_t octets);
/* What waits is handed out, the stream ends; it can be started again. closed: by the router. */
void tcp_conn_end(struct tcp_conn *, bool closed);
/* At the end of the capture: the totals of what was not reported one by one. */
void tcp_notes_end(struct reader *, const struct tcp_notes *);
