"""A sweep file's axes as designs, its groups spread over townships and sites."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from resalloc.errors import Fault, InputError, did_you_mean, one_fault
from resalloc.problem.scenario import Factor
from resalloc.sampling.copula import Copula
from resalloc.sampling.design import refuse
from resalloc.sampling.factorial import Factorial
from resalloc.sampling.own_table import read_own_table
from resalloc.sampling.sampled import LatinHypercube, MonteCarlo, Sobol
from resalloc.sampling.subsets import Subsets
from resalloc.sampling.variable import Variable

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import pandas as pd

    from resalloc.sampling.design import Design
    from resalloc.sweep.axis_settings import AxisSettings
    from resalloc.sweep.entries import FactorEntry
    from resalloc.sweep.settings import SweepSettings

_SEPARATORS = ",;\uff0c\uff1b\u3001"  # the last three are full-width
_SAMPLERS: dict[str, type[MonteCarlo | LatinHypercube | Sobol]] = {
    "monte-carlo": MonteCarlo,
    "latin-hypercube": LatinHypercube,
    "sobol": Sobol,
}


@dataclass(frozen=True)
class Axis:
    """One axis of a sweep: its name and its scenarios."""

    name: str
    design: Design


def axes_of(
    settings: SweepSettings, townships: pd.DataFrame, sites: Sequence[str]
) -> tuple[Axis, ...]:
    """Give the axes of a sweep in a district; a table of scenarios is one axis.

    Parameters
    ----------
    settings
        What the file says.
    townships
        The district's, by name, with ``lon`` and ``lat`` in degrees (WGS84).
    sites
        Names of its stations.

    Raises
    ------
    InputError
        A township or a site is unknown, two factors have one name, a correlation cannot be,
        or a file of scenarios has faults; all of all axes.

    Examples
    --------
    >>> from resalloc import read_district
    >>> from resalloc.sweep.settings import read_settings
    >>> district = read_district("tongliang")
    >>> settings = read_settings("tongliang_product")
    >>> for axis in axes_of(settings, district.townships, list(district.sites.index)):
    ...     print(axis.name, len(axis.design), len(axis.design.factors))
    people 200 28
    sites 500 30
    speeds 9 2
    norms 4 2
    """
    axes: list[Axis] = []
    faults: list[Fault] = []
    seen: dict[str, str] = {}
    for axis in settings.axes:
        file = settings.path.name
        where = file if len(settings.axes) == 1 else f"{file}, axis '{axis.name}'"
        names = _Names(townships, tuple(sites), where)
        try:
            design = names.design(axis)
        except InputError as error:
            faults.extend(error.faults)
            continue
        for factor in design.factors:
            if factor.name in seen:
                what = f"stands on axis '{seen[factor.name]}' already."
                faults.append(Fault(f"{where}, factor '{factor.name}'", what, "Leave one out."))
            seen.setdefault(factor.name, axis.name)
        axes.append(Axis(axis.name, design))
    if faults:
        raise InputError(faults)
    return tuple(axes)


@dataclass(frozen=True)
class _Names:
    """The names of the district, and where in the file they are asked for."""

    townships: pd.DataFrame
    sites: tuple[str, ...]
    where: str

    def design(self, axis: AxisSettings) -> Design:
        """Give the scenarios of an axis."""
        try:
            return self._design(axis)
        except InputError as error:
            faults = [Fault(f"{self.where}, {f.where}", f.what, f.remedy) for f in error.faults]
            raise InputError(faults) from None

    def _design(self, axis: AxisSettings) -> Design:
        groups = [(entry, self._factors(entry)) for entry in axis.factors]
        if axis.file is not None:
            table = read_own_table(axis.file, [factor for _, group in groups for factor in group])
            refuse(list(self._unknown(table.factors)))
            return table
        refuse([fault for _, group in groups for fault in self._unknown(group)])
        if axis.sampler == "subsets":
            return self._subsets(axis)
        variables = tuple(
            Variable(factor, entry.distribution()) for entry, group in groups for factor in group
        )
        if axis.sampler == "factorial":
            return Factorial(variables)
        copulas = (self._copula(entry, group) for entry, group in groups)
        coupled = tuple(copula for copula in copulas if copula)
        return _SAMPLERS[axis.sampler](variables, axis.size, axis.seed, coupled)

    def _subsets(self, axis: AxisSettings) -> Subsets:
        if len(axis.factors) > 1:
            what = "there are several groups of sites."
            raise one_fault("subsets", what, "Put each on an axis of its own.")
        (entry,) = axis.factors
        chosen = tuple(factor.names[0] for factor in self._factors(entry))
        return Subsets(chosen, entry.exactly or 0, axis.size, axis.seed, tuple(entry.fixed))

    def _factors(self, entry: FactorEntry) -> tuple[Factor, ...]:
        """Give the factor, or one of every township or site of the group."""
        factor = Factor(entry.of, entry.name, entry.adds, entry.counted is not False)
        if entry.group is None:
            return (factor,)
        every = self.sites if entry.group == "site" else tuple(map(str, self.townships.index))
        names = tuple(entry.sites) or tuple(entry.townships) or factor.names or every
        label = entry.name or factor.what
        return tuple(Factor(f"{factor.what}[{name}]", f"{label}[{name}]") for name in names)

    def _copula(self, entry: FactorEntry, group: Sequence[Factor]) -> Copula | None:
        names = [factor.name for factor in group]
        if entry.correlation is not None:
            return Copula.equal(names, entry.correlation)
        if entry.correlation_km is None:
            return None
        places = self.townships.loc[[factor.names[0] for factor in group], ["lon", "lat"]]
        lon, lat = places["lon"].to_numpy(dtype=float), places["lat"].to_numpy(dtype=float)
        return Copula.by_distance(names, lon, lat, entry.correlation_km)

    def _unknown(self, factors: Sequence[Factor]) -> Iterator[Fault]:
        """Tell which townships and sites the district does not have."""
        known = {"people": tuple(map(str, self.townships.index)), "site": self.sites}
        for factor in factors:
            for name in factor.names if factor.kind in known else ():
                if name not in known[factor.kind]:
                    what = f"there is no '{name}'."
                    remedy = did_you_mean(name, known[factor.kind])
                    if set(name) & set(_SEPARATORS):
                        remedy = f'Separate names by "|": {factor.what}[A|B].'
                    yield Fault(f"factor '{factor.name}'", what, remedy)
