"""CDKTF constructs for dataset exports from Adobe Experience Platform.

`DatasetExport` is a whole export. The classes named after the provider's resources (`Flow`,
`SourceConnection`, ...) and data sources (`DataDatasets`, ...) are its single parts.
"""

from constructs_lib import generated
from constructs_lib.aws.s3_role_trust_policy import s3_role_trust_policy
from constructs_lib.construct_error import ConstructError, Problem
from constructs_lib.credentials import Credentials
from constructs_lib.dataset import Dataset
from constructs_lib.dataset_export import DatasetExport
from constructs_lib.file_format import FileFormat
from constructs_lib.generated import *  # noqa: F403 - every generated class, by the list of that package
from constructs_lib.schedule import Schedule
from constructs_lib.secret_variable import SecretVariable

__all__ = [
    "ConstructError",
    "Credentials",
    "Dataset",
    "DatasetExport",
    "FileFormat",
    "Problem",
    "Schedule",
    "SecretVariable",
    "s3_role_trust_policy",
]
__all__ += generated.__all__
