/* Texts of the engine: why a peer is down, and what a route is called. */
#include <stdio.h>
#include <string.h>

#include "base/hash.h"
#include "base/pure/text.h"
#include "collector/engine/engine.h"

/* --- why a peer is down */

/* The limit that was reached (RFC 4486 4); nothing when the router does not say it. */
static void
put_limit(struct txt *t, struct cursor data)
{
	struct bgp_family family;
	uint32_t limit;
	char name[32];

	family.afi = cur_u16(&data);
	family.safi = cur_u8(&data);
	limit = cur_u32(&data);
	if (!data.failed && cur_left(&data) == 0)
		txt_putf(t, ", %u of %s", limit, bgp_family_name(family, name, sizeof(name)));
}

static void
put_notification(struct txt *t, const struct bgp_notification *n)
{
	char name[96];

	txt_putf(t, ": %s", bgp_notification_name(n->code, n->subcode, name, sizeof(name)));
	if (n->code == NOTIFY_CEASE && n->subcode == CEASE_MAX_PREFIXES)
		put_limit(t, n->data);
	if (cur_left(&n->text) > 0) {
		txt_puts(t, ": \"");
		txt_string(t, n->text);
		txt_puts(t, "\"");
	}
}

void
engine_down_text(char *buf, size_t size, const struct bmp_peer_down *down)
{
	const struct bgp_notification *n = &down->notification;
	struct faults ignored = { .n = 0 };
	struct bgp_notification inner;
	struct txt t = txt_of(buf, size);

	txt_puts(&t, bmp_peer_down_reason_name(down->reason));
	if (down->has_notification)
		put_notification(&t, n);
	/* a hard reset holds what it would have been without graceful restart (RFC 8538 3) */
	if (down->has_notification && n->code == NOTIFY_CEASE && n->subcode == CEASE_HARD_RESET &&
	    bgp_notification_parse(n->data, &inner, &ignored))
		put_notification(&t, &inner);
	if (down->reason == BMP_DOWN_LOCAL && down->fsm_event != 0)
		txt_putf(&t, ": %s", bmp_fsm_event_name(down->fsm_event));
	if (t.cut)
		text_end_with(buf, size, "…");
}

/* --- what a route is called */

uint32_t
engine_route_digest(const struct bgp_nlri *n)
{
	return (uint32_t)hash_bytes(0, n->key, n->key_len);
}

void
engine_route_text(char *buf, size_t size, struct bgp_family family, const struct bgp_nlri *n)
{
	struct txt t = txt_of(buf, size);
	char tail[ENGINE_DIGEST_MAX];

	bgp_nlri_text(&t, family, n);
	if (!t.cut)
		return;
	engine_digest_text(tail, engine_route_digest(n));
	text_end_with(buf, size, tail);
}

void
engine_digest_text(char buf[ENGINE_DIGEST_MAX], uint32_t digest)
{
	snprintf(buf, ENGINE_DIGEST_MAX, "… #%08x", digest);
}
