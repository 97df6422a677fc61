/* What is remembered of sources over a restart. */
#include "collector/daemon/rpki_memory.h"

#include <unistd.h>

#include "base/log.h"
#include "tests/unit/support/harness.h"

START_TEST(kept_and_found_again)
{
	char path[] = "/tmp/bellman.rpki_memory.XXXXXX";
	struct rpki_memory *m;
	int fd = mkstemp(path);

	ck_assert_int_ge(fd, 0);
	close(fd);
	unlink(path);
	m = rpki_memory_load(path);
	ck_assert_uint_eq(rpki_memory_of(m, "a"), 0);
	rpki_memory_begin(m);
	rpki_memory_put(m, "/a b/vrps.json", 723521);
	rpki_memory_put(m, "b", 7);
	rpki_memory_put(m, "never", 0);
	rpki_memory_keep(m);
	rpki_memory_free(m);
	m = rpki_memory_load(path);
	ck_assert_uint_eq(rpki_memory_of(m, "/a b/vrps.json"), 723521);
	ck_assert_uint_eq(rpki_memory_of(m, "b"), 7);
	ck_assert_uint_eq(rpki_memory_of(m, "b/vrps.json"), 0);
	ck_assert_uint_eq(rpki_memory_of(m, "never"), 0);
	rpki_memory_free(m);
	unlink(path);
}
END_TEST

static void
note_part(void *ctx, const char *what, size_t vrps)
{
	char *text = ctx;

	snprintf(text + strlen(text), 200 - strlen(text), "%s=%zu,", what, vrps);
}

START_TEST(parts)
{
	char path[] = "/tmp/bellman.rpki_memory.XXXXXX", text[200] = "";
	struct rpki_memory *m;

	close(mkstemp(path));
	m = rpki_memory_load(path);
	rpki_memory_begin(m);
	rpki_memory_put(m, "/a b", 20);
	rpki_memory_put_part(m, "/a b", "ripe", 13);
	rpki_memory_put_part(m, "/a b", "two words", 6);
	rpki_memory_put_part(m, "/a b", "none", 0);
	rpki_memory_put_part(m, "/a b", "a\nline", 1);
	rpki_memory_put_part(m, "/a b", "", 1);
	rpki_memory_put_part(m, "/a", "arin", 5);
	rpki_memory_keep(m);
	rpki_memory_free(m);
	m = rpki_memory_load(path);
	ck_assert_uint_eq(rpki_memory_of(m, "/a b"), 20);
	ck_assert_uint_eq(rpki_memory_of(m, "/a"), 0);
	rpki_memory_parts(m, "/a b", note_part, text);
	ck_assert_str_eq(text, "ripe=13,two words=6,");
	text[0] = '\0';
	rpki_memory_parts(m, "", note_part, text);
	rpki_memory_parts(m, "b", note_part, text);
	ck_assert_str_eq(text, "");
	rpki_memory_free(m);
	unlink(path);
}
END_TEST

START_TEST(a_damaged_file)
{
	static const char *const texts[] = { "", "\n\n", "b", "7", "7 ", "x b\n", "7b\n",
		" \n7 c\n8 b" };
	char path[] = "/tmp/bellman.rpki_memory.XXXXXX";
	struct rpki_memory *m;
	int fd = mkstemp(path);

	ck_assert_int_eq(write(fd, texts[_i], strlen(texts[_i])), (ssize_t)strlen(texts[_i]));
	close(fd);
	m = rpki_memory_load(path);
	ck_assert_uint_eq(rpki_memory_of(m, "b"), _i == 7 ? 8 : 0);
	rpki_memory_free(m);
	unlink(path);
}
END_TEST

START_TEST(nowhere)
{
	struct rpki_memory *m = rpki_memory_load(_i == 0 ? "" : "/nonexistent/memory");

	rpki_memory_begin(m);
	rpki_memory_put(m, "b", 7);
	rpki_memory_keep(m);
	rpki_memory_free(m);
}
END_TEST

HARNESS_MAIN("rpki_memory")
{
	log_setup(LOG_ERROR, LOG_TEXT);
	TEST(kept_and_found_again);
	TEST(parts);
	LOOP(a_damaged_file, 8);
	LOOP(nowhere, 2);
}
