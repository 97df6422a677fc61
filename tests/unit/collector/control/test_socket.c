/* The control socket itself: its place in the file system, and room for who asks. */
#include <sys/stat.h>

#include "tests/unit/support/control_fixture.h"

START_TEST(control_second_listener)
{
	struct control *other =
	    control_new(&loop, socket_path, journal_path, &ops, NULL, error, sizeof(error));
	char path[150]; /* longer than a socket may have */

	ck_assert_ptr_null(other);
	ck_assert_ptr_nonnull(strstr(error, "belongs to a running collector"));
	turn();
	ck_assert_int_eq(access(socket_path, F_OK), 0);
	memset(path, 'x', sizeof(path) - 1);
	path[sizeof(path) - 1] = '\0';
	ck_assert_ptr_null(
	    control_new(&loop, path, journal_path, &ops, NULL, error, sizeof(error)));
	ck_assert_ptr_nonnull(strstr(error, "is longer than"));
}
END_TEST

/* Whoever takes the places, there is one for the next who asks something. */
START_TEST(control_full)
{
	enum { SILENT = 300, FOLLOWERS = 250 };
	int silent[SILENT], follower[FOLLOWERS], fd;
	unsigned following = 0;

	for (int i = 0; i < SILENT; i++)
		silent[i] = request(i % 2 ? "" : "show\twhat=rp");
	for (int i = 0; i < FOLLOWERS; i++)
		follower[i] = request("tail\tfollow=1\tn=0\n");
	fd = request("show\twhat=rpki\n");
	ck_assert_uint_eq(lines(receive_end(fd)), 2);
	close(fd);
	for (int i = 0; i < FOLLOWERS; i++) {
		char buf[256] = "";
		ssize_t n = recv(follower[i], buf, sizeof(buf) - 1, MSG_DONTWAIT);

		require(n > 0, "follower %d is closed without a word", i);
		following += strcmp(buf, CONTROL_OK) == 0;
		require(
		    strcmp(buf, CONTROL_OK) == 0 || strstr(buf, "readers follow already") != NULL,
		    "%s", buf);
		close(follower[i]);
	}
	ck_assert_uint_eq(following, 192);
	for (int i = 0; i < SILENT; i++)
		close(silent[i]);
}
END_TEST

/* The folder is made; what is no socket is left alone; what is not ours any more, too. */
START_TEST(control_path)
{
	struct control *other;
	char path[128], folder[104];
	struct stat st;
	FILE *f;

	snprintf(folder, sizeof(folder), "%s/made", dir);
	snprintf(path, sizeof(path), "%s/s", folder);
	other = control_new(&loop, path, journal_path, &ops, NULL, error, sizeof(error));
	ck_assert_msg(other != NULL, "%s", error);
	ck_assert(stat(path, &st) == 0 && S_ISSOCK(st.st_mode));
	ck_assert_uint_eq(st.st_mode & 0777, 0660);
	/* somebody else has the name now */
	unlink(path);
	f = fopen(path, "w");
	ck_assert(f != NULL && fputs("precious\n", f) > 0 && fclose(f) == 0);
	control_close(other);
	turn();
	ck_assert(stat(path, &st) == 0 && S_ISREG(st.st_mode));
	ck_assert_ptr_null(
	    control_new(&loop, path, journal_path, &ops, NULL, error, sizeof(error)));
	ck_assert_ptr_nonnull(strstr(error, path));
	ck_assert_ptr_nonnull(strstr(error, "left alone"));
	ck_assert(stat(path, &st) == 0 && st.st_size == 9);
	turn();
	unlink(path);
	rmdir(folder);
	snprintf(path, sizeof(path), "%s/none/either/s", dir);
	ck_assert_ptr_null(
	    control_new(&loop, path, journal_path, &ops, NULL, error, sizeof(error)));
	ck_assert_ptr_nonnull(strstr(error, "/none/either cannot be made: No such file"));
}
END_TEST

HARNESS_MAIN("socket")
{
	TIMEOUT(120);
	FIXTURE(setup, teardown);
	TEST(control_second_listener);
	TEST(control_full);
	TEST(control_path);
}
