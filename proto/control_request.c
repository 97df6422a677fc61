#include "proto/control_request.h"

#include <string.h>

void
control_request_begin(struct sbuf *request, const char *verb)
{
	sbuf_clear(request);
	sbuf_puts(request, verb);
}

void
control_request_word(struct sbuf *request, const char *key, const char *value)
{
	sbuf_printf(request, "\t%s=", key);
	for (; *value != '\0'; value++) {
		if (strchr("%\t\r\n", *value) != NULL)
			sbuf_printf(request, "%%%02x", (unsigned char)*value);
		else
			sbuf_putc(request, *value);
	}
}

void
control_request_end(struct sbuf *request)
{
	sbuf_putc(request, '\n');
}

static int
hex(char c)
{
	return c >= '0' && c <= '9'   ? c - '0'
	       : c >= 'a' && c <= 'f' ? c - 'a' + 10
	       : c >= 'A' && c <= 'F' ? c - 'A' + 10
				      : -1;
}

static void
percent_decode(char *s)
{
	char *to = s;

	for (; *s != '\0'; s++) {
		if (*s == '%' && hex(s[1]) >= 0 && hex(s[2]) >= 0) {
			*to++ = (char)(hex(s[1]) * 16 + hex(s[2]));
			s += 2;
		} else {
			*to++ = *s;
		}
	}
	*to = '\0';
}

void
control_request_parse(char *line, struct control_request *r)
{
	char *save, *word;

	memset(r, 0, sizeof(*r));
	line[strcspn(line, "\r\n")] = '\0';
	word = strtok_r(line, "\t", &save);
	r->verb = word != NULL ? word : "";
	while ((word = strtok_r(NULL, "\t", &save)) != NULL && r->n < CONTROL_WORDS_MAX) {
		char *eq = strchr(word, '=');

		if (eq == NULL)
			continue;
		*eq = '\0';
		percent_decode(eq + 1);
		r->word[r->n].key = word;
		r->word[r->n++].value = eq + 1;
	}
}

const char *
control_request_value(const struct control_request *r, const char *key, const char *otherwise)
{
	for (unsigned i = 0; i < r->n; i++)
		if (strcmp(r->word[i].key, key) == 0)
			return r->word[i].value;
	return otherwise;
}

bool
control_request_is(const struct control_request *r, const char *key, const char *value)
{
	return strcmp(control_request_value(r, key, ""), value) == 0;
}
