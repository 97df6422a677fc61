#include "parsers/nlri_kind.h"

static enum nlri_verdict
read_octets(struct bgp_nlri_any *n, struct bgp_family f, bool withdraw, struct nlri_key *key)
{
	(void)f, (void)withdraw;
	nlri_key_put_rd(key, n->octets);
	return NLRI_READ;
}

static void
tell_octets(struct tell *t, struct bgp_family f, const struct bgp_nlri_any *n)
{
	(void)f;
	tell_hex(t, "octets", n->octets);
}

static void
text_octets(struct txt *x, struct bgp_family f, const struct bgp_nlri_any *n)
{
	(void)f;
	txt_hex(x, n->octets);
}

const struct nlri_kind nlri_bgp_ls = {
	.frame = NLRI_TYPE2_LEN2, .read = read_octets, .tell = tell_octets, .text = text_octets
};
const struct nlri_kind nlri_bgp_ls_vpn = {
	.frame = NLRI_TYPE2_LEN2, .read = read_octets, .tell = tell_octets, .text = text_octets
};
