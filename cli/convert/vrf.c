/* Which table goes into a file of MRT, and what is left out for it. */
#include <string.h>

#include "cli/convert/convert.h"
#include "collector/recordings/mrt/to_bmp.h"

/* Peers of MRT that have one address are told apart by a number in place of a distinguisher. */
static bool
is_global(const struct bmp_stream *s, const struct bmp_peer *p)
{
	return p->key.type == BMP_PEER_GLOBAL || is_zero(p->key.distinguisher, 8) ||
	       (p->key.type == BMP_PEER_LOCAL &&
		   strcmp(bmp_stream_sys_descr(s), MRT_TO_BMP_DESCR) == 0);
}

static void
leave_out(struct convert *c, const struct bmp_peer *p, const char *distinguisher)
{
	struct convert_vrf *v = c->left_out, *end = v + c->left_out_n;

	while (v < end && strcmp(v->distinguisher, distinguisher) != 0)
		v++;
	if (v == end && c->left_out_n == CONVERT_VRFS) {
		c->left_out_more++;
		return;
	}
	if (v == end) {
		c->left_out_n++;
		*v = (struct convert_vrf){ .messages = 0 };
		snprintf(v->distinguisher, sizeof(v->distinguisher), "%s", distinguisher);
	}
	if (v->name[0] == '\0')
		snprintf(v->name, sizeof(v->name), "%s", p->table_name);
	v->messages++;
}

bool
convert_wants(struct convert *c, const struct bmp_stream *s, const struct bmp_peer *p)
{
	char distinguisher[BGP_RD_TEXT_MAX] = "";
	bool global = is_global(s, p);

	if (!global)
		bgp_rd_format(p->key.distinguisher, distinguisher);
	if (c->vrf == NULL ? global
			   : !global && (strcmp(c->vrf, distinguisher) == 0 ||
					    strcmp(c->vrf, p->table_name) == 0))
		return true;
	leave_out(c, p, distinguisher);
	return false;
}

void
convert_report_vrfs(const struct convert *c)
{
	for (unsigned i = 0; i < c->left_out_n; i++) {
		const struct convert_vrf *v = &c->left_out[i];

		if (v->distinguisher[0] == '\0')
			fprintf(stderr, "%s: %llu messages of the global table are left out\n",
			    c->in, (unsigned long long)v->messages);
		else
			fprintf(stderr,
			    "%s: %llu messages of VRF %s%s%s%s are left out, for which MRT has no "
			    "place: --vrf %s\n",
			    c->in, (unsigned long long)v->messages,
			    v->name[0] != '\0' ? v->name : v->distinguisher,
			    v->name[0] != '\0' ? " (" : "",
			    v->name[0] != '\0' ? v->distinguisher : "",
			    v->name[0] != '\0' ? ")" : "", v->distinguisher);
	}
	if (c->left_out_more > 0)
		fprintf(stderr, "%s: %llu messages of further VRFs are left out\n", c->in,
		    (unsigned long long)c->left_out_more);
}
