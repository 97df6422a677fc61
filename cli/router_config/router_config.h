/*
 * router_config: what is to be written on a router so that it monitors its BGP to us, by platform.
 * The texts are templates: {COLLECTOR}, {PORT}, {NAME} of the station, {AS} and {PEER} of the
 * router, {SOURCE} the interface and {SOURCE_ADDRESS} the address that its session comes from. A
 * line that begins with "#" is for people, and is written as a comment of the platform.
 */
#pragma once

#include <stddef.h>

struct router_platform {
	const char *name, *also; /* also: another name that people would try, or NULL */
	const char *title;
	const char *views;   /* of which it can tell */
	const char *comment; /* how a comment begins */
	const char *text;
};

extern const struct router_platform router_platforms[];
extern const size_t router_platforms_n;
