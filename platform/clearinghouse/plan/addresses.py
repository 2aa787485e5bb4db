"""Where the addresses of networks come from.

Every partner's networks have fixed places in the host's pool, computed from the code alone, so
that adding a partner moves nobody and no two partners can meet.
"""

from ipaddress import IPv4Network, ip_network

EDGE_NETWORK = "chm-edge"
PUBLIC_NETWORK = "chm-public"

_LETTERS = 26
_BLOCK = 1024
"""/28 networks per purpose in a /16 pool; 676 two-letter codes fit into one block."""


def partner_subnet(pool: str, code: str) -> str:
    """The subnet of a partner's own network.

    Args:
        pool: the host's /16 for partners' networks.
        code: the partner's two-letter code.

    Returns:
        A /28 in CIDR form: 13 containers, the gateway's address unused.
    """
    return _slot(pool, code, purpose=0)


def access_subnet(pool: str, code: str) -> str:
    """The subnet by which a partner's webmasters come in, as `partner_subnet`."""
    return _slot(pool, code, purpose=1)


def access_subnet_v6(code: str) -> str:
    """The same for IPv6: a /64 of the platform's own range, numbered by the code."""
    return f"fd00:c4:0:{1 + _index(code):x}::/64"


def outside_subnet(pool: str, code: str) -> str:
    """The subnet by which a partner's proxy and relay get out, as `partner_subnet`."""
    return _slot(pool, code, purpose=2)


def backup_subnet(pool: str, code: str) -> str:
    """The subnet by which a partner's backups reach its repository, in the pool's last block."""
    return _slot(pool, code, purpose=3)


def drill_subnet(pool: str, code: str) -> str:
    """The subnet that a partner's backups are tried on, as `partner_subnet`: in what the codes leave free."""
    block, place = divmod(_index(code), _BLOCK - _LETTERS**2)
    return str(_numbered(pool, block * _BLOCK + _LETTERS**2 + place))


def gateway(subnet: str) -> str:
    """The first address of a subnet; Docker would choose one from the dynamic range by itself."""
    return str(ip_network(subnet)[1])


def edge_addresses(edge_network: str) -> str:
    """The first /24 of the edge network, or all of a smaller one: only edges are in it, so it is trusted."""
    network = IPv4Network(edge_network)
    return str(next(network.subnets(new_prefix=max(24, network.prefixlen))))


def edge_dynamic_range(edge_network: str) -> str:
    """The upper half of the edge network, from which Docker gives addresses to partners' webs."""
    return str(list(IPv4Network(edge_network).subnets(prefixlen_diff=1))[1])


def edge_address(edge_network: str, number: int) -> str:
    """The fixed address of one host's edge; `number` is the host's `edge_number`, from 1."""
    return str(IPv4Network(edge_network)[number + 1])


def _slot(pool: str, code: str, *, purpose: int) -> str:
    return str(_numbered(pool, purpose * _BLOCK + _index(code)))


def _numbered(pool: str, number: int) -> IPv4Network:
    return IPv4Network((int(IPv4Network(pool).network_address) + number * 16, 28))


def _index(code: str) -> int:
    return (ord(code[0]) - ord("a")) * _LETTERS + ord(code[1]) - ord("a")
