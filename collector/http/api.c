#include "collector/http/api.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/pure/text.h"
#include "collector/http/flow.h"
#include "collector/http/rows.h"
#include "proto/control_request.h"

enum { LIMIT = 100, LIMIT_MAX = 10000, ADDRESS_MAX = 16384 };

const struct api_resource api_resources[] = {
	{ .path = "openapi.json", .shape = API_DOCUMENT },
	{ .path = "stats", .shape = API_ONE, .what = "stats" },
	{ .path = "routers",
	    .what = "routers",
	    .where = { "router", "state", "address", "synced" } },
	{ .path = "routers/{id}", .shape = API_ONE, .what = "routers", .id_member = "router" },
	{ .path = "peers",
	    .what = "peers",
	    .where = { "router", "peer", "peer_as", "state", "relation", "table", "judged" } },
	{ .path = "incidents", .what = "incidents", .words = { "filter" } },
	{ .path = "incidents/{id}",
	    .shape = API_ONE,
	    .what = "case",
	    .fixed = "prefixes=1000",
	    .id = "id" },
	{ .path = "cases", .what = "case", .fixed = "prefixes=10", .words = { "rule" } },
	{ .path = "routes",
	    .what = "routes",
	    .words = { "prefix!" },
	    .where = { "router", "peer", "peer_as", "view", "origin", "rov" } },
	{ .path = "explain", .what = "explain", .words = { "prefix!" } },
	{ .path = "near", .what = "near", .words = { "prefix!" } },
	{ .path = "rpki/sources", .what = "rpki" },
	{ .path = "rpki/validity",
	    .shape = API_ONE,
	    .what = "rpki",
	    .words = { "prefix!", "asn!" } },
	{ .path = "mutes", .what = "mutes" },
	{ .path = "contacts", .what = "contacts" },
	{ .path = "own", .what = "own", .words = { "asns" } },
	{ .path = "norms", .what = "norms", .words = { "month", "neighbor" }, .where = { "row" } },
	{ .path = "sav", .what = "sav", .words = { "target!", "method", "explain" } },
	{ .path = "baseline", .shape = API_ONE, .verb = "baseline", .fixed = "do=show" },
	{ .path = "records", .verb = "tail", .words = { "since", "after", "n", "filter" } },
	{ .path = "events",
	    .shape = API_EVENTS,
	    .verb = "tail",
	    .fixed = "follow=1",
	    .words = { "since", "n", "filter" } },
};
const size_t api_resources_n = sizeof(api_resources) / sizeof(api_resources[0]);

/* --- finding */

/* Is that path the one of these segments? *id: the one that "{id}" stands for. */
static bool
matches(const char *path, const char *const *segment, unsigned n, const char **id)
{
	unsigned i = 0;

	for (; *path != '\0'; i++) {
		size_t len = strcspn(path, "/");

		if (i == n)
			return false;
		if (strncmp(path, "{id}", 4) == 0 && segment[i][0] != '\0')
			*id = segment[i];
		else if (strlen(segment[i]) != len || strncmp(path, segment[i], len) != 0)
			return false;
		path += len + (path[len] == '/');
	}
	return i == n;
}

static const struct api_resource *
find(const struct target *t, const char **id)
{
	*id = NULL;
	if (t->segments < 3 || strcmp(t->segment[1], "v1") != 0)
		return NULL;
	for (size_t i = 0; i < api_resources_n; i++)
		if (matches(api_resources[i].path, t->segment + 2, t->segments - 2, id))
			return &api_resources[i];
	return NULL;
}

/* --- parameters */

static bool
is_page(const struct api_resource *r, const char *name)
{
	return r->shape == API_LIST && (strcmp(name, "offset") == 0 || strcmp(name, "limit") == 0);
}

/* Of words of the request; *needed: there is no answer without it. */
static bool
is_word(const struct api_resource *r, const char *name)
{
	for (unsigned i = 0; i < API_PARAMETERS_MAX && r->words[i] != NULL; i++)
		if (strncmp(r->words[i], name, strcspn(r->words[i], "!")) == 0 &&
		    strlen(name) == strcspn(r->words[i], "!"))
			return true;
	return false;
}

static bool
is_where(const struct api_resource *r, const char *name)
{
	for (unsigned i = 0; i < API_PARAMETERS_MAX && r->where[i] != NULL; i++)
		if (strcmp(r->where[i], name) == 0)
			return true;
	return false;
}

