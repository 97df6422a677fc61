#include "collector/http/flow.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/jw.h"

enum {
	BLOCK = 32 * 1024,
	ROW_MAX = 256 * 1024 * 1024,
	BEAT_MS = 10000, /* an event, or a sign of life, comes at least so often */
};

struct flow {
	struct http *http;
	struct ask ask;
	struct sbuf out; /* what is made; what lies before `at` was given */
	size_t at;
	enum flow_form form;
	uint64_t skip, left, offset, limit;
	char *next;
	struct {
		char *member, *value;
	} where[FLOW_WHERE_MAX];
	unsigned where_n;
	unsigned beat_ms;
	bool any, ended, broken;
};

static void
flow_free(void *ctx)
{
	struct flow *f = ctx;

	if (f->form == FLOW_EVENTS)
		atomic_fetch_sub(&f->http->counts.streams, 1);
	ask_close(&f->ask);
	sbuf_free(&f->out);
	for (unsigned i = 0; i < f->where_n; i++) {
		free(f->where[i].member);
		free(f->where[i].value);
	}
	free(f->next);
	free(f);
}

/* --- rows */

static bool
has_value(const json_t *v, const char *value)
{
	char text[32];

	if (json_is_string(v))
		return strcmp(json_string_value(v), value) == 0;
	if (json_is_integer(v))
		snprintf(text, sizeof(text), "%lld", (long long)json_integer_value(v));
	else
		snprintf(text, sizeof(text), "%s",
		    json_is_true(v)    ? "true"
		    : json_is_false(v) ? "false"
				       : "null");
	return v != NULL && strcmp(text, value) == 0;
}

static bool
is_wanted(const struct flow *f, const char *line, size_t n)
{
	bool wanted = true;
	json_t *row;

	if (f->where_n == 0)
		return true;
	row = json_loadb(line, n, 0, NULL);
	for (unsigned i = 0; wanted && i < f->where_n; i++)
		wanted = has_value(json_object_get(row, f->where[i].member), f->where[i].value);
	json_decref(row);
	return wanted;
}

/* What an event is: by how its line begins (proto/record_json.c). */
static const char *
event_of(const char *line)
{
	return strncmp(line, "{\"id\":", 6) == 0	 ? "incident"
	       : strncmp(line, "{\"dropped\":", 11) == 0 ? "dropped"
	       : strncmp(line, "{\"error\":", 9) == 0	 ? "failure"
							 : "event";
}

/* Where a reader goes on that loses us: its number. It is in front of all text. */
static void
put_event(struct flow *f, const char *line, size_t n)
{
	const char *seq = strstr(line, "\"seq\":");

	sbuf_printf(&f->out, "event: %s\n", event_of(line));
	if (seq != NULL)
		sbuf_printf(&f->out, "id: %llu\n", strtoull(seq + strlen("\"seq\":"), NULL, 10));
	sbuf_puts(&f->out, "data: ");
	sbuf_add(&f->out, line, n);
	sbuf_puts(&f->out, "\n\n");
}

static void
put_row(struct flow *f, const char *line, size_t n)
{
	if (f->form == FLOW_EVENTS) {
		put_event(f, line, n);
		return;
	}
	if (f->form == FLOW_LIST && f->any)
		sbuf_putc(&f->out, ',');
	f->any = true;
	sbuf_add(&f->out, line, n);
	if (f->form == FLOW_LINES)
		sbuf_putc(&f->out, '\n');
}

static void
put_end(struct flow *f, bool more)
{
	struct jw j = jw_to(&f->out);

	f->ended = true;
	if (f->form != FLOW_LIST)
		return;
	sbuf_puts(&f->out, "],\"next\":");
	if (more)
		jw_stringf(&j, NULL, "%s%soffset=%llu&limit=%llu", f->next,
		    strchr(f->next, '?') != NULL ? "&" : "?",
		    (unsigned long long)(f->offset + f->limit), (unsigned long long)f->limit);
	else
		sbuf_puts(&f->out, "null");
	sbuf_puts(&f->out, "}\n");
}

