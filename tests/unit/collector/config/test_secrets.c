/* Values from files of their own: where they are looked for, what they may be, and that they are
 * not shown. */
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "collector/config/secret.h"
#include "tests/unit/support/config_text.h"

static char folder[64];

static void
make_folder(void)
{
	snprintf(folder, sizeof(folder), "/tmp/bellman-secrets-XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(folder));
	unsetenv("CREDENTIALS_DIRECTORY");
}

static void
remove_folder(void)
{
	char command[128];

	snprintf(command, sizeof(command), "rm -r %s", folder);
	ck_assert_int_eq(system(command), 0);
}

/* Its path; valid until the next call. */
static const char *
file(const char *name, const char *text, size_t len, mode_t mode)
{
	static char path[256];
	int fd;

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(write(fd, text, len), (ssize_t)len);
	ck_assert_int_eq(fchmod(fd, mode), 0);
	close(fd);
	return path;
}

static struct config *
load(const char *value, struct sbuf *messages)
{
	char text[1024], path[256];

	snprintf(text, sizeof(text), "kafka:\n  properties:\n    sasl.password: \"%s\"\n", value);
	snprintf(path, sizeof(path), "%s", file("bellman.yaml", text, strlen(text), 0600));
	*messages = sbuf_of(1 << 20);
	return config_load(path, messages);
}

static const struct {
	const char *contents;
	size_t len;
	const char *value;
} contents[] = {
	{ "hunter22", 8, "hunter22" },
	{ "hunter22\n", 9, "hunter22" },
	{ "hunter22\r\n", 10, "hunter22" },
	{ "two lines\nof one\n\n", 18, "two lines\nof one\n" },
	{ " $x{} \n", 7, " $x{} " },
};

static void
require_value(const char *written, const char *value)
{
	const struct kafka_property *p;
	struct sbuf messages, dump;
	char shown[256];
	struct config *c = load(written, &messages);

	ck_assert_str_eq(sbuf_text(&messages), "");
	ck_assert_ptr_nonnull(c);
	p = &c->coordinator.records.kafka.properties[0];
	ck_assert_str_eq(p->value, value);
	ck_assert_str_eq(p->written, written);
	dump = dump_of(c);
	snprintf(shown, sizeof(shown), "    sasl.password: \"%s\"\n", written);
	ck_assert_ptr_nonnull(strstr(sbuf_text(&dump), shown));
	ck_assert_ptr_null(strstr(sbuf_text(&dump), value));
	sbuf_free(&dump);
	sbuf_free(&messages);
	config_free(c);
}

START_TEST(is_read)
{
	char written[256];

	make_folder();
	snprintf(written, sizeof(written), "${file:%s}",
	    file("secret", contents[_i].contents, contents[_i].len, 0640));
	require_value(written, contents[_i].value);
	remove_folder();
}
END_TEST

START_TEST(is_found)
{
	char sub[256];

	make_folder();
	file("secret", "beside it", 9, 0600);
	require_value("${file:secret}", "beside it");
	snprintf(sub, sizeof(sub), "%s/credentials", folder);
	ck_assert_int_eq(mkdir(sub, 0700), 0);
	file("credentials/secret", "credential", 10, 0600);
	setenv("CREDENTIALS_DIRECTORY", sub, 1);
	require_value("${file:secret}", "credential");
	unsetenv("CREDENTIALS_DIRECTORY");
	remove_folder();
}
END_TEST

/* What is only like it is a value as any other. */
START_TEST(is_a_value)
{
	static const char *const values[] = { "$", "${FILE:/x}", "x${file:/x}", "$(file:/x)",
		"{file:/x}" };
	struct sbuf messages;
	struct config *c;

	make_folder();
	for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++) {
		c = load(values[i], &messages);
		ck_assert_ptr_nonnull(c);
		ck_assert_str_eq(c->coordinator.records.kafka.properties[0].value, values[i]);
		ck_assert_ptr_null(c->coordinator.records.kafka.properties[0].written);
		sbuf_free(&messages);
		config_free(c);
	}
	remove_folder();
}
END_TEST

/* %s: the folder */
static const struct {
	const char *written, *words;
} bad[] = {
	{ "${file:}", "a value from a file is written ${file:PATH}, and nothing behind it\n" },
	{ "${file:/x", "a value from a file is written ${file:PATH}, and nothing behind it\n" },
	{ "${file:/x} ", "a value from a file is written ${file:PATH}, and nothing behind it\n" },
	{ "${file:nobody}", "/nobody: No such file or directory\n" },
	{ "${file:/}", "/: is no regular file\n" },
	{ "${file:empty}", "/empty: is empty\n" },
	{ "${file:newline}", "/newline: is empty\n" },
	{ "${file:binary}", "/binary: is no text: it has an octet 0\n" },
	{ "${file:large}", "/large: is larger than 64 KiB\n" },
};

