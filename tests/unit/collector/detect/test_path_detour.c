/* Ways through strangers: which changes of a path are one, who of them leaks, and what of ours
 * comes back. */
#include "tests/unit/support/harness.h"

#include "collector/detect/detect.h"
#include "tests/unit/support/as_paths.h"

static const uint32_t own_as[] = { 64500 }, provider_free[] = { 174, 1299, 6762 },
		      no_transit[] = { 13335 }, both[] = { 1299, 65000 }, via[] = { 64997 };
static const struct detect_siblings siblings[] = { { both, 2 } };
static const struct detect_peerlock locks[] = { { 64600, via, 1 } };

static struct detect *
made(void)
{
	struct detect *d = detect_new(&(struct detect_config){ .own_asns = own_as,
					  .own_asns_n = 1,
					  .provider_free = provider_free,
					  .provider_free_n = 3,
					  .no_transit = no_transit,
					  .no_transit_n = 1,
					  .peerlock = locks,
					  .peerlock_n = 1,
					  .siblings = siblings,
					  .siblings_n = 1 },
	    1);

	ck_assert_ptr_nonnull(d);
	return d;
}

/* leaker 0: it is none. */
static const struct {
	const char *before, *after;
	uint32_t leaker, left, right;
	bool near;
	unsigned strangers;
} changes[] = {
	{ "1 2 9", "1 3 4 5 2 9", 4, 1, 2, false, 3 },
	{ "1 2", "1 3 4 5 6 2", 4, 1, 2, false, 4 },
	{ "7 1 2 9", "7 1 3 4 5 2 9", 4, 1, 2, false, 3 },
	{ "1 7 2", "1 7 3 4 5 2", 4, 7, 2, false, 3 },
	/* prepends are neither strangers nor in the way */
	{ "1 1 2 2 9 9", "1 3 4 4 4 5 2 2 9", 4, 1, 2, false, 3 },
	{ "1 2 9", "1 3 4 4 4 4 2 9", 0, 0, 0, false, 0 },
	/* a large network among them: who has it of that one */
	{ "1 1299 9", "1 3 8 8 8 6762 1299 9", 8, 1, 1299, true, 3 },
	{ "1 1299 9", "1 3 174 5 4 1299 9", 4, 1, 1299, true, 4 },
	/* but the first of them is who believed somebody */
	{ "1 2 9", "1 174 3 4 2 9", 3, 1, 2, false, 3 },
	/* between two large ones: the stranger next to the second */
	{ "174 1299 9", "174 3 4 5 1299 9", 5, 174, 1299, true, 3 },
	/* a network that gives no transit gives it; and one that is there behind who it is not */
	{ "1 2 9", "1 3 4 13335 2 9", 13335, 1, 2, false, 3 },
	{ "1 64600 9", "1 3 4 5 64600 9", 5, 1, 64600, false, 3 },
	{ "1 13335", "1 3 4 5 13335", 4, 1, 13335, true, 3 },
	/* siblings are one step, and one of them is near where another is */
	{ "1 2 9", "1 3 1299 65000 2 9", 0, 0, 0, false, 0 },
	{ "1 65000 9", "1 3 4 5 65000 9", 4, 1, 65000, true, 3 },
	/* no longer than before */
	{ "1 1 1 1 2 9", "1 3 4 5 2 9", 0, 0, 0, false, 0 },
	/* another end, another beginning, another rest */
	{ "1 2 9", "1 3 4 5 2 8", 0, 0, 0, false, 0 },
	{ "1 2 9", "6 3 4 5 2 9", 0, 0, 0, false, 0 },
	{ "1 2 8 9", "1 3 4 5 2 7 9", 0, 0, 0, false, 0 },
	{ "1 2 9", "1 3 4 2 5 6 9", 0, 0, 0, false, 0 },
	{ "1 2 9", "1 2 9 3 4 5 9", 0, 0, 0, false, 0 },
	/* what somebody wrote himself, sets, nothing */
	{ "1 2 9", "1 3 4 3 5 2 9", 0, 0, 0, false, 0 },
	{ "1 2 9", "1 3 4 5 {2,7} 9", 0, 0, 0, false, 0 },
	{ "9", "1 3 4 5 9", 0, 0, 0, false, 0 },
	{ "", "1 3 4 5 9", 0, 0, 0, false, 0 },
	{ "1 2 9", "", 0, 0, 0, false, 0 },
	{ "1 2 9", "(7 8) 1 3 4 5 2 9", 4, 1, 2, false, 3 },
};

