/* MRT: what our writers write is read again, and entries become UPDATEs and come back. */
#include "parsers/bgp/message.h"
#include "parsers/mrt/write.h"

#include "parsers/mrt/mrt.h"
#include "tests/unit/support/harness.h"
#include "tests/unit/support/hex.h"

#define ATTRS  "400101 00 400206 0201 0000fbf5 400304 c0000201"
#define UPDATE "ffffffffffffffffffffffffffffffff 002f 02 0000 0014" ATTRS "18 c63364"

static const struct row {
	uint16_t subtype;
	bool as4, local, path_ids;
} variants[] = {
	{ 1, false, false, false },
	{ 4, true, false, false },
	{ 6, false, true, false },
	{ 7, true, true, false },
	{ 8, false, false, true },
	{ 9, true, false, true },
	{ 10, false, true, true },
	{ 11, true, true, true },
};

START_TEST(message_variants)
{
	const struct row *v = &variants[_i];
	struct mrt_record m = { .sec = 1700000000,
		.usec = _i % 2 ? 7 : 0,
		.as4 = v->as4,
		.local = v->local,
		.path_ids = v->path_ids,
		.kind = MRT_KIND_MESSAGE };
	struct bytes update = bytes_of(UPDATE);
	uint8_t family = _i % 3 == 0 ? IP_V6 : IP_V4;
	struct mrt_bgp4mp t = { .peer_as = v->as4 ? 4200000000 : 64501,
		.local_as = 64500,
		.interface = 9,
		.peer_address = { family, { 192, 0, 2, 1 } },
		.local_address = { family, { 192, 0, 2, 254 } },
		.message = cur_of(update.b, update.n) },
			  back;
	uint8_t buf[512], *exact;
	struct faults f = { .n = 0 };
	struct mrt_record got;
	size_t n = mrt_write_bgp4mp(buf, sizeof(buf), &m, &t);

	ck_assert_uint_gt(n, 0);
	for (size_t size = 0; size < n; size++)
		require(mrt_write_bgp4mp(buf, size, &m, &t) == 0, "fits into %zu", size);
	exact = exact_copy(buf, mrt_write_bgp4mp(buf, n, &m, &t));
	ck_assert(mrt_parse(exact, n, &got, &f));
	ck_assert_uint_eq(got.subtype, v->subtype);
	ck_assert_uint_eq(got.type, m.usec != 0 ? MRT_BGP4MP_ET : MRT_BGP4MP);
	ck_assert_uint_eq(got.usec, m.usec);
	ck_assert(got.as4 == v->as4 && got.local == v->local && got.path_ids == v->path_ids);
	ck_assert(mrt_bgp4mp_parse(&got, &back, &f));
	ck_assert_uint_eq(back.peer_as, t.peer_as);
	ck_assert_uint_eq(back.local_as, t.local_as);
	ck_assert_uint_eq(back.interface, 9);
	ck_assert(ip_addr_equal(&back.peer_address, &t.peer_address));
	ck_assert(ip_addr_equal(&back.local_address, &t.local_address));
	ck_assert_uint_eq(cur_left(&back.message), update.n);
	ck_assert_mem_eq(back.message.pos, update.b, update.n);
	ck_assert_uint_eq(f.n, 0);
	free(exact);
}
END_TEST

