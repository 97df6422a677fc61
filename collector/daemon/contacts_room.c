/* What the readers of contacts of all forms add to. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "collector/daemon/contacts_private.h"

struct contact *
contacts_add(struct contacts_room *to, uint32_t asn)
{
	struct contacts *out = to->out;
	struct contact *c;

	if (out->n == CONTACTS_MAX)
		return NULL;
	if (out->n == to->cap) {
		size_t cap = contacts_more(to->cap, CONTACTS_MAX);

		c = realloc(out->v, cap * sizeof(*c));
		if (c == NULL)
			return NULL;
		out->v = c;
		to->cap = cap;
	}
	c = &out->v[out->n++];
	*c = (struct contact){ .asn = asn };
	return c;
}

bool
contacts_set(char out[RECORD_NAME_MAX], const char *whom)
{
	size_t n = whom != NULL ? strlen(whom) : 0;

	/* half of an address is another one */
	if (n == 0 || n >= RECORD_NAME_MAX)
		return false;
	memcpy(out, whom, n + 1);
	return true;
}

uint32_t
contacts_day(const char *date)
{
	int year, month, day;
	struct tm tm = { 0 };

	if (date == NULL || sscanf(date, "%4d-%2d-%2d", &year, &month, &day) != 3 || year < 1970 ||
	    month < 1 || month > 12 || day < 1 || day > 31)
		return 0;
	tm.tm_year = year - 1900;
	tm.tm_mon = month - 1;
	tm.tm_mday = day;
	return (uint32_t)(timegm(&tm) / 86400);
}
