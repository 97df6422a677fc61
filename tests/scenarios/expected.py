"""What is known to be wrong today: a scenario, and what is wrong. The runner says XFAIL for these, waits for their
conditions for a short time only, and fails when one of them passes, so that what is written here stays true."""

EXPECTED_FAIL = {
    # one event, one incident
    # severity
    # sources of RPKI data
    # restarts and reloads
    # sessions
    # storms
    # limits and attacks
    # no rule for it yet
}
