/*
 * What is the same for all routes of an UPDATE is put together once, and each line is its NLRI
 * between two pieces of text. Numbers and IPv4 are written by hand: a table has millions of lines.
 */
#include "cli/decode/brief.h"

#include <stdio.h>

#include "base/clock.h"
#include "base/pure/bytes.h"
#include "base/pure/text.h"
#include "parsers/bgp/dissect.h"
#include "parsers/bgp/nlri/nlri.h"
#include "parsers/mrt/mrt.h"

enum { FLUSH_AT = 64 * 1024, PATH_MAX_OCTETS = 2 * 65536, PREFIX_TEXT = 512 };

/* --- pieces */

static void
put_number(struct sbuf *out, uint64_t n)
{
	char text[20], *at = text + sizeof(text);

	do
		*--at = (char)('0' + n % 10);
	while ((n /= 10) > 0);
	sbuf_add(out, at, (size_t)(text + sizeof(text) - at));
}

static void
put_v4(struct sbuf *out, const uint8_t *b)
{
	for (int i = 0; i < 4; i++) {
		if (i > 0)
			sbuf_putc(out, '.');
		put_number(out, b[i]);
	}
}

static void
put_address(struct sbuf *out, const uint8_t *b, size_t n)
{
	char text[IP_ADDR_TEXT_MAX];

	if (n == 4) {
		put_v4(out, b);
	} else if (n == 16) {
		struct ip_addr a = ip_addr_v6(b);

		sbuf_puts(out, ip_addr_format(&a, text));
	}
}

static void
put_prefix(struct sbuf *out, const struct ip_prefix *p)
{
	put_address(out, p->b, p->family == IP_V4 ? 4 : 16);
	sbuf_putc(out, '/');
	put_number(out, p->len);
}

/* Sets in braces, segments of a confederation in parentheses and brackets, as all show them. */
static void
put_path(struct sbuf *out, struct cursor path)
{
	static const char *const marks[] = { [AS_SET] = "{,}",
		[AS_SEQUENCE] = "   ",
		[AS_CONFED_SEQUENCE] = "( )",
		[AS_CONFED_SET] = "[,]" };
	bool first = true;
	struct as_segment seg;

	while (as_path_next(&path, 4, &seg)) {
		const char *mark = marks[seg.type];

		if (!first)
			sbuf_putc(out, ' ');
		first = false;
		if (*mark != ' ')
			sbuf_putc(out, mark[0]);
		for (unsigned i = 0; i < seg.count; i++) {
			if (i > 0)
				sbuf_putc(out, mark[1]);
			put_number(out, as_segment_at(&seg, 4, i));
		}
		if (*mark != ' ')
			sbuf_putc(out, mark[2]);
	}
}

/* AS_PATH with AS numbers of four octets; of two it is widened into `room`. */
static struct cursor
path_of(const struct bmp_update *u, uint8_t *room)
{
	const struct bgp_attr *at = bgp_update_attr(u->bgp, ATTR_AS_PATH), *as4;
	size_t n;

	if (at == NULL)
		return cur_of(room, 0);
	if (u->context.encoding.as4)
		return cur_of(at->value, at->len);
	as4 = bgp_update_as4_path(u->bgp);
	n = as_path_widen(cur_of(at->value, at->len),
	    as4 != NULL ? cur_of(as4->value, as4->len) : cur_of(NULL, 0), room, PATH_MAX_OCTETS);
	return cur_of(room, n);
}

static void
put_communities(struct sbuf *out, const struct bgp_attr *at)
{
	struct cursor r = cur_of(at->value, at->len);

	for (bool first = true; cur_left(&r) >= 4; first = false) {
		uint32_t v = cur_u32(&r);
		const char *name = v >= 0xffff0000 ? bgp_community_name(v) : NULL;

		if (!first)
			sbuf_putc(out, ' ');
		if (name != NULL) {
			sbuf_puts(out, name);
			continue;
		}
		put_number(out, v >> 16);
		sbuf_putc(out, ':');
		put_number(out, v & 0xffff);
	}
}

static void
put_large_communities(struct sbuf *out, const struct bgp_attr *at)
{
	struct cursor r = cur_of(at->value, at->len);

	for (bool first = true; cur_left(&r) >= 12; first = false) {
		if (!first)
			sbuf_putc(out, ' ');
		put_number(out, cur_u32(&r));
		sbuf_putc(out, ':');
		put_number(out, cur_u32(&r));
		sbuf_putc(out, ':');
		put_number(out, cur_u32(&r));
	}
}

