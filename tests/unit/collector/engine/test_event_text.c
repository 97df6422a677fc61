/* Texts of the engine: reasons of Peer Downs, and routes. */
#include "tests/unit/support/dissect_log.h"

#include "collector/engine/engine.h"
#include "parsers/bmp/write.h"

#define LOCAL		     "local system closed with NOTIFICATION: "
#define REMOTE		     "remote system closed with NOTIFICATION: "
/* The header of a NOTIFICATION of that length, in hex. */
#define NOTIFICATION(length) "ffffffffffffffffffffffffffffffff 00" length "03 "

static const struct {
	const char *body, *text; /* the body of a Peer Down from its reason on */
} downs[] = {
	{ "04", "remote system closed" },
	{ "02 0000", "local system closed" },
	{ "02 000a", "local system closed: HoldTimer_Expires" },
	{ "02", "local system closed" },
	{ "03", "remote system closed with NOTIFICATION" },
	{ "01" NOTIFICATION("15") "0400", LOCAL "Hold Timer Expired" },
	{ "03" NOTIFICATION("1a") "0602 04 6d61696e",
	    REMOTE "Cease/Administrative Shutdown: \"main\"" },
	{ "01" NOTIFICATION("1a") "0604 04 0a22c3a9",
	    LOCAL "Cease/Administrative Reset: \"\\x0a\"\xc3\xa9\"" },
	{ "03" NOTIFICATION("16") "0602 00", REMOTE "Cease/Administrative Shutdown" },
	{ "03" NOTIFICATION("17") "0602 05 61", REMOTE "Cease/Administrative Shutdown" },
	{ "01" NOTIFICATION("1c") "0601 0002 01 000003e8",
	    LOCAL "Cease/Maximum Number of Prefixes Reached, 1000 of ipv6-unicast" },
	{ "01" NOTIFICATION("1b") "0601 0002 01 000003",
	    LOCAL "Cease/Maximum Number of Prefixes Reached" },
	{ "03" NOTIFICATION("1a") "0609 0602 02 6869",
	    REMOTE "Cease/Hard Reset: Cease/Administrative Shutdown: \"hi\"" },
	{ "03" NOTIFICATION("17") "0609 0609", REMOTE "Cease/Hard Reset: Cease/Hard Reset" },
	{ "03" NOTIFICATION("16") "0609 06", REMOTE "Cease/Hard Reset" },
};

static size_t
peer_down(uint8_t *buf, size_t size, const char *body)
{
	static const struct bmp_peer_spec peer = { .as = 64501 };
	struct writer w = bmp_write_begin(buf, size, 3, BMP_PEER_DOWN, &peer);
	size_t n;
	uint8_t *octets = unhex(body, &n);

	wr_bytes(&w, octets, n);
	free(octets);
	return bmp_write_finish(&w);
}

START_TEST(test_down)
{
	uint8_t buf[512];
	struct faults f = { .n = 0 };
	struct bmp_peer_down down;
	char text[ENGINE_TEXT_MAX];
	struct bmp_msg m;

	ck_assert(bmp_parse(buf, peer_down(buf, sizeof(buf), downs[_i].body), &m, &f));
	ck_assert(bmp_peer_down_parse(&m, &down, &f));
	engine_down_text(text, sizeof(text), &down);
	ck_assert_str_eq(text, downs[_i].text);
}
END_TEST

/* A text that does not fit ends with an ellipsis, and no character is cut in two. */
START_TEST(test_down_long)
{
	static const char words[] = "caf\xc3\xa9 ";
	struct bmp_peer_down down = { .reason = 3, .has_notification = true };
	char text[ENGINE_TEXT_MAX], said[252];

	for (size_t i = 0; i < sizeof(said); i++)
		said[i] = words[i % (sizeof(words) - 1)];
	down.notification = (struct bgp_notification){
		.code = 6, .subcode = 2, .text = cur_of(said, sizeof(said))
	};
	for (size_t size = 64; size <= sizeof(text); size++) {
		size_t len;

		engine_down_text(text, size, &down);
		len = strlen(text);
		require(len < size && len + 5 > size, "%zu of %zu", len, size);
		require(strcmp(text + len - 3, "…") == 0, "%s", text);
		require((text[len - 4] & 0xc0) != 0xc0, "%s", text);
	}
}
END_TEST

/* Two long routes that begin alike have different names, and the same route always the same. */
START_TEST(test_long_routes)
{
	static const struct bgp_family flow = { AFI_IPV4, SAFI_FLOWSPEC };
	char text[3][96], whole[4096];
	uint8_t nlri[200] = { 199, 4 };

	for (size_t i = 2; i < sizeof(nlri); i += 2)
		nlri[i] = i + 2 < sizeof(nlri) ? 0x01 : 0x81;
	for (int i = 0; i < 3; i++) {
		struct cursor r = cur_of(nlri, sizeof(nlri));
		struct faults f = { .n = 0 };
		struct bgp_nlri n;

		nlri[197] = (uint8_t)(i / 2);
		ck_assert(bgp_nlri_next(
		    &r, flow, (struct bgp_nlri_encoding){ .withdrawn = false }, nlri, &n, &f));
		ck_assert(!n.malformed);
		engine_route_text(whole, sizeof(whole), flow, &n);
		ck_assert_ptr_null(strchr(whole, '#'));
		engine_route_text(text[i], sizeof(text[i]), flow, &n);
		ck_assert_uint_eq(strlen(text[i]), sizeof(text[i]) - 1);
		ck_assert_ptr_nonnull(strstr(text[i], "… #"));
		ck_assert_int_eq(strncmp(text[i], whole, 80), 0);
	}
	ck_assert_str_eq(text[0], text[1]);
	ck_assert_str_ne(text[0], text[2]);
}
END_TEST

HARNESS_MAIN("event_text")
{
	ROWS(test_down, downs);
	TEST(test_down_long);
	TEST(test_long_routes);
}
