/* Names of SRv6 endpoint behaviours (the IANA registry that RFC 8986 10.2 founded; RFC 9433, RFC
 * 9800). */
#include "parsers/bgp/attr/attr.h"

/* The flavours of a behaviour, in the order that the registry has them in. */
#define FLAVOURS(name, first)                                                                      \
	[first] = name, [(first) + 1] = name " with PSP", [(first) + 2] = name " with USP",        \
	[(first) + 3] = name " with PSP & USP"
#define FLAVOURS_USD(name, first)                                                                  \
	[first] = name " with USD", [(first) + 1] = name " with PSP & USD",                        \
	[(first) + 2] = name " with USP & USD", [(first) + 3] = name " with PSP, USP & USD"
#define FLAVOURS_CSID(name, first)                                                                 \
	[first] = name " with NEXT-CSID", [(first) + 1] = name " with NEXT-CSID & PSP",            \
	[(first) + 2] = name " with NEXT-CSID & USP",                                              \
	[(first) + 3] = name " with NEXT-CSID, PSP & USP",                                         \
	[(first) + 4] = name " with NEXT-CSID & USD",                                              \
	[(first) + 5] = name " with NEXT-CSID, PSP & USD",                                         \
	[(first) + 6] = name " with NEXT-CSID, USP & USD",                                         \
	[(first) + 7] = name " with NEXT-CSID, PSP, USP & USD"

static const char *const names[] = {
	FLAVOURS("End", 1),
	FLAVOURS("End.X", 5),
	FLAVOURS("End.T", 9),
	[14] = "End.B6.Encaps",
	[15] = "End.BM",
	[16] = "End.DX6",
	[17] = "End.DX4",
	[18] = "End.DT6",
	[19] = "End.DT4",
	[20] = "End.DT46",
	[21] = "End.DX2",
	[22] = "End.DX2V",
	[23] = "End.DT2U",
	[24] = "End.DT2M",
	[27] = "End.B6.Encaps.Red",
	FLAVOURS_USD("End", 28),
	FLAVOURS_USD("End.X", 32),
	FLAVOURS_USD("End.T", 36),
	[40] = "End.MAP",
	[41] = "End.Limit",
	FLAVOURS_CSID("End", 43),
	FLAVOURS_CSID("End.X", 52),
	[60] = "End.DX6 with NEXT-CSID",
	[61] = "End.DX4 with NEXT-CSID",
	[62] = "End.DT6 with NEXT-CSID",
	[63] = "End.DT4 with NEXT-CSID",
	[64] = "End.DT46 with NEXT-CSID",
	[65] = "End.DX2 with NEXT-CSID",
	[66] = "End.DX2V with NEXT-CSID",
	[67] = "End.DT2U with NEXT-CSID",
	[68] = "End.DT2M with NEXT-CSID",
	[69] = "End.M.GTP6.D",
	[70] = "End.M.GTP6.Di",
	[71] = "End.M.GTP6.E",
	[72] = "End.M.GTP4.E",
};

void
srv6_dissect_behavior(struct field_sink *to, const char *name, struct cursor v)
{
	char buf[8];

	if (cur_left(&v) == 2)
		field_text(to, name, CODE_NAME(names, be16(v.pos), buf));
	else
		field_hex(to, name, v);
}
