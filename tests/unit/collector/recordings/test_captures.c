/*
 * Real captures, where they are (they may not be copied into the project): messages per type and
 * routes per family as two other decoders counted them. The project's own recordings are checked
 * for being read without a fault.
 */
#include "tests/unit/support/harness.h"

#include <dirent.h>
#include <jansson.h>

#include "cli/cli.h"
#include "cli/recording.h"

struct tally {
	struct bmp_stream *stream;
	bool has_peer_up;
};

static uint64_t
walk(struct cursor field, uint16_t afi, bool path_ids, const struct bmp_update *u)
{
	struct bgp_prefix n;
	uint64_t count = 0;

	while (bgp_prefix_next(&field, afi, path_ids, u->bgp->start, &n, u->faults))
		count++;
	return count;
}

static void
on_update(void *ctx, struct bmp_stream *s, struct bmp_peer *p, struct bmp_update *u)
{
	static const struct bgp_family v4 = { AFI_IPV4, SAFI_UNICAST };
	const struct bgp_update *b = u->bgp;
	const struct bgp_mp *mp[] = { &b->reach, &b->unreach };

	(void)ctx;
	bmp_stream_count(s, p, v4, walk(b->nlri, AFI_IPV4, u->context.encoding.path_ids_classic, u),
	    walk(b->withdrawn, AFI_IPV4, u->context.encoding.path_ids_classic, u));
	for (int i = 0; i < 2; i++) {
		uint64_t n;

		if (!mp[i]->present ||
		    (mp[i]->family.afi != AFI_IPV4 && mp[i]->family.afi != AFI_IPV6) ||
		    mp[i]->family.safi > SAFI_MULTICAST)
			continue;
		n = walk(mp[i]->nlri, mp[i]->family.afi,
		    i == 0 ? u->context.encoding.path_ids_reach
			   : u->context.encoding.path_ids_unreach,
		    u);
		bmp_stream_count(s, p, mp[i]->family, i == 0 ? n : 0, i == 0 ? 0 : n);
	}
}

static const struct bmp_stream_ops ops = { .update = on_update };

/* One stream for the whole file: several routers' messages come as they were recorded. */
struct all_in_one {
	struct bmp_stream *stream;
	uint64_t tail;
};

static struct bmp_stream *
on_begin(void *ctx, const struct recording_stream *from)
{
	(void)from;
	return ((struct all_in_one *)ctx)->stream;
}

static void
on_end(void *ctx, struct bmp_stream *s, uint64_t tail)
{
	(void)s;
	((struct all_in_one *)ctx)->tail += tail;
}

static struct bmp_stream *
read_stream(const char *path)
{
	static const struct cli_recording_ops each = { .begin = on_begin, .end = on_end };
	struct all_in_one x = { .stream = bmp_stream_new(&ops, NULL, 1 << 20, 1000) };

	ck_assert_ptr_nonnull(x.stream);
	ck_assert_int_ne(cli_recording_each(path, &each, &x), CLI_USAGE);
	ck_assert_msg(bmp_stream_broken(x.stream) == NULL, "%s: framing lost", path);
	ck_assert_msg(x.tail == 0, "%s: %llu octets left", path, (unsigned long long)x.tail);
	return x.stream;
}

static void
check_types(const char *path, const struct bmp_stream *s, const json_t *types)
{
	for (unsigned t = 0; t < BMP_TYPES; t++) {
		json_int_t want = json_integer_value(json_object_get(types, bmp_type_name(t)));

		ck_assert_msg(bmp_stream_counters(s)->messages[t] == (uint64_t)want,
		    "%s: %s %llu, not %lld", path, bmp_type_name(t),
		    (unsigned long long)bmp_stream_counters(s)->messages[t], (long long)want);
	}
	ck_assert_uint_eq(bmp_stream_counters(s)->messages[BMP_TYPES], 0);
}

static uint64_t
count_of(const struct bmp_stream *s, unsigned afi, unsigned safi, char what)
{
	for (unsigned i = 0; i < bmp_stream_counters(s)->families_n; i++) {
		const struct bmp_family_count *f = &bmp_stream_counters(s)->families[i];

		if (f->family.afi == afi && f->family.safi == safi)
			return what == 'a'   ? f->announced
			       : what == 'w' ? f->withdrawn
					     : f->end_of_rib;
	}
	return 0;
}

