/* NLRI of every family: golden text and fields, every length cut, keys, path ids, damage. */
#include "tests/unit/harness.h"

#include "parsers/bgp_update.h"
#include "parsers/nlri.h"
#include "tests/unit/nlri_examples.h"

enum { FIELD_MAX = 4200, TOLD_MAX = 8192 };

/* --- octets from hex, and a listener that writes what it is told on one line */

static unsigned
digit(char c)
{
	const char *digits = "0123456789abcdef", *at = strchr(digits, c);

	ck_assert_msg(at != NULL, "'%c' is no hex digit", c);
	return (unsigned)(at - digits);
}

static size_t
unhex(const char *hex, uint8_t *out)
{
	size_t n = 0;

	for (; *hex != '\0'; hex++) {
		if (*hex == ' ')
			continue;
		ck_assert_uint_lt(n, FIELD_MAX);
		out[n++] = (uint8_t)(digit(hex[0]) << 4 | digit(hex[1]));
		hex++;
	}
	return n;
}

struct line {
	struct tell tell;
	struct txt txt;
	char text[TOLD_MAX];
	int depth;
	bool first; /* no space before the next word */
};

static void
word(struct tell *t, const char *name)
{
	struct line *l = (struct line *)t;

	if (!l->first)
		txt_puts(&l->txt, " ");
	l->first = false;
	if (name != NULL)
		txt_puts(&l->txt, name);
}

static void
on_open(struct tell *t, const char *name)
{
	struct line *l = (struct line *)t;

	word(t, name);
	txt_puts(&l->txt, "{");
	l->first = true;
	l->depth++;
}

static void
on_close(struct tell *t)
{
	struct line *l = (struct line *)t;

	txt_puts(&l->txt, "}");
	l->first = false;
	l->depth--;
}

static void
on_list(struct tell *t, const char *name)
{
	struct line *l = (struct line *)t;

	word(t, name);
	txt_puts(&l->txt, "[");
	l->first = true;
	l->depth++;
}

static void
on_list_end(struct tell *t)
{
	struct line *l = (struct line *)t;

	txt_puts(&l->txt, "]");
	l->first = false;
	l->depth--;
}

static void
on_text(struct tell *t, const char *name, const char *value)
{
	struct line *l = (struct line *)t;

	word(t, name);
	txt_putf(&l->txt, "%s%s", name != NULL ? "=" : "", value);
}

static void
on_number(struct tell *t, const char *name, uint64_t value)
{
	struct line *l = (struct line *)t;

	word(t, name);
	txt_putf(&l->txt, "%s%llu", name != NULL ? "=" : "", (unsigned long long)value);
}

static void
on_hex(struct tell *t, const char *name, struct rd octets)
{
	struct line *l = (struct line *)t;

	word(t, name);
	txt_puts(&l->txt, name != NULL ? "=0x" : "0x");
	txt_hex(&l->txt, octets);
}

static const char *
told(struct line *l, struct bgp_family family, const struct bgp_nlri_any *n)
{
	*l = (struct line){ .tell = { .open = on_open,
				.close = on_close,
				.list = on_list,
				.list_end = on_list_end,
				.text = on_text,
				.number = on_number,
				.hex = on_hex },
		.first = true };
	l->txt = txt_of(l->text, sizeof(l->text));
	bgp_nlri_tell(&l->tell, family, n);
	ck_assert_int_eq(l->depth, 0);
	ck_assert(!l->txt.cut);
	return l->text;
}

static const char *
text_of(char *buf, size_t size, struct bgp_family family, const struct bgp_nlri_any *n)
{
	struct txt x = txt_of(buf, size);

	bgp_nlri_text(&x, family, n);
	return buf;
}

static struct bgp_family
family_of(const struct nlri_example *e)
{
	return (struct bgp_family){ e->afi, e->safi };
}

/* --- the examples */

START_TEST(test_example)
{
	const struct nlri_example *e = &examples[_i];
	struct bgp_family family = family_of(e);
	uint8_t octets[FIELD_MAX], *copy;
	size_t len = unhex(e->octets, octets);
	struct faults f = { .n = 0 };
	struct bgp_nlri_any n;
	char text[TOLD_MAX];
	struct line line;
	struct rd r;

	copy = exact_copy(octets, len);
	r = rd_of(copy, len);
	ck_assert(bgp_nlri_any_next(&r, family, false, e->withdraw, copy, &n, &f));
	ck_assert_uint_eq(f.n, 0);
	ck_assert(n.known && !n.malformed && !n.has_path_id);
	ck_assert_uint_eq(n.path_id, 0);
	ck_assert_ptr_eq(n.octets.pos, copy);
	ck_assert_ptr_eq(n.octets.end, copy + len);
	ck_assert_str_eq(text_of(text, sizeof(text), family, &n), e->text);
	ck_assert_str_eq(told(&line, family, &n), e->told);
	ck_assert(!bgp_nlri_any_next(&r, family, false, e->withdraw, copy, &n, &f));
	ck_assert(!r.failed);
	free(copy);
}
END_TEST

/* Cut at each length: a fault, never a route. */
START_TEST(test_cut)
{
	const struct nlri_example *e = &examples[_i];
	struct bgp_family family = family_of(e);
	uint8_t octets[FIELD_MAX];
	size_t len = unhex(e->octets, octets);

	for (size_t cut = 1; cut < len; cut++) {
		uint8_t *copy = exact_copy(octets, cut);
		struct rd r = rd_of(copy, cut);
		struct faults f = { .n = 0 };
		struct bgp_nlri_any n;

		require(!bgp_nlri_any_next(&r, family, false, e->withdraw, copy, &n, &f),
		    "short, cut at %zu", cut);
		require(f.n == 1 && f.v[0].code == FAULT_NLRI_OVERRUN && f.v[0].offset == 0,
		    "overrun, cut at %zu", cut);
		require(r.failed && rd_left(&r) == 0, "cursor at its end, cut at %zu", cut);
		require(!bgp_nlri_any_fits(rd_of(copy, cut), family, false, e->withdraw),
		    "does not fit, cut at %zu", cut);
		require(bgp_nlri_count(rd_of(copy, cut), family, false, e->withdraw) == -1,
		    "no count, cut at %zu", cut);
		free(copy);
	}
}
END_TEST

static Suite *
suite(void)
{
	Suite *s = suite_create("nlri");
	TCase *tc = tcase_create("nlri");

	harness_add_rows(tc, test_example, examples);
	harness_add_rows(tc, test_cut, examples);
	suite_add_tcase(s, tc);
	return s;
}

int
main(void)
{
	return harness_run(suite());
}
