#include "collector/daemon/json_walk.h"

#include <stdarg.h>
#include <stdio.h>

bool
json_walk_wrong(struct json_walk *w, const char *fmt, ...)
{
	unsigned line = 1;
	va_list ap;
	int n;

	for (const char *p = w->start; p < w->pos && p < w->end; p++)
		line += *p == '\n';
	n = snprintf(w->error, w->size, "line %u: ", line);
	va_start(ap, fmt);
	if (n > 0 && (size_t)n < w->size)
		vsnprintf(w->error + n, w->size - (size_t)n, fmt, ap);
	va_end(ap);
	return false;
}

char
json_walk_peek(struct json_walk *w)
{
	while (w->pos < w->end &&
	       (*w->pos == ' ' || *w->pos == '\t' || *w->pos == '\r' || *w->pos == '\n'))
		w->pos++;
	return w->pos < w->end ? *w->pos : '\0';
}

bool
json_walk_expect(struct json_walk *w, char want)
{
	char got = json_walk_peek(w);

	if (got == want) {
		w->pos++;
		return true;
	}
	return got == '\0' ? json_walk_wrong(w, "the text ends where '%c' should be", want)
			   : json_walk_wrong(w, "'%c' should be here", want);
}

json_t *
json_walk_value(struct json_walk *w)
{
	const size_t flags = w->flags | JSON_DECODE_ANY | JSON_DISABLE_EOF_CHECK;
	json_error_t e;
	json_t *v;

	json_walk_peek(w);
	v = json_loadb(w->pos, (size_t)(w->end - w->pos), flags, &e);
	if (v == NULL) {
		w->pos += e.position > 0 ? (size_t)e.position - 1 : 0;
		json_walk_wrong(w, "%.100s", e.text);
		return NULL;
	}
	w->pos += e.position;
	return v;
}

bool
json_walk_array(struct json_walk *w, bool (*each)(void *ctx, const json_t *value), void *ctx)
{
	bool ok = json_walk_expect(w, '[');

	if (ok && json_walk_peek(w) == ']') {
		w->pos++;
		return true;
	}
	while (ok) {
		json_t *v = json_walk_value(w);

		ok = v != NULL && each(ctx, v);
		json_decref(v);
		if (ok && w->give_up != NULL && atomic_load(w->give_up)) {
			w->error[0] = '\0';
			return false;
		}
		if (ok && json_walk_peek(w) == ']') {
			w->pos++;
			return true;
		}
		ok = ok && json_walk_expect(w, ',');
	}
	return false;
}
