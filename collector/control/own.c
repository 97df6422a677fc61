/* What the configuration and the VRPs say is ours, as JSON, for `bellman suggest`. */
#include <stdlib.h>

#include "collector/control/control_private.h"

enum { ASNS_MAX = 256, VRPS_MAX = 10000 };

/* The configured AS numbers, and those of the request. false: it has something else in it. */
static size_t
asns_of(const struct detect *d, const char *words, uint32_t asns[ASNS_MAX], bool *good)
{
	const uint32_t *own;
	size_t n = 0, own_n = detect_own_asns(d, &own);
	char *end;

	for (; n < own_n && n < ASNS_MAX; n++)
		asns[n] = own[n];
	for (*good = true; *words != '\0' && *good; words = end) {
		unsigned long long asn = strtoull(words, &end, 10);

		*good = end != words && asn <= UINT32_MAX && (*end == ' ' || *end == '\0');
		if (*good && n < ASNS_MAX)
			asns[n++] = (uint32_t)asn;
		end += *end == ' ';
	}
	return n;
}

static void
put_asns(struct printer *p, const struct detect *d)
{
	const uint32_t *own;
	size_t n = detect_own_asns(d, &own);

	printer_row(p, NULL, NULL);
	jw_array(printer_json(p), "own_asns");
	for (size_t i = 0; i < n; i++)
		jw_uint(printer_json(p), NULL, own[i]);
	jw_end_array(printer_json(p));
	printer_end(p);
}

static void
put_vrp(struct printer *p, const struct detect *d, const struct vrp *v)
{
	const struct detect_own *own = detect_own_of(d, &v->prefix);
	char text[IP_PREFIX_TEXT_MAX];

	printer_row(p, NULL, NULL);
	printer_string(p, "prefix", ip_prefix_format(&v->prefix, text));
	printer_uint(p, "max_length", v->max_len);
	printer_uint(p, "asn", v->asn);
	printer_bool(p, "own", own != NULL);
	printer_bool(p, "derived",
	    own != NULL && own->derived && ip_prefix_cmp(&own->prefix, &v->prefix) == 0);
	printer_end(p);
}

void
own_request(struct client *c, const struct control_request *r)
{
	const struct control *control = c->control;
	const struct detect *d = control->ops->detect(control->ctx);
	struct sbuf out = sbuf_of(PIECE_MAX);
	struct vrp *vrps = calloc(VRPS_MAX, sizeof(*vrps));
	uint32_t asns[ASNS_MAX];
	struct printer p;
	bool good;
	size_t n = asns_of(d, control_request_value(r, "asns", ""), asns, &good);

	if (!good || vrps == NULL) {
		client_refuse(
		    c, good ? "out of memory" : "asns are AS numbers with blanks between them");
		free(vrps);
		return;
	}
	n = vrp_set_of_asns(control->ops->vrps(control->ctx), asns, n, vrps, VRPS_MAX);
	client_begin(c);
	printer_init(&p, &out, PRINTER_JSON);
	put_asns(&p, d);
	for (size_t i = 0; i < n && i < VRPS_MAX; i++)
		put_vrp(&p, d, &vrps[i]);
	free(vrps);
	client_put_buffer(c, &out);
	client_done(c);
}
