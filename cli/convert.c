/* bellman convert: recorded BMP from any format into another. */
#include "cli/convert.h"

#include <errno.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/cli.h"
#include "parsers/bmp.h"

static const char usage[] =
    "usage: bellman convert --to bmp|openbmp|mrt|mrt-updates [--view VIEW] [--name NAME] IN OUT\n"
    "\n"
    "IN is what `bellman replay` reads; \"-\" is standard input or output.\n"
    "  --to bmp      the one router's stream in IN, as it would come over TCP\n"
    "  --to openbmp  a message of OpenBMP's raw feed (header version 1.7) for each BMP message\n"
    "  --to mrt      the routes that are left at the end of IN, as an MRT RIB dump "
    "(TABLE_DUMP_V2)\n"
    "  --to mrt-updates  every UPDATE of IN, as MRT updates (BGP4MP, BGP4MP_ET)\n"
    "  --view VIEW   for MRT: adj-rib-in-pre, adj-rib-in-post, loc-rib, adj-rib-out-pre,\n"
    "                adj-rib-out-post (the first of them that has routes)\n"
    "  --name NAME   of the collector, in OpenBMP's header (bellman)\n";

static bool
view_of(const char *word, int *view)
{
	for (int v = 0; v < BMP_VIEWS; v++) {
		if (strcmp(word, bmp_view_name((unsigned)v)) == 0) {
			*view = v;
			return true;
		}
	}
	return false;
}

/* The output is there whole, under its name, or not at all. */
static bool
write_out(struct convert *c, bool (*to)(struct convert *))
{
	char temporary[4096];
	bool is_file = strcmp(c->out_path, "-") != 0, ok;

	if ((size_t)snprintf(temporary, sizeof(temporary), "%s.%ld.tmp", c->out_path,
		(long)getpid()) >= sizeof(temporary)) {
		fprintf(stderr, "bellman: the name is too long\n");
		return false;
	}
	c->out = is_file ? fopen(temporary, "wb") : stdout;
	if (c->out == NULL) {
		fprintf(stderr, "%s: %s\n", temporary, strerror(errno));
		return false;
	}
	ok = to(c);
	if (fflush(c->out) != 0 || ferror(c->out)) {
		fprintf(stderr, "%s: %s\n", c->out_path, strerror(errno));
		ok = false;
	}
	if (!is_file)
		return ok;
	fclose(c->out);
	if (ok && rename(temporary, c->out_path) != 0) {
		fprintf(stderr, "%s: %s\n", c->out_path, strerror(errno));
		ok = false;
	}
	if (!ok)
		unlink(temporary);
	return ok;
}

int
cli_convert(int argc, char **argv)
{
	static const struct option options[] = { { "to", required_argument, NULL, 't' },
		{ "view", required_argument, NULL, 'v' }, { "name", required_argument, NULL, 'n' },
		{ "help", no_argument, NULL, 'h' }, { NULL, 0, NULL, 0 } };
	static const struct {
		const char *name;
		bool (*to)(struct convert *);
	} formats[] = { { "bmp", convert_to_bmp }, { "openbmp", convert_to_openbmp },
		{ "mrt", convert_to_mrt }, { "mrt-updates", convert_to_updates } };
	struct convert c = { .name = "bellman", .view = -1 };
	bool (*to)(struct convert *) = NULL;
	int opt;

	while ((opt = getopt_long(argc, argv, "h", options, NULL)) != -1) {
		switch (opt) {
		case 't':
			for (size_t i = 0; i < sizeof(formats) / sizeof(formats[0]); i++)
				if (strcmp(optarg, formats[i].name) == 0)
					to = formats[i].to;
			break;
		case 'v':
			if (!view_of(optarg, &c.view))
				return cli_usage(usage, CLI_USAGE);
			break;
		case 'n':
			c.name = optarg;
			break;
		default:
			return cli_usage(usage, opt == 'h' ? CLI_OK : CLI_USAGE);
		}
	}
	if (to == NULL || argc - optind != 2)
		return cli_usage(usage, CLI_USAGE);
	c.in = argv[optind];
	c.out_path = argv[optind + 1];
	return write_out(&c, to) ? CLI_OK : CLI_NOTHING;
}
