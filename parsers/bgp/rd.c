#include "parsers/bgp/rd.h"

void
bgp_rd_text(struct txt *t, const uint8_t rd[BGP_RD_LEN])
{
	switch (be16(rd)) {
	case 0:
		txt_putf(t, "%u:%u", be16(rd + 2), be32(rd + 4));
		break;
	case 1:
		txt_ipv4(t, rd + 2);
		txt_putf(t, ":%u", be16(rd + 6));
		break;
	case 2:
		txt_putf(t, "%u:%u", be32(rd + 2), be16(rd + 6));
		break;
	default:
		txt_colons(t, rd, BGP_RD_LEN);
	}
}

const char *
bgp_rd_format(const uint8_t rd[BGP_RD_LEN], char *buf)
{
	struct txt t = txt_of(buf, BGP_RD_TEXT_MAX);

	if (be16(rd) > 2)
		txt_putf(&t, "0x%08x%08x", be32(rd), be32(rd + 4));
	else
		bgp_rd_text(&t, rd);
	return buf;
}
