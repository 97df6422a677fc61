/* Who a router is: whatever connects, in whatever order, and after a restart. */
#include "tests/unit/support/harness.h"

#include "collector/daemon/identities.h"

enum { KEPT_MAX = 16 };

/* What is kept across restarts, and what was renamed last. */
struct fixture {
	struct identities *t;
	struct {
		char key[ENGINE_NAME_MAX], value[512];
		size_t len;
	} kept[KEPT_MAX];
	char from[ENGINE_NAME_MAX], to[ENGINE_NAME_MAX];
	int64_t now_us;
};

static void
keep(void *ctx, const char *key, const void *value, size_t len)
{
	struct fixture *w = ctx;
	int at = -1;

	for (int i = KEPT_MAX - 1; i >= 0; i--)
		if (strcmp(w->kept[i].key, key) == 0 || (at < 0 && w->kept[i].key[0] == '\0'))
			at = i;
	for (int i = 0; i < KEPT_MAX; i++)
		if (strcmp(w->kept[i].key, key) == 0)
			at = i;
	if (value == NULL) {
		if (strcmp(w->kept[at].key, key) == 0)
			w->kept[at].key[0] = '\0';
		return;
	}
	ck_assert_int_ge(at, 0);
	snprintf(w->kept[at].key, sizeof(w->kept[at].key), "%s", key);
	memcpy(w->kept[at].value, value, len);
	w->kept[at].len = len;
}

static void
renamed(void *ctx, const char *from, const char *to)
{
	struct fixture *w = ctx;

	snprintf(w->from, sizeof(w->from), "%s", from);
	snprintf(w->to, sizeof(w->to), "%s", to);
}

static const struct identities_ops ops = { keep, renamed };

static void
setup(struct fixture *w)
{
	memset(w, 0, sizeof(*w));
	w->now_us = 1700000000LL * 1000000;
	w->t = identities_new(&ops, w);
	ck_assert_ptr_nonnull(w->t);
}

static void
configure(struct fixture *w, const char *name, const char *address)
{
	struct router_identity r = { .name = name };
	struct identities_config c = { .routers = &r, .routers_n = 1, .forget_s = 1000 };

	ck_assert(ip_addr_parse(address, &r.address));
	ck_assert(identities_configure(w->t, &c));
}

/* Backwards: the order in which they are read must not matter. */
static void
restart(struct fixture *w)
{
	identities_free(w->t);
	w->t = identities_new(&ops, w);
	for (int i = KEPT_MAX - 1; i >= 0; i--)
		if (w->kept[i].key[0] != '\0')
			ck_assert(identities_restore(
			    w->t, w->kept[i].key, w->kept[i].value, w->kept[i].len));
}

static struct identity *
claim(struct fixture *w, const char *address, const char *configured, const char *sys_name)
{
	const struct identity_claim c = {
		.address = address, .configured = configured, .sys_name = sys_name
	};
	struct identity *i = identities_of(w->t, &c, w->now_us);

	ck_assert_ptr_nonnull(i);
	return i;
}

/* It connects, tells of a peer and stays. */
static struct identity *
come(struct fixture *w, const char *address, const char *configured, const char *sys_name)
{
	struct identity *i = claim(w, address, configured, sys_name);

	ck_assert_ptr_null(i->session);
	i->session = w;
	i->tells = true;
	identities_keep(w->t, i, w->now_us);
	return i;
}

static void
leave(struct fixture *w, struct identity *i)
{
	i->session = NULL;
	identities_keep(w->t, i, w->now_us);
}

START_TEST(named_by_what_it_says)
{
	struct fixture w;

	setup(&w);
	configure(&w, "ams1", "192.0.2.1");
	ck_assert_str_eq(come(&w, "192.0.2.1", "ams1", "router")->name, "ams1");
	ck_assert_str_eq(come(&w, "192.0.2.2", "", "fra1")->name, "fra1");
	ck_assert_str_eq(come(&w, "192.0.2.3", "", "")->name, "192.0.2.3");
	identities_free(w.t);
}
END_TEST

