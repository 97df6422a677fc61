/* Whatever is closed when a program begins is open behind it, and what is open stays. */
#include "base/standard.h"

#include <fcntl.h>
#include <unistd.h>

#include "tests/unit/support/harness.h"

/* Each of the eight ways to begin. */
START_TEST(standard_closed)
{
	struct stat null, st;
	int saved[3];

	ck_assert_int_eq(stat("/dev/null", &null), 0);
	for (int fd = 0; fd < 3; fd++) {
		saved[fd] = fcntl(fd, F_DUPFD_CLOEXEC, 10);
		if (_i >> fd & 1)
			close(fd);
	}
	standard_descriptors();
	for (int fd = 0; fd < 3; fd++) {
		bool opened = fstat(fd, &st) == 0 && st.st_rdev == null.st_rdev;

		dup2(saved[fd], fd);
		if (_i >> fd & 1)
			ck_assert_msg(opened, "descriptor %d is closed", fd);
	}
}
END_TEST

HARNESS_MAIN("standard")
{
	LOOP(standard_closed, 8);
}
