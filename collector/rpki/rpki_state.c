#include "collector/rpki/rpki_state.h"

const char *
rpki_state_name(enum rpki_state state)
{
	static const char *const names[] = { "no-data", "partial", "whole", "stale" };

	return (unsigned)state < sizeof(names) / sizeof(names[0]) ? names[state] : "unknown";
}
