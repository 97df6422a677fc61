#include "collector/daemon/rules_keeper.h"

#include <stdlib.h>

#include "base/clock.h"
#include "base/log.h"
#include "collector/daemon/messages.h"

static uint32_t
today(void)
{
	const int64_t day_us = (int64_t)86400 * 1000000;

	return (uint32_t)(clock_wall_us() / day_us);
}

/* The rules as the configuration has them today. */
static struct detect *
make(struct rules_keeper *k, const struct detect_config *config)
{
	struct detect_config c = *config;
	struct detect_own *own = own_derived_join(&k->derived, config, &c.own_n);
	struct detect *d;

	if (own == NULL)
		return NULL;
	c.own = own;
	c.delegated = k->delegated;
	c.lists = k->lists;
	c.today = k->day = today();
	if (++k->generation == 0)
		k->generation++;
	d = detect_new(&c, k->generation);
	free(own);
	return d;
}

bool
rules_keeper_init(
    struct rules_keeper *k, const struct detect_config *config, struct records *records)
{
	own_derived_restore(&k->derived, records);
	k->config = config;
	k->detect = make(k, config);
	return k->detect != NULL;
}

void
rules_keeper_fini(struct rules_keeper *k)
{
	detect_free(k->detect);
	detect_free(k->old);
	own_derived_free(&k->derived);
	delegated_unref(k->delegated);
	customer_lists_unref(k->lists);
}

bool
rules_keeper_delegated(struct rules_keeper *k, struct workers *workers, struct delegated *delegated)
{
	struct delegated *before = k->delegated;

	k->delegated = delegated;
	if (rules_keeper_change(k, workers, k->config)) {
		delegated_unref(before);
		return true;
	}
	k->delegated = before;
	delegated_unref(delegated);
	return false;
}

bool
rules_keeper_lists(struct rules_keeper *k, struct workers *workers, struct customer_lists *lists)
{
	struct customer_lists *before = k->lists;

	k->lists = lists;
	if (rules_keeper_change(k, workers, k->config)) {
		customer_lists_unref(before);
		return true;
	}
	k->lists = before;
	customer_lists_unref(lists);
	return false;
}

bool
rules_keeper_busy(const struct rules_keeper *k)
{
	return k->waiting > 0;
}

bool
rules_keeper_change(
    struct rules_keeper *k, struct workers *workers, const struct detect_config *config)
{
	struct cmd_detect cmd = { .type = CMD_DETECT, .detect = make(k, config) };

	if (cmd.detect == NULL)
		return false;
	k->old = k->detect;
	k->detect = cmd.detect;
	k->waiting = workers_count(workers);
	workers_command_all(workers, &cmd, sizeof(cmd));
	return true;
}

void
rules_keeper_keep(struct rules_keeper *k, const struct detect_config *config)
{
	k->config = config;
	k->derived_from = 0;
}

void
rules_keeper_done(struct rules_keeper *k)
{
	if (k->waiting > 0 && --k->waiting == 0) {
		detect_free(k->old);
		k->old = NULL;
	}
}

void
rules_keeper_tick(struct rules_keeper *k, struct workers *workers, struct records *records)
{
	const struct detect_config *c = k->config;
	uint32_t good_before = detect_good_before(k->detect), now = today();

	if (k->waiting > 0 || c->exceptions_n == 0 || (now >= k->day && now < good_before) ||
	    !rules_keeper_change(k, workers, c))
		return;
	for (size_t i = 0; i < c->exceptions_n; i++) {
		const struct detect_exception *x = &c->exceptions[i];

		if (!x->has_until || x->until + 1 < good_before || x->until >= now)
			continue;
		log_notice("rules", "an exception is over: %s", x->why);
		records_event(records, "rules.exception-over", SEVERITY_INFO, "", "", 0,
		    "an exception from the rules is over: %s", x->why);
	}
}

void
rules_keeper_derive(struct rules_keeper *k, struct workers *workers, struct records *records,
    const struct vrp_set *vrps, enum rpki_state state)
{
	const struct own_derived_keeper keeper = { own_derived_keep, records };
	uint32_t day = today();

	if (k->waiting > 0 || vrps == NULL || state != RPKI_WHOLE ||
	    (k->derived_from == vrp_set_generation(vrps) && k->derived_on == day))
		return;
	k->derived_from = vrp_set_generation(vrps);
	k->derived_on = day;
	if (!own_derived_update(&k->derived, &keeper, k->config, vrps, day))
		return;
	log_info("rules", "prefixes that are ours by ROAs: %zu", k->derived.n);
	if (!rules_keeper_change(k, workers, k->config))
		k->derived_from = 0;
}
