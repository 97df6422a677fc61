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
	", bogon.asn" what ", path.as-set" what ", path.long" what

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
