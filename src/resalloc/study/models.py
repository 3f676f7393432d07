"""The location models by their names on the command line: what each needs, and how it is called."""

from __future__ import annotations

from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from resalloc.location.costs import AnyCosts, Floats, Mask
    from resalloc.location.siting import Siting
    from resalloc.study.request import Request


@dataclass(frozen=True)
class Given:
    """Everything a model may be called with, checked and in the order of points and sites.

    Parameters
    ----------
    costs
        Points × sites.
    weights
        By point.
    radius
        By point; None where the model has none.
    capacity, site_cost, attraction
        By site; None where nothing was given.
    fixed, forbidden, competitor
        By site.
    request
        The numbers asked for.
    """

    costs: AnyCosts
    weights: Floats
    radius: Floats | None
    capacity: Floats | None
    site_cost: Floats | None
    attraction: Floats | None
    fixed: Mask
    forbidden: Mask
    competitor: Mask
    request: Request

    @property
    def usual(self) -> dict[str, Any]:
        """What every model with demand takes."""
        return {"weights": self.weights, **self.sites}

    @property
    def sites(self) -> dict[str, Any]:
        """What every model takes."""
        asked = self.request
        found: dict[str, Any] = {"time_limit_s": asked.time_limit_s}
        if self.fixed.any():
            found["fixed"] = self.fixed
        if self.forbidden.any():
            found["forbidden"] = self.forbidden
        if asked.gap is not None:
            found["gap"] = asked.gap
        return found


@dataclass(frozen=True)
class Model:
    """One location model.

    Parameters
    ----------
    name
        On the command line.
    call
        Solves it.
    needs
        Options it cannot do without: of each group one at least, by field of the request.
        ``capacity`` and ``site_cost`` may come from the tables as well.
    takes
        Further options it understands.
    columns
        Columns of the tables it reads, beside names, positions and weights.
    covers
        It has a radius.
    serves
        Its open sites serve the points; else it only places sites.
    """

    name: str
    call: Callable[[Given], Siting]
    needs: tuple[tuple[str, ...], ...] = ()
    takes: tuple[str, ...] = ()
    columns: tuple[str, ...] = field(default=("fixed", "forbidden"))
    covers: bool = False
    serves: bool = True

    @property
    def options(self) -> tuple[str, ...]:
        """Every option of the model's own, needed ones first."""
        return tuple(dict.fromkeys([name for group in self.needs for name in group])) + self.takes


def _set_cover(given: Given) -> Siting:
    from resalloc.location.covering.set_cover import set_cover

    asked = given.request
    return set_cover(
        given.costs, given.radius, site_cost=given.site_cost, at_least=asked.at_least or 1,
        backup=asked.backup, **given.usual,
    )  # fmt: skip


def _max_cover(given: Given) -> Siting:
    from resalloc.location.covering.max_cover import max_cover

    asked = given.request
    more: dict[str, Any] = {}
    if asked.budget is not None:
        more |= {"budget": asked.budget, "site_cost": given.site_cost}
    if given.capacity is not None:
        more |= {"capacity": given.capacity, "split": asked.split}
    return max_cover(given.costs, given.radius, asked.p, **given.usual, **more)


def _min_sites(given: Given) -> Siting:
    from resalloc.location.covering.min_sites import min_sites_for_share

    share = given.request.share or 1.0
    return min_sites_for_share(
        given.costs, given.radius, share, site_cost=given.site_cost, **given.usual
    )


def _p_median(given: Given) -> Siting:
    from resalloc.location.median.p_median import p_median

    asked = given.request
    return p_median(given.costs, asked.p, mean_cap=asked.mean_cap, **given.usual)


def _p_center(given: Given) -> Siting:
    from resalloc.location.center.p_center import p_center

    # People are not handed on: there, a weight makes a point count as so many times as far.
    asked = given.request
    return p_center(
        given.costs, asked.p or 1, lexicographic=asked.lexicographic or 1, **given.sites
    )


def _capacitated_median(given: Given) -> Siting:
    from resalloc.location.capacity.capacitated_median import capacitated_median

    asked = given.request
    return capacitated_median(
        given.costs, asked.p or 1, given.capacity, single_source=not asked.split, **given.usual
    )


def _capacitated_facility(given: Given) -> Siting:
    from resalloc.location.capacity.capacitated_facility import capacitated_facility

    asked = given.request
    rate = 1.0 if asked.travel_cost is None else asked.travel_cost
    return capacitated_facility(
        given.costs, given.capacity, fixed_cost=given.site_cost, demand=given.weights,
        weights=rate * given.weights, single_source=not asked.split, p=asked.p, **given.sites,
    )  # fmt: skip


def _max_attendance(given: Given) -> Siting:
    from resalloc.location.market.attendance import max_attendance

    return max_attendance(given.costs, given.request.p or 1, given.radius, **given.usual)


def _market_share(given: Given) -> Siting:
    from resalloc.location.market.huff import market_share

    asked = given.request
    how: dict[str, Any] = {"competitors": given.competitor, "smallest": asked.smallest}
    if given.attraction is not None:
        how["attractiveness"] = given.attraction
    if asked.exponent is not None:
        how["exponent"] = asked.exponent
    return market_share(given.costs, asked.p, target=asked.share, **how, **given.usual)


def _p_dispersion(given: Given) -> Siting:
    from resalloc.location.dispersion.p_dispersion import p_dispersion

    return p_dispersion(given.costs, given.request.p or 1, **given.sites)


_COSTED = ("fixed", "forbidden", "site_cost")
_LIMITED = ("fixed", "forbidden", "capacity")

_ALL = (
    Model("set-cover", _set_cover, (("radius",),), ("at_least", "backup"), _COSTED, covers=True),
    Model(
        "max-cover", _max_cover, (("radius",), ("p", "budget")), ("capacity", "split"),
        (*_COSTED, "capacity"), covers=True,
    ),
    Model("min-sites", _min_sites, (("radius",), ("share",)), (), _COSTED, covers=True),
    Model("p-median", _p_median, (("p", "mean_cap"),)),
    Model("p-center", _p_center, (("p",),), ("lexicographic",)),
    Model(
        "capacitated-median", _capacitated_median, (("p",), ("capacity",)), ("split",), _LIMITED
    ),
    Model(
        "capacitated-facility", _capacitated_facility, (("site_cost",), ("travel_cost",)),
        ("capacity", "p", "split"), (*_LIMITED, "site_cost"),
    ),
    Model("max-attendance", _max_attendance, (("p",), ("radius",)), covers=True),
    Model(
        "market-share", _market_share, (("p", "share"), ("competitor",)),
        ("exponent", "smallest"), ("fixed", "forbidden", "competitor", "attraction"),
    ),
    Model("p-dispersion", _p_dispersion, (("p",),), serves=False),
)  # fmt: skip

MODELS: Mapping[str, Model] = MappingProxyType({model.name: model for model in _ALL})
"""Every model by its name, in the order they are shown."""
