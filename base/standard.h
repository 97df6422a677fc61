/* standard: the three descriptors that every program believes to be there. */
#pragma once

/* Open to /dev/null what of standard input, output and error is closed, so that nothing else gets
 * these numbers: a socket would be written to as if it were a terminal. First of all in main. */
void standard_descriptors(void);