START_TEST(rib_round_trip)
{
	static const struct {
		struct bgp_family family;
		bool path_ids;
		uint16_t subtype;
		const char *nlri;
	} rows[] = {
		{ { AFI_IPV4, SAFI_UNICAST }, false, 2, "18 c63364" },
		{ { AFI_IPV4, SAFI_MULTICAST }, false, 3, "00" },
		{ { AFI_IPV6, SAFI_UNICAST }, false, 4, "20 20010db8" },
		{ { AFI_IPV6, SAFI_MULTICAST }, true, 11, "80 20010db8000000000000000000000001" },
		{ { AFI_IPV4, SAFI_UNICAST }, true, 8, "19 c6336480" },
		{ { AFI_IPV4, SAFI_VPN }, false, 6, "70 000011 0000fde800000064 c63364" },
		{ { AFI_IPV6, SAFI_LABELLED }, true, 12, "38 000011 20010db8" },
		{ { AFI_L2VPN, SAFI_EVPN }, false, 6, "03 04 01020304" },
		{ { AFI_BGP_LS, SAFI_BGP_LS }, true, 12, "0001 0003 aabbcc" },
		{ { AFI_L2VPN, SAFI_VPLS }, false, 6, "0003 aabbcc" },
		{ { AFI_IPV4, SAFI_FLOWSPEC }, false, 6, "f003 aabbcc" },
		{ { AFI_IPV4, SAFI_MUP }, false, 6, "01 0001 02 aabb" },
	};
	struct bytes nlri = bytes_of(rows[_i].nlri), attrs = bytes_of(ATTRS);
	struct mrt_rib_writer w;
	uint8_t buf[512];
	struct faults f = { .n = 0 };
	struct mrt_record m;
	struct mrt_rib t;
	struct mrt_entry e = { 3, 1699999999, 77, cur_of(attrs.b, attrs.n) }, got;
	uint32_t id = rows[_i].path_ids ? 77 : 0;
	unsigned entries = 0;
	size_t n;

	mrt_rib_begin(&w, buf, sizeof(buf), 1700000000, 42, rows[_i].family, rows[_i].path_ids, 77,
	    cur_of(nlri.b, nlri.n));
	while (mrt_rib_put(&w, &e)) /* until it is full: what was put stands */
		entries++;
	n = mrt_rib_finish(&w);
	ck_assert_uint_gt(n, 0);
	ck_assert_uint_gt(entries, 5);
	ck_assert(mrt_parse(buf, n, &m, &f));
	ck_assert_uint_eq(m.subtype, rows[_i].subtype);
	ck_assert(mrt_rib_parse(&m, &t, &f));
	ck_assert_uint_eq(t.sequence, 42);
	ck_assert(bgp_family_equal(t.family, rows[_i].family));
	ck_assert_uint_eq(cur_left(&t.nlri), nlri.n);
	ck_assert_mem_eq(t.nlri.pos, nlri.b, nlri.n);
	ck_assert_uint_eq(t.entries_n, entries);
	for (; mrt_rib_next(&m, &t, &got, &f); entries--) {
		require(got.peer_index == 3 && got.originated == 1699999999 && got.path_id == id,
		    "entry");
		require(
		    cur_left(&got.attrs) == attrs.n && memcmp(got.attrs.pos, attrs.b, attrs.n) == 0,
		    "attributes");
	}
	ck_assert_uint_eq(entries, 0);
	/* some are made up inside, which is no business of MRT */
	ck_assert(f.n == 0 || (f.n == 1 && f.v[0].code == FAULT_NLRI_MALFORMED));
}
END_TEST
enum { RIB_ROWS = 12 };

START_TEST(peer_index_round_trip)
{
	static const uint8_t id[4] = { 10, 0, 0, 1 };
	struct mrt_peer peers[3] = {
		{ .bgp_id = { 1 }, .address = { IP_V4, { 192, 0, 2, 1 } }, .as = 1 },
		{ .bgp_id = { 2 }, .address = { IP_V6, { 0x20, 1 } }, .as = 4200000000 },
		{ .bgp_id = { 3 }, .address = { IP_V4, { 0 } }, .as = 3 }
	};
	uint8_t buf[256];
	struct faults f = { .n = 0 };
	struct mrt_record m;
	struct mrt_peer_index t;
	struct mrt_peer p;
	size_t n = mrt_write_peer_index(buf, sizeof(buf), 1700000000, id, "r1 loc-rib", peers, 3);

	for (size_t size = 0; size < n; size++)
		require(
		    mrt_write_peer_index(buf, size, 1, id, "r1 loc-rib", peers, 3) == 0, "fits");
	n = mrt_write_peer_index(buf, n, 1700000000, id, "r1 loc-rib", peers, 3);
	ck_assert(mrt_parse(buf, n, &m, &f) && mrt_peer_index_parse(&m, &t, &f));
	ck_assert_mem_eq(t.collector_id, id, 4);
	ck_assert_uint_eq(cur_left(&t.view_name), 10);
	for (int i = 0; i < 3; i++) {
		ck_assert(mrt_peer_next(&m, &t, &p, &f));
		ck_assert_uint_eq(p.as, peers[i].as);
		ck_assert(ip_addr_equal(&p.address, &peers[i].address));
		ck_assert_mem_eq(p.bgp_id, peers[i].bgp_id, 4);
	}
	ck_assert(!mrt_peer_next(&m, &t, &p, &f));
	ck_assert_uint_eq(f.n, 0);
}
END_TEST

START_TEST(table_dump_round_trip)
{
	struct bytes attrs = bytes_of("400101 00 400204 0201 fbf5 400304 c0000201");
	uint8_t family = _i == 1 ? IP_V6 : IP_V4;
	struct mrt_table_dump t = { .view = 1,
		.sequence = 2,
		.prefix = { family, 24, { 192, 0, 2 } },
		.status = 1,
		.originated = 1000,
		.peer_address = { family, { 10, 0, 0, 1 } },
		.peer_as = 64501,
		.attrs = cur_of(attrs.b, attrs.n) },
			      got;
	struct faults f = { .n = 0 };
	struct mrt_record m;
	uint8_t buf[128];
	size_t n = mrt_write_table_dump(buf, sizeof(buf), 5, &t);

	ck_assert(mrt_parse(buf, n, &m, &f) && mrt_table_dump_parse(&m, &got, &f));
	ck_assert(got.view == 1 && got.sequence == 2);
	ck_assert_int_eq(ip_prefix_cmp(&got.prefix, &t.prefix), 0);
	ck_assert(ip_addr_equal(&got.peer_address, &t.peer_address));
	ck_assert_uint_eq(got.peer_as, 64501);
	ck_assert_uint_eq(cur_left(&got.attrs), attrs.n);
	ck_assert_uint_eq(f.n, 0);
}
END_TEST

