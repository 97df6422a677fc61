/* bellman convert: recorded BMP from any format into another. */
#include "cli/convert/convert.h"

#include <errno.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/cli.h"
#include "parsers/bmp/bmp.h"

static const struct cli_option options[] = {
	{ 't', false, "to", "FORMAT",
	    "bmp: the one router's stream in IN, as it would come over TCP; openbmp: a message of "
	    "OpenBMP's raw feed (header version 1.7) for each BMP message; mrt: the routes that "
	    "are "
	    "left at the end of IN, as an MRT RIB dump (TABLE_DUMP_V2); mrt-updates: every UPDATE "
	    "of IN, as MRT updates (BGP4MP, BGP4MP_ET), of a captured BGP session every message",
	    "bmp openbmp mrt mrt-updates" },
	{ 'v', false, "view", "VIEW",
	    "for MRT: adj-rib-in-pre, adj-rib-in-post, loc-rib, adj-rib-out-pre, adj-rib-out-post "
	    "(the first of them that has routes)",
	    "adj-rib-in-pre adj-rib-in-post loc-rib adj-rib-out-pre adj-rib-out-post" },
	{ 'r', false, "vrf", "VRF",
	    "for MRT, which has no place for it: only this VRF, by its distinguisher (64500:1) or "
	    "name (only the global table)",
	    NULL },
	{ 'n', false, "name", "NAME", "of the collector, in OpenBMP's header (bellman)", NULL },
	{ 0 },
};

static const struct {
	const char *name;
	int (*to)(struct convert *);
} formats[] = { { "bmp", convert_to_bmp }, { "openbmp", convert_to_openbmp },
	{ "mrt", convert_to_mrt }, { "mrt-updates", convert_to_updates } };
enum { FORMATS = sizeof(formats) / sizeof(formats[0]) };

static bool
view_of(const char *word, int *view)
{
	char all[128] = "";

	for (int v = 0; v < BMP_VIEWS; v++) {
		size_t at = strlen(all);

		snprintf(all + at, sizeof(all) - at, "%s%s", at > 0 ? ", " : "",
		    bmp_view_name((unsigned)v));
		if (strcmp(word, bmp_view_name((unsigned)v)) == 0) {
			*view = v;
			return true;
		}
	}
	cli_wrong("convert", "--view is one of %s, not \"%s\"", all, word);
	return false;
}

static bool
format_of(const char *word, int *format)
{
	for (int i = 0; i < FORMATS; i++) {
		if (strcmp(word, formats[i].name) == 0) {
			*format = i;
			return true;
		}
	}
	cli_wrong("convert", "--to is bmp, openbmp, mrt or mrt-updates, not \"%s\"", word);
	return false;
}

/* The output is written under another name and renamed: it is there whole, or not at all. */
static int
write_out(struct convert *c, int (*to)(struct convert *))
{
	char temporary[4096];
	bool is_file = strcmp(c->out_path, "-") != 0;
	int rc;

	if ((size_t)snprintf(temporary, sizeof(temporary), "%s.%ld.tmp", c->out_path,
		(long)getpid()) >= sizeof(temporary)) {
		fprintf(stderr, "bellman: the name is too long\n");
		return CLI_USAGE;
	}
	c->out = is_file ? fopen(temporary, "wb") : stdout;
	if (c->out == NULL) {
		fprintf(stderr, "%s: %s\n", temporary, strerror(errno));
		return CLI_NOTHING;
	}
	rc = to(c);
	if (fflush(c->out) != 0 || ferror(c->out)) {
		fprintf(stderr, "%s: %s\n", c->out_path, strerror(errno));
		rc = rc == CLI_OK ? CLI_NOTHING : rc;
	}
	if (!is_file)
		return rc;
	fclose(c->out);
	if (rc == CLI_OK && rename(temporary, c->out_path) != 0) {
		fprintf(stderr, "%s: %s\n", c->out_path, strerror(errno));
		rc = CLI_NOTHING;
	}
	if (rc != CLI_OK)
		unlink(temporary);
	return rc;
}

static int
cli_convert(int argc, char **argv)
{
	struct convert c = { .name = "bellman", .view = -1 };
	int opt, format = -1;

	while ((opt = cli_next_option(&cli_convert_command, argc, argv)) > 0) {
		switch (opt) {
		case 't':
			if (!format_of(optarg, &format))
				return CLI_USAGE;
			break;
		case 'v':
			if (!view_of(optarg, &c.view))
				return CLI_USAGE;
			break;
		case 'r':
			c.vrf = optarg;
			break;
		default:
			c.name = optarg;
			break;
		}
	}
	if (opt != CLI_OPTIONS_END)
		return cli_options_rc(opt);
	if (format < 0)
		return cli_wrong("convert", "into what? --to bmp, openbmp, mrt or mrt-updates");
	if (argc - optind != 2)
		return cli_wrong("convert",
		    "it takes two files, IN and OUT; \"-\" is standard input "
		    "or output");
	c.in = argv[optind];
	c.out_path = argv[optind + 1];
	if (strcmp(c.out_path, "-") == 0 && isatty(STDOUT_FILENO))
		return cli_wrong(
		    "convert", "this is not for a terminal; into a file, or into a pipe");
	return write_out(&c, formats[format].to);
}

const struct cli_command cli_convert_command = {
	.name = "convert",
	.summary = "recorded streams into raw BMP, OpenBMP messages or an MRT dump",
	.arguments = "--to FORMAT IN OUT",
	.words = CLI_FILES,
	.about = "IN is what `bellman replay` reads; \"-\" is standard input or output.\n"
		 "Of a file that is cut or damaged, what can be read is converted. Exit: 0 done, 1 "
		 "there "
		 "is nothing to convert, or OUT cannot be written, 2 IN cannot be read or is of no "
		 "known "
		 "format; OUT is there only when all went well.",
	.options = options,
	.run = cli_convert,
};
