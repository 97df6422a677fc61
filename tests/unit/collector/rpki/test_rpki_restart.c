/* What is held back stays so over a restart: for the time that is left, and told in the same words.
 */
#include "tests/unit/support/rpki_force_fixture.h"

/* The collector is gone for some seconds; what it was told to remember comes back. */
static void
restart(int away_s)
{
	static const int64_t epoch = 1700000000LL * 1000000;
	struct sbuf text = sbuf_of(1 << 20);

	sbuf_puts(
	    &text, "7 f\nheld\nheld x\nheld 1 new mass 1 10.0.0.0/99 24 1\nheld 1 new what 1 ");
	sbuf_puts(&text, "10.0.0.0/8 24 1\n\n");
	rpki_data_remember(d, now, epoch + now, &text);
	sbuf_puts(&text, "held 1700000000 new mass 4 10.0.0.0/16");
	rpki_data_free(d);
	vrp_set_unref(seen.set);
	seen.set = NULL;
	seen.sets = seen.trials = 0;
	now += (int64_t)away_s * 1000000;
	d = rpki_data_new(&ops, NULL);
	rpki_data_recall(d, sbuf_text(&text), 1000 + now % 1000, epoch + now);
	now = 1000 + now % 1000; /* the other clock begins anew */
	source = rpki_data_add(d, RPKI_FILE, "f", now);
	in_step(source);
	rpki_data_configured(d, &limits, now);
	sbuf_free(&text);
}

START_TEST(held_over_a_restart)
{
	char text[400];

	some_routes(4, _i < 2 ? 0 : 64500);
	route("10.0.7.0/24", 64500, true);
	say(_i < 2 ? "" : "10.0.0.0/16 24 64500");
	say(_i < 2 ? "10.0.0.0/16 24 64499" : "10.0.0.0/16 16 64500");
	snprintf(text, sizeof(text), "%s", seen.text[RPKI_ALARM_MASS_CHANGE]);
	after(600);
	restart(100);
	ck_assert(seen.open[RPKI_ALARM_MASS_CHANGE]);
	say(_i < 2 ? "10.0.0.0/16 24 64499" : "10.0.0.0/16 16 64500");
	ck_assert(in_force("10.0.0.0/16", 24, 64499) == false);
	ck_assert(in_force("10.0.0.0/16", 24, 64500) == (_i == 2));
	ck_assert_str_eq(seen.text[RPKI_ALARM_MASS_CHANGE], text);
	ck_assert(seen.open[RPKI_ALARM_MASS_CHANGE] && seen.grave[RPKI_ALARM_MASS_CHANGE]);
	if (_i == 1) {
		say("");
	} else {
		after(HOLD_S - 701);
		ck_assert(seen.open[RPKI_ALARM_MASS_CHANGE]);
		after(1);
		ck_assert(in_force("10.0.0.0/16", 24, 64499) == (_i == 0));
		ck_assert(!in_force("10.0.0.0/16", 24, 64500));
	}
	ck_assert(!seen.open[RPKI_ALARM_MASS_CHANGE]);
}
END_TEST

/* Two sources disagree before and after. */
START_TEST(disputed_over_a_restart)
{
	struct rpki_source *b = two_sources();

	some_routes(10, 0);
	say_many(source, 40, 0);
	say_many(b, 40, 0);
	say_many(b, 40, 10);
	ck_assert(tells(RPKI_ALARM_DIVERGING, "10 new ones"));
	after(600);
	restart(100);
	b = two_sources();
	say_many(_i == 0 ? source : b, 40, _i == 0 ? 0 : 10);
	say_many(_i == 0 ? b : source, 40, _i == 0 ? 10 : 0);
	ck_assert(in_force("100.0.0.0/24", 24, 64500) && !in_force("10.0.0.0/24", 24, 0));
	ck_assert(tells(RPKI_ALARM_DIVERGING, "10 new ones"));
	say_many(source, 40, 10);
	ck_assert(in_force("10.0.0.0/24", 24, 0) && !seen.open[RPKI_ALARM_DIVERGING]);
}
END_TEST

HARNESS_MAIN("rpki_restart")
{
	FIXTURE(setup, teardown);
	LOOP(held_over_a_restart, 3);
	LOOP(disputed_over_a_restart, 2);
}
