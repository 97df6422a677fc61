/*
 * Configuration: the YAML file as the structs that the modules take. A row of the table in
 * options.c per option drives reading, type and range check, default, `bellmand --dump-config`, and
 * what a reload cannot change. Unknown and repeated keys are errors; every error says
 * file:line:column, what was read, and what would be right. The one home of libyaml.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "base/log.h"
#include "base/sbuf.h"
#include "collector/config/arena.h"
#include "collector/daemon/coordinator.h"

/* Incidents whose routes got that far and no further are that grave. */
struct severity_by_view {
	bool has_rule; /* else of every rule that has no such entry of its own */
	uint8_t rule;  /* enum rule */
	uint8_t view;  /* enum furthest */
	uint8_t severity;
};

struct config {
	const char *path; /* of the file */
	const char *state_dir;
	uint32_t workers;	/* as written; 0: one per core */
	uint32_t rpki_settle_s; /* as written; 0: as incidents.settle_s */
	bool has_contacts_name, has_contacts_email, has_contacts_phone;
	const struct severity_by_view *severity_by_view;
	size_t severity_by_view_n;
	struct {
		enum log_level level;
		enum log_format format;
	} log;
	/* What the options say, and what follows from them (wire.c). */
	struct coordinator_config coordinator;
	struct arena memory; /* of all that is pointed to from here */
};

/*
 * NULL when the file has an error. messages: gets every error found, and notes on what is accepted
 * but should be written otherwise, one a line ("FILE:LINE:COLUMN: what"). Yours to free.
 */
struct config *config_load(const char *path, struct sbuf *messages);
/* The same from memory; name stands for the file in messages. */
struct config *config_parse(const char *name, const char *text, size_t len, struct sbuf *messages);
void config_free(struct config *);
/* The effective configuration as YAML; values of secrets (password, secret, key.pem ...) are
 * masked. */
void config_dump(const struct config *, struct sbuf *out);
/* What options there are, a line each: path, type, what is allowed, default, "restart" where a
 * reload cannot change it, "needed" where its map needs it, with TABs between. An element of a list
 * is `list[]`. */
void config_describe(struct sbuf *out);
/* What a reload cannot change (listen, workers, state_dir, control ...): the names of the options
 * that differ, one a line; empty when a reload applies. */
void config_needs_restart(
    const struct config *running, const struct config *wanted, struct sbuf *names);