/* Entry to UPDATE and back: attributes come back as they were, in either form of MP_REACH_NLRI. */
START_TEST(entry_and_update)
{
	static const struct {
		struct bgp_family family;
		const char *nlri, *attrs, *back;
		bool path_ids;
	} rows[] = {
		{ { AFI_IPV4, SAFI_UNICAST }, "18 c63364", ATTRS, ATTRS, false },
		{ { AFI_IPV4, SAFI_UNICAST }, "18 c63364", ATTRS, ATTRS, true },
		{ { AFI_IPV6, SAFI_UNICAST }, "20 20010db8",
		    "800e11 10 20010db8000000000000000000000001 400101 00 500200 06 0201 0000fbf5",
		    "400101 00 500200 06 0201 0000fbf5 800e11 10 20010db8000000000000000000000001",
		    true },
		{ { AFI_IPV6, SAFI_UNICAST }, "20 20010db8",
		    "800e1a 0002 01 10 20010db8000000000000000000000001 00 20 20010db8 400101 00",
		    "400101 00 800e11 10 20010db8000000000000000000000001", false },
		{ { AFI_IPV4, SAFI_VPN }, "70 000011 0000fde800000064 c63364",
		    "400101 00 800e0d 0c 0000000000000000c0000201 c00804 fbf50001",
		    "400101 00 c00804 fbf50001 800e0d 0c 0000000000000000c0000201", false },
		/* as BIRD wrote it: no next hop at all */
		{ { AFI_IPV6, SAFI_UNICAST }, "20 20010db8", "400101 00 40050400000064",
		    "400101 00 40050400000064 800e11 10 00000000000000000000000000000000", false },
		{ { AFI_IPV4, SAFI_VPN }, "70 000011 0000fde800000064 c63364", "400101 00",
		    "400101 00 800e0d 0c 000000000000000000000000", false },
		/* multicast, its next hop where unicast has it */
		{ { AFI_IPV4, SAFI_MULTICAST }, "18 c63364", ATTRS,
		    "400101 00 400206 0201 0000fbf5 800e05 04 c0000201", false },
		/* MP_UNREACH_NLRI has no place in an entry */
		{ { AFI_IPV4, SAFI_UNICAST }, "00", ATTRS "800f03 000101", ATTRS, false },
	};
	struct bytes nlri = bytes_of(rows[_i].nlri), attrs = bytes_of(rows[_i].attrs),
		     want = bytes_of(rows[_i].back);
	uint8_t msg[512], entry[512];
	struct faults f = { .n = 0 };
	struct bgp_update u;
	struct cursor r, body;
	struct bgp_prefix one;
	size_t n, total, len;
	bool mp;

	n = mrt_entry_to_update(msg, sizeof(msg), rows[_i].family, cur_of(nlri.b, nlri.n),
	    rows[_i].path_ids, 9, cur_of(attrs.b, attrs.n), &f);
	ck_assert_uint_gt(n, 0);
	for (size_t size = 0; size < n; size++)
		require(mrt_entry_to_update(msg, size, rows[_i].family, cur_of(nlri.b, nlri.n),
			    rows[_i].path_ids, 9, cur_of(attrs.b, attrs.n), &f) == 0,
		    "fits into %zu", size);
	mrt_entry_to_update(msg, n, rows[_i].family, cur_of(nlri.b, nlri.n), rows[_i].path_ids, 9,
	    cur_of(attrs.b, attrs.n), &f);
	r = cur_of(msg, n);
	ck_assert_uint_eq(bgp_message(&r, &body, &total, &f), BGP_UPDATE);
	ck_assert_uint_eq(total, n);
	ck_assert(bgp_update_split(body, &u, &f));
	mp = u.reach.present;
	r = mp ? u.reach.nlri : u.nlri;
	if (rows[_i].family.safi == SAFI_UNICAST) {
		ck_assert(
		    bgp_prefix_next(&r, rows[_i].family.afi, rows[_i].path_ids, msg, &one, &f));
		ck_assert_uint_eq(one.path_id, rows[_i].path_ids ? 9 : 0);
		ck_assert_uint_eq(one.prefix.len, nlri.b[0]);
		ck_assert_uint_eq(cur_left(&r), 0);
	} else {
		ck_assert_uint_eq(cur_left(&r), nlri.n);
	}
	len = mrt_entry_from_update(entry, sizeof(entry), &u, true, mp);
	ck_assert_uint_eq(len, want.n);
	ck_assert_mem_eq(entry, want.b, want.n);
	ck_assert_uint_eq(f.n, 0);
}
END_TEST
enum { ENTRY_ROWS = 9 };

