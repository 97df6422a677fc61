/* ASPAs of our own: who is a provider of ours, and not among them. */
#include <stdio.h>
#include <string.h>

#include "cli/cli.h"
#include "cli/control_rows.h"
#include "cli/what_if/what_if_private.h"
#include "proto/control_request.h"

enum { PEERS_MAX = 200000 };

static bool
is_named(const struct aspa_edits *e, unsigned i, unsigned long long asn)
{
	for (unsigned k = 0; k < e->v[i].providers_n; k++)
		if (e->v[i].providers[k] == asn)
			return true;
	return false;
}

/* Is it an earlier one with the same AS numbers? */
static bool
is_told(const json_t *peers, size_t before, const json_t *p)
{
	for (size_t i = 0; i < before; i++) {
		const json_t *other = json_array_get(peers, i);

		if (row_number(other, "peer_as") == row_number(p, "peer_as") &&
		    row_number(other, "local_as") == row_number(p, "local_as") &&
		    strcmp(row_text(other, "relation"), "provider") == 0)
			return true;
	}
	return false;
}

static bool
check(const struct aspa_edits *e, unsigned i, const json_t *peers)
{
	bool missing = false;
	const json_t *p;
	size_t k;

	json_array_foreach(peers, k, p) {
		if (strcmp(row_text(p, "relation"), "provider") != 0 ||
		    row_number(p, "local_as") != e->v[i].customer ||
		    is_named(e, i, row_number(p, "peer_as")) || is_told(peers, k, p))
			continue;
		missing = true;
		fprintf(stderr,
		    "bellman what-if: AS%llu is a provider of ours (AS%u), and not among those of "
		    "the ASPA:\n  networks beyond it that verify paths would drop what we send\n",
		    row_number(p, "peer_as"), e->v[i].customer);
	}
	return missing;
}

int
what_if_own_aspas(const struct what_if *w, bool *ours)
{
	struct sbuf request = sbuf_of(65536);
	json_t *peers = json_array();
	bool more;
	int rc;

	control_request_begin(&request, "show");
	control_request_word(&request, "what", "peers");
	control_request_word(&request, "format", "json");
	rc = control_rows(w->control.path, &request, peers, PEERS_MAX, &more);
	for (unsigned i = 0; rc == CLI_OK && i < w->aspas.n; i++)
		if (w->aspas.v[i].providers_n > 0)
			*ours |= check(&w->aspas, i, peers);
	json_decref(peers);
	sbuf_free(&request);
	return rc;
}
