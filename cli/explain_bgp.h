/* BGP messages in words. */
#pragma once

#include "cli/explain.h"
#include "collector/bmp_stream/bmp_stream.h"

void explain_open_message(struct explain *, const char *name, const struct bgp_open *);
void explain_update(struct explain *, const struct bmp_update *);
void explain_notification(struct explain *, const struct bgp_notification *);
