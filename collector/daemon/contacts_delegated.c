/*
 * Which registry handed out which AS numbers, from the files that registries publish each day:
 *
 *   2|ripencc|20261127|...                        the version; its date
 *   ripencc|NL|asn|64496|16|20260101|assigned|... registry, country, kind, first, how many, ...
 *
 * Lines of addresses, sums and comments are passed over. Numbers that are available or reserved
 * were handed out to nobody. What the bogon rules make of such files is detect/delegated.
 */
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/pure/text.h"
#include "collector/daemon/contacts_private.h"

enum { FIELDS = 7, LINE_OCTETS = 512, RANGES_MAX = 2000000, LOOK_EVERY = 4096 };

static bool
add(struct contacts_room *to, char *const field[FIELDS], bool *memory)
{
	struct contacts *out = to->out;
	unsigned long long first, n;
	struct contact_range *r;
	char *end, *end_n;

	first = strtoull(field[3], &end, 10);
	n = strtoull(field[4], &end_n, 10);
	if (*end != '\0' || *end_n != '\0' || field[3][0] == '\0' || n == 0 || n > UINT32_MAX ||
	    first > UINT32_MAX || first + n - 1 > UINT32_MAX || field[0][0] == '\0' ||
	    strlen(field[0]) >= RECORD_REGISTRY_MAX)
		return false;
	if (out->ranges_n == to->ranges_cap) {
		size_t cap = contacts_more(to->ranges_cap, RANGES_MAX);

		r = cap > 0 ? realloc(out->ranges, cap * sizeof(*r)) : NULL;
		if (r == NULL) {
			*memory = false;
			return false;
		}
		out->ranges = r;
		to->ranges_cap = cap;
	}
	r = &out->ranges[out->ranges_n++];
	*r = (struct contact_range){ .first = (uint32_t)first, .last = (uint32_t)(first + n - 1) };
	text_copy(r->registry, sizeof(r->registry), field[0]);
	return true;
}

/* A line that is one of AS numbers handed out, or one to be passed over; false: it is neither. */
static bool
take(struct contacts_room *to, char *line, bool *memory)
{
	char *field[FIELDS] = { NULL };
	unsigned n = 0;

	for (char *at = line; at != NULL && n < FIELDS; n++) {
		field[n] = at;
		at = strchr(at, '|');
		if (at != NULL)
			*at++ = '\0';
	}
	if (line[0] == '\0' || line[0] == '#')
		return true;
	if (n < 6)
		return false;
	if (strcmp(field[2], "asn") != 0 || n < FIELDS)
		return true; /* the version, a sum, addresses */
	if (strcmp(field[6], "allocated") != 0 && strcmp(field[6], "assigned") != 0)
		return true;
	return add(to, field, memory);
}

bool
contacts_parse_delegated(const char *text, size_t len, const _Atomic bool *give_up,
    struct contacts_room *to, char *error, size_t size)
{
	const char *end = text + len;
	bool memory = true;
	unsigned line_n = 0;

	for (const char *at = text; at < end;) {
		const char *next = memchr(at, '\n', (size_t)(end - at));
		size_t n = (size_t)((next != NULL ? next : end) - at);
		char line[LINE_OCTETS];

		line_n++;
		if (n > 0 && at[n - 1] == '\r')
			n--;
		snprintf(
		    line, sizeof(line), "%.*s", n < sizeof(line) ? (int)n : LINE_OCTETS - 1, at);
		if (!take(to, line, &memory)) {
			snprintf(error, size,
			    memory ? "line %u: right would be ripencc|NL|asn|64496|16|20260101|"
				     "assigned"
				   : "line %u: out of memory, or too many lines",
			    line_n);
			return false;
		}
		if (line_n % LOOK_EVERY == 0 && give_up != NULL && atomic_load(give_up)) {
			snprintf(error, size, "given up");
			return false;
		}
		at = next != NULL ? next + 1 : end;
	}
	if (to->out->ranges_n > 0)
		return true;
	snprintf(error, size, "no line of AS numbers that were handed out");
	return false;
}