static void
take_row(struct flow *f, const char *line, size_t n)
{
	if (!is_wanted(f, line, n))
		return;
	if (f->skip > 0) {
		f->skip--;
	} else if (f->left > 0) {
		f->left--;
		put_row(f, line, n);
	} else {
		put_end(f, true);
	}
}

/* Make something to give, which may take until the collector has something to say. */
static void
go_on(struct flow *f)
{
	enum ask_got got;
	char *line;
	size_t n;

	sbuf_clear(&f->out);
	f->at = 0;
	while (f->out.len == 0 && !f->ended && !f->broken) {
		got =
		    ask_line(&f->ask, &line, &n, f->form == FLOW_EVENTS ? (int)f->beat_ms : ASK_MS);
		if (got == ASK_LINE)
			take_row(f, line, n);
		else if (got == ASK_END)
			put_end(f, false);
		else if (got == ASK_LATE && f->form == FLOW_EVENTS)
			sbuf_puts(&f->out, ":\n\n");
		else
			f->broken = true;
		f->broken |= f->out.failed;
	}
}

static ssize_t
give(void *ctx, uint64_t at, char *to, size_t room)
{
	struct flow *f = ctx;
	size_t n;

	(void)at;
	if (f->at == f->out.len && !f->ended)
		go_on(f);
	n = f->out.len - f->at;
	if (n == 0 || f->broken)
		return f->broken ? MHD_CONTENT_READER_END_WITH_ERROR
				 : MHD_CONTENT_READER_END_OF_STREAM;
	n = n < room ? n : room;
	memcpy(to, f->out.data + f->at, n);
	f->at += n;
	return (ssize_t)n;
}

/* --- the answer */

static const char *
type_of(enum flow_form form)
{
	return form == FLOW_LIST    ? "application/json"
	       : form == FLOW_LINES ? "application/x-ndjson"
				    : "text/event-stream; charset=utf-8";
}

static struct flow *
flow_new(struct http *h, const struct flow_wanted *wanted)
{
	struct flow *f = calloc(1, sizeof(*f));
	unsigned third_ms = h->idle_s * 1000 / 3;

	if (f == NULL)
		return NULL;
	f->http = h;
	f->ask.fd = -1;
	f->out = sbuf_of(ROW_MAX);
	f->form = wanted->form;
	f->skip = f->offset = wanted->offset;
	f->left = f->limit = wanted->limit;
	f->beat_ms = third_ms < BEAT_MS ? third_ms : BEAT_MS;
	f->next = strdup(wanted->next != NULL ? wanted->next : "");
	for (; f->where_n < wanted->where_n; f->where_n++) {
		f->where[f->where_n].member = strdup(wanted->where[f->where_n].member);
		f->where[f->where_n].value = strdup(wanted->where[f->where_n].value);
	}
	if (f->form == FLOW_EVENTS)
		atomic_fetch_add(&h->counts.streams, 1);
	return f;
}

enum MHD_Result
flow_answer(struct http *h, struct MHD_Connection *c, struct exchange *x, struct sbuf *request,
    const struct flow_wanted *wanted)
{
	struct flow *f = flow_new(h, wanted);
	struct MHD_Response *r;
	char why[ASK_WHY_MAX] = "out of memory";
	enum ask_got got = ASK_BROKEN;

	if (f != NULL)
		got = ask_open(&f->ask, h->control_path, h->stop[0], request, ASK_MS, why);
	sbuf_free(request);
	if (got != ASK_LINE) {
		if (f != NULL)
			flow_free(f);
		return answer_failure(c, x, got, why);
	}
	if (f->form == FLOW_LIST)
		sbuf_puts(&f->out, "{\"data\":[");
	else if (f->form == FLOW_EVENTS)
		sbuf_puts(&f->out, "retry: 2000\n\n");
	r = MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, BLOCK, give, f, flow_free);
	if (r == NULL) {
		flow_free(f);
		return MHD_NO;
	}
	MHD_add_response_header(r, "Content-Type", type_of(f->form));
	return answer_response(c, x, MHD_HTTP_OK, NULL, r);
}