static void
put_names(struct txt *t, const struct api_resource *r)
{
	for (unsigned i = 0; i < API_PARAMETERS_MAX && r->words[i] != NULL; i++) {
		txt_sep(t, ", ");
		txt_putf(t, "%.*s", (int)strcspn(r->words[i], "!"), r->words[i]);
	}
	for (unsigned i = 0; i < API_PARAMETERS_MAX && r->where[i] != NULL; i++) {
		txt_sep(t, ", ");
		txt_puts(t, r->where[i]);
	}
	if (r->shape == API_LIST) {
		txt_sep(t, ", ");
		txt_puts(t, "limit, offset");
	}
}

/* A number of rows. */
static bool
read_number(
    const struct target *t, const char *name, uint64_t otherwise, uint64_t max, uint64_t *out)
{
	const char *text = target_value(t, name, NULL);
	char *end;

	*out = otherwise;
	if (text == NULL)
		return true;
	errno = 0;
	*out = strtoull(text, &end, 10);
	return *text >= '0' && *text <= '9' && *end == '\0' && errno == 0 && *out <= max;
}

/* What is wrong with the parameters, in `wrong`; true when nothing is. */
static bool
check_parameters(const struct api_resource *r, const struct target *t, char *wrong, size_t size)
{
	char known[512];
	struct txt names = txt_of(known, sizeof(known));

	put_names(&names, r);
	for (unsigned i = 0; i < t->parameters; i++) {
		const char *name = t->parameter[i].name;

		if (is_page(r, name) || is_word(r, name) || is_where(r, name))
			continue;
		snprintf(wrong, size, "there is no parameter \"%s\" here; %s%s", name,
		    known[0] != '\0' ? "right would be " : "there is none", known);
		return false;
	}
	for (unsigned i = 0; i < API_PARAMETERS_MAX && r->words[i] != NULL; i++) {
		char name[64];

		snprintf(name, sizeof(name), "%.*s", (int)strcspn(r->words[i], "!"), r->words[i]);
		if (strchr(r->words[i], '!') == NULL || target_value(t, name, NULL) != NULL)
			continue;
		snprintf(wrong, size, "the parameter \"%s\" is missing", name);
		return false;
	}
	return true;
}

/* --- the request */

static struct sbuf
request_of(const struct api_resource *r, const struct target *t, const char *id)
{
	struct sbuf request = sbuf_of(CONTROL_REQUEST_MAX);
	char key[32];

	control_request_begin(&request, r->verb != NULL ? r->verb : "show");
	if (r->what != NULL)
		control_request_word(&request, "what", r->what);
	control_request_word(&request, "format", "json");
	if (r->fixed != NULL) {
		snprintf(key, sizeof(key), "%.*s", (int)strcspn(r->fixed, "="), r->fixed);
		control_request_word(&request, key, r->fixed + strcspn(r->fixed, "=") + 1);
	}
	if (id != NULL && r->id != NULL)
		control_request_word(&request, r->id, id);
	for (unsigned i = 0; i < t->parameters; i++)
		if (is_word(r, t->parameter[i].name))
			control_request_word(&request, t->parameter[i].name, t->parameter[i].value);
	return request;
}

/* The address of the same again, without its page. */
static void
put_address(const struct target *t, struct sbuf *out)
{
	const char *before = "?";

	for (unsigned i = 0; i < t->segments; i++) {
		sbuf_putc(out, '/');
		target_encode(t->segment[i], out);
	}
	for (unsigned i = 0; i < t->parameters; i++) {
		if (strcmp(t->parameter[i].name, "offset") == 0 ||
		    strcmp(t->parameter[i].name, "limit") == 0)
			continue;
		sbuf_puts(out, before);
		target_encode(t->parameter[i].name, out);
		sbuf_putc(out, '=');
		target_encode(t->parameter[i].value, out);
		before = "&";
	}
}

/* --- answers */

struct one {
	const char *member, *value; /* of the row that is looked for; NULL: any */
	struct sbuf body;
	bool found;
};

static bool
take_one(void *ctx, const json_t *row)
{
	struct one *o = ctx;
	char *text;

	if (o->member != NULL && strcmp(rows_text(row, o->member), o->value) != 0)
		return true;
	text = json_dumps(row, JSON_COMPACT | JSON_PRESERVE_ORDER);
	o->found = text != NULL;
	if (text != NULL)
		sbuf_puts(&o->body, text);
	free(text);
	sbuf_putc(&o->body, '\n');
	return false;
}

