#include "collector/daemon/detour_keeper.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/pure/text.h"
#include "collector/daemon/messages.h"

/* One whose router is gone for good is forgotten at a start, so long after it was used last: of
 * what is used the engine tells again, once a day. */
enum { FORGOTTEN_DAYS = 90, KEY_MAX = 192 };
static const char room[] = "detour";

static uint32_t
today(void)
{
	return (uint32_t)(clock_wall_us() / ((int64_t)86400 * 1000000));
}

/* A router's name may be anything: it is last. */
static bool
read_key(const char *key, struct cmd_detour *cmd)
{
	char prefix[IP_PREFIX_TEXT_MAX];
	int at = 0;

	_Static_assert(IP_PREFIX_TEXT_MAX == 50, "as long as the format reads");
	if (sscanf(key, "%49s %" SCNu32 " %" SCNu32 " %" SCNu32 "%n", prefix, &cmd->way.left,
		&cmd->way.leaker, &cmd->way.right, &at) != 4 ||
	    key[at] != ' ' || !ip_prefix_parse(prefix, true, &cmd->prefix))
		return false;
	text_copy(cmd->router, sizeof(cmd->router), key + at + 1);
	return true;
}

struct restoring {
	struct records *records;
	struct workers *workers;
};

static bool
restore_one(void *ctx, const char *key, const void *value, size_t len)
{
	const struct restoring *r = ctx;
	struct cmd_detour cmd = { .type = CMD_DETOUR, .there = true };
	char text[16] = "";
	uint32_t day = 0;

	if (len < sizeof(text))
		memcpy(text, value, len);
	if (sscanf(text, "%" SCNu32, &day) != 1 || day + FORGOTTEN_DAYS < today() ||
	    !read_key(key, &cmd))
		records_state_put(r->records, room, key, NULL, 0);
	else
		workers_command_all(r->workers, &cmd, sizeof(cmd));
	return true;
}

void
detour_keeper_begin(struct records *records, struct workers *workers)
{
	struct restoring r = { records, workers };

	journal_state_each(records_history(records), room, restore_one, &r);
}

void
detour_keeper_saw(struct records *records, struct workers *workers, const struct engine_event *ev)
{
	struct cmd_detour cmd = { .type = CMD_DETOUR,
		.prefix = ev->prefix,
		.way = ev->detour,
		.there = ev->type == EVENT_DETOUR };
	char key[KEY_MAX], prefix[IP_PREFIX_TEXT_MAX], value[16];
	int n = snprintf(value, sizeof(value), "%" PRIu32, today());

	text_copy(cmd.router, sizeof(cmd.router), ev->router_name);
	snprintf(key, sizeof(key), "%s %" PRIu32 " %" PRIu32 " %" PRIu32 " %s",
	    ip_prefix_format(&ev->prefix, prefix), cmd.way.left, cmd.way.leaker, cmd.way.right,
	    cmd.router);
	records_state_put(records, room, key, cmd.there ? value : NULL, (size_t)n);
	workers_command_all(workers, &cmd, sizeof(cmd));
}
