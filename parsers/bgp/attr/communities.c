/* One-line texts of AS paths, communities and large communities (RFC 4271, RFC 1997, RFC 8092). */
#include "parsers/bgp/dissect.h"

/* Shows the octets at the end that are malformed. */
static void
put_rest(struct txt *t, struct cursor r)
{
	if (cur_left(&r) == 0)
		return;
	txt_sep(t, " ");
	txt_puts(t, "0x");
	txt_hex(t, r);
}

void
bgp_as_path_text(struct txt *t, struct cursor path, unsigned width)
{
	/* by segment type; a sequence stands without brackets */
	static const char open[] = { 0, '{', 0, '(', '[' }, close[] = { 0, '}', 0, ')', ']' };
	struct as_segment s;
	struct cursor before = path;

	while (as_path_next(&path, width, &s) && !t->cut) {
		bool set = s.type == AS_SET || s.type == AS_CONFED_SET;

		txt_sep(t, " ");
		if (open[s.type] != 0)
			txt_putf(t, "%c", open[s.type]);
		for (unsigned i = 0; i < s.count && !t->cut; i++)
			txt_putf(t, "%s%u",
			    i == 0 ? ""
			    : set  ? ","
				   : " ",
			    as_segment_at(&s, width, i));
		if (close[s.type] != 0)
			txt_putf(t, "%c", close[s.type]);
		before = path;
	}
	if (path.failed)
		put_rest(t, before);
}

static const struct {
	uint32_t value;
	const char *name;
} well_known[] = {
	{ 0xffff0000, "graceful-shutdown" }, /* RFC 8326 */
	{ 0xffff0001, "accept-own" },	     /* RFC 7611 */
	{ 0xffff0002, "route-filter-translated-v4" }, { 0xffff0003, "route-filter-v4" },
	{ 0xffff0004, "route-filter-translated-v6" }, { 0xffff0005, "route-filter-v6" },
	{ 0xffff0006, "llgr-stale" },					    /* RFC 9494 */
	{ 0xffff0007, "no-llgr" },					    /* RFC 9494 */
	{ 0xffff0008, "accept-own-nexthop" }, { 0xffff0009, "standby-pe" }, /* RFC 9026 */
	{ 0xffff029a, "blackhole" },					    /* RFC 7999 */
	{ 0xffffff01, "no-export" },					    /* RFC 1997 */
	{ 0xffffff02, "no-advertise" }, { 0xffffff03, "no-export-subconfed" },
	{ 0xffffff04, "no-peer" }, /* RFC 3765 */
};

const char *
bgp_community_name(uint32_t value)
{
	for (size_t i = 0; i < sizeof(well_known) / sizeof(well_known[0]); i++)
		if (well_known[i].value == value)
			return well_known[i].name;
	return NULL;
}

void
bgp_communities_text(struct txt *t, struct cursor r)
{
	while (cur_left(&r) >= 4 && !t->cut) {
		uint32_t v = cur_u32(&r);
		const char *name = bgp_community_name(v);

		txt_sep(t, " ");
		if (name != NULL)
			txt_puts(t, name);
		else
			txt_putf(t, "%u:%u", v >> 16, v & 0xffff);
	}
	if (!t->cut)
		put_rest(t, r);
}

void
bgp_large_communities_text(struct txt *t, struct cursor r)
{
	while (cur_left(&r) >= 12 && !t->cut) {
		uint32_t admin = cur_u32(&r), one = cur_u32(&r), two = cur_u32(&r);

		txt_sep(t, " ");
		txt_putf(t, "%u:%u:%u", admin, one, two);
	}
	if (!t->cut)
		put_rest(t, r);
}