START_TEST(is_refused)
{
	static char large[SECRET_FILE_MAX + 2];
	struct sbuf messages;
	char place[256];

	make_folder();
	memset(large, 'x', sizeof(large));
	file("empty", "", 0, 0600);
	file("newline", "\n", 1, 0600);
	file("binary", "a\0b", 3, 0600);
	file("large", large, SECRET_FILE_MAX + 1, 0600);
	ck_assert_ptr_null(load(bad[_i].written, &messages));
	snprintf(place, sizeof(place), "%s/bellman.yaml:3:20: sasl.password: ", folder);
	ck_assert_msg(strncmp(sbuf_text(&messages), place, strlen(place)) == 0 &&
			  strstr(sbuf_text(&messages), bad[_i].words) != NULL,
	    "%s", sbuf_text(&messages));
	sbuf_free(&messages);
	remove_folder();
}
END_TEST

START_TEST(largest)
{
	static char large[SECRET_FILE_MAX + 1];
	char written[256];

	make_folder();
	memset(large, 'x', SECRET_FILE_MAX);
	snprintf(
	    written, sizeof(written), "${file:%s}", file("large", large, SECRET_FILE_MAX, 0600));
	require_value(written, large);
	remove_folder();
}
END_TEST

START_TEST(everybody_reads_it)
{
	struct sbuf messages;
	struct config *c;

	make_folder();
	file("secret", "hunter22", 8, 0644);
	c = load("${file:secret}", &messages);
	ck_assert_ptr_nonnull(c);
	ck_assert_ptr_nonnull(strstr(
	    sbuf_text(&messages), "note: sasl.password: everybody on this machine may read /"));
	sbuf_free(&messages);
	config_free(c);
	remove_folder();
}
END_TEST

/* The same for an option that is a secret. */
START_TEST(is_read_for_an_option)
{
	char text[512], large[300], path[256];
	struct sbuf messages = sbuf_of(1 << 20), dump;
	struct config *c;

	make_folder();
	snprintf(path, sizeof(path), "%s", file("token", "hunter22\n", 9, 0600));
	snprintf(text, sizeof(text), "http: {token: \"${file:%s}\"}\n", path);
	c = config_parse("f", text, strlen(text), &messages);
	ck_assert_msg(c != NULL, "%s", sbuf_text(&messages));
	ck_assert_str_eq(c->coordinator.http.token, "hunter22");
	dump = dump_of(c);
	ck_assert_ptr_null(strstr(sbuf_text(&dump), "hunter22"));
	sbuf_free(&dump);
	config_free(c);
	memset(large, 'x', sizeof(large));
	file("token", large, sizeof(large), 0600);
	ck_assert_ptr_null(config_parse("f", text, strlen(text), &messages));
	ck_assert_ptr_nonnull(strstr(sbuf_text(&messages), "is longer than 255 characters"));
	sbuf_free(&messages);
	remove_folder();
}
END_TEST

/* librdkafka repeats in its errors what it read; a message of ours does not. */
static const struct {
	const char *name, *value;
} refused[] = {
	{ "acks", "correcthorse" },
	{ "acks", "hunter2" },
	{ "acks", "correcthorsebatterystaple" },
	{ "linger.ms", "correcthorse correcthorse" },
};

START_TEST(is_not_in_errors)
{
	const struct kafka_property p[] = { { .name = "bootstrap.servers", .value = "127.0.0.1:1" },
		{ .name = refused[_i].name,
		    .value = refused[_i].value,
		    .written = "${file:secret}" } };
	const struct kafka_config c = { .properties = p, .properties_n = 2 };
	char error[512];

	ck_assert(!kafka_check(&c, NULL, NULL, error, sizeof(error)));
	ck_assert_ptr_nonnull(strstr(error, refused[_i].name));
	ck_assert_msg(strstr(error, refused[_i].value) == NULL && strstr(error, "horse") == NULL,
	    "%s", error);
}
END_TEST

HARNESS_MAIN("secrets")
{
	ROWS(is_read, contents);
	TEST(is_found);
	TEST(is_a_value);
	TEST(is_read_for_an_option);
	ROWS(is_refused, bad);
	TEST(largest);
	TEST(everybody_reads_it);
	ROWS(is_not_in_errors, refused);
}
