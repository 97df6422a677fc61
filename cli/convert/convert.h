/* What the files of `bellman convert` share. */
#pragma once

#include <stdint.h>
#include <stdio.h>

struct convert {
	const char *in, *name; /* name: of the collector, for formats that have one */
	int view;	       /* enum bmp_view to write; -1: the first that has routes */
	FILE *out;
	const char *out_path;
};

/* Each reads `in` to its end and writes `out`. Returns the exit code (cli/recording.h). Unless it
 * is CLI_OK, the output is of no use, and stderr has the reason. */
int convert_to_bmp(struct convert *);
int convert_to_openbmp(struct convert *);
int convert_to_mrt(struct convert *);
int convert_to_updates(struct convert *);