static uint32_t
number_of(const struct bmp_update *u, uint8_t code)
{
	const struct bgp_attr *at = bgp_update_attr(u->bgp, code);

	return at != NULL && at->len == 4 ? be32(at->value) : 0;
}

/* Of the field: that of MP_REACH_NLRI, or the attribute; the address alone. */
static struct cursor
next_hop_of(const struct bmp_update *u, bool mp)
{
	const struct bgp_attr *at = bgp_update_attr(u->bgp, ATTR_NEXT_HOP);

	if (mp)
		return bgp_next_hop_address(u->bgp->reach.next_hop);
	return bgp_next_hop_address(at != NULL ? cur_of(at->value, at->len) : cur_of("", 0));
}

static const char *
origin_of(const struct bmp_update *u, const char *const names[4])
{
	const struct bgp_attr *at = bgp_update_attr(u->bgp, ATTR_ORIGIN);

	return names[at != NULL && at->len == 1 && at->value[0] < 3 ? at->value[0] : 3];
}

/* --- as text, or JSON */

/* A member is " name value", or ","name":"value"". */
static void
begin(struct brief *b, struct sbuf *out, const char *name, bool quoted)
{
	if (b->form != BRIEF_JSON) {
		sbuf_putc(out, ' ');
		sbuf_puts(out, name);
		sbuf_putc(out, ' ');
		return;
	}
	sbuf_puts(out, ",\"");
	for (; *name != '\0'; name++)
		sbuf_putc(out, *name == '-' ? '_' : *name);
	sbuf_puts(out, quoted ? "\":\"" : "\":");
}

static void
end(struct brief *b, struct sbuf *out, bool quoted)
{
	if (b->form == BRIEF_JSON && quoted)
		sbuf_putc(out, '"');
}

static void
put_number_member(
    struct brief *b, struct sbuf *out, const char *name, uint8_t code, const struct bmp_update *u)
{
	const struct bgp_attr *at = bgp_update_attr(u->bgp, code);

	if (at == NULL || at->len != 4)
		return;
	begin(b, out, name, false);
	put_number(out, be32(at->value));
}

static void
put_list_member(struct brief *b, struct sbuf *out, const char *name, uint8_t code,
    const struct bmp_update *u, void (*put)(struct sbuf *, const struct bgp_attr *))
{
	const struct bgp_attr *at = bgp_update_attr(u->bgp, code);

	if (at == NULL)
		return;
	begin(b, out, name, true);
	put(out, at);
	end(b, out, true);
}

/* NULL: nobody knows. */
static const char *
when(const struct brief *b, const struct bmp_update *u)
{
	static int64_t last_us; /* most are of the same time */
	static char text[CLOCK_TEXT_MAX];
	int64_t us = u->router_us != 0 ? u->router_us : b->recorded_us;

	if (us != last_us && us != 0)
		clock_format_us(us, us % 1000000 != 0 ? 6 : 0, text);
	last_us = us;
	return us != 0 ? text : NULL;
}

static void
put_peer(struct brief *b, const struct bmp_peer *p, const struct bmp_update *u, struct sbuf *out)
{
	char text[BGP_RD_TEXT_MAX];

	begin(b, out, b->form == BRIEF_JSON ? "peer" : "from", true);
	if (p->key.type == BMP_PEER_LOC_RIB)
		sbuf_puts(out, "loc-rib");
	else
		put_address(out, p->key.address.b, p->key.address.family == IP_V4 ? 4 : 16);
	end(b, out, true);
	if (b->form == BRIEF_JSON)
		begin(b, out, "peer_as", false);
	else
		sbuf_puts(out, " AS");
	put_number(out, p->as);
	if (!is_zero(p->key.distinguisher, sizeof(p->key.distinguisher))) {
		begin(b, out, "distinguisher", true);
		sbuf_puts(out, bgp_rd_format(p->key.distinguisher, text));
		end(b, out, true);
	}
	if (b->form == BRIEF_JSON)
		begin(b, out, "view", true);
	else
		sbuf_putc(out, ' ');
	if (b->form == BRIEF_JSON || p->key.type != BMP_PEER_LOC_RIB)
		sbuf_puts(out, bmp_view_name(u->view));
	end(b, out, true);
}

