#include "collector/http/target.h"

#include <string.h>

#include "base/pure/utf8.h"

static int
hex(char c)
{
	return c >= '0' && c <= '9'   ? c - '0'
	       : c >= 'a' && c <= 'f' ? c - 'a' + 10
	       : c >= 'A' && c <= 'F' ? c - 'A' + 10
				      : -1;
}

/* In place. What is wrong, or NULL. */
static const char *
decode(char *s, bool plus_is_space)
{
	char *to = s;

	for (const char *at = s; *at != '\0'; at++) {
		if (*at == '+' && plus_is_space) {
			*to++ = ' ';
		} else if (*at != '%') {
			*to++ = *at;
		} else if (hex(at[1]) < 0 || hex(at[2]) < 0) {
			return "a percent sign is not followed by two hexadecimal digits; right "
			       "would be %2F for a slash, %25 for a percent sign";
		} else {
			*to++ = (char)(hex(at[1]) * 16 + hex(at[2]));
			if (to[-1] == '\0')
				return "a NUL is in the address";
			at += 2;
		}
	}
	*to = '\0';
	for (const char *at = s; *at != '\0';) {
		size_t n = utf8_len(at, strlen(at));

		if (n == 0)
			return "the address is not UTF-8";
		if (utf8_is_control(at))
			return "a control character is in the address";
		at += n;
	}
	return NULL;
}

/* Where the path begins: "http://host/path" is allowed to say where it is sent to. */
static const char *
path_of(const char *raw)
{
	const char *host = strstr(raw, "://");

	if (raw[0] == '/' || host == NULL)
		return raw;
	host += strlen("://");
	return host + strcspn(host, "/?");
}

static const char *
read_path(char *path, struct target *t)
{
	const char *wrong = NULL;
	char *next = path + 1;

	while (wrong == NULL && next != NULL && *next != '\0') {
		char *segment = strsep(&next, "/");

		if (t->segments == TARGET_SEGMENTS_MAX)
			return "the address has too many parts";
		wrong = decode(segment, false);
		t->segment[t->segments++] = segment;
	}
	return wrong;
}

static const char *
read_parameters(char *query, struct target *t)
{
	const char *wrong = NULL;
	char *pair;

	while (wrong == NULL && (pair = strsep(&query, "&")) != NULL) {
		char *value;

		if (*pair == '\0')
			continue;
		if (t->parameters == TARGET_PARAMETERS_MAX)
			return "the address has too many parameters";
		value = strchr(pair, '=');
		if (value != NULL)
			*value++ = '\0';
		wrong = decode(pair, true);
		if (wrong == NULL && value != NULL)
			wrong = decode(value, true);
		t->parameter[t->parameters].name = pair;
		t->parameter[t->parameters++].value = value != NULL ? value : "";
	}
	return wrong;
}

bool
target_parse(const char *raw, struct target *t, const char **wrong, bool *too_long)
{
	const char *path = path_of(raw);
	size_t n = strlen(path);
	char *query;

	t->segments = t->parameters = 0;
	*too_long = n >= sizeof(t->text);
	*wrong = "the address is too long";
	if (*too_long)
		return false;
	memcpy(t->text, path, n + 1);
	query = t->text + strcspn(t->text, "?");
	if (*query == '?')
		*query++ = '\0';
	*wrong = t->text[0] == '/' || (t->text[0] == '\0' && path != raw)
		     ? NULL
		     : "the address does not begin with a slash";
	if (*wrong == NULL && t->text[0] == '/')
		*wrong = read_path(t->text, t);
	if (*wrong == NULL)
		*wrong = read_parameters(query, t);
	return *wrong == NULL;
}

const char *
target_value(const struct target *t, const char *name, const char *otherwise)
{
	for (unsigned i = 0; i < t->parameters; i++)
		if (strcmp(t->parameter[i].name, name) == 0)
			return t->parameter[i].value;
	return otherwise;
}

void
target_encode(const char *text, struct sbuf *out)
{
	for (; *text != '\0'; text++) {
		unsigned char c = (unsigned char)*text;

		if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
		    strchr("-._~", c) != NULL)
			sbuf_putc(out, *text);
		else
			sbuf_printf(out, "%%%02X", c);
	}
}
