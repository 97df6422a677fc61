/* docs/ALARMS.md against the kinds that the sources raise, and the anchors of records against the
 * headings. */
#include <dirent.h>

#include "tests/unit/support/harness.h"

#include "collector/daemon/alarms.h"
#include "collector/detect/detect.h"
#include "proto/record.h"

/* What every section says. */
static const char *const parts[] = { "What.", "Severity.", "Evidence.", "Benign.", "What to do.",
	"MANRS." };

/* Said as events, or parts of names, and no alarms. */
static const char *const no_alarms[] = { "collector.reloaded", "collector.started",
	"collector.stopped", "feed.lost", "journal.reader-gone", "journal.sqlite",
	"kafka.set-aside", "peer.up", "roa.loose-maxlength", "router.clock", "router.two-sessions",
	"rpki.group", "rpki.synced", "rpki.updated", "sav.changed" };

static char *
text_of(const char *path)
{
	FILE *f = fopen(path, "r");
	char *text = calloc(1, 1 << 20);

	ck_assert_msg(f != NULL, "%s is not there", path);
	ck_assert_ptr_nonnull(text);
	ck_assert_uint_gt(fread(text, 1, (1 << 20) - 1, f), 0);
	fclose(f);
	return text;
}

/* Is there a heading of the file whose anchor that is? */
static bool
has_anchor(const char *text, const char *anchor)
{
	char got[128];

	for (const char *at = strstr(text, "\n#"); at != NULL; at = strstr(at + 1, "\n#")) {
		size_t n = 0;

		for (const char *c = at + 1 + strspn(at + 1, "# "); *c != '\n' && n < 127; c++)
			if ((*c >= 'a' && *c <= 'z') || (*c >= '0' && *c <= '9') || *c == '-')
				got[n++] = *c;
		got[n] = '\0';
		if (strcmp(got, anchor) == 0)
			return true;
	}
	return false;
}

static void
check_doc(const char *kind)
{
	struct record_incident i = { .occurrence = 1 };
	char doc[RECORD_DOC_MAX], path[128], *anchor, *text;

	snprintf(i.kind, sizeof(i.kind), "%s", kind);
	record_doc(&i, doc);
	anchor = strchr(doc, '#');
	ck_assert_ptr_nonnull(anchor);
	*anchor++ = '\0';
	snprintf(path, sizeof(path), "docs/%s", doc);
	text = text_of(path);
	ck_assert_msg(has_anchor(text, anchor), "%s: no heading with the anchor %s in %s", kind,
	    anchor, path);
	free(text);
}

START_TEST(each_rule_is_written_about)
{
	check_doc(rule_info[_i].name);
}
END_TEST

static void
check_alarm(const char *text, const char *kind)
{
	char head[128], said[32];
	const char *at, *end, *part;

	check_doc(kind);
	snprintf(head, sizeof(head), "\n### `%s`\n", kind);
	at = strstr(text, head);
	ck_assert_msg(at != NULL, "docs/ALARMS.md has no section of %s", kind);
	end = strstr(at + 1, "\n### ");
	for (size_t k = 0; k < sizeof(parts) / sizeof(parts[0]); k++) {
		snprintf(said, sizeof(said), "\n**%s** ", parts[k]);
		part = strstr(at, said);
		ck_assert_msg(
		    part != NULL && (end == NULL || part < end), "%s: no \"%s\"", kind, parts[k]);
	}
	snprintf(head, sizeof(head), "\n| [`%s`](#", kind);
	ck_assert_msg(strstr(text, head) != NULL, "docs/ALARMS.md does not list %s", kind);
}

static bool
is_alarm(const char *kind)
{
	for (size_t k = 0; k < sizeof(no_alarms) / sizeof(no_alarms[0]); k++)
		if (strcmp(kind, no_alarms[k]) == 0)
			return false;
	return true;
}

/* Each "room.name" in quotes of a source whose room is one of alarms. Returns how many. */
static unsigned
check_source(const char *text, const char *source)
{
	static const char *const rooms[] = { "rpki.", "kafka.", "journal.", "router.", "peer.",
		"feed.", "collector.", "clock.", "limit.", "log.", "roa.", "sav.", "visibility.",
		"contacts." };
	unsigned n = 0;

	for (const char *at = strchr(source, '"'); at != NULL; at = strchr(at + 1, '"')) {
		size_t len = strspn(at + 1, "abcdefghijklmnopqrstuvwxyz.-");
		char kind[64];

		if (at[len + 1] != '"' || len >= sizeof(kind))
			continue;
		snprintf(kind, sizeof(kind), "%.*s", (int)len, at + 1);
		for (size_t k = 0; k < sizeof(rooms) / sizeof(rooms[0]); k++)
			if (strncmp(kind, rooms[k], strlen(rooms[k])) == 0 &&
			    kind[strlen(rooms[k])] != '\0' && is_alarm(kind)) {
				check_alarm(text, kind);
				n++;
			}
	}
	return n;
}

START_TEST(each_alarm_is_written_about)
{
	static const char *const folders[] = { "collector/daemon", "collector/rpki",
		"collector/incident", "collector/engine" };
	char *text = text_of("docs/ALARMS.md"), *source, path[512];
	const struct dirent *entry;
	unsigned n = 0;
	size_t len;
	DIR *dir;

	for (size_t k = 0; k < sizeof(folders) / sizeof(folders[0]); k++) {
		dir = opendir(folders[k]);
		ck_assert_ptr_nonnull(dir);
		while ((entry = readdir(dir)) != NULL) {
			len = strlen(entry->d_name);
			if (len < 2 || strcmp(entry->d_name + len - 2, ".c") != 0)
				continue;
			snprintf(path, sizeof(path), "%s/%s", folders[k], entry->d_name);
			source = text_of(path);
			n += check_source(text, source);
			free(source);
		}
		closedir(dir);
	}
	ck_assert_uint_gt(n, 50);
	for (unsigned k = 0; k < WATCHES; k++)
		check_alarm(text, watch_names[k]);
	check_alarm(text, RECORD_KIND_TEST);
	free(text);
}
END_TEST

HARNESS_MAIN("alarms_doc")
{
	LOOP(each_rule_is_written_about, RULES);
	TEST(each_alarm_is_written_about);
}