/* "announce 1/1": 525. Families that the other counter did not count are left out. */
static void
check_nlri(const char *path, const struct bmp_stream *s, json_t *nlri)
{
	const char *key;
	json_t *value;

	json_object_foreach(nlri, key, value) {
		char word[16];
		unsigned afi, safi;

		if (strchr(key, ',') != NULL || sscanf(key, "%15s %u/%u", word, &afi, &safi) != 3 ||
		    json_integer_value(value) == 0)
			continue;
		ck_assert_msg(
		    count_of(s, afi, safi, word[0]) == (uint64_t)json_integer_value(value),
		    "%s: %s is %llu, not %lld", path, key,
		    (unsigned long long)count_of(s, afi, safi, word[0]),
		    (long long)json_integer_value(value));
	}
}

START_TEST(test_router_captures)
{
	const char *index = shared_data("bmp/expected.json");
	char root[1024];
	json_t *all, *v;
	const char *name;
	int n = 0;

	if (index == NULL)
		return;
	snprintf(
	    root, sizeof(root), "%.*s", (int)(strlen(index) - strlen("bmp/expected.json")), index);
	all = json_load_file(index, 0, NULL);
	json_object_foreach(json_object_get(all, "files"), name, v) {
		struct bmp_stream *s;
		char path[2048];

		if (strstr(name, ".pcap") != NULL)
			continue;
		snprintf(path, sizeof(path), "%s%s", root, name);
		s = read_stream(path);
		check_types(name, s, json_object_get(v, "framing_messages"));
		/* without its Peer Ups a stream cannot know whether path ids are there (the data's
		 * manifest says so) */
		if (json_integer_value(
			json_object_get(json_object_get(v, "second_count"), "error_count")) == 0 &&
		    bmp_stream_counters(s)->messages[BMP_PEER_UP] > 0)
			check_nlri(
			    name, s, json_object_get(json_object_get(v, "second_count"), "nlri"));
		bmp_stream_free(s);
		n++;
	}
	ck_assert_int_gt(n, 20);
	json_decref(all);
}
END_TEST

START_TEST(test_lab_captures)
{
	const char *index = shared_data("lab/expected.json");
	char root[1024];
	json_t *all, *v;
	const char *name;

	if (index == NULL)
		return;
	snprintf(root, sizeof(root), "%.*s", (int)(strlen(index) - strlen("expected.json")), index);
	all = json_load_file(index, 0, NULL);
	json_object_foreach(all, name, v) {
		struct bmp_stream *s;
		char path[2048];

		snprintf(path, sizeof(path), "%s%s", root, name);
		s = read_stream(path);
		check_types(name, s, json_object_get(json_object_get(v, "framing"), "by_type"));
		bmp_stream_free(s);
	}
	json_decref(all);
}
END_TEST

START_TEST(test_own_recordings)
{
	DIR *d = opendir("tests/fixtures");
	struct dirent *e;
	int n = 0;

	ck_assert_ptr_nonnull(d);
	while ((e = readdir(d)) != NULL) {
		struct bmp_stream *s;
		char path[512];

		if (strstr(e->d_name, ".bmp") == NULL)
			continue;
		snprintf(path, sizeof(path), "tests/fixtures/%s", e->d_name);
		s = read_stream(path);
		ck_assert_msg(bmp_stream_counters(s)->skipped == 0, "%s: %llu messages skipped",
		    path, (unsigned long long)bmp_stream_counters(s)->skipped);
		ck_assert_uint_gt(count_of(s, AFI_IPV4, SAFI_UNICAST, 'a'), 0);
		bmp_stream_free(s);
		n++;
	}
	closedir(d);
	ck_assert_int_ge(n, 2);
}
END_TEST

HARNESS_MAIN("captures")
{
	TEST(test_router_captures);
	TEST(test_lab_captures);
	TEST(test_own_recordings);
}
