/*
 * Any BGP messages. First octet: how they are to be read; with its top bit a type and one body
 * follow, else messages with their headers. Each is parsed, checked and dissected, to a sink that
 * keeps a hash; all that is found has to lie within the octets, and the fields to be in shape.
 */
#include "parsers/bgp/dissect.h"
#include "parsers/bgp/message.h"
#include "parsers/bgp/notification.h"
#include "parsers/bgp/open.h"
#include "parsers/bgp/update.h"
#include "tests/fuzz/fuzz.h"

enum {
	AS2 = 1,
	EBGP = 2,
	LENIENT = 4,
	IDS_CLASSIC = 8,
	IDS_REACH = 16,
	IDS_UNREACH = 32,
	NEXT_HOP_ALONE = 64,
	BODY = 128
};

/* --- one body */

static void
check_faults(const struct faults *f, size_t size)
{
	enum fault_action strongest = FAULT_IGNORE;

	for (uint32_t i = 0; i < f->n && i < FAULTS_MAX; i++) {
		assert(f->v[i].offset <= size);
		assert(f->v[i].code > FAULT_NONE && f->v[i].code < FAULT_CODES);
		if (fault_action((enum fault_code)f->v[i].code) > strongest)
			strongest = fault_action((enum fault_code)f->v[i].code);
	}
	assert(strongest == (enum fault_action)f->action);
}

static void
read_update(struct cursor body, const struct bgp_context *ctx)
{
	struct faults f = { .n = 0 };
	const struct bgp_attr *path, *path4, *secure;
	struct bgp_aggregator by;
	struct bgp_family family;
	struct bgp_update u;
	static uint8_t wide[0x20000];

	if (bgp_update_split(body, &u, &f)) {
		bgp_update_end_of_rib(&u, &family);
		bgp_update_check(&u, ctx, &f);
		for (unsigned i = 0; i < u.attrs_n; i++) {
			assert(u.attr[i].value >= body.pos);
			assert(u.attr[i].value + u.attr[i].len <= body.end);
			assert(bgp_update_attr(&u, u.attr[i].code) != NULL);
		}
		bgp_update_aggregator(&u, ctx->encoding.as4, &by);
		path = bgp_update_attr(&u, ATTR_AS_PATH);
		path4 = bgp_update_as4_path(&u);
		if (path != NULL && as_path_fits(cur_of(path->value, path->len), 2)) {
			size_t n = as_path_widen(cur_of(path->value, path->len),
			    path4 != NULL ? cur_of(path4->value, path4->len) : cur_of(NULL, 0),
			    wide, sizeof(wide));

			assert(as_path_fits(cur_of(wide, n), 4));
		}
		secure = bgp_update_attr(&u, ATTR_BGPSEC_PATH);
		if (secure != NULL) {
			size_t n = bgpsec_as_path(cur_of(secure->value, secure->len), wide,
			    body.pos[0] % 2 ? sizeof(wide) : 64);

			assert(as_path_fits(cur_of(wide, n), 4));
		}
	}
	check_faults(&f, cur_left(&body));
}

static void
read_body(unsigned type, struct cursor body, const struct bgp_context *ctx, struct field_sink *to)
{
	struct faults f = { .n = 0 };
	struct bgp_notification n;
	struct bgp_open o;

	switch (type) {
	case BGP_OPEN:
		bgp_open_parse(body, &o, &f);
		assert(o.families_n <= BGP_FAMILIES_MAX && o.labels_n <= BGP_TUPLES_MAX);
		bgp_open_dissect(to, body);
		break;
	case BGP_UPDATE:
		read_update(body, ctx);
		bgp_update_dissect(to, body, &ctx->encoding);
		break;
	case BGP_NOTIFICATION:
		bgp_notification_parse(body, &n, &f);
		bgp_notification_dissect(to, body);
		check_faults(&f, BGP_HEADER_LEN + cur_left(&body)); /* of the whole message */
		return;
	default:
		bgp_refresh_dissect(to, body);
	}
	check_faults(&f, cur_left(&body));
}

/* The one-line texts, into a room that is most often too small. */
static void
write_texts(struct cursor r, size_t room)
{
	char buf[64];
	struct txt t = txt_of(buf, room);

	bgp_as_path_text(&t, r, 4);
	bgp_as_path_text(&t, r, 2);
	bgp_communities_text(&t, r);
	bgp_ext_communities_text(&t, r);
	bgp_ipv6_ext_communities_text(&t, r);
	bgp_large_communities_text(&t, r);
	bgp_next_hop_text(&t, r);
	assert(strlen(buf) < room);
}

static void
read_input(struct cursor r)
{
	uint8_t how = cur_u8(&r);
	struct bgp_context ctx = { .encoding = { .as4 = !(how & AS2),
				       .path_ids_classic = how & IDS_CLASSIC,
				       .path_ids_reach = how & IDS_REACH,
				       .path_ids_unreach = how & IDS_UNREACH,
				       .next_hop_alone = how & NEXT_HOP_ALONE },
		.ebgp = how & EBGP,
		.lenient_missing = how & LENIENT,
		.lenient_next_hop = how & LENIENT };
	struct fuzz_sink l = fuzz_sink(), again = fuzz_sink();
	struct cursor all = r, body;
	size_t total;
	unsigned type;

	write_texts(r, 1 + how % 64U);
	if (how & BODY) {
		type = cur_u8(&r);
		read_body(type, r, &ctx, &l.sink);
		assert(l.depth == 0);
		return;
	}
	while (cur_left(&r) > 0) {
		struct faults f = { .n = 0 };
		struct cursor message = r;

		type = bgp_message(&r, &body, &total, &f);
		if (type == 0)
			break;
		read_body(type, body, &ctx, &l.sink);
		assert(l.depth == 0);
		bgp_message_dissect(&again.sink, cur_of(message.pos, total), &ctx.encoding);
	}
	bgp_message_dissect(&again.sink, all, &ctx.encoding);
	assert(again.depth == 0);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	uint8_t *exact = fuzz_exact(data, size);

	read_input(cur_of(exact, size));
	fuzz_exact_free(exact);
	return 0;
}
