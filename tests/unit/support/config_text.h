/* Configurations from texts, for the suites of the configuration. */
#pragma once

#include "collector/config/config.h"
#include "collector/config/options.h"
#include "tests/unit/support/harness.h"

/* The rules behind the first seven, each with what is said of it. */
#define FURTHER_RULES(what)                                                                        \
	", leak.no-transit" what ", leak.upstream" what ", leak.own" what ", leak.burst" what      \
	", origin.burst" what ", aspa.invalid" what ", hijack.first-hop" what                      \
	", hijack.less-specific" what ", blackhole.accepted" what ", bogon.prefix" what            \
	", route.no-export" what ", path.first-as" what ", route.too-specific" what                \
	", bogon.asn" what ", path.as-set" what ", path.long" what ", leak.detour" what            \
	", route.unlisted" what

/* What else can be turned off. */
#define FURTHER_KINDS                                                                              \
	", peer.surge, peer.loss, peer.max-prefix, peer.flapping, peer.down, router.peers-down, "  \
	"router.peers-flapping, feed.differs, router.rov-mismatch, router.rov-stricter, "          \
	"router.sends-invalid, router.rov-state, visibility.out, visibility.loc-rib"

#define WATCH_DEFAULT                                                                              \
	"watch:\n  warm_up_s: 300\n  within_s: 300\n  surge_at: 1000\n  surge_percent: 20\n"       \
	"  loss_at: 100\n  loss_percent: 50\n  loss_hold_s: 60\n  max_prefix_percent: 80\n"        \
	"  flaps: 3\n  flaps_within_s: 600\n  flaps_quiet_s: 600\n  down_s: 120\n"                 \
	"  visibility_hold_s: 90\n"                                                                \
	"  differ_at: 100\n  differ_percent: 5\n  differ_s: 1800\n  rov_mismatch_at: 10\n"         \
	"  rov_mismatch_s: 3600\n"

static inline struct config *
parse(const char *text, struct sbuf *messages)
{
	*messages = sbuf_of(1 << 20);
	return config_parse("f", text, strlen(text), messages);
}

/* A good configuration without a note. */
static inline struct config *
parse_good(const char *text)
{
	struct sbuf messages;
	struct config *c = parse(text, &messages);

	ck_assert_str_eq(sbuf_text(&messages), "");
	ck_assert_ptr_nonnull(c);
	sbuf_free(&messages);
	return c;
}

static inline struct sbuf
dump_of(const struct config *c)
{
	struct sbuf out = sbuf_of(1 << 20);

	config_dump(c, &out);
	return out;
}

/* It is good, its dump has this part, and what is dumped of the dump is the same. */
static inline void
require_dumped(const char *text, const char *part)
{
	struct config *c = parse_good(text), *again;
	struct sbuf dump = dump_of(c), dump_again;

	ck_assert_msg(strstr(sbuf_text(&dump), part) != NULL, "%s:\n%s", text, sbuf_text(&dump));
	again = parse_good(sbuf_text(&dump));
	dump_again = dump_of(again);
	ck_assert_str_eq(sbuf_text(&dump), sbuf_text(&dump_again));
	sbuf_free(&dump_again);
	config_free(again);
	sbuf_free(&dump);
	config_free(c);
}

/* It is refused, with these words and no others. */
static inline void
require_refused(const char *text, const char *words)
{
	struct sbuf messages;

	ck_assert_ptr_null(parse(text, &messages));
	ck_assert_str_eq(sbuf_text(&messages), words);
	sbuf_free(&messages);
}
