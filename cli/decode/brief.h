/* bellman decode --brief: one line a route. */
#pragma once

#include "collector/bmp_stream/bmp_stream.h"
#include "collector/recordings/recordings.h"
#include "base/sbuf.h"
#include "cli/decode/filter.h"

enum brief_form {
	BRIEF_TEXT,
	BRIEF_JSON,    /* an object a route */
	BRIEF_BGPDUMP, /* as `bgpdump -m` writes them; routes of plain IPv4 and IPv6 only */
};

struct brief {
	enum brief_form form;
	const struct decode_filter *filter;
	uint64_t shown, shown_max; /* lines; most, 0: all */
	uint64_t left_out;	   /* routes that the form has no place for */
	uint16_t mrt_type;	   /* of the file's first record, 0: it is no MRT */
	int64_t recorded_us;	   /* the message, 0: not known */
	struct sbuf out;
};

/* A line for each route of an UPDATE, after its check. false: that were enough. */
bool brief_update(struct brief *, const struct bmp_peer *, struct bmp_update *);
/* Write out what is held. */
void brief_flush(struct brief *);
