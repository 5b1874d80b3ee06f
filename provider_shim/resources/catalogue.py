"""The catalogue of all resources, data sources and functions of the provider."""

from provider_shim.resources.data_sources.base_connections import BASE_CONNECTIONS
from provider_shim.resources.data_sources.connection_spec import CONNECTION_SPEC
from provider_shim.resources.data_sources.dataset import DATASET
from provider_shim.resources.data_sources.datasets import DATASETS
from provider_shim.resources.data_sources.flow import FLOW_LOOKUP
from provider_shim.resources.data_sources.flow_runs import FLOW_RUNS
from provider_shim.resources.data_sources.flow_spec import FLOW_SPEC
from provider_shim.resources.data_sources.flows import FLOWS
from provider_shim.resources.data_sources.sandbox import SANDBOX
from provider_shim.resources.ephemeral import EPHEMERAL_RESOURCES
from provider_shim.resources.flow_run import FLOW_RUN, FLOW_RUN_TRIGGER
from provider_shim.resources.functions import FUNCTIONS
from provider_shim.resources.list_resources import LIST_RESOURCES
from provider_shim.resources.managed.base_connection import BASE_CONNECTION
from provider_shim.resources.managed.flow import FLOW
from provider_shim.resources.managed.source_connection import SOURCE_CONNECTION
from provider_shim.resources.managed.target_connection import TARGET_CONNECTION
from provider_shim.resources.provider import PROVIDER
from provider_shim.schema.block import Catalogue

CATALOGUE = Catalogue(
    provider=PROVIDER,
    resources={
        each.type_name: each
        for each in (SOURCE_CONNECTION, BASE_CONNECTION, TARGET_CONNECTION, FLOW, FLOW_RUN_TRIGGER)
    },
    data_sources={
        each.type_name: each
        for each in (
            DATASETS,
            DATASET,
            CONNECTION_SPEC,
            FLOW_SPEC,
            BASE_CONNECTIONS,
            FLOW_LOOKUP,
            FLOWS,
            FLOW_RUNS,
            SANDBOX,
        )
    },
    ephemeral_resources={each.type_name: each for each in EPHEMERAL_RESOURCES},
    list_resources={each.type_name: each for each in LIST_RESOURCES},
    actions={FLOW_RUN.type_name: FLOW_RUN},
    functions={each.name: each for each in FUNCTIONS},
)
