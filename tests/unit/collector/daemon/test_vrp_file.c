/*
 * Files that RPKI data comes from, on a loop of their own: packed, broken, gone, being written, and
 * what is no file.
 */
#include "collector/daemon/vrp_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>
#include <zstd.h>

#include "base/log.h"
#include "tests/unit/support/harness.h"

static const char one[] = "{\"roas\":[{\"asn\":64500,\"prefix\":\"192.0.2.0/24\"}]}";
static const char two[] = "{\"roas\":[{\"asn\":64500,\"prefix\":\"192.0.2.0/24\"},"
			  "{\"asn\":64501,\"prefix\":\"198.51.100.0/24\"}]}";

static uv_loop_t loop;
static struct vrp_file f;
static char folder[] = "/tmp/bellman.vrp_file.XXXXXX", path[64];
static unsigned looks, taken;
static size_t vrps;
static bool stopped;

static void
on_look(void *ctx, struct vrp_file *file)
{
	(void)ctx;
	looks++;
	uv_timer_stop(&file->timer);
	if (!file->has_new)
		return;
	file->has_new = false;
	taken++;
	vrps = file->vrps.n;
}

static void
on_stopped(void *ctx, struct vrp_file *file)
{
	(void)ctx;
	(void)file;
	stopped = true;
}

static void
setup(void)
{
	ck_assert_ptr_nonnull(mkdtemp(folder));
	snprintf(path, sizeof(path), "%s/vrps", folder);
	uv_loop_init(&loop);
}

static void
teardown(void)
{
	if (!stopped) {
		vrp_file_stop(&f, on_stopped);
		uv_run(&loop, UV_RUN_DEFAULT);
	}
	ck_assert(stopped);
	ck_assert_int_eq(uv_loop_close(&loop), 0);
	unlink(path);
	rmdir(folder);
}

static void
put(const void *text, size_t n)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0644);

	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(write(fd, text, n), (ssize_t)n);
	close(fd);
}

/* As if it had been written long ago. */
static void
put_settled(const void *text, size_t n)
{
	struct timespec t[2] = { { .tv_sec = 1700000000 + (time_t)n }, { .tv_sec = 1700000000 } };

	t[1] = t[0];
	put(text, n);
	ck_assert_int_eq(utimensat(AT_FDCWD, path, t, 0), 0);
}

static void
start(bool is_slurm)
{
	vrp_file_start(&f, &loop, path, is_slurm, on_look, NULL);
}

/* So many times more, each when it is asked for: between them the file may be written. */
static void
look(unsigned n)
{
	for (unsigned until = looks + n, before = looks; looks < until; before = looks) {
		uv_timer_set_repeat(&f.timer, 1); /* nobody waits for seconds */
		uv_timer_again(&f.timer);
		while (looks == before)
			uv_run(&loop, UV_RUN_ONCE);
	}
}

START_TEST(read_when_it_changes)
{
	put_settled(one, strlen(one));
	start(false);
	look(3);
	ck_assert(taken == 1 && vrps == 1 && f.there && !f.broken && f.error[0] == '\0');
	put_settled(two, strlen(two));
	look(2);
	ck_assert(taken == 2 && vrps == 2);
}
END_TEST

START_TEST(packed)
{
	uint8_t buf[4096];
	size_t n;

	if (_i == 0) {
		z_stream z = { .next_in = (Bytef *)(uintptr_t)two, .avail_in = (uInt)strlen(two) };

		ck_assert_int_eq(
		    deflateInit2(&z, 9, Z_DEFLATED, 16 + MAX_WBITS, 8, Z_DEFAULT_STRATEGY), Z_OK);
		z.next_out = buf;
		z.avail_out = sizeof(buf);
		ck_assert_int_eq(deflate(&z, Z_FINISH), Z_STREAM_END);
		n = sizeof(buf) - z.avail_out;
		deflateEnd(&z);
	} else {
		n = ZSTD_compress(buf, sizeof(buf), two, strlen(two), 3);
		ck_assert(!ZSTD_isError(n));
	}
	put_settled(buf, n);
	start(false);
	look(1);
	ck_assert_msg(taken == 1 && vrps == 2, "%s", f.error);
	put_settled(buf, n - 5);
	look(3);
	ck_assert_msg(
	    taken == 1 && f.broken && strstr(f.error, "cut short") != NULL, "%s", f.error);
}
END_TEST

/* What was read before stays, it is read once, and told when it has stayed so for a while. */
START_TEST(broken)
{
	static const char *const texts[] = { "{\"roas\":[", "<html>", "" };

	put_settled(one, strlen(one));
	start(false);
	look(1);
	put_settled(texts[_i], strlen(texts[_i]));
	look(1);
	ck_assert(f.error[0] != '\0' && !f.broken);
	look(2);
	ck_assert(f.broken && taken == 1 && f.stats.roas == 1);
	put_settled(two, strlen(two));
	look(1);
	ck_assert(!f.broken && f.error[0] == '\0' && taken == 2);
}
END_TEST

