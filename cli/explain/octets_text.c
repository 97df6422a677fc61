/* Attributes as they are kept: their octets, and what `bellman decode` makes of them. */
#include <stdlib.h>
#include <string.h>

#include "cli/decode/explain.h"
#include "cli/explain/explain_private.h"
#include "cli/fields.h"
#include "parsers/bgp/dissect.h"

static unsigned
digit(char c)
{
	return c <= '9' ? (unsigned)(c - '0') : (unsigned)(c - 'a') + 10;
}

void
explain_octets_text(struct sbuf *out, const struct explain_look *look, const char *hex)
{
	enum { LINE = 32, TEXT_MAX = 1 << 20 };
	static const struct bgp_encoding encoding = { .as4 = true };
	size_t n = strspn(hex, "0123456789abcdef") / 2;
	struct sbuf text = sbuf_of(TEXT_MAX);
	uint8_t *octets = malloc(n + 1);
	struct explain x;

	if (octets == NULL || n == 0) {
		fields_add(out, look->width, NULL, "octets", "none are kept");
		free(octets);
		return;
	}
	for (size_t i = 0; i < n; i++)
		octets[i] = (uint8_t)(digit(hex[2 * i]) << 4 | digit(hex[2 * i + 1]));
	for (size_t at = 0; at < n; at += LINE) {
		size_t part = n - at < LINE ? n - at : LINE;

		fields_addf(out, look->width, at == 0 ? "octets" : NULL, "%.*s", (int)(2 * part),
		    hex + 2 * at);
	}
	explain_begin(&x, &text, false);
	bgp_attrs_dissect(&x.sink, cur_of(octets, n), &encoding);
	explain_end(&x);
	sbuf_puts(out, sbuf_text(&text));
	sbuf_free(&text);
	free(octets);
}
