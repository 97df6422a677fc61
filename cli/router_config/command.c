/* bellman router-config: the block of configuration for a router, filled in. */
#include <getopt.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/pure/ip.h"
#include "cli/cli.h"
#include "cli/router_config/router_config.h"

struct values {
	const char *collector, *port, *name, *as, *peer, *source, *source_address;
};

/* What stands for the placeholder at the front of the text; *n: its length. NULL: it is none. */
static const char *
value_of(const struct values *v, const char *text, size_t *n)
{
	const struct {
		const char *placeholder, *value;
	} all[] = {
		{ "{COLLECTOR}", v->collector },
		{ "{PORT}", v->port },
		{ "{NAME}", v->name },
		{ "{AS}", v->as },
		{ "{PEER}", v->peer },
		{ "{SOURCE}", v->source },
		{ "{SOURCE_ADDRESS}", v->source_address },
	};

	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		*n = strlen(all[i].placeholder);
		if (strncmp(text, all[i].placeholder, *n) == 0)
			return all[i].value;
	}
	return NULL;
}

static void
print(const struct router_platform *p, const struct values *v)
{
	bool begins = true; /* a line */
	const char *value;
	size_t n;

	for (const char *at = p->text; *at != '\0';) {
		if (begins && *at == '#') {
			fputs(p->comment, stdout);
			at += at[1] == ' ' ? 2 : 1;
		}
		begins = *at == '\n';
		value = *at == '{' ? value_of(v, at, &n) : NULL;
		if (value != NULL) {
			fputs(value, stdout);
			at += n;
		} else {
			putchar(*at++);
		}
	}
}

static const struct router_platform *
find(const char *name)
{
	for (size_t i = 0; i < router_platforms_n; i++) {
		const struct router_platform *p = &router_platforms[i];

		if (strcasecmp(p->name, name) == 0 ||
		    (p->also != NULL && strcasecmp(p->also, name) == 0))
			return p;
	}
	return NULL;
}

static int
list(void)
{
	printf("%-10s %-18s %s\n", "NAME", "PLATFORM", "VIEWS");
	for (size_t i = 0; i < router_platforms_n; i++)
		printf("%-10s %-18s %s\n", router_platforms[i].name, router_platforms[i].title,
		    router_platforms[i].views);
	return CLI_OK;
}

/* What is wrong with a value: an error has been said. It goes into a configuration as it is. */
static bool
are_good(const struct values *v)
{
	static const char letters[] =
	    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._/:-";
	const char *const addresses[][2] = { { "collector", v->collector }, { "peer", v->peer },
		{ "source-address", v->source_address } };
	unsigned long long number;
	struct ip_addr a;

	for (size_t i = 0; i < sizeof(addresses) / sizeof(addresses[0]); i++)
		if (!ip_addr_parse(addresses[i][1], &a)) {
			cli_wrong("router-config", "--%s is an IP address, not \"%s\"",
			    addresses[i][0], addresses[i][1]);
			return false;
		}
	if (!cli_number(v->port, 1, 65535, &number))
		cli_wrong("router-config", "--port is a number from 1 to 65535");
	else if (!cli_number(v->as, 1, 4294967295, &number))
		cli_wrong("router-config", "--as is a number from 1 to 4294967295");
	else if (v->name[0] == '\0' || v->source[0] == '\0' ||
		 v->name[strspn(v->name, letters)] != '\0' ||
		 v->source[strspn(v->source, letters)] != '\0')
		cli_wrong("router-config", "--name and --source are of letters, digits, \".\", "
					   "\"_\", \"/\", \":\" and \"-\"");
	else
		return true;
	return false;
}

static int
cli_router_config(int argc, char **argv)
{
	struct values v = { "192.0.2.10", "11019", "bellman", "64500", "198.51.100.2", "Loopback0",
		"192.0.2.1" };
	const char **const values[] = { &v.collector, &v.port, &v.name, &v.as, &v.peer, &v.source,
		&v.source_address };
	static const char ids[] = "cpnavsA";
	const struct router_platform *p;
	int opt;

	while ((opt = cli_next_option(&cli_router_config_command, argc, argv)) > 0)
		*values[strchr(ids, opt) - ids] = optarg;
	if (opt != CLI_OPTIONS_END)
		return cli_options_rc(opt);
	if (strncasecmp(v.as, "AS", 2) == 0)
		v.as += 2;
	if (optind == argc)
		return list();
	if (optind + 1 < argc)
		return cli_wrong("router-config", "one platform, not \"%s\" too", argv[optind + 1]);
	p = find(argv[optind]);
	if (p == NULL)
		return cli_wrong("router-config",
		    "there is no \"%s\"; `bellman router-config` lists what there is",
		    argv[optind]);
	if (!are_good(&v))
		return CLI_USAGE;
	print(p, &v);
	return CLI_OK;
}

static const struct cli_option options[] = {
	{ 'c', false, "collector", "ADDRESS", "where bellmand listens; default: 192.0.2.10", NULL },
	{ 'p', false, "port", "PORT", "and its port; default: 11019", NULL },
	{ 'n', false, "name", "NAME", "what the router calls it; default: bellman", NULL },
	{ 'a', false, "as", "ASN", "the router's AS; default: 64500", NULL },
	{ 'v', false, "peer", "ADDRESS", "a neighbour of it; default: 198.51.100.2", NULL },
	{ 's', false, "source", "INTERFACE", "the session comes from; default: Loopback0", NULL },
	{ 'A', false, "source-address", "ADDRESS", "its address; default: 192.0.2.1", NULL },
	{ 0 },
};
const struct cli_command cli_router_config_command = {
	.name = "router-config",
	.summary = "what to write on a router so that it monitors its BGP to us",
	.arguments = "\nPLATFORM",
	.words = "ios-xr ios-xe nx-os junos eos sr-os vrp frr bird gobgp openbgpd exabgp",
	.about =
	    "Prints a block to be pasted, with the notes on it as comments. Without a platform it "
	    "lists those there are. What a release does not know it refuses: leave that out.\n"
	    "Pre-policy shows what neighbours really send, also what our policy hides; post-policy "
	    "what it leaves; Loc-RIB what is used; Adj-RIB-Out what is passed on, without which "
	    "nothing is grave for how far it got. BMP is TCP in clear: keep it inside, and let "
	    "`access.allow` name the routers.",
	.options = options,
	.run = cli_router_config,
};
