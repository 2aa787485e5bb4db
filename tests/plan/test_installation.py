"""What makes the installation's own backup on a host."""

from clearinghouse.plan.backup import REPOSITORIES
from clearinghouse.plan.edge import plan_host
from clearinghouse.plan.installation import FILES, INSTALLATION, PASSWORD, plan_installation
from clearinghouse.plan.plan import Volume
from tests.plan.partners import a_host


def test_every_volume_of_a_hosts_own_is_backed_up_but_the_backups() -> None:
    (backup,) = plan_installation(a_host()).containers
    backups = {"repositories", "second"}
    own = {volume.name for volume in plan_host(a_host()).volumes if volume.role not in backups}
    assert own == {volume.name for volume in backup.volumes} - {REPOSITORIES}
    saved = set(backup.env["BACKUP_PATHS"].split())
    mounted = {mount.path for mount in backup.mounts if isinstance(mount.source, Volume)}
    assert saved == mounted - {"/repository"} | {FILES}


def test_it_can_write_to_the_repository_alone_and_has_no_network() -> None:
    (backup,) = plan_installation(a_host()).containers
    assert [mount.path for mount in backup.mounts if not mount.is_read_only] == ["/repository"]
    assert backup.networks == ()
    assert "no network" in backup.weakened


def test_hosts_that_share_a_second_place_have_repositories_of_their_own_and_one_password() -> None:
    one, other = (plan_installation(a_host(host=name)) for name in ("local", "far"))
    assert (one.owner, other.owner) == ("installation-local", "installation-far")
    assert PASSWORD in one.secrets
    assert PASSWORD in other.secrets
    assert len(INSTALLATION) > 2, "a partner's code has two letters"
