/* What the files of `bellman what-if` share. */
#pragma once

#include <stdbool.h>

#include "base/sbuf.h"
#include "cli/control_client.h"
#include "collector/rpki/aspa_edit.h"
#include "collector/rpki/vrp_edit.h"

struct what_if {
	struct control_options control;
	bool json, colour;
	struct vrp_edits edits;
	struct aspa_edits aspas;
	struct sbuf rules_off; /* names, with commas between them */
};

/* "203.0.113.0/24-25 AS64500" or "203.0.113.0/24 64500". false, and a message, when it is none. */
bool what_if_add_roa(struct what_if *, const char *option, const char *text, bool gone);
/* "AS64500 AS64501,AS64502", the customer first; of one that is gone the customer alone. Likewise.
 */
bool what_if_add_aspa(struct what_if *, const char *option, const char *text, bool gone);
/* Are the VRPs that are to go in force? Says which are, when they are not. Returns an exit code. */
int what_if_check_roas(const struct what_if *);
/* Is there a prefix that is ours by a VRP that is to go, and by none else (own.derive)? It is said,
 * and *ours set. Returns an exit code. */
int what_if_own_roas(const struct what_if *, bool *ours);
/* Of ASPAs of ours: is a provider of ours missing? It is said, and *ours set. Returns an exit code.
 */
int what_if_own_aspas(const struct what_if *, bool *ours);
/* What the edits would make of the routes there are: printed. *ours: set when something of ours
 * would be invalid. Returns an exit code. */
int what_if_flips(const struct what_if *, bool *ours);
/* Which incidents would close, were the rules off. */
int what_if_rules(const struct what_if *);
