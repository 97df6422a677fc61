/*
 * A permit list in the words of those who filter by it. Each replaces the list that was there,
 * since one that only grows permits what is long gone; as one transaction where the router has
 * them.
 */
#include <stdlib.h>
#include <string.h>

#include "cli/control_rows.h"
#include "cli/sav/sav_private.h"

const char *
permit_next(const struct permit_list *l, size_t *at, int family)
{
	while (*at < json_array_size(l->rows)) {
		const char *text = row_text(json_array_get(l->rows, (*at)++), "prefix");
		int is = strchr(text, ':') != NULL ? 6 : 4;

		if (*text != '\0' && (family == 0 || family == is))
			return text;
	}
	return NULL;
}

/* What is missing comes first, as a comment: whoever loads it has seen it. */
static void
put_comments(const struct permit_list *l, const char *mark, FILE *out)
{
	const json_t *gap;
	size_t i;

	fprintf(out, "%s source addresses that may come in from AS%llu, by %s\n", mark, l->asn,
	    l->method);
	json_array_foreach(json_object_get(l->head, "gaps"), i, gap)
		fprintf(out, "%s INCOMPLETE: %s\n", mark, json_string_value(gap));
}

/* A line for each prefix of the family: before, the prefix, behind. */
static void
put_each(const struct permit_list *l, int family, const char *before, const char *behind, FILE *out)
{
	const char *p;

	for (size_t at = 0; (p = permit_next(l, &at, family)) != NULL;)
		fprintf(out, "%s%s%s\n", before, p, behind);
}

static void
put_plain(const struct permit_list *l, FILE *out)
{
	const json_t *gap;
	size_t i;

	json_array_foreach(json_object_get(l->head, "gaps"), i, gap)
		fprintf(out, "# INCOMPLETE: %s\n", json_string_value(gap));
	put_each(l, 0, "", "", out);
}

/* --- nftables: two sets, and a chain that drops what is in neither */

static void
put_nft_set(const struct permit_list *l, int family, FILE *out)
{
	const char *p, *before = " ";
	size_t at = 0;

	fprintf(out, "add set inet sav %s-v%d { type ipv%d_addr; flags interval; }\n", l->name,
	    family, family);
	fprintf(out, "flush set inet sav %s-v%d\n", l->name, family);
	if ((p = permit_next(l, &at, family)) == NULL)
		return;
	fprintf(out, "add element inet sav %s-v%d {\n", l->name, family);
	for (; p != NULL; p = permit_next(l, &at, family)) {
		fprintf(out, "%s\t%s", before, p);
		before = ",\n";
	}
	fprintf(out, "\n}\n");
}

static void
put_nftables(const struct permit_list *l, FILE *out)
{
	fprintf(out, "# in a chain of the hook forward: iifname \"eth1\" jump %s\n", l->name);
	fprintf(out, "add table inet sav\n");
	put_nft_set(l, 4, out);
	put_nft_set(l, 6, out);
	fprintf(out, "add chain inet sav %s\nflush chain inet sav %s\n", l->name, l->name);
	for (int family = 4; family <= 6; family += 2)
		fprintf(out, "add rule inet sav %s %s saddr @%s-v%d return\n", l->name,
		    family == 4 ? "ip" : "ip6", l->name, family);
	fprintf(out, "add rule inet sav %s counter drop\n", l->name);
}

/* --- FRR: prefix lists */

static void
put_frr(const struct permit_list *l, int family, FILE *out)
{
	const char *word = family == 4 ? "ip" : "ipv6", *p;
	unsigned seq = 0;

	fprintf(out, "no %s prefix-list %s-v%d\n", word, l->name, family);
	for (size_t at = 0; (p = permit_next(l, &at, family)) != NULL;) {
		unsigned whole = family == 4 ? 32 : 128;
		bool host = strtoul(strchr(p, '/') + 1, NULL, 10) == whole;

		fprintf(out, "%s prefix-list %s-v%d seq %u permit %s", word, l->name, family,
		    seq += 5, p);
		if (!host)
			fprintf(out, " le %u", whole);
		fputc('\n', out);
	}
	fprintf(out, "%s prefix-list %s-v%d seq %u deny any\n", word, l->name, family, seq + 5);
}

/* --- Junos: prefix lists, and a filter on them */

