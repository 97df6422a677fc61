"""What is known to be wrong today: a scenario, and what is wrong. The runner says XFAIL for these, waits for their
conditions for a short time only, and fails when one of them passes, so that what is written here stays true."""

EXPECTED_FAIL = {
    # one event, one incident
    "hijack_that_is_invalid_is_one_incident": "hijack and origin validation are two incidents",
    "update_says_something_new": "a critical incident is updated for its severity, which is the same",
    "foreign_blackhole_is_critical": "hijack and origin validation are two incidents",
    "one_origin_takes_many_own_prefixes": "an incident for each prefix",
    "two_leakers_behind_one_neighbour": "leaks are told apart by the neighbour, not by who leaks",
    "one_leak_two_neighbours_two_collectors": "leaks are told apart by the neighbour, not by who leaks",
    "we_leak": "an incident for each neighbour that we leak to",
    "one_vrp_against_many_is_one_incident": "an incident for each origin",
    "default_route_vrp_is_an_alarm": "an incident for each origin, none for the VRP",
    "as_sets_are_named_and_apart": "all sets are one origin",
    # who is named, and what is there now
    "leaker_is_the_stranger_between": "the neighbour is blamed",
    "we_do_not_leak_by_ibgp": "by iBGP we are blamed ourselves",
    "five_routers_see_one_hijack": "the router of the beginning is named",
    "path_of_now_is_told": "the path of the beginning is told",
    "example_is_one_that_is_true": "examples are of the beginning",
    "other_half_later_is_the_same_incident_or_news": "a further prefix is growth, told with the next update",
    "new_victim_is_news": "a further prefix is growth, told with the next update",
    "new_victim_among_many_is_named": "a further prefix is growth, told with the next update",
    "sender_is_named_not_receiver": "the neighbour of the furthest view is named",
    "present_peer_is_named": "the neighbour of the beginning is named",
    "our_roa_attacked": "the text reads as if we did wrong",
    "second_attack_is_another_occurrence": "no occurrences, revisions begin anew",
    "vrps_open_and_close_with_their_reason": "an opening for RPKI says that the route was announced",
    "order_of_vrps_and_routes_does_not_matter": "an opening for RPKI says that the route was announced",
    # severity
    "filtered_own_hijack_is_critical": "a hijack that only pre-policy has is no more than a warning",
    "invalid_goes_up_and_down": "severity sticks where only customers are left",
    "only_a_customer_is_left": "severity sticks where only customers are left",
    "ibgp_is_not_passed_on": "Adj-RIB-Out to our own is taken for propagation",
    "collector_is_not_passed_on": "there is no relation for a route collector",
    "filtered_only_where_it_would_be_seen": "views are not looked at for each peer",
    "leak_in_here_out_there": "a leak is not followed from router to router",
    "leak_with_a_prepend_on_import": "a leak is not followed past a changed path",
    "otc_of_the_origin_is_a_note": "any OTC from a peer is a leak",
    # closing
    "leak_ends_as_routers_end_it": "the end of a leak is counted elsewhere than its beginning",
    "leak_ends_in_every_order_of_views": "the end of a leak is counted elsewhere than its beginning",
    "leak_of_many_is_one": "the end of a leak is counted elsewhere than its beginning",
    "relation_by_reload": "routes are not judged anew when relations change",
    # whose route it is
    "confederation_is_ourselves": "a path of confederation segments has no origin",
    "empty_path_without_an_as_is_no_stranger": "an empty path has no origin where the header says AS 0",
    "own_prefix_listed_twice": "the first entry of a prefix wins",
    "max_length_of_own_prefix": "max_length has no effect",
    "own_blackhole_is_no_alarm": "the blackhole community is not looked at",
    "customer_tables_are_not_the_internet": "VRFs are judged as the Internet is",
    "internal_more_specifics_are_not_invalid": "what stays inside is judged as if it went out",
    "first_as_of_the_path_may_be_large": "a large network that is the neighbour itself is taken for a stranger",
    # no rule for it yet
    "large_peer_passes_on_another_large_one": "no rule for it",
    "labelled_unicast_is_the_internet": "labelled unicast is not judged",
}
