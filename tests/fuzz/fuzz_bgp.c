/*
 * Any BGP messages. First octet: how they are to be read; with its top bit a type and one body
 * follow, else messages with their headers. Each is parsed, checked and told, to a listener that
 * keeps a hash; all that is found has to lie within the octets, and what is told to be in shape.
 */
#include <assert.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "parsers/bgp_tell.h"
#include "parsers/bgp_update.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum {
	AS2 = 1,
	EBGP = 2,
	LENIENT = 4,
	IDS_CLASSIC = 8,
	IDS_REACH = 16,
	IDS_UNREACH = 32,
	SHORT_REACH = 64,
	BODY = 128
};

/* --- a listener that keeps a hash of what it was told
 * ----------------------------------------------- */

enum { DEPTH_MAX = 40 };

struct hash {
	struct tell tell;
	uint64_t h;
	unsigned depth;
	char closes[DEPTH_MAX];
};

static void
mix(struct tell *t, const void *data, size_t n)
{
	struct hash *s = (struct hash *)t;
	const uint8_t *p = data;

	for (size_t i = 0; i < n; i++)
		s->h = (s->h ^ p[i]) * 0x100000001b3;
}

static void
mix_name(struct tell *t, const char *name)
{
	struct hash *s = (struct hash *)t;
	bool in_list = s->depth > 0 && s->closes[s->depth - 1] == ']';

	assert((name == NULL) == in_list);
	if (name != NULL)
		mix(t, name, strlen(name));
}

static void
down(struct tell *t, const char *name, char close)
{
	struct hash *s = (struct hash *)t;

	mix_name(t, name);
	assert(s->depth < DEPTH_MAX);
	s->closes[s->depth++] = close;
}

static void
up(struct tell *t, char close)
{
	struct hash *s = (struct hash *)t;

	assert(s->depth > 0 && s->closes[s->depth - 1] == close);
	s->depth--;
	mix(t, &close, 1);
}

static void
on_open(struct tell *t, const char *name)
{
	down(t, name, '}');
}

static void
on_close(struct tell *t)
{
	up(t, '}');
}

static void
on_list(struct tell *t, const char *name)
{
	down(t, name, ']');
}

static void
on_list_end(struct tell *t)
{
	up(t, ']');
}

static void
on_text(struct tell *t, const char *name, const char *value)
{
	mix_name(t, name);
	mix(t, value, strlen(value) + 1);
}

static void
on_number(struct tell *t, const char *name, uint64_t value)
{
	mix_name(t, name);
	mix(t, &value, sizeof(value));
}

static void
on_hex(struct tell *t, const char *name, struct rd octets)
{
	mix_name(t, name);
	mix(t, octets.pos, rd_left(&octets));
}

static struct hash
listener(void)
{
	return (struct hash){ .tell = { on_open, on_close, on_list, on_list_end, on_text, on_number,
				  on_hex },
		.h = 0xcbf29ce484222325 };
}

/* --- one body
 * --------------------------------------------------------------------------------------- */

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
	assert(f->n > FAULTS_MAX || strongest == (enum fault_action)f->action);
}

static void
read_update(struct rd body, const struct bgp_context *ctx)
{
	struct faults f = { .n = 0 };
	const struct bgp_attr *path, *path4;
	struct bgp_aggregator by;
	struct bgp_family family;
	struct bgp_update u;
	uint8_t *wide = malloc(0x20000);

	assert(wide != NULL);
	if (bgp_update_split(body, &u, &f)) {
		bgp_update_end_of_rib(&u, &family);
		bgp_update_check(&u, ctx, &f);
		for (unsigned i = 0; i < u.attrs_n; i++) {
			assert(u.attr[i].value >= body.pos);
			assert(u.attr[i].value + u.attr[i].len <= body.end);
			assert(bgp_update_attr(&u, u.attr[i].code) != NULL);
		}
		bgp_update_aggregator(&u, ctx->as4, &by);
		path = bgp_update_attr(&u, ATTR_AS_PATH);
		path4 = bgp_update_as4_path(&u);
		if (path != NULL && as_path_fits(rd_of(path->value, path->len), 2)) {
			size_t n = as_path_widen(rd_of(path->value, path->len),
			    path4 != NULL ? rd_of(path4->value, path4->len) : rd_of(NULL, 0), wide,
			    0x20000);

			assert(as_path_fits(rd_of(wide, n), 4));
		}
	}
	check_faults(&f, rd_left(&body));
	free(wide);
}

static void
read_body(unsigned type, struct rd body, const struct bgp_context *ctx,
    const struct bgp_tell_how *how, struct tell *t)
{
	struct faults f = { .n = 0 };
	struct bgp_notification n;
	struct bgp_open o;

	switch (type) {
	case BGP_OPEN:
		bgp_open_parse(body, &o, &f);
		assert(o.families_n <= BGP_FAMILIES_MAX && o.labels_n <= BGP_TUPLES_MAX &&
		       o.next_hops_n <= BGP_TUPLES_MAX);
		bgp_open_tell(t, body);
		break;
	case BGP_UPDATE:
		read_update(body, ctx);
		bgp_update_tell(t, body, ctx, how);
		break;
	case BGP_NOTIFICATION:
		bgp_notification_parse(body, &n, &f);
		bgp_notification_tell(t, body);
		break;
	default:
		bgp_refresh_tell(t, body);
	}
	check_faults(&f, rd_left(&body));
}

/* The one-line texts, into a room that is most often too small. */
static void
write_texts(struct rd r, size_t room)
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

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct rd r = rd_of(data, size), body;
	uint8_t how = rd_u8(&r);
	struct bgp_context ctx = { .as4 = !(how & AS2),
		.ebgp = how & EBGP,
		.lenient_missing = how & LENIENT,
		.lenient_next_hop = how & LENIENT };
	struct bgp_tell_how told = { .classic = how & IDS_CLASSIC,
		.reach = how & IDS_REACH,
		.unreach = how & IDS_UNREACH,
		.short_reach = how & SHORT_REACH };
	struct hash l = listener(), again = listener();
	struct rd all = r;
	size_t total;
	unsigned type;

	write_texts(r, 1 + how % 64U);
	if (how & BODY) {
		type = rd_u8(&r);
		read_body(type, r, &ctx, &told, &l.tell);
		assert(l.depth == 0);
		return 0;
	}
	while (rd_left(&r) > 0) {
		struct faults f = { .n = 0 };
		struct rd message = r;

		type = bgp_message(&r, &body, &total, &f);
		if (type == 0)
			break;
		read_body(type, body, &ctx, &told, &l.tell);
		assert(l.depth == 0);
		bgp_message_tell(&again.tell, rd_of(message.pos, total), &ctx, &told);
	}
	bgp_message_tell(&again.tell, all, &ctx, &told);
	assert(again.depth == 0);
	return 0;
}