START_TEST(of_a_change)
{
	struct detect *d = made();
	struct path_detour way;
	uint8_t before[256], after[256];
	bool is = detect_path_detour(d, path_of(changes[_i].before, before, sizeof(before)),
	    path_of(changes[_i].after, after, sizeof(after)), &way);

	ck_assert_uint_eq(is, changes[_i].leaker != 0);
	if (is) {
		ck_assert_uint_eq(way.leaker, changes[_i].leaker);
		ck_assert_uint_eq(way.left, changes[_i].left);
		ck_assert_uint_eq(way.right, changes[_i].right);
		ck_assert_uint_eq(way.right_is_near, changes[_i].near);
		ck_assert_uint_eq(way.strangers_n, changes[_i].strangers);
		ck_assert(detect_path_goes(path_of(changes[_i].after, after, sizeof(after)),
		    way.left, way.leaker, way.right));
		ck_assert(!detect_path_goes(path_of(changes[_i].before, before, sizeof(before)),
		    way.left, way.leaker, way.right));
		ck_assert(detect_path_joins(
		    path_of(changes[_i].before, before, sizeof(before)), way.left, way.right));
		ck_assert(!detect_path_joins(
		    path_of(changes[_i].after, after, sizeof(after)), way.left, way.right));
	}
	detect_free(d);
}
END_TEST

/* Nearly no other path is looked at. */
START_TEST(far)
{
	static const struct {
		const char *path;
		bool is;
	} paths[] = { { "1 2 3 4 1299", true }, { "1 2 3 1299 5 6", false },
		{ "1 2 3 4 13335", true }, { "1 2 3 4 65000 6", true }, { "1 2 3 4 5 6", false },
		{ "1 2 2 3 3 1299", false } };
	struct detect *d = made();
	uint8_t buf[256];

	for (size_t k = 0; k < sizeof(paths) / sizeof(paths[0]); k++)
		ck_assert_uint_eq(
		    (detect_path(d, path_of(paths[k].path, buf, sizeof(buf))) & PATH_FAR) != 0,
		    paths[k].is);
	detect_free(d);
}
END_TEST

START_TEST(back_to_us)
{
	static const struct {
		const char *path;
		uint32_t left;
		unsigned strangers;
		uint32_t leaker, last;
	} paths[] = { { "1 3 4 5 64500", 1, 3, 4, 5 }, { "1 3 64500", 1, 1, 3, 3 },
		{ "1 1 3 3 4 64500 64500", 1, 2, 4, 4 }, { "64500 64500 1 3 4 64500", 1, 2, 4, 4 },
		{ "1 64500", 0, 0, 0, 0 }, { "1 3 4 5", 0, 0, 0, 0 }, { "64500", 0, 0, 0, 0 },
		{ "64500 1 3", 0, 0, 0, 0 }, { "", 0, 0, 0, 0 }, { "(7) 1 3 4 64500", 1, 2, 4, 4 },
		/* no more are kept, but for the last */
		{ "1 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 64500", 1,
		    DETOUR_STRANGERS_MAX, 4, 21 } };
	struct detect *d = made();
	uint8_t buf[256];

	for (size_t k = 0; k < sizeof(paths) / sizeof(paths[0]); k++) {
		struct path_detour way = { .left = 0 };
		bool is = detect_path_back(d, path_of(paths[k].path, buf, sizeof(buf)), &way);

		ck_assert_msg(is == (paths[k].left != 0), "%s", paths[k].path);
		ck_assert_uint_eq(way.left, paths[k].left);
		ck_assert_uint_eq(way.strangers_n, paths[k].strangers);
		ck_assert_uint_eq(way.leaker, paths[k].leaker);
		ck_assert_uint_eq(way.last, paths[k].last);
		ck_assert_uint_eq(way.right, is ? 64500 : 0);
	}
	detect_free(d);
}
END_TEST

HARNESS_MAIN("path_detour")
{
	LOOP(of_a_change, sizeof(changes) / sizeof(changes[0]));
	TEST(far);
	TEST(back_to_us);
}
