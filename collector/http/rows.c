#include "collector/http/rows.h"

#include "base/pure/text.h"
#include "collector/http/http_private.h"
#include "proto/control_request.h"

struct sbuf
rows_request(const char *what)
{
	struct sbuf request = sbuf_of(CONTROL_REQUEST_MAX);

	control_request_begin(&request, "show");
	control_request_word(&request, "what", what);
	control_request_word(&request, "format", "json");
	return request;
}

enum ask_got
rows_each(const struct http *h, struct sbuf *request, bool (*each)(void *ctx, const json_t *row),
    void *ctx, char why[ASK_WHY_MAX])
{
	struct ask a;
	enum ask_got got = ask_open(&a, h->control_path, h->stop[0], request, ASK_MS, why);
	char *line;
	size_t n;

	if (got == ASK_LINE)
		text_copy(why, ASK_WHY_MAX, "the answer of the collector is not complete");
	while (got == ASK_LINE) {
		json_t *row;
		bool more;

		got = ask_line(&a, &line, &n, ASK_MS);
		if (got != ASK_LINE)
			break;
		row = json_loadb(line, n, 0, NULL);
		more = row == NULL || each(ctx, row);
		json_decref(row);
		if (!more)
			got = ASK_END;
	}
	ask_close(&a);
	sbuf_free(request);
	return got;
}

const char *
rows_text(const json_t *row, const char *key)
{
	const char *text = json_string_value(json_object_get(row, key));

	return text != NULL ? text : "";
}

int64_t
rows_number(const json_t *row, const char *key)
{
	return json_integer_value(json_object_get(row, key));
}

bool
rows_true(const json_t *row, const char *key)
{
	return json_is_true(json_object_get(row, key));
}