/* Two of one sysName are two, and each has its name again whoever comes first, after a restart too.
 */
START_TEST(two_of_one_name)
{
	struct identity *a, *b;
	struct fixture w;

	setup(&w);
	a = come(&w, "192.0.2.1", "", "router");
	ck_assert_ptr_null(identities_owner(w.t, a));
	b = come(&w, "192.0.2.2", "", "router");
	ck_assert_str_eq(b->name, "router@192.0.2.2");
	ck_assert_ptr_eq(identities_owner(w.t, b), a);
	for (int round = 0; round < 2; round++) {
		leave(&w, a);
		leave(&w, b);
		if (round == 1)
			restart(&w);
		b = come(&w, "192.0.2.2", "", "router");
		a = come(&w, "192.0.2.1", "", "router");
		ck_assert_str_eq(b->name, "router@192.0.2.2");
		ck_assert_str_eq(a->name, "router");
	}
	identities_free(w.t);
}
END_TEST

/* Somebody elsewhere takes the name while its owner is away, or one that the configuration gives to
 * an address, seen or not: he does not get it, and the owner does. */
START_TEST(impostor)
{
	struct identity *i;
	struct fixture w;

	setup(&w);
	configure(&w, "ams1", "192.0.2.1");
	leave(&w, come(&w, "192.0.2.2", "", "edge1"));
	i = come(&w, "198.51.100.9", "", "edge1");
	ck_assert_str_eq(i->name, "edge1@198.51.100.9");
	leave(&w, i);
	restart(&w);
	configure(&w, "ams1", "192.0.2.1");
	ck_assert_str_eq(come(&w, "198.51.100.9", "", "edge1")->name, "edge1@198.51.100.9");
	ck_assert_str_eq(come(&w, "192.0.2.2", "", "edge1")->name, "edge1");
	ck_assert_str_eq(come(&w, "198.51.100.8", "", "ams1")->name, "ams1@198.51.100.8");
	ck_assert_str_eq(come(&w, "192.0.2.1", "ams1", "x")->name, "ams1");
	/* not even by calling itself what another one will be called */
	ck_assert_str_eq(come(&w, "198.51.100.7", "", "edge1@192.0.2.7")->name, "edge1@192.0.2.7");
	ck_assert_str_eq(come(&w, "192.0.2.7", "", "edge1")->name, "edge1@192.0.2.7#2");
	identities_free(w.t);
}
END_TEST

/* The configuration proves the name: other addresses of it and another sysName are the same router,
 * but for a second one that is there at the same time. */
START_TEST(configured_name)
{
	struct identity *i, *other;
	struct fixture w;

	setup(&w);
	configure(&w, "ams1", "192.0.2.1");
	i = come(&w, "192.0.2.1", "ams1", "old");
	leave(&w, i);
	ck_assert_ptr_eq(claim(&w, "2001:db8::1", "ams1", "new"), i);
	i->session = &w;
	other = come(&w, "2001:db8::1", "ams1", "neighbour");
	ck_assert_str_eq(other->name, "neighbour");
	ck_assert_ptr_eq(claim(&w, "192.0.2.1", "ams1", "new"), i); /* it is back: half-open */
	identities_free(w.t);
}
END_TEST

/* Back without an Initiation it is who it was, if that is clear and he is away. */
START_TEST(without_a_name)
{
	struct identity *i;
	struct fixture w;

	setup(&w);
	i = come(&w, "192.0.2.1", "", "r1");
	ck_assert_str_eq(claim(&w, "192.0.2.1", "", "")->name, "192.0.2.1");
	identities_gone(w.t, "192.0.2.1");
	leave(&w, i);
	restart(&w);
	i = come(&w, "192.0.2.1", "", "");
	ck_assert_str_eq(i->name, "r1");
	leave(&w, i);
	leave(&w, come(&w, "192.0.2.1", "", "r2"));
	ck_assert_str_eq(claim(&w, "192.0.2.1", "", "")->name, "192.0.2.1"); /* one of two? */
	/* and who had no name at first is the same when it says it */
	leave(&w, come(&w, "192.0.2.5", "", ""));
	ck_assert_str_eq(come(&w, "192.0.2.5", "", "r5")->name, "192.0.2.5");
	identities_free(w.t);
}
END_TEST