START_TEST(gone_and_back)
{
	put_settled(one, strlen(one));
	start(false);
	look(1);
	unlink(path);
	look(1);
	ck_assert(!f.there && !f.broken && strstr(f.error, "No such file") != NULL);
	put_settled(one, strlen(one));
	look(1);
	ck_assert(f.there && f.error[0] == '\0');
}
END_TEST

/* It was written just before it was read, and may be once more in the same moment. */
START_TEST(just_written_is_read_again)
{
	start(false);
	put(one, strlen(one));
	look(2);
	ck_assert_uint_ge(taken, 1);
	put(two, strlen(two));
	look(3);
	ck_assert(vrps == 2 && !f.broken);
}
END_TEST

START_TEST(no_regular_file)
{
	if (_i == 0)
		ck_assert_int_eq(mkfifo(path, 0644), 0);
	else
		ck_assert_int_eq(symlink("/dev/zero", path), 0);
	start(false);
	look(3);
	ck_assert_msg(f.broken && strstr(f.error, "not a regular file") != NULL, "%s", f.error);
}
END_TEST

START_TEST(old)
{
	static const struct {
		const char *text, *says;
		uint32_t max_age_s;
		bool expired;
	} rows[] = {
		{ "{\"metadata\":{\"buildtime\":\"2020-01-02T03:04:05Z\"},\"roas\":[]}",
		    "made at 2020-01-02T03:04:05Z", 86400, true },
		{ "{\"metadata\":{\"buildtime\":\"2020-01-02T03:04:05Z\"},\"roas\":[]}", "", 0,
		    false },
		{ "{\"roas\":[{\"asn\":1,\"prefix\":\"10.0.0.0/8\",\"expires\":1600000000},"
		  "{\"asn\":1,\"prefix\":\"11.0.0.0/8\",\"expires\":1600000000}]}",
		    "expired by 2020-09-13", 86400, true },
		{ "{\"roas\":[{\"asn\":1,\"prefix\":\"10.0.0.0/8\",\"expires\":4000000000},"
		  "{\"asn\":1,\"prefix\":\"11.0.0.0/8\",\"expires\":1600000000}]}",
		    "", 86400, false },
		{ one, "", 86400, false },
	};

	put_settled(rows[_i].text, strlen(rows[_i].text));
	start(false);
	f.max_age_s = rows[_i].max_age_s;
	look(1);
	ck_assert_msg(f.expired == rows[_i].expired, "%s", rows[_i].text);
	ck_assert_msg(strstr(f.error, rows[_i].says) != NULL, "%s", f.error);
	ck_assert_uint_eq(taken, 1);
}
END_TEST

START_TEST(local_exceptions)
{
	static const char slurm[] =
	    "{\"slurmVersion\":1,\"validationOutputFilters\":{\"prefixFilters\":[{\"asn\":1}],"
	    "\"bgpsecFilters\":[]},\"locallyAddedAssertions\":{\"prefixAssertions\":[],"
	    "\"bgpsecAssertions\":[]}}";

	put_settled(slurm, strlen(slurm));
	start(true);
	look(1);
	ck_assert(taken == 1 && f.slurm.filters_n == 1);
	put_settled(one, strlen(one));
	look(3);
	ck_assert_msg(f.broken && strstr(f.error, "rpki.files") != NULL, "%s", f.error);
}
END_TEST

/* Nobody waits for the end of a large file. */
START_TEST(given_up)
{
	FILE *out = fopen(path, "w");
	uint64_t begun;

	ck_assert_ptr_nonnull(out);
	fputs("{\"roas\":[", out);
	for (int i = 0; i < 1500000; i++)
		fprintf(out, "%s{\"asn\":1,\"prefix\":\"10.%d.%d.0/24\"}", i > 0 ? "," : "",
		    i >> 8 & 255, i & 255);
	fputs("]}", out);
	fclose(out);
	start(false);
	while (!f.busy)
		uv_run(&loop, UV_RUN_ONCE);
	uv_sleep(300);
	begun = uv_hrtime();
	vrp_file_stop(&f, on_stopped);
	uv_run(&loop, UV_RUN_DEFAULT);
	ck_assert(stopped);
	ck_assert_msg(uv_hrtime() - begun < 1000000000, "%llu ms",
	    (unsigned long long)(uv_hrtime() - begun) / 1000000);
}
END_TEST

HARNESS_MAIN("vrp_file")
{
	log_setup(LOG_ERROR, LOG_TEXT);
	FIXTURE(setup, teardown);
	TIMEOUT(60);
	TEST(read_when_it_changes);
	LOOP(packed, 2);
	LOOP(broken, 3);
	TEST(gone_and_back);
	TEST(just_written_is_read_again);
	LOOP(no_regular_file, 2);
	LOOP(old, 5);
	TEST(local_exceptions);
	TEST(given_up);
}
