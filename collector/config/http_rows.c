#include "collector/config/http_rows.h"

#include <string.h>

#include "collector/config/config.h"
#include "collector/config/option_rows.h"

static const struct option http_listen_rows[] = {
	{ ADDRESS("address", struct http_address, address), NEEDED },
	{ NUMBER("port", struct http_address, port, 1, 65535, HTTP_PORT) },
};
static const struct option http_listen_row = { ROWS(http_listen_rows),
	.lacking = "\"address\" is missing; right would be {address: 127.0.0.1, port: 11020}" };

const struct option http_rows[HTTP_ROWS] = {
	{ LIST("listen", struct config, coordinator.http.listen, struct http_address,
	      http_listen_row),
	    .flow = true, DEFAULT_LIST(http_listen_default), RESTART },
	{ TEXT("token", struct config, coordinator.http.token, HTTP_TOKEN_MAX, ""),
	    .secret = true },
	{ NUMBER("connections", struct config, coordinator.http.connections, 1, 1000, 128) },
	{ NUMBER("per_address", struct config, coordinator.http.per_address, 1, 1000, 64) },
	{ NUMBER("streams", struct config, coordinator.http.streams, 0, 128, 64) },
	{ NUMBER("idle_s", struct config, coordinator.http.idle_s, 1, 3600, 30), RESTART },
	{ NUMBER("peers", struct config, coordinator.http.peers, 0, 2000, 1000) },
};

/* Where that address is written. */
static const yaml_node_t *
element(struct loader *l, const yaml_node_t *section, size_t i)
{
	const yaml_node_t *list = loader_value(l, section, "listen");

	return list != NULL && list->type == YAML_SEQUENCE_NODE
		   ? loader_node(l, list->data.sequence.items.start[i])
		   : section;
}

/* Who can reach it reads all routes; what is said in the clear is read on the way, too. */
void
http_finish(struct loader *l, yaml_node_t *node, void *filled)
{
	const struct http_config *c = &((const struct config *)filled)->coordinator.http;
	static const uint8_t loopback[16] = { [15] = 1 };

	for (size_t i = 0; !l->failed && i < c->listen_n; i++) {
		const struct ip_addr *a = &c->listen[i].address;
		bool here = a->family == IP_V4 ? a->b[0] == 127
					       : memcmp(a->b, loopback, sizeof(loopback)) == 0;

		if (!here && c->token[0] == '\0')
			loader_note(l, element(l, node, i),
			    "http.listen: whoever reaches this address can read everything; right "
			    "would be http.token, or 127.0.0.1 behind a proxy");
	}
}
