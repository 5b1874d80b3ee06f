"""Everything that the provider offers, in one table."""

from provider_shim.resources.base_connection import BASE_CONNECTION
from provider_shim.resources.connection_spec import CONNECTION_SPEC
from provider_shim.resources.datasets import DATASETS
from provider_shim.resources.flow import FLOW
from provider_shim.resources.flow_runs import FLOW_RUNS
from provider_shim.resources.flow_spec import FLOW_SPEC
from provider_shim.resources.functions import FUNCTIONS
from provider_shim.resources.provider import PROVIDER
from provider_shim.resources.source_connection import SOURCE_CONNECTION
from provider_shim.resources.target_connection import TARGET_CONNECTION
from provider_shim.schema.block import Catalogue

CATALOGUE = Catalogue(
    provider=PROVIDER,
    resources={
        each.type_name: each for each in (SOURCE_CONNECTION, BASE_CONNECTION, TARGET_CONNECTION, FLOW)
    },
    data_sources={each.type_name: each for each in (DATASETS, CONNECTION_SPEC, FLOW_SPEC, FLOW_RUNS)},
    functions={each.name: each for each in FUNCTIONS},
)
