#include "cli/explain_bgp.h"

#include <stdio.h>

#include "base/ip.h"

enum { LIST_TEXT = 1800 };

/* --- OPEN, NOTIFICATION
 * -------------------------------------------------------------------------------------------------
 */

static void
families(const struct bgp_open *o, char *text, size_t size)
{
	size_t at = 0;
	char name[32];

	text[0] = '\0';
	for (unsigned i = 0; i < o->families_n && at + 40 < size; i++)
		at += (size_t)snprintf(text + at, size - at, "%s%s", i > 0 ? " " : "",
		    bgp_family_name(o->families[i], name, sizeof(name)));
}

void
explain_open_message(struct explain *x, const char *name, const struct bgp_open *o)
{
	static const char *const modes[] = { "", "receive", "send", "send and receive" };
	char text[LIST_TEXT];

	explain_open(x, name);
	if (o->empty) {
		explain_text(x, "body", "none (a bare header)");
		explain_close(x);
		return;
	}
	explain_number(x, "version", o->version);
	explain_number(x, "as", o->as);
	explain_number(x, "hold_time", o->hold_time_s);
	explain_text(
	    x, "bgp_id", "%u.%u.%u.%u", o->bgp_id[0], o->bgp_id[1], o->bgp_id[2], o->bgp_id[3]);
	families(o, text, sizeof(text));
	explain_text(x, "families", "%s", text);
	explain_list(x, "capabilities");
	for (unsigned code = 0; code < 256; code++)
		if (o->caps_seen[code / 32] >> (code % 32) & 1)
			explain_item(x, "%u %s", code, bgp_capability_name((uint8_t)code));
	explain_list_end(x);
	for (unsigned i = 0; i < o->addpaths_n; i++)
		explain_text(x, i == 0 ? "add_path" : "add_path_more", "%s %s",
		    bgp_family_name(o->addpaths[i].family, text, sizeof(text)),
		    modes[o->addpaths[i].mode & 3]);
	if (o->role != BGP_ROLE_NONE)
		explain_text(x, "role", "%s%s", bgp_role_name(o->role),
		    o->role_conflict ? " (and others: RFC 9234 4.2)" : "");
	explain_close(x);
}

void
explain_notification(struct explain *x, const struct bgp_notification *n)
{
	char name[96];
	struct rd text = n->text;

	explain_text(x, "notification", "%s (%u/%u)",
	    bgp_notification_name(n->code, n->subcode, name, sizeof(name)), n->code, n->subcode);
	if (rd_left(&text) > 0 && !text.failed)
		explain_text(
		    x, "shutdown_text", "%.*s", (int)rd_left(&text), (const char *)text.pos);
	else if (rd_left(&n->data) > 0)
		explain_hex(x, "data", n->data);
}

/* --- attributes
 * ---------------------------------------------------------------------------------------------------------
 */

static void
path_text(struct rd path, unsigned width, char *text, size_t size)
{
	static const char *const open[] = { "", "{", "", "(", "[" }, *const close[] = { "", "}", "",
		")", "]" };
	struct as_segment s;
	size_t at = 0;

	text[0] = '\0';
	while (as_path_next(&path, width, &s))
		for (unsigned i = 0; i < s.count && at + 24 < size; i++)
			at += (size_t)snprintf(text + at, size - at, "%s%s%u%s",
			    at > 0 ? (i > 0 && s.type == AS_SET ? "," : " ") : "",
			    i == 0 ? open[s.type] : "", as_segment_at(&s, width, i),
			    i + 1U == s.count ? close[s.type] : "");
}

static const char *
well_known_community(uint32_t v)
{
	switch (v) {
	case 0xffff0000:
		return "graceful-shutdown";
	case 0xffff0006:
		return "llgr-stale";
	case 0xffff0007:
		return "no-llgr";
	case 0xffff029a:
		return "blackhole";
	case 0xffffff01:
		return "no-export";
	case 0xffffff02:
		return "no-advertise";
	case 0xffffff03:
		return "no-export-subconfed";
	case 0xffffff04:
		return "no-peer";
	default:
		return NULL;
	}
}

static void
communities_text(struct rd r, char *text, size_t size)
{
	size_t at = 0;

	text[0] = '\0';
	while (rd_left(&r) >= 4 && at + 40 < size) {
		uint32_t v = rd_u32(&r);
		const char *name = well_known_community(v);

		if (name != NULL)
			at +=
			    (size_t)snprintf(text + at, size - at, "%s%s", at > 0 ? " " : "", name);
		else
			at += (size_t)snprintf(text + at, size - at, "%s%u:%u", at > 0 ? " " : "",
			    v >> 16, v & 0xffff);
	}
}

static void
large_text(struct rd r, char *text, size_t size)
{
	size_t at = 0;

	text[0] = '\0';
	while (rd_left(&r) >= 12 && at + 40 < size) {
		uint32_t a = rd_u32(&r), b = rd_u32(&r), c = rd_u32(&r);

		at += (size_t)snprintf(
		    text + at, size - at, "%s%u:%u:%u", at > 0 ? " " : "", a, b, c);
	}
}