/* It is back while it looks as if it were there: the same one, again and again; two that are alike
 * and alive get a name each. */
START_TEST(half_open_or_two)
{
	struct identity *i, *second;
	struct fixture w;

	setup(&w);
	configure(&w, "ams1", "192.0.2.200");
	i = come(&w, "192.0.2.1", "", "r1");
	for (int n = 0; n < 3; n++) {
		w.now_us += 60 * 1000000;
		ck_assert_ptr_eq(claim(&w, "192.0.2.1", "", "r1"), i);
		ck_assert(identities_replaced(i, w.now_us));
	}
	ck_assert(!identities_replaced(i, w.now_us));
	second = come(&w, "192.0.2.1", "", "r1");
	ck_assert_str_eq(second->name, "r1#2");
	leave(&w, second);
	ck_assert_ptr_eq(come(&w, "192.0.2.1", "", "r1"), second);
	leave(&w, second);
	w.now_us += 3600LL * 1000000;
	identities_tick(w.t, w.now_us); /* the second is forgotten */
	ck_assert_ptr_eq(claim(&w, "192.0.2.1", "", "r1"), i);
	identities_lives(i, w.now_us);
	ck_assert_ptr_ne(claim(&w, "192.0.2.1", "", "r1"), i);
	identities_free(w.t);
}
END_TEST

/* The configuration gives a router another name: it is the same one, and what the journal has of it
 * is found under the new name, also at the restart after the next. */
START_TEST(another_name)
{
	struct identity *i;
	struct fixture w;

	setup(&w);
	i = come(&w, "192.0.2.1", "", "ams1");
	configure(&w, "amsterdam", "192.0.2.1");
	ck_assert_str_eq(w.from, "ams1");
	ck_assert_str_eq(w.to, "amsterdam");
	ck_assert_str_eq(i->name, "amsterdam");
	leave(&w, i);
	for (int n = 0; n < 2; n++) {
		restart(&w);
		configure(&w, "amsterdam", "192.0.2.1");
		ck_assert_str_eq(identities_name_now(w.t, "ams1"), "amsterdam");
		ck_assert_str_eq(identities_name_now(w.t, "fra1"), "fra1");
		i = come(&w, "192.0.2.1", "amsterdam", "ams1");
		ck_assert_str_eq(i->name, "amsterdam");
	}
	ck_assert_uint_eq(identities_count(w.t), 1);
	identities_free(w.t);
}
END_TEST

/* The configuration gives a name to one address that another router has had: that one yields. */
START_TEST(name_taken_away)
{
	struct identity *i, *moved;
	struct fixture w;

	setup(&w);
	i = come(&w, "192.0.2.1", "", "edge1");
	configure(&w, "edge1", "192.0.2.9");
	ck_assert_str_eq(i->name, "edge1@192.0.2.1");
	ck_assert_str_eq(come(&w, "192.0.2.9", "edge1", "edge1")->name, "edge1");
	identities_free(w.t);

	/* away, and back from elsewhere: the configuration says that it is the same */
	setup(&w);
	leave(&w, come(&w, "192.0.2.1", "", "edge1"));
	moved = come(&w, "192.0.2.9", "", "edge1");
	configure(&w, "edge1", "192.0.2.9");
	ck_assert_str_eq(moved->name, "edge1");
	ck_assert_str_eq(w.from, "edge1@192.0.2.9");
	ck_assert_uint_eq(identities_count(w.t), 1);
	identities_free(w.t);
}
END_TEST

