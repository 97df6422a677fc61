/*
 * openbmp_window: OpenBMP messages out of a window, one after the other. What is between them is
 * passed over, up to the next header that can be one.
 */
#pragma once

#include "collector/recordings/window.h"

enum { OPENBMP_MESSAGE_MAX = 17 * 1024 * 1024 };

/*
 * Octets of the whole message that is at the window's front now; 0 at the end of the file, where
 * the window holds a message that is cut short, or nothing. *passed: octets that were no message,
 * which the window no longer holds. The window's max is to be OPENBMP_MESSAGE_MAX.
 */
size_t openbmp_window_next(struct window *, uint64_t *passed);