static void
next_hop_text(struct rd r, char *text, size_t size)
{
	struct ip_addr a;
	char buf[IP_ADDR_TEXT_MAX], more[IP_ADDR_TEXT_MAX];

	switch (rd_left(&r)) {
	case 4:
		a = ip_addr_v4(r.pos);
		snprintf(text, size, "%s", ip_addr_format(&a, buf));
		break;
	case 16:
		a = ip_addr_v6(r.pos);
		snprintf(text, size, "%s", ip_addr_format(&a, buf));
		break;
	case 32:
		a = ip_addr_v6(r.pos);
		ip_addr_format(&a, buf);
		a = ip_addr_v6(r.pos + 16);
		snprintf(text, size, "%s and %s", buf, ip_addr_format(&a, more));
		break;
	default:
		snprintf(text, size, "%zu octets", rd_left(&r));
	}
}

static void
explain_attribute(struct explain *x, const struct bgp_attr *a, const struct bgp_context *ctx)
{
	static const char *const origins[] = { "IGP", "EGP", "INCOMPLETE" };
	struct rd v = rd_of(a->value, a->len);
	const char *name = bgp_attr_name(a->code);
	char text[LIST_TEXT], fallback[24];

	if (name == NULL) {
		snprintf(fallback, sizeof(fallback), "attribute_%u", a->code);
		explain_hex(x, fallback, v);
		return;
	}
	switch (a->code) {
	case ATTR_ORIGIN:
		explain_text(x, name, "%s",
		    a->len == 1 && a->value[0] <= 2 ? origins[a->value[0]] : "malformed");
		break;
	case ATTR_AS_PATH:
		path_text(v, ctx->as4 ? 4 : 2, text, sizeof(text));
		explain_text(x, name, "%s", text);
		break;
	case ATTR_AS4_PATH:
		path_text(v, 4, text, sizeof(text));
		explain_text(x, name, "%s", text);
		break;
	case ATTR_NEXT_HOP:
	case ATTR_ORIGINATOR_ID:
		next_hop_text(v, text, sizeof(text));
		explain_text(x, name, "%s", text);
		break;
	case ATTR_MED:
	case ATTR_LOCAL_PREF:
	case ATTR_OTC:
		if (a->len == 4)
			explain_number(x, name, rd_u32(&v));
		else
			explain_hex(x, name, v);
		break;
	case ATTR_ATOMIC_AGGREGATE:
		explain_text(x, name, "set");
		break;
	case ATTR_COMMUNITIES:
		communities_text(v, text, sizeof(text));
		explain_text(x, name, "%s", text);
		break;
	case ATTR_LARGE_COMMUNITIES:
		large_text(v, text, sizeof(text));
		explain_text(x, name, "%s", text);
		break;
	default:
		explain_hex(x, name, v);
	}
}

/* --- routes
 * ---------------------------------------------------------------------------------------------------------------
 */

static void
explain_prefixes(struct explain *x, const char *name, struct rd field, struct bgp_family family,
    bool addpath, const uint8_t *start)
{
	struct faults f = { .n = 0 };
	struct bgp_nlri n;
	struct ip_prefix p;
	char text[IP_PREFIX_TEXT_MAX], fam[32];
	int count;

	if ((family.afi != AFI_IPV4 && family.afi != AFI_IPV6) ||
	    (family.safi != SAFI_UNICAST && family.safi != SAFI_MULTICAST)) {
		count = bgp_nlri_count(field, family, addpath, false);
		explain_open(x, name);
		explain_text(x, "family", "%s", bgp_family_name(family, fam, sizeof(fam)));
		if (count >= 0)
			explain_number(x, "routes", (uint64_t)count);
		explain_hex(x, "octets", field);
		explain_close(x);
		return;
	}
	explain_list(x, name);
	while (bgp_nlri_next(&field, family.afi, addpath, start, &n, &f)) {
		ip_prefix_make(&p, family.afi == AFI_IPV4 ? IP_V4 : IP_V6, n.addr, n.len);
		if (addpath)
			explain_item(x, "%s path id %u", ip_prefix_format(&p, text), n.path_id);
		else
			explain_item(x, "%s", ip_prefix_format(&p, text));
	}
	explain_list_end(x);
}

void
explain_update(struct explain *x, const struct bmp_update *u)
{
	static const struct bgp_family classic = { AFI_IPV4, SAFI_UNICAST };
	const struct bgp_update *b = u->bgp;
	char text[LIST_TEXT];

	if (u->is_end_of_rib) {
		explain_text(
		    x, "end_of_rib", "%s", bgp_family_name(u->end_of_rib, text, sizeof(text)));
		return;
	}
	if (rd_left(&b->withdrawn) > 0)
		explain_prefixes(
		    x, "withdrawn", b->withdrawn, classic, u->addpath_classic, b->start);
	if (b->unreach.present)
		explain_prefixes(x, "mp_withdrawn", b->unreach.nlri, b->unreach.family,
		    u->addpath_unreach, b->start);
	if (b->attrs_n > 0) {
		explain_open(x, "attributes");
		for (unsigned i = 0; i < b->attrs_n; i++)
			explain_attribute(x, &b->attr[i], &u->context);
		explain_close(x);
	}
	if (b->reach.present) {
		next_hop_text(b->reach.next_hop, text, sizeof(text));
		explain_text(x, "mp_next_hop", "%s", text);
		explain_prefixes(
		    x, "mp_announced", b->reach.nlri, b->reach.family, u->addpath_reach, b->start);
	}
	if (rd_left(&b->nlri) > 0)
		explain_prefixes(x, "announced", b->nlri, classic, u->addpath_classic, b->start);
}
