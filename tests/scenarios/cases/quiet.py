"""An ordinary network on an ordinary day: nobody is told anything. What is played here for minutes is in tests/quiet for a whole
day and the whole Internet."""
import pathlib
import sys

from daemon import sanitized
from story import brief
from suite import right, scenario

sys.path.append(str(pathlib.Path(__file__).resolve().parents[2] / "quiet"))


def quiet_table(w, seat, drops_invalid=False):
    if sanitized():
        return  # its clock cannot be set
    import table
    import world
    play = table.Play(w, world.made(), seat, drops_invalid, churn=800, log=lambda *_: None)
    over = play.all_steps()
    right("no step tells more than it may", not over, "; ".join(over))


@scenario
def quiet_table_by_configuration(w):
    """A table with some invalid routes, its churn, a session that flaps, tables told again: a few records at most, where the relations are configured."""
    quiet_table(w, "configured")


@scenario
def quiet_table_of_a_network_that_drops_invalids(w):
    """The same where the network drops what is invalid: nothing of warning or more."""
    quiet_table(w, "roles", drops_invalid=True)


@scenario
def quiet_table_with_nothing_known(w):
    """The same where nobody has said what the neighbours are."""
    quiet_table(w, "nothing")


def quiet_mesh(w, roles):
    if sanitized():
        return
    import day
    grave = day.Day(w, roles, outside=200, inside=240).play(90)
    right("nothing is told", not grave, "; ".join(brief(grave[:5])))


@scenario
def ten_routers_in_a_mesh(w):
    """Ten routers with iBGP, a reflector, a confederation, VRFs, internal more-specifics and customers' black holes: nothing of
    warning or more, where relations are configured."""
    quiet_mesh(w, roles=False)


@scenario
def ten_routers_with_roles(w):
    """The same where the OPENs say what the neighbours are."""
    quiet_mesh(w, roles=True)
