#include "base/pure/flat_json.h"

#include <string.h>

static const char *
skip_space(const char *p, const char *end)
{
	while (p < end && (*p == ' ' || *p == '\t' || *p == '\r' || *p == '\n'))
		p++;
	return p;
}

/* The text of a string that begins at its quote, of plain ASCII; what follows it, or NULL. */
static const char *
string(const char *p, const char *end, const char **text, size_t *len)
{
	if (p == end || *p++ != '"')
		return NULL;
	*text = p;
	while (p < end && *p != '"') {
		if (*p < ' ' || *p > '~' || *p == '\\')
			return NULL;
		p++;
	}
	*len = (size_t)(p - *text);
	return p < end ? p + 1 : NULL;
}

/* At most 18 digits, which fit. */
static const char *
integer(const char *p, const char *end, struct flat_value *v)
{
	enum { DIGITS_MAX = 18 };
	bool minus = p < end && *p == '-';
	const char *first = p + minus;

	v->type = FLAT_INTEGER;
	v->text = p;
	v->number = 0;
	for (p = first; p < end && *p >= '0' && *p <= '9' && p - first < DIGITS_MAX; p++)
		v->number = v->number * 10 + (*p - '0');
	if (p == first || (*first == '0' && (minus || p - first > 1)))
		return NULL;
	if (p == end || *p == '.' || *p == 'e' || *p == 'E' || (*p >= '0' && *p <= '9'))
		return NULL;
	v->len = (size_t)(p - v->text);
	v->number = minus ? -v->number : v->number;
	return p;
}

static const char *
value(const char *p, const char *end, struct flat_value *v)
{
	if (p == end)
		return NULL;
	if (*p == '"') {
		v->type = FLAT_STRING;
		return string(p, end, &v->text, &v->len);
	}
	if (*p == 'n') {
		*v = (struct flat_value){ .type = FLAT_NULL, .text = p, .len = 4 };
		return end - p >= 4 && memcmp(p, "null", 4) == 0 ? p + 4 : NULL;
	}
	return integer(p, end, v);
}

static bool
is_new(const struct flat_object *o, const char *name, size_t len)
{
	for (unsigned i = 0; i < o->n; i++)
		if (o->member[i].len == len && memcmp(o->member[i].name, name, len) == 0)
			return false;
	return len > 0;
}

const char *
flat_json_object(const char *p, const char *end, struct flat_object *o)
{
	o->n = 0;
	if (p == end || *p != '{')
		return NULL;
	p = skip_space(p + 1, end);
	if (p < end && *p == '}')
		return p + 1;
	while (o->n < FLAT_MEMBERS_MAX) {
		const char *name;
		size_t len;

		p = string(p, end, &name, &len);
		if (p == NULL || !is_new(o, name, len))
			return NULL;
		p = skip_space(p, end);
		if (p == end || *p != ':')
			return NULL;
		p = value(skip_space(p + 1, end), end, &o->member[o->n].value);
		if (p == NULL)
			return NULL;
		o->member[o->n].name = name;
		o->member[o->n++].len = len;
		p = skip_space(p, end);
		if (p == end || (*p != ',' && *p != '}'))
			return NULL;
		if (*p == '}')
			return p + 1;
		p = skip_space(p + 1, end);
	}
	return NULL;
}

struct flat_value
flat_json_get(const struct flat_object *o, const char *name)
{
	size_t len = strlen(name);

	for (unsigned i = 0; i < o->n; i++)
		if (o->member[i].len == len && memcmp(o->member[i].name, name, len) == 0)
			return o->member[i].value;
	return (struct flat_value){ .type = FLAT_NONE };
}
