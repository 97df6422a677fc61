/* Route distinguishers in text. */
#include "parsers/bgp/rd.h"

#include "tests/unit/support/harness.h"

static const struct {
	uint8_t wire[8];
	const char *text;
} distinguishers[] = {
	{ { 0, 0, 0xfb, 0xf4, 0, 0, 0, 100 }, "64500:100" },
	{ { 0, 1, 192, 0, 2, 1, 0, 100 }, "192.0.2.1:100" },
	{ { 0, 2, 0, 1, 0, 0, 0, 100 }, "65536:100" },
	{ { 0, 0, 0, 0, 0, 0, 0, 0 }, "0:0" },
	{ { 0, 3, 1, 2, 3, 4, 5, 6 }, "00:03:01:02:03:04:05:06" },
};

START_TEST(test_distinguishers)
{
	char text[64], name[BGP_RD_TEXT_MAX];
	struct txt t = txt_of(text, sizeof(text));

	bgp_rd_text(&t, distinguishers[_i].wire);
	ck_assert_str_eq(text, distinguishers[_i].text);
	if (be16(distinguishers[_i].wire) <= 2)
		ck_assert_str_eq(bgp_rd_format(distinguishers[_i].wire, name), text);
	else /* nobody takes it for an address */
		ck_assert_str_eq(
		    bgp_rd_format(distinguishers[_i].wire, name), "0x0003010203040506");
}
END_TEST

HARNESS_MAIN("rd")
{
	ROWS(test_distinguishers, distinguishers);
}