/* Recorded streams are nobody's routers, and none takes another one's place. */
START_TEST(recorded)
{
	struct identity_claim c = {
		.address = "192.0.2.1", .configured = "", .sys_name = "r1", .recorded = true
	};
	struct identity *i, *second;
	struct fixture w;

	setup(&w);
	ck_assert_str_eq(come(&w, "192.0.2.1", "", "r1")->name, "r1");
	i = identities_of(w.t, &c, w.now_us);
	ck_assert_str_eq(i->name, "r1#2");
	i->session = &w;
	second = identities_of(w.t, &c, w.now_us);
	ck_assert_str_eq(second->name, "r1#3");
	i->session = NULL;
	ck_assert_ptr_eq(identities_of(w.t, &c, w.now_us), i);
	identities_free(w.t);
}
END_TEST

/* Who never told of a peer is forgotten at once, who did after a time, and never who is there; and
 * the names of those that come without end are not all kept. */
START_TEST(forgotten)
{
	char name[32];
	struct identity *here;
	struct fixture w;

	setup(&w);
	configure(&w, "ams1", "192.0.2.200");
	here = come(&w, "192.0.2.1", "", "here");
	leave(&w, come(&w, "192.0.2.2", "", "away"));
	claim(&w, "192.0.2.3", "", "passing");
	identities_gone(w.t, "passing");
	identities_gone(w.t, "away");
	ck_assert_uint_eq(identities_count(w.t), 2);
	w.now_us += 1001LL * 1000000;
	identities_tick(w.t, w.now_us);
	ck_assert_uint_eq(identities_count(w.t), 1);
	restart(&w); /* killed: who was there a moment ago is known */
	configure(&w, "ams1", "192.0.2.200");
	identities_tick(w.t, w.now_us);
	ck_assert_uint_eq(identities_count(w.t), 1);
	here = come(&w, "192.0.2.1", "", "here");
	leave(&w, come(&w, "192.0.2.4", "", "quiet"));
	for (int n = 0; n < 20000; n++) {
		snprintf(name, sizeof(name), "name%d", n);
		w.now_us++;
		claim(&w, "198.51.100.1", "", name);
	}
	ck_assert_uint_le(identities_count(w.t), 2 + 1024 + 64);
	ck_assert_str_eq(claim(&w, "192.0.2.4", "", "quiet")->name, "quiet");
	ck_assert(claim(&w, "192.0.2.4", "", "quiet")->tells);
	ck_assert_ptr_eq(claim(&w, "192.0.2.1", "", "here"), here);
	identities_free(w.t);
}
END_TEST

/* Long names that begin alike are not one; whatever is kept and cannot be read is left out. */
START_TEST(odd_names)
{
	static const char *const bad[] = { "", "192.0.2.1", "192.0.2.1\nr1", "192.0.2.1\nr1\n" };
	char one[200], other[200];
	struct fixture w;

	setup(&w);
	memset(one, 'x', sizeof(one));
	one[199] = '\0';
	memcpy(other, one, sizeof(one));
	other[198] = 'y';
	ck_assert_ptr_ne(come(&w, "192.0.2.1", "", one), come(&w, "192.0.2.1", "", other));
	ck_assert_uint_eq(identities_count(w.t), 2);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		ck_assert(!identities_restore(w.t, "k", bad[i], strlen(bad[i])));
	ck_assert_uint_eq(identities_count(w.t), 2);
	identities_free(w.t);
}
END_TEST

HARNESS_MAIN("identities")
{
	TEST(named_by_what_it_says);
	TEST(two_of_one_name);
	TEST(impostor);
	TEST(configured_name);
	TEST(without_a_name);
	TEST(half_open_or_two);
	TEST(another_name);
	TEST(name_taken_away);
	TEST(recorded);
	TEST(forgotten);
	TEST(odd_names);
}
