/* VRPs and ASPAs that somebody asks about: "+203.0.113.0/24-24:64500 -...",
 * "64500:64501,64502 64503:". */
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collector/control/control_private.h"

static bool
edit_read(const char *word, bool *gone, struct vrp *v)
{
	char text[IP_PREFIX_TEXT_MAX];
	unsigned long max_len, asn;
	const char *dash;
	char *end;

	if (*word != '+' && *word != '-')
		return false;
	*gone = *word++ == '-';
	dash = strrchr(word, '-');
	if (dash == NULL || (size_t)(dash - word) >= sizeof(text))
		return false;
	memcpy(text, word, (size_t)(dash - word));
	text[dash - word] = '\0';
	max_len = strtoul(dash + 1, &end, 10);
	asn = *end == ':' ? strtoul(end + 1, &end, 10) : ULONG_MAX;
	*v = (struct vrp){ .max_len = max_len <= 128 ? (uint8_t)max_len : 255 };
	v->asn = (uint32_t)asn;
	return *end == '\0' && asn <= UINT32_MAX && ip_prefix_parse(text, true, &v->prefix) &&
	       vrp_ok(v);
}

static bool
vrps_read(const char *words, struct vrp_edits *e, char *wrong, size_t size)
{
	char word[96];

	for (e->n = 0; *words != '\0' && e->n < VRP_EDITS_MAX; e->n++) {
		size_t n = strcspn(words, " ");

		snprintf(word, sizeof(word), "%.*s", n < 95 ? (int)n : 95, words);
		if (!edit_read(word, &e->v[e->n].gone, &e->v[e->n].vrp)) {
			snprintf(wrong, size,
			    "\"%.60s\" is no VRP; right would be +203.0.113.0/24-24:64500", word);
			return false;
		}
		words += n;
		words += *words == ' ';
	}
	if (*words == '\0' && e->n > 0)
		return true;
	snprintf(wrong, size, "from one VRP up to %d at once", VRP_EDITS_MAX);
	return false;
}

/* A number up to its end, which is one of `ends`. */
static bool
asn_read(const char **at, const char *ends, uint32_t *asn)
{
	char *end;
	unsigned long long n = strtoull(*at, &end, 10);

	if (end == *at || **at < '0' || **at > '9' || n > UINT32_MAX || strchr(ends, *end) == NULL)
		return false;
	*at = end;
	*asn = (uint32_t)n;
	return true;
}

static bool
aspa_read(const char **at, struct aspa_edits *e)
{
	unsigned n = 0;

	if (e->n == ASPA_EDITS_MAX || !asn_read(at, ":", &e->v[e->n].customer) || **at != ':')
		return false;
	for (++*at; **at != '\0' && **at != ' '; n++) {
		if (n == ASPA_EDIT_PROVIDERS_MAX || !asn_read(at, ", ", &e->v[e->n].providers[n]))
			return false;
		*at += **at == ',';
	}
	e->v[e->n++].providers_n = n;
	*at += **at == ' ';
	return true;
}

static bool
aspas_read(const char *words, struct aspa_edits *e, char *wrong, size_t size)
{
	for (e->n = 0; *words != '\0';)
		if (!aspa_read(&words, e)) {
			snprintf(wrong, size,
			    "\"%.60s\" is no ASPA; right would be 64500:64501,64502, up to %d of "
			    "up to %d providers",
			    words, ASPA_EDITS_MAX, ASPA_EDIT_PROVIDERS_MAX);
			return false;
		}
	return true;
}

bool
edits_read(const struct control_request *r, struct show_query *q, char *wrong, size_t size)
{
	const char *aspas = control_request_value(r, "aspas", "");

	return *aspas != '\0'
		   ? aspas_read(aspas, &q->aspas, wrong, size)
		   : vrps_read(control_request_value(r, "vrps", ""), &q->edits, wrong, size);
}
