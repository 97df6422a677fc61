/*
 * flow: an answer of the collector as the body of a response, row by row, as its reader takes it.
 * However long it is, it costs a row or two of memory.
 */
#pragma once

#include "collector/http/http_private.h"

enum flow_form {
	FLOW_LIST,  /* {"data": [...], "next": ...} */
	FLOW_LINES, /* an object a line (application/x-ndjson) */
	FLOW_EVENTS /* server-sent events: the tail */
};

enum { FLOW_WHERE_MAX = 8 };

struct flow_wanted {
	enum flow_form form;
	uint64_t offset, limit; /* rows to leave out, and to give then */
	const char *next; /* FLOW_LIST: the address of this answer, without offset and limit */
	/* Only rows whose member has this value. */
	struct {
		const char *member, *value;
	} where[FLOW_WHERE_MAX];
	unsigned where_n;
};

/* Ask, and answer with what comes. The request is freed; all else is copied. */
enum MHD_Result flow_answer(struct http *, struct MHD_Connection *, struct exchange *,
    struct sbuf *request, const struct flow_wanted *);
