/* What the Encapsulation communities of a route say about its label fields (RFC 9012 4.1, RFC 8365
 * 5.1.3), and the names of tunnel types. */
#include "tests/unit/support/harness.h"

#include "parsers/bgp/tunnel_type.h"
#include "tests/unit/support/hex.h"

static const struct encapsulation_case {
	const char *name, *hex;
	enum bgp_encapsulation encapsulation;
} cases[] = {
	{ "none", "", BGP_ENCAPSULATION_UNKNOWN },
	{ "a route target", "0002fbf500000008", BGP_ENCAPSULATION_UNKNOWN },
	{ "vxlan", "030c000000000008", BGP_ENCAPSULATION_VNI },
	{ "nvgre", "030c000000000009", BGP_ENCAPSULATION_VNI },
	{ "mpls", "030c00000000000a", BGP_ENCAPSULATION_MPLS },
	{ "mpls in gre", "030c00000000000b", BGP_ENCAPSULATION_MPLS },
	{ "vxlan gpe", "030c00000000000c", BGP_ENCAPSULATION_VNI },
	{ "geneve", "030c000000000013", BGP_ENCAPSULATION_VNI },
	{ "ip in ip has no labels", "030c000000000007", BGP_ENCAPSULATION_UNKNOWN },
	{ "reserved octets decide nothing", "030cffffffff0008", BGP_ENCAPSULATION_VNI },
	{ "behind a route target", "0002fbf50000000a030c000000000008", BGP_ENCAPSULATION_VNI },
	{ "vxlan or nvgre", "030c000000000008030c000000000009", BGP_ENCAPSULATION_VNI },
	{ "vxlan or ip in ip", "030c000000000008030c000000000007", BGP_ENCAPSULATION_VNI },
	{ "vxlan or mpls", "030c000000000008030c00000000000a", BGP_ENCAPSULATION_UNKNOWN },
	{ "vxlan, mpls, vxlan", "030c000000000008030c00000000000a030c000000000008",
	    BGP_ENCAPSULATION_UNKNOWN },
	{ "non-transitive is another community", "430c000000000008", BGP_ENCAPSULATION_UNKNOWN },
	{ "cut", "030c0000000000", BGP_ENCAPSULATION_UNKNOWN },
	{ "one and a cut one", "030c00000000000a030c0000000000", BGP_ENCAPSULATION_MPLS },
};

START_TEST(test_encapsulation)
{
	const struct encapsulation_case *c = &cases[_i];
	struct bytes octets = bytes_of(c->hex);
	uint8_t *copy = exact_copy(octets.b, octets.n);

	ck_assert_msg(bgp_encapsulation(cur_of(copy, octets.n)) == c->encapsulation, "%s", c->name);
	free(copy);
}
END_TEST

START_TEST(test_names)
{
	char buf[8];

	ck_assert_str_eq(bgp_tunnel_type_name(TUNNEL_VXLAN, buf, sizeof(buf)), "vxlan");
	ck_assert_str_eq(bgp_tunnel_type_name(TUNNEL_GENEVE, buf, sizeof(buf)), "geneve");
	ck_assert_str_eq(bgp_tunnel_type_name(0, buf, sizeof(buf)), "0");
	ck_assert_str_eq(bgp_tunnel_type_name(65535, buf, sizeof(buf)), "65535");
	ck_assert(bgp_tunnel_type_known(TUNNEL_SR_POLICY));
	ck_assert(!bgp_tunnel_type_known(0) && !bgp_tunnel_type_known(23));
}
END_TEST

HARNESS_MAIN("tunnel_type")
{
	ROWS(test_encapsulation, cases);
	TEST(test_names);
}
