/* Origin validation with VRPs that nobody has published: what it says is what a set says that is
 * built with them. */
#include "tests/unit/support/harness.h"

#include "collector/rpki/vrp_edit.h"

enum { SEEDS = 400, VRPS = 40, ROUTES = 200, MANY = 500 };

static uint64_t rng;

static uint32_t
below(uint32_t n)
{
	rng = rng * 6364136223846793005ULL + 1442695040888963407ULL;
	return (uint32_t)(rng >> 33) % n;
}

/* Of few addresses, so that they cover each other. */
static struct ip_prefix
any_prefix(void)
{
	bool v6 = below(3) == 0;
	uint8_t b[16] = { v6 ? 0x20 : 10, (uint8_t)(below(2) << 7), (uint8_t)below(4) };
	struct ip_prefix p;

	ip_prefix_make(&p, v6 ? IP_V6 : IP_V4, b, 7 + below(18));
	for (unsigned i = 0; i < 16; i++) /* no bits behind the length */
		p.b[i] = (uint8_t)(p.len >= 8 * (i + 1) ? p.b[i]
				   : p.len <= 8 * i	? 0
							: p.b[i] & 0xff00 >> (p.len - 8 * i));
	return p;
}

static struct vrp
any_vrp(void)
{
	struct vrp v = { .prefix = any_prefix(), .asn = below(4) };

	v.max_len = (uint8_t)(v.prefix.len + below(3));
	return v;
}

static bool
is_gone(const struct vrp_edits *e, const struct vrp *v)
{
	for (unsigned i = 0; i < e->n; i++)
		if (e->v[i].gone && vrp_cmp(&e->v[i].vrp, v) == 0)
			return true;
	return false;
}

static struct vrp_set *
set_of(const struct vrp_list *from, const struct vrp_edits *e)
{
	struct vrp_list l = { 0 };
	struct vrp_set *set;

	for (size_t i = 0; i < from->n; i++)
		if (e == NULL || !is_gone(e, &from->v[i]))
			vrp_list_add(&l, &from->v[i]);
	for (unsigned i = 0; e != NULL && i < e->n; i++)
		if (!e->v[i].gone)
			vrp_list_add(&l, &e->v[i].vrp);
	vrp_list_sort_unique(&l);
	set = vrp_set_new(&l, 1);
	vrp_list_free(&l);
	return set;
}

START_TEST(edited_is_built)
{
	struct vrp_edits e = { .n = 0 };
	struct vrp_list l = { 0 };
	struct vrp_set *before, *after;

	rng = (uint64_t)_i + 1;
	for (unsigned i = 0; i < VRPS; i++) {
		struct vrp v = any_vrp();

		vrp_list_add(&l, &v);
	}
	for (; e.n < 1 + below(VRP_EDITS_MAX); e.n++) {
		e.v[e.n].gone = below(2);
		e.v[e.n].vrp = e.v[e.n].gone ? l.v[below((uint32_t)l.n)] : any_vrp();
		if (!e.v[e.n].gone && is_gone(&e, &e.v[e.n].vrp))
			break; /* it comes and goes: nobody asks that */
	}
	before = set_of(&l, NULL);
	after = set_of(&l, &e);
	for (unsigned i = 0; i < ROUTES; i++) {
		struct ip_prefix p = any_prefix();
		bool has_origin = below(8) > 0;
		uint32_t origin = below(4);
		struct rov_result got = vrp_validate_edited(before, &e, &p, has_origin, origin),
				  want = vrp_validate(after, &p, has_origin, origin),
				  was = vrp_validate(before, &p, has_origin, origin);

		ck_assert_uint_eq(got.state, want.state);
		ck_assert_uint_eq(got.reason, want.reason);
		if (!vrp_edits_touch(&e, &p))
			ck_assert_uint_eq(got.state, was.state);
	}
	vrp_set_unref(before);
	vrp_set_unref(after);
	vrp_list_free(&l);
}
END_TEST

/* More VRPs than usual for one prefix, and no data at all. */
START_TEST(edited_many)
{
	struct vrp_edits e = { .n = 1 };
	struct vrp_list l = { 0 };
	struct vrp_set *set;
	struct vrp v = { .max_len = 24 };

	ck_assert(ip_prefix_parse("203.0.113.0/24", true, &v.prefix));
	for (v.asn = 1; v.asn <= MANY; v.asn++)
		vrp_list_add(&l, &v);
	v.asn = MANY;
	e.v[0].vrp = v;
	e.v[0].gone = true;
	vrp_list_sort_unique(&l);
	set = vrp_set_new(&l, 1);
	ck_assert_uint_eq(vrp_validate(set, &v.prefix, true, MANY).state, ROV_VALID);
	ck_assert_uint_eq(vrp_validate_edited(set, &e, &v.prefix, true, MANY).state, ROV_INVALID);
	ck_assert_uint_eq(vrp_validate_edited(set, &e, &v.prefix, true, 1).state, ROV_VALID);
	ck_assert_uint_eq(vrp_validate_edited(NULL, &e, &v.prefix, true, 1).state, ROV_NOT_FOUND);
	e.v[0].gone = false;
	ck_assert_uint_eq(vrp_validate_edited(NULL, &e, &v.prefix, true, 1).state, ROV_INVALID);
	vrp_set_unref(set);
	vrp_list_free(&l);
}
END_TEST

HARNESS_MAIN("vrp_edit")
{
	LOOP(edited_is_built, SEEDS);
	TEST(edited_many);
}
