"""What a district has: townships, people, institutions, resources, travel. It knows no norm."""

from resalloc.district.assumptions import Assumption, Assumptions, read_assumptions
from resalloc.district.district import District
from resalloc.district.read import districts, read_district
from resalloc.district.road_network import travel_from_graph
from resalloc.district.travel import Travel, travel_between, travel_from_matrix
from resalloc.district.write import write_district

__all__ = [
    "Assumption",
    "Assumptions",
    "District",
    "Travel",
    "districts",
    "read_assumptions",
    "read_district",
    "travel_between",
    "travel_from_graph",
    "travel_from_matrix",
    "write_district",
]
