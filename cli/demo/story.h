/*
 * The demo's router: "edge1" of AS 64500, with a customer (AS 64501), a peer (AS 64520) and a
 * provider (AS 64510), all four RIB views monitored. Each step is a piece of BMP stream made with
 * the project's own writers.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/sbuf.h"

enum { DEMO_ROUTES = 4000 };

struct demo_step {
	const char *text; /* shown before the step */
	void (*stream)(struct sbuf *out);
	double pause_s;
	bool worth_a_look; /* after it most is open: whoever wants to look around does so here */
};

extern const struct demo_step demo_steps[];
extern const size_t demo_steps_n;

/* Configuration and VRP file that go with the story. */
void demo_config(struct sbuf *out, const char *dir, unsigned port, const char *kafka);
void demo_vrps(struct sbuf *out);

/* What has to have been opened and closed at the end. */
struct demo_expected {
	const char *kind, *worst; /* severity that it must have reached */
};
extern const struct demo_expected demo_expected[];
extern const size_t demo_expected_n;