static enum MHD_Result
answer_one(struct http *h, struct MHD_Connection *c, struct exchange *x,
    const struct api_resource *r, const char *id)
{
	struct one o = { .member = r->id_member, .value = id, .body = sbuf_of(64 * 1024 * 1024) };
	struct sbuf request = request_of(r, &x->target, id);
	char why[ASK_WHY_MAX];
	enum ask_got got = rows_each(h, &request, take_one, &o, why);

	if (got == ASK_END && o.found)
		return answer_body(c, x, MHD_HTTP_OK, "application/json", &o.body, NULL);
	sbuf_free(&o.body);
	if (got == ASK_END)
		return answer_problem(c, x, MHD_HTTP_NOT_FOUND, NULL,
		    id != NULL ? "there is none of that name, or no longer" : "there is none");
	return answer_failure(c, x, got, why);
}

static enum MHD_Result
answer_list(
    struct http *h, struct MHD_Connection *c, struct exchange *x, const struct api_resource *r)
{
	bool lines = answer_weight(c, "application/x-ndjson") >
		     answer_weight(c, "application/json");
	struct flow_wanted wanted = { .form = lines ? FLOW_LINES : FLOW_LIST };
	const struct target *t = &x->target;
	struct sbuf request, address = sbuf_of(ADDRESS_MAX);
	enum MHD_Result result;

	if (!read_number(t, "limit", lines ? UINT64_MAX : LIMIT, LIMIT_MAX, &wanted.limit) ||
	    !read_number(t, "offset", 0, UINT32_MAX, &wanted.offset) || wanted.limit == 0)
		return answer_problem(c, x, MHD_HTTP_BAD_REQUEST, NULL,
		    "limit is from 1 to %d, offset a number of rows; all rows are had with "
		    "\"Accept: application/x-ndjson\"",
		    LIMIT_MAX);
	for (unsigned i = 0; i < t->parameters && wanted.where_n < FLOW_WHERE_MAX; i++)
		if (is_where(r, t->parameter[i].name)) {
			wanted.where[wanted.where_n].member = t->parameter[i].name;
			wanted.where[wanted.where_n++].value = t->parameter[i].value;
		}
	request = request_of(r, t, NULL);
	put_address(t, &address);
	wanted.next = sbuf_text(&address);
	result = flow_answer(h, c, x, &request, &wanted);
	sbuf_free(&address);
	return result;
}

/* Behind Last-Event-ID, where the reader had got to; else from now on, or from where it says. */
static enum MHD_Result
answer_events(
    struct http *h, struct MHD_Connection *c, struct exchange *x, const struct api_resource *r)
{
	static const char *const later[] = { "Retry-After", "10", NULL };
	const char *last = MHD_lookup_connection_value(c, MHD_HEADER_KIND, "Last-Event-ID");
	const struct flow_wanted wanted = { .form = FLOW_EVENTS, .limit = UINT64_MAX };
	const struct target *t = &x->target;
	struct sbuf request;
	uint32_t most;

	x->place = PLACE_EVENTS;
	pthread_mutex_lock(&h->lock);
	most = h->streams_max;
	pthread_mutex_unlock(&h->lock);
	if (h->counts.streams >= most) {
		atomic_fetch_add(&h->counts.streams_refused, 1);
		return answer_problem(c, x, MHD_HTTP_SERVICE_UNAVAILABLE, later,
		    "%u readers follow already, more are not served (http.streams)", most);
	}
	request = request_of(r, t, NULL);
	if (last != NULL && last[0] != '\0')
		control_request_word(&request, "after", last);
	else if (target_value(t, "since", NULL) == NULL && target_value(t, "n", NULL) == NULL)
		control_request_word(&request, "n", "0");
	return flow_answer(h, c, x, &request, &wanted);
}

static enum MHD_Result
answer_document(struct MHD_Connection *c, struct exchange *x)
{
	struct sbuf body = sbuf_of(1 << 24);

	sbuf_add(&body, api_document, (size_t)(api_document_end - api_document));
	return answer_body(c, x, MHD_HTTP_OK, "application/json", &body, NULL);
}

enum MHD_Result
api_answer(struct http *h, struct MHD_Connection *c, struct exchange *x)
{
	char wrong[1024];
	const char *id;
	const struct api_resource *r = find(&x->target, &id);

	if (r == NULL)
		return answer_problem(c, x, MHD_HTTP_NOT_FOUND, NULL,
		    "there is nothing of this name; /api/v1/openapi.json tells what there is");
	if (!check_parameters(r, &x->target, wrong, sizeof(wrong)))
		return answer_problem(c, x, MHD_HTTP_BAD_REQUEST, NULL, "%s", wrong);
	switch (r->shape) {
	case API_ONE:
		return answer_one(h, c, x, r, id);
	case API_EVENTS:
		return answer_events(h, c, x, r);
	case API_DOCUMENT:
		return answer_document(c, x);
	case API_LIST:
		break;
	}
	return answer_list(h, c, x, r);
}
