/* The examples that the documents' descriptions are checked with, in hex. */
#pragma once

#define ONES "ffffffffffffffffffffffffffffffff"
#define HEADER                                                                                     \
	"00 00 0000000000000000 000000000000000000000000c0000201 0000fbf5 c0000201 6553f100 "      \
	"0003d090 "
#define UPDATE_2                                                                                   \
	ONES "0037 02 0000 0018 40010100 40020a02020000fbf50000fbfe 400304c0000201 00000001 18 "   \
	     "c63364"
#define EXAMPLE_UP                                                                                 \
	"03 000000a6 03 " HEADER "000000000000000000000000c00002fe 00b3 c350 " ONES                \
	"0031 01 04 fbf4 00b4 c00002fe 14 02 12 01 04 00010001 41 04 0000fbf4 45 04 00010101" ONES \
	"0031 01 04 fbf5 005a c0000201 14 02 12 01 04 00010001 41 04 0000fbf5 45 04 00010102"
