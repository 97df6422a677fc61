/*
 * recordings: recorded BMP of any kind, handed out as the streams that routers would have sent.
 *
 *      path --source--> octets --what is it?--> raw BMP ------------------+
 *                                               pcap, pcapng --tcp--------+--> streams of BMP
 *                                               MRT --written as BMP------+
 *                                               OpenBMP raw messages------+
 *
 * What the file is, its first octets say, never its name. Memory is constant, whatever the file's
 * size: a buffer per file, and what is not yet whole per connection.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "parsers/wire/fault.h"

/* In the order in which a file is tried: what is none of the others is BMP. */
enum recording_format {
	RECORDING_PCAP,
	RECORDING_PCAPNG,
	RECORDING_OPENBMP,
	RECORDING_MRT,
	RECORDING_BMP,
	RECORDING_FORMATS
};
/* "BMP", "pcap", "pcapng", "MRT", "OpenBMP" */
const char *recording_format_name(enum recording_format);

/* At most so many octets are given at once, unless one message is longer. */
enum { RECORDING_BYTES_MAX = 1024 * 1024 };

/* A stream that begins. Texts are valid during the call. */
struct recording_stream {
	const char *name;    /* for messages: the file, and the connection in it */
	const char *address; /* of the router, text; "" when the file does not say */
	enum recording_format format;
	uint16_t mrt_type; /* of the first record of an MRT file, else 0 */
};

/* A record of the file that is not as it should be. BMP that was made of it has been given before.
 */
struct recording_fault {
	uint64_t number;   /* of the record, from 1; 0: octets that belong to none */
	uint64_t offset;   /* in the unpacked file */
	const uint8_t *at; /* its octets */
	size_t n;
	const char *type; /* "TABLE_DUMP_V2 RIB_IPV4_UNICAST"; "" when it has none */
	int64_t time_us;  /* of the record, microseconds since 1970; 0 when it has none */
	const struct faults *faults; /* offsets count from the record */
};

struct recording_ops {
	/* Returns what the receiver wants to be given back; NULL is fine. */
	void *(*stream_begin)(void *ctx, const struct recording_stream *);
	/* Octets in order; whole messages but for a raw file and for the last octets of a stream.
	 * time_us: when they were recorded, microseconds since 1970; 0 when the file does not say.
	 * false: read no further. */
	bool (*bytes)(void *ctx, void *stream, const uint8_t *data, size_t n, int64_t time_us);
	/* closed: by the router, as recorded; else the file ended. */
	void (*stream_end)(void *ctx, void *stream, bool closed);
	/* Something was left out, or is not as it should be. */
	void (*warn)(void *ctx, const char *text);
	/* May be NULL: what is wrong with an MRT record, and not seen in the BMP made of it. */
	void (*fault)(void *ctx, void *stream, const struct recording_fault *);
};

/* What was found. */
struct recording_counts {
	enum recording_format format;
	const char *packing;
	uint64_t octets;  /* read, unpacked */
	uint64_t records; /* packets, MRT records, OpenBMP messages */
	uint64_t skipped; /* of them: of no use here, or malformed */
	unsigned streams;
	uint64_t gaps;		/* places where a connection has octets missing */
	uint64_t gap_octets;	/* missing there, as far as known */
	uint64_t dropped;	/* octets of messages broken by gaps */
	uint64_t retransmitted; /* octets that came twice */
	uint64_t reordered;	/* segments that came too early */
	unsigned bgp_sessions;	/* directions of BGP sessions: handed out as Route Mirroring */
};

/*
 * Read the file ("-": standard input) to its end. 0; 1 when the receiver stopped it; -1 when it
 * cannot be read, with the reason given to warn. Every stream that began has ended then. counts may
 * be NULL.
 */
int recording_read(
    const char *path, const struct recording_ops *, void *ctx, struct recording_counts *counts);