static void
put_attributes(struct brief *b, const struct bmp_update *u, bool mp, struct sbuf *out)
{
	static const char *const origins[] = { "igp", "egp", "incomplete", "" };
	static uint8_t room[PATH_MAX_OCTETS];
	struct cursor hop = next_hop_of(u, mp);

	begin(b, out, b->form == BRIEF_JSON ? "as_path" : "path", true);
	put_path(out, path_of(u, room));
	end(b, out, true);
	if (*origin_of(u, origins) != '\0') {
		begin(b, out, "origin", true);
		sbuf_puts(out, origin_of(u, origins));
		end(b, out, true);
	}
	if (cur_left(&hop) > 0) {
		begin(b, out, "next-hop", true);
		put_address(out, hop.pos, cur_left(&hop));
		end(b, out, true);
	}
	put_number_member(b, out, "local-pref", ATTR_LOCAL_PREF, u);
	put_number_member(b, out, "med", ATTR_MED, u);
	put_list_member(b, out, "communities", ATTR_COMMUNITIES, u, put_communities);
	put_list_member(
	    b, out, "large-communities", ATTR_LARGE_COMMUNITIES, u, put_large_communities);
	put_number_member(b, out, "otc", ATTR_OTC, u);
}

/* --- as bgpdump */

/* Routes with a path id have names of their own, and so have times with a fraction. */
static void
put_bgpdump_head(struct brief *b, const struct bmp_peer *p, const struct bmp_update *u,
    bool announce, bool path_ids, struct sbuf *out)
{
	bool dump = b->mrt_type == MRT_TABLE_DUMP || b->mrt_type == MRT_TABLE_DUMP_V2;
	int64_t us = dump || u->router_us == 0 ? b->recorded_us : u->router_us;
	bool fraction = !dump && us % 1000000 != 0;

	if (dump)
		sbuf_puts(out, b->mrt_type == MRT_TABLE_DUMP ? "TABLE_DUMP" : "TABLE_DUMP2");
	else
		sbuf_puts(out, fraction ? "BGP4MP_ET" : "BGP4MP");
	sbuf_puts(out, path_ids ? "_AP|" : "|");
	put_number(out, us > 0 ? (uint64_t)us / 1000000 : 0);
	if (fraction)
		sbuf_printf(out, ".%06u", (unsigned)(us % 1000000));
	sbuf_puts(out, dump ? "|B|" : announce ? "|A|" : "|W|");
	put_address(out, p->key.address.b, p->key.address.family == IP_V4 ? 4 : 16);
	sbuf_putc(out, '|');
	put_number(out, p->as);
	sbuf_putc(out, '|');
}

static void
put_aggregator(struct sbuf *out, const struct bmp_update *u)
{
	struct bgp_aggregator by;

	sbuf_puts(out, bgp_update_attr(u->bgp, ATTR_ATOMIC_AGGREGATE) != NULL ? "|AG|" : "|NAG|");
	if (bgp_update_aggregator(u->bgp, u->context.encoding.as4, &by)) {
		put_number(out, by.as);
		sbuf_putc(out, ' ');
		put_v4(out, by.id);
	}
	sbuf_putc(out, '|');
}

static void
put_bgpdump_tail(const struct bmp_update *u, bool mp, struct sbuf *out)
{
	static const char *const origins[] = { "IGP", "EGP", "INCOMPLETE", "" };
	static uint8_t room[PATH_MAX_OCTETS];
	const struct bgp_attr *communities = bgp_update_attr(u->bgp, ATTR_COMMUNITIES);
	struct cursor hop = next_hop_of(u, mp);

	sbuf_putc(out, '|');
	put_path(out, path_of(u, room));
	sbuf_putc(out, '|');
	sbuf_puts(out, origin_of(u, origins));
	sbuf_putc(out, '|');
	put_address(out, hop.pos, cur_left(&hop));
	sbuf_putc(out, '|');
	put_number(out, number_of(u, ATTR_LOCAL_PREF));
	sbuf_putc(out, '|');
	put_number(out, number_of(u, ATTR_MED));
	sbuf_putc(out, '|');
	if (communities != NULL)
		put_communities(out, communities);
	put_aggregator(out, u);
}

/* --- lines */

