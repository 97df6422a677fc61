#include "collector/http/accept.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* "q=0.5" of the parameters of a media range, in thousandths. */
static unsigned
weight_of(const char *parameters, const char *end)
{
	for (const char *at = parameters; at != NULL && at < end;
	     at = memchr(at, ';', (size_t)(end - at))) {
		at += strspn(at, "; \t");
		if (at < end && (*at == 'q' || *at == 'Q') && at[1] == '=') {
			double q = strtod(at + 2, NULL);

			return q <= 0 ? 0 : q >= 1 ? 1000 : (unsigned)(q * 1000);
		}
	}
	return 1000;
}

unsigned
accept_weight(const char *accept, const char *type)
{
	size_t main_n = strcspn(type, "/");
	unsigned weight = 0, closeness = 0;

	for (const char *at = accept; *at != '\0';) {
		size_t n = strcspn(at, ","), range_n;
		unsigned close;

		range_n = strcspn(at, ",;");
		while (range_n > 0 && (at[range_n - 1] == ' ' || at[range_n - 1] == '\t'))
			range_n--;
		close = range_n == strlen(type) && strncasecmp(at, type, range_n) == 0 ? 3
			: range_n == main_n + 2 && strncasecmp(at, type, main_n) == 0 &&
				at[main_n] == '/' && at[main_n + 1] == '*'
			    ? 2
			: range_n == 3 && strncmp(at, "*/*", 3) == 0 ? 1
								     : 0;
		if (close > closeness) {
			closeness = close;
			weight = weight_of(memchr(at, ';', n), at + n);
		}
		at += n;
		at += strspn(at, ", \t");
	}
	return weight;
}