static void
put_junos(const struct permit_list *l, int family, FILE *out)
{
	const char *inet = family == 4 ? "inet" : "inet6";
	char before[128];

	fprintf(out, "delete policy-options prefix-list %s-v%d\n", l->name, family);
	fprintf(out, "set policy-options prefix-list %s-v%d\n", l->name, family);
	snprintf(before, sizeof(before), "set policy-options prefix-list %s-v%d ", l->name, family);
	put_each(l, family, before, "", out);
	fprintf(out, "delete firewall family %s filter %s-v%d\n", inet, l->name, family);
	snprintf(before, sizeof(before), "set firewall family %s filter %s-v%d term", inet, l->name,
	    family);
	fprintf(out, "%s permitted from source-prefix-list %s-v%d\n", before, l->name, family);
	fprintf(out, "%s permitted then accept\n", before);
	fprintf(out, "%s others then count %s-v%d\n", before, l->name, family);
	fprintf(out, "%s others then discard\n", before);
}

/* --- IOS XR: object groups, and an access list on them */

static void
put_iosxr(const struct permit_list *l, int family, FILE *out)
{
	fprintf(out, "no object-group network ipv%d %s-v%d\n", family, l->name, family);
	fprintf(out, "object-group network ipv%d %s-v%d\n", family, l->name, family);
	put_each(l, family, " ", "", out);
	fprintf(out, "!\nno ipv%d access-list %s-v%d\n", family, l->name, family);
	fprintf(out, "ipv%d access-list %s-v%d\n", family, l->name, family);
	fprintf(out, " 10 permit ipv%d net-group %s-v%d any\n", family, l->name, family);
	fprintf(out, " 20 deny ipv%d any any\n!\n", family);
}

/* --- EOS: access lists */

static void
put_eos(const struct permit_list *l, int family, FILE *out)
{
	const char *word = family == 4 ? "ip" : "ipv6";
	char before[32];

	fprintf(out, "no %s access-list %s-v%d\n%s access-list %s-v%d\n", word, l->name, family,
	    word, l->name, family);
	snprintf(before, sizeof(before), "   permit %s ", word);
	put_each(l, family, before, " any", out);
	fprintf(out, "   deny %s any any\n!\n", word);
}

/* --- SR OS, MD-CLI: prefix lists to match on */

static void
put_sros(const struct permit_list *l, int family, FILE *out)
{
	const char *word = family == 4 ? "ip-prefix-list" : "ipv6-prefix-list";
	char before[128];

	fprintf(out, "/configure filter match-list delete %s \"%s-v%d\"\n", word, l->name, family);
	snprintf(before, sizeof(before), "/configure filter match-list %s \"%s-v%d\"", word,
	    l->name, family);
	fprintf(out, "%s\n", before);
	strncat(before, " prefix ", sizeof(before) - strlen(before) - 1);
	put_each(l, family, before, " { }", out);
}

/* whole: all of it at once; else of, for each family */
static const struct syntax {
	const char *name;
	const char *mark; /* of a comment; NULL: it has no head */
	void (*whole)(const struct permit_list *, FILE *);
	void (*of)(const struct permit_list *, int family, FILE *);
} syntaxes[] = {
	{ "list", NULL, put_plain, NULL },
	{ "nftables", "#", put_nftables, NULL },
	{ "frr", "!", NULL, put_frr },
	{ "junos", "#", NULL, put_junos },
	{ "iosxr", "!", NULL, put_iosxr },
	{ "eos", "!", NULL, put_eos },
	{ "sros", "#", NULL, put_sros },
};

static const struct syntax *
syntax_of(const char *format)
{
	for (size_t i = 0; i < sizeof(syntaxes) / sizeof(syntaxes[0]); i++)
		if (strcmp(syntaxes[i].name, format) == 0)
			return &syntaxes[i];
	return NULL;
}

bool
permit_has_syntax(const char *format)
{
	return syntax_of(format) != NULL;
}

void
permit_write(const struct permit_list *l, const char *format, FILE *out)
{
	const struct syntax *x = syntax_of(format);

	if (x == NULL)
		return;
	if (x->mark != NULL)
		put_comments(l, x->mark, out);
	if (x->whole != NULL) {
		x->whole(l, out);
		return;
	}
	x->of(l, 4, out);
	x->of(l, 6, out);
}
