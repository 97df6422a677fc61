/* Answers as HTTP has them. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/jw.h"
#include "collector/http/accept.h"
#include "collector/http/http_private.h"

const char *const http_place_names[PLACES] = { [PLACE_PAGE] = "page",
	[PLACE_HEALTH] = "health",
	[PLACE_METRICS] = "metrics",
	[PLACE_API] = "api",
	[PLACE_EVENTS] = "events",
	[PLACE_OTHER] = "other" };

/* What every answer says: it is of now, it is what it says it is, and no other site may have it. */
static const char *const always[] = { "Cache-Control", "no-store", "X-Content-Type-Options",
	"nosniff", "Referrer-Policy", "no-referrer", "Content-Security-Policy",
	"default-src 'none'; frame-ancestors 'none'", "Cross-Origin-Resource-Policy", "same-origin",
	NULL };

static bool
has(const char *const *fields, const char *name)
{
	for (; fields != NULL && *fields != NULL; fields += 2)
		if (strcasecmp(*fields, name) == 0)
			return true;
	return false;
}

static void
add_fields(struct MHD_Response *r, const char *const *fields, const char *const *but)
{
	for (; fields != NULL && *fields != NULL; fields += 2)
		if (!has(but, fields[0]))
			MHD_add_response_header(r, fields[0], fields[1]);
}

enum MHD_Result
answer_response(struct MHD_Connection *c, struct exchange *x, unsigned status,
    const char *const *more, struct MHD_Response *r)
{
	enum MHD_Result result;

	if (r == NULL)
		return MHD_NO;
	add_fields(r, always, more);
	add_fields(r, more, NULL);
	x->status = status;
	result = MHD_queue_response(c, status, r);
	MHD_destroy_response(r);
	return result;
}

enum MHD_Result
answer_body(struct MHD_Connection *c, struct exchange *x, unsigned status, const char *type,
    struct sbuf *body, const char *const *more)
{
	struct MHD_Response *r;

	if (body->failed) {
		sbuf_free(body);
		return MHD_NO;
	}
	r = MHD_create_response_from_buffer(body->len, body->data,
	    body->data != NULL ? MHD_RESPMEM_MUST_FREE : MHD_RESPMEM_PERSISTENT);
	if (r == NULL)
		sbuf_free(body);
	else
		MHD_add_response_header(r, "Content-Type", type);
	return answer_response(c, x, status, more, r);
}

static const char *
title_of(unsigned status)
{
	const char *title = MHD_get_reason_phrase_for(status);

	return title != NULL ? title : "";
}

enum MHD_Result
answer_problem(struct MHD_Connection *c, struct exchange *x, unsigned status,
    const char *const *more, const char *fmt, ...)
{
	struct sbuf body = sbuf_of(65536), text = sbuf_of(32768);
	struct jw j = jw_to(&body);
	va_list ap;

	va_start(ap, fmt);
	sbuf_vprintf(&text, fmt, ap);
	va_end(ap);
	jw_object(&j, NULL);
	jw_string(&j, "type", "about:blank");
	jw_string(&j, "title", title_of(status));
	jw_uint(&j, "status", status);
	jw_string(&j, "detail", sbuf_text(&text));
	jw_end_object(&j);
	sbuf_putc(&body, '\n');
	sbuf_free(&text);
	return answer_body(c, x, status, "application/problem+json", &body, more);
}

enum MHD_Result
answer_failure(struct MHD_Connection *c, struct exchange *x, enum ask_got got, const char *why)
{
	static const char *const later[] = { "Retry-After", "5", NULL };
	unsigned status = got == ASK_REFUSED ? MHD_HTTP_BAD_REQUEST
			  : got == ASK_LATE  ? MHD_HTTP_GATEWAY_TIMEOUT
					     : MHD_HTTP_SERVICE_UNAVAILABLE;

	return answer_problem(c, x, status, got == ASK_BROKEN ? later : NULL, "%s", why);
}

unsigned
answer_weight(struct MHD_Connection *c, const char *type)
{
	const char *accept = MHD_lookup_connection_value(c, MHD_HEADER_KIND, "Accept");

	return accept != NULL ? accept_weight(accept, type) : 1000;
}
