/* An NLRI on one line: a sink that writes all its fields, and the text that routers print. */
#pragma once

#include "tests/unit/support/harness.h"

#include "parsers/bgp/nlri/nlri.h"
#include "tests/unit/support/hex.h"
#include "tests/unit/support/nlri_examples.h"

enum { FIELD_MAX = 4200, DISSECTED_MAX = 8192, DEPTH_MAX = 8, NAMES_MAX = 32 };

static inline struct bgp_nlri_encoding
written(bool path_ids, bool withdrawn)
{
	return (struct bgp_nlri_encoding){ .path_ids = path_ids, .withdrawn = withdrawn };
}

struct line {
	struct field_sink sink;
	struct txt txt;
	char text[DISSECTED_MAX];
	int depth;
	bool first;				 /* no space before the next word */
	const char *names[DEPTH_MAX][NAMES_MAX]; /* of the groups that are open */
	unsigned names_n[DEPTH_MAX];
};

/* In a group no name comes twice: it may become JSON. */
static inline void
name_once(struct line *l, const char *name)
{
	const char **names = l->names[l->depth];
	unsigned n = l->names_n[l->depth]++;

	ck_assert_uint_lt(n, NAMES_MAX);
	for (unsigned i = 0; i < n; i++)
		ck_assert_str_ne(names[i], name);
	names[n] = name;
}

static inline void
deeper(struct line *l)
{
	l->first = true;
	l->depth++;
	ck_assert_int_lt(l->depth, DEPTH_MAX);
	l->names_n[l->depth] = 0;
}

static inline void
word(struct field_sink *to, const char *name)
{
	struct line *l = (struct line *)to;

	if (!l->first)
		txt_puts(&l->txt, " ");
	l->first = false;
	if (name != NULL) {
		name_once(l, name);
		txt_puts(&l->txt, name);
	}
}

static inline void
on_open(struct field_sink *to, const char *name)
{
	struct line *l = (struct line *)to;

	word(to, name);
	txt_puts(&l->txt, "{");
	deeper(l);
}

static inline void
on_close(struct field_sink *to)
{
	struct line *l = (struct line *)to;

	txt_puts(&l->txt, "}");
	l->first = false;
	l->depth--;
}

static inline void
on_list(struct field_sink *to, const char *name)
{
	struct line *l = (struct line *)to;

	word(to, name);
	txt_puts(&l->txt, "[");
	deeper(l);
}

static inline void
on_list_end(struct field_sink *to)
{
	struct line *l = (struct line *)to;

	txt_puts(&l->txt, "]");
	l->first = false;
	l->depth--;
}

static inline void
on_text(struct field_sink *to, const char *name, const char *value)
{
	struct line *l = (struct line *)to;

	word(to, name);
	txt_putf(&l->txt, "%s%s", name != NULL ? "=" : "", value);
}

static inline void
on_number(struct field_sink *to, const char *name, uint64_t value)
{
	struct line *l = (struct line *)to;

	word(to, name);
	txt_putf(&l->txt, "%s%llu", name != NULL ? "=" : "", (unsigned long long)value);
}

static inline void
on_hex(struct field_sink *to, const char *name, struct cursor octets)
{
	struct line *l = (struct line *)to;

	word(to, name);
	txt_puts(&l->txt, name != NULL ? "=0x" : "0x");
	txt_hex(&l->txt, octets);
}

static inline const char *
dissected(struct line *l, struct bgp_family family, const struct bgp_nlri *n)
{
	*l = (struct line){ .sink = { .open = on_open,
				.close = on_close,
				.list = on_list,
				.list_end = on_list_end,
				.text = on_text,
				.number = on_number,
				.hex = on_hex },
		.first = true };
	l->txt = txt_of(l->text, sizeof(l->text));
	bgp_nlri_dissect(&l->sink, family, n);
	ck_assert_int_eq(l->depth, 0);
	ck_assert(!l->txt.cut);
	return l->text;
}

static inline const char *
text_of(char *buf, size_t size, struct bgp_family family, const struct bgp_nlri *n)
{
	struct txt x = txt_of(buf, size);

	bgp_nlri_text(&x, family, n);
	return buf;
}

static inline struct bgp_family
family_of(const struct nlri_example *e)
{
	return (struct bgp_family){ e->afi, e->safi };
}