/* Two-octet AS numbers become four (RFC 6793 4.2.3): AS_PATH 64501 23456, AS4_PATH 4200000000. */
START_TEST(widens_two_octets)
{
	static const struct {
		const char *aggregators, *path, *aggregator;
	} rows[] = {
		/* what AS4_PATH says is a segment of its own */
		{ "c00706 5ba0 c0000201 c01208 fa56ea00 c0000209", "0201 0000fbf5 0201 fa56ea00",
		    "c00708 fa56ea00 c0000209" },
		{ "c00706 5ba0 c0000201", "0201 0000fbf5 0201 fa56ea00",
		    "c00708 00005ba0 c0000201" },
		{ "", "0201 0000fbf5 0201 fa56ea00", "" },
		/* aggregated again by one who knows two octets only: neither is to be believed */
		{ "c00706 fbf5 c0000201 c01208 fa56ea00 c0000209", "0202 0000fbf5 00005ba0",
		    "c00708 0000fbf5 c0000201" },
	};
	struct bytes b, want, path = bytes_of(rows[_i].path);
	char hex[512];
	struct faults f = { .n = 0 };
	struct bgp_update u;
	uint8_t entry[128];
	size_t n;

	snprintf(hex, sizeof(hex),
	    "0000 0000 400101 00 400206 0202 fbf5 5ba0 400304 c0000201 %s c01106 0201 fa56ea00 18 "
	    "c63364",
	    rows[_i].aggregators);
	b = bytes_of(hex);
	b.b[3] = (uint8_t)(b.n - 4 - 4);
	snprintf(hex, sizeof(hex), "400101 00 4002%02x %s 400304 c0000201 %s", (unsigned)path.n,
	    rows[_i].path, rows[_i].aggregator);
	want = bytes_of(hex);
	ck_assert(bgp_update_split(cur_of(b.b, b.n), &u, &f));
	n = mrt_entry_from_update(entry, sizeof(entry), &u, false, false);
	ck_assert_uint_eq(n, want.n);
	ck_assert_mem_eq(entry, want.b, want.n);
}
END_TEST
enum { WIDEN_ROWS = 4 };

START_TEST(broken_attributes)
{
	struct bytes attrs = bytes_of("400101 00 4002ff 0201"), nlri = bytes_of("18 c63364");
	struct faults f = { .n = 0 };
	uint8_t msg[256];

	ck_assert_uint_eq(mrt_entry_to_update(msg, sizeof(msg), (struct bgp_family){ 1, 1 },
			      cur_of(nlri.b, nlri.n), false, 0, cur_of(attrs.b, attrs.n), &f),
	    23 + 4 + 4);
	ck_assert_uint_eq(f.v[0].code, FAULT_ATTR_OVERRUN);
	ck_assert_uint_eq(f.v[0].offset, 4);
}
END_TEST

/* An entry may hold more attributes than a BGP message: there is no UPDATE for it. */
START_TEST(entry_too_long)
{
	static uint8_t attrs[65535], msg[70000];
	struct bytes nlri = bytes_of("18 c63364");
	struct faults f = { .n = 0 };

	attrs[0] = ATTR_OPTIONAL | ATTR_TRANSITIVE | ATTR_EXTENDED;
	attrs[1] = ATTR_COMMUNITIES;
	attrs[2] = 0xff;
	attrs[3] = 0xfb;
	ck_assert_uint_eq(mrt_entry_to_update(msg, sizeof(msg), (struct bgp_family){ 1, 1 },
			      cur_of(nlri.b, nlri.n), false, 0, cur_of(attrs, sizeof(attrs)), &f),
	    0);
	attrs[2] = 0xf0;
	attrs[3] = 0;
	ck_assert_uint_eq(mrt_entry_to_update(msg, sizeof(msg), (struct bgp_family){ 1, 1 },
			      cur_of(nlri.b, nlri.n), false, 0, cur_of(attrs, 0xf004), &f),
	    23 + 0xf004 + 4);
}
END_TEST

HARNESS_MAIN("mrt_write")
{
	ROWS(message_variants, variants);
	LOOP(rib_round_trip, RIB_ROWS);
	TEST(peer_index_round_trip);
	LOOP(table_dump_round_trip, 2);
	LOOP(entry_and_update, ENTRY_ROWS);
	LOOP(widens_two_octets, WIDEN_ROWS);
	TEST(broken_attributes);
	TEST(entry_too_long);
}
