#include "collector/daemon/router_names.h"

#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/pure/text.h"

static void
keep_identity(void *ctx, const char *key, const void *value, size_t len)
{
	struct router_names *n = ctx;

	records_state_put(n->records, "router", key, value, len);
}

/* The configuration gives a router another name: so do its worker and the incidents. */
static void
router_renamed(void *ctx, const char *from, const char *to)
{
	struct router_names *n = ctx;
	struct cmd_rename cmd = { .type = CMD_RENAME };
	struct feed *feed = feeds_named(n->feeds, from);

	log_notice("coordinator", "router=%s is called router=%s from now on", from, to);
	text_copy(cmd.from, sizeof(cmd.from), from);
	text_copy(cmd.to, sizeof(cmd.to), to);
	if (n->workers != NULL)
		workers_command_all(n->workers, &cmd, sizeof(cmd));
	if (n->alarms != NULL) /* what is still so is told of the new name */
		alarms_off_router(
		    n->alarms, NULL, from, false, "the router is called otherwise now");
	if (n->neighbor_watch != NULL)
		neighbor_watch_rename(n->neighbor_watch, from, to);
	if (n->contact_watch != NULL)
		contact_watch_rename(n->contact_watch, from, to);
	if (n->own_watch != NULL)
		own_watch_rename(n->own_watch, from, to);
	if (feed == NULL)
		return;
	text_copy(feed->name, sizeof(feed->name), to);
	incidents_rename(n->incidents, feed->number, to);
}

static const struct identities_ops identities_ops = { keep_identity, router_renamed };

static bool
restore_identity(void *ctx, const char *key, const void *value, size_t len)
{
	struct router_names *n = ctx;

	if (!identities_restore(n->identities, key, value, len))
		log_warning("coordinator", "what was kept of router=%s cannot be read", key);
	return true;
}

bool
router_names_init(struct router_names *n, struct records *records, struct incidents *incidents)
{
	n->records = records;
	n->incidents = incidents;
	n->feeds = feeds_new();
	n->identities = identities_new(&identities_ops, n);
	if (n->feeds == NULL || n->identities == NULL)
		return false;
	journal_state_each(records_history(records), "router", restore_identity, n);
	return true;
}

void
router_names_fini(struct router_names *n)
{
	identities_free(n->identities);
	feeds_free(n->feeds);
}

void
router_names_follow(const struct router_names *n, struct record_incident *i)
{
	char name[RECORD_NAME_MAX];

	text_copy(name, sizeof(name), identities_name_now(n->identities, i->router));
	memcpy(i->router, name, sizeof(name));
	for (uint32_t k = 0; k < i->holders_n && k < RECORD_HOLDERS_MAX; k++) {
		text_copy(
		    name, sizeof(name), identities_name_now(n->identities, i->holders[k].router));
		memcpy(i->holders[k].router, name, sizeof(name));
	}
}

void
router_names_forget(struct router_names *n, unsigned worker, const struct engine_event *ev)
{
	/* without a view there was no route, and so no finding */
	feeds_forget(n->feeds, feeds_of(n->feeds, worker, ev->router), ev->views_monitored == 0);
	identities_gone(n->identities, ev->router_name);
}
