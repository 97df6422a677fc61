/*
 * records: a file of MRT records or OpenBMP messages one by one, as they are, for callers that look
 * at them rather than at the BMP that is made of them.
 */
#pragma once

#include "collector/recordings/recordings.h"

struct recording_records_ops {
	/* A record, or message, and where it begins in the unpacked file. An MRT record that was
	 * torn is shorter than its header says. false: enough. */
	bool (*record)(
	    void *ctx, enum recording_format, const uint8_t *, size_t n, uint64_t offset);
	/* Octets of an MRT file that belong to no record. false: enough. */
	bool (*lost)(void *ctx, const uint8_t *, size_t n, uint64_t offset);
	void (*warn)(void *ctx, const char *text);
};

/* 0; 1 when the receiver stopped it; -1, with the reason given to warn, when the file cannot be
 * read or is neither of the two. */
int recording_records(const char *path, const struct recording_records_ops *, void *ctx);
