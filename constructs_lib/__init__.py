"""CDKTF constructs for dataset exports from Adobe Experience Platform.

`DatasetExport` is a whole export. The classes named after the provider's resources (`Flow`,
`SourceConnection`, ...) and data sources (`DataDatasets`, ...) are its single parts.
"""

from constructs_lib.construct_error import ConstructError, Problem
from constructs_lib.credentials import (
    AdlsGen2Credentials,
    AzureBlobCredentials,
    Credentials,
    GoogleCloudStorageCredentials,
    S3Credentials,
    SftpCredentials,
)
from constructs_lib.dataset import Dataset
from constructs_lib.dataset_export import DatasetExport
from constructs_lib.destination import Destination
from constructs_lib.file_format import FileFormat
from constructs_lib.generated.base_connection import (
    BaseConnection,
    BaseConnectionAdlsGen2,
    BaseConnectionAmazonS3,
    BaseConnectionAzureBlob,
    BaseConnectionDataLandingZone,
    BaseConnectionEncryption,
    BaseConnectionGoogleCloudStorage,
    BaseConnectionSftp,
)
from constructs_lib.generated.data_base_connections import DataBaseConnections
from constructs_lib.generated.data_connection_spec import DataConnectionSpec
from constructs_lib.generated.data_dataset import DataDataset
from constructs_lib.generated.data_datasets import DataDatasets
from constructs_lib.generated.data_flow import DataFlow
from constructs_lib.generated.data_flow_runs import DataFlowRuns
from constructs_lib.generated.data_flow_spec import DataFlowSpec
from constructs_lib.generated.data_flows import DataFlows
from constructs_lib.generated.data_sandbox import DataSandbox
from constructs_lib.generated.flow import Flow, FlowSchedule
from constructs_lib.generated.flow_run_trigger import FlowRunTrigger, FlowRunTriggerTimeouts
from constructs_lib.generated.provider import AepProvider
from constructs_lib.generated.source_connection import SourceConnection, SourceConnectionDataset
from constructs_lib.generated.target_connection import (
    TargetConnection,
    TargetConnectionAdlsGen2,
    TargetConnectionAmazonS3,
    TargetConnectionAzureBlob,
    TargetConnectionDataLandingZone,
    TargetConnectionGoogleCloudStorage,
    TargetConnectionSftp,
)
from constructs_lib.generated.timeouts import Timeouts
from constructs_lib.schedule import Schedule
from constructs_lib.secret_variable import SecretVariable

__all__ = [
    "AdlsGen2Credentials",
    "AepProvider",
    "AzureBlobCredentials",
    "BaseConnection",
    "BaseConnectionAdlsGen2",
    "BaseConnectionAmazonS3",
    "BaseConnectionAzureBlob",
    "BaseConnectionDataLandingZone",
    "BaseConnectionEncryption",
    "BaseConnectionGoogleCloudStorage",
    "BaseConnectionSftp",
    "ConstructError",
    "Credentials",
    "DataBaseConnections",
    "DataConnectionSpec",
    "DataDataset",
    "DataDatasets",
    "DataFlow",
    "DataFlowRuns",
    "DataFlowSpec",
    "DataFlows",
    "DataSandbox",
    "Dataset",
    "DatasetExport",
    "Destination",
    "FileFormat",
    "Flow",
    "FlowRunTrigger",
    "FlowRunTriggerTimeouts",
    "FlowSchedule",
    "GoogleCloudStorageCredentials",
    "Problem",
    "S3Credentials",
    "Schedule",
    "SecretVariable",
    "SftpCredentials",
    "SourceConnection",
    "SourceConnectionDataset",
    "TargetConnection",
    "TargetConnectionAdlsGen2",
    "TargetConnectionAmazonS3",
    "TargetConnectionAzureBlob",
    "TargetConnectionDataLandingZone",
    "TargetConnectionGoogleCloudStorage",
    "TargetConnectionSftp",
    "Timeouts",
]