/* What stands before and behind the NLRI of each line of a field. */
struct around {
	struct sbuf head, tail;
};

static void
put_around(struct brief *b, const struct bmp_peer *p, const struct bmp_update *u,
    const struct bgp_nlri_field *f, bool announce, struct around *to)
{
	bool mp = f->which == BGP_REACH;
	const char *time = when(b, u);

	sbuf_clear(&to->head);
	sbuf_clear(&to->tail);
	if (b->form == BRIEF_BGPDUMP) {
		put_bgpdump_head(b, p, u, announce, f->encoding.path_ids, &to->head);
		if (announce)
			put_bgpdump_tail(u, mp, &to->tail);
		sbuf_putc(&to->tail, '\n');
		return;
	}
	if (b->form == BRIEF_JSON) {
		sbuf_puts(&to->head, "{");
		if (time != NULL)
			sbuf_printf(&to->head, "\"time\":\"%s\",", time);
		sbuf_puts(&to->head, announce ? "\"kind\":\"announce\",\"route\":\""
					      : "\"kind\":\"withdraw\",\"route\":\"");
	} else {
		sbuf_puts(&to->head, time != NULL ? time : "-");
		sbuf_puts(&to->head, announce ? " + " : " - ");
	}
	put_peer(b, p, u, &to->tail);
	if (announce)
		put_attributes(b, u, mp, &to->tail);
	sbuf_puts(&to->tail, b->form == BRIEF_JSON ? "}\n" : "\n");
}

/* In JSON some characters are written in another way. */
static void
put_text(struct brief *b, const char *text)
{
	for (; *text != '\0'; text++) {
		if (b->form == BRIEF_JSON && (*text == '"' || *text == '\\'))
			sbuf_putc(&b->out, '\\');
		sbuf_putc(&b->out, *text);
	}
}

static void
put_route(struct brief *b, struct bgp_family family, const struct bgp_nlri *n)
{
	char text[PREFIX_TEXT];
	struct txt t = txt_of(text, sizeof(text));

	if (n->prefix.family != IP_NONE && bgp_family_is_plain(family)) {
		put_prefix(&b->out, &n->prefix);
	} else {
		bgp_nlri_text(&t, family, n);
		put_text(b, text);
	}
	if (b->form == BRIEF_JSON)
		sbuf_putc(&b->out, '"');
	if (!n->has_path_id)
		return;
	if (b->form == BRIEF_BGPDUMP)
		sbuf_putc(&b->out, '|');
	else
		begin(b, &b->out, "path-id", false);
	put_number(&b->out, n->path_id);
}

void
brief_flush(struct brief *b)
{
	fwrite(b->out.data, 1, b->out.len, stdout);
	sbuf_clear(&b->out);
}

static bool
put_field(struct brief *b, const struct bmp_update *u, struct bgp_nlri_field *f,
    const struct around *around)
{
	struct faults ignored = { .n = 0 };
	static struct bgp_nlri n;

	while (bgp_nlri_next(&f->nlri, f->family, f->encoding, u->bgp->start, &n, &ignored)) {
		if (n.malformed || !decode_filter_nlri(b->filter, &n))
			continue;
		if (b->form == BRIEF_BGPDUMP && !bgp_family_is_plain(f->family)) {
			b->left_out++;
			continue;
		}
		sbuf_add(&b->out, around->head.data, around->head.len);
		put_route(b, f->family, &n);
		sbuf_add(&b->out, around->tail.data, around->tail.len);
		if (b->out.len >= FLUSH_AT)
			brief_flush(b);
		if (++b->shown == b->shown_max)
			return false;
	}
	return true;
}

bool
brief_update(struct brief *b, const struct bmp_peer *p, struct bmp_update *u)
{
	static struct around around;
	struct bgp_nlri_field fields[BGP_UPDATE_FIELDS];
	unsigned n = bgp_update_fields(u->bgp, &u->context.encoding, fields);
	bool refused = faults_withdraw(u->faults);

	if (around.head.max == 0) {
		around.head = sbuf_of(1 << 20);
		around.tail = sbuf_of(1 << 22);
	}
	for (unsigned i = 0; i < n; i++) {
		put_around(b, p, u, &fields[i], !fields[i].encoding.withdrawn && !refused, &around);
		if (!put_field(b, u, &fields[i], &around))
			return false;
	}
	return true;
}
