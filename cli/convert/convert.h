/* What the files of `bellman convert` share. */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "collector/bmp_stream/bmp_stream.h"
#include "parsers/bgp/rd.h"

enum { CONVERT_VRFS = 16 };

/* A VRF, or another instance of BGP, that is not written. */
struct convert_vrf {
	char distinguisher[BGP_RD_TEXT_MAX];
	char name[BMP_TABLE_NAME_MAX]; /* "" not known */
	uint64_t messages;
};

struct convert {
	const char *in, *name; /* name: of the collector, for formats that have one */
	int view;	       /* enum bmp_view to write; -1: the first that has routes */
	const char *vrf;       /* what is written to MRT; NULL: the global table */
	FILE *out;
	const char *out_path;
	struct convert_vrf left_out[CONVERT_VRFS];
	unsigned left_out_n;
	uint64_t left_out_more; /* messages of further ones */
};

/*
 * MRT has no field for a distinguisher (RFC 6396 4.3.1, 4.4), so one file holds one table: that of
 * --vrf, else the global one. Is this the peer's? If not, the message counts as left out.
 */
bool convert_wants(struct convert *, const struct bmp_stream *, const struct bmp_peer *);
/* Says on stderr what was left out for that, and how to have it. */
void convert_report_vrfs(const struct convert *);

/* Each reads `in` to its end and writes `out`. Returns the exit code (cli/recording.h). Unless it
 * is CLI_OK, the output is of no use, and stderr has the reason. */
int convert_to_bmp(struct convert *);
int convert_to_openbmp(struct convert *);
int convert_to_mrt(struct convert *);
int convert_to_updates(struct convert *);
