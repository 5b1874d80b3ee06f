"""Parts of configurations that several acceptance tests share."""

NOW = "2031-06-01T00:00:00Z"
"""The current time for provider and emulator: six months before the schedules below start."""

REQUIRED = """\
terraform {
  required_providers {
    aep = {
      source  = "terraform.local/flowbridge/aep"
      version = "~> 0.1"
    }
  }
}
"""

PROVIDER = REQUIRED + '\nprovider "aep" {}\n'

S3_VARIABLES = """
variable "s3_access_key" {
  type      = string
  ephemeral = true
}

variable "s3_secret_key" {
  type      = string
  ephemeral = true
}
"""

S3_SECRETS = {
    "s3_access_key": "AKIATESTTESTTESTTEST",
    "s3_secret_key": "test/secret+test/secret+test/secret+1234",
}

SOURCE = """
resource "aep_source_connection" "this" {
  name     = "orders"
  datasets = [{ id = "5ef3e3259ad2a1191ab7dd7d", name = "Orders" }]
}
"""

BASE = """
resource "aep_base_connection" "this" {
  name              = "landing zone"
  data_landing_zone = {}
}
"""

S3_BASE = """
resource "aep_base_connection" "this" {
  name = "bucket"
  amazon_s3 = {
    s3_access_key = var.s3_access_key
    s3_secret_key = var.s3_secret_key
  }
}
"""

TARGET = """
resource "aep_target_connection" "this" {
  name               = "orders in the landing zone"
  base_connection_id = aep_base_connection.this.id
  data_landing_zone  = { path = "exports/orders" }
  file_type          = "PARQUET"
  compression        = "NONE"
}
"""

SCHEDULE = """{
    export_mode = "FIRST_FULL_THEN_INCREMENTAL"
    time_unit   = "hour"
    interval    = 3
    start_time  = "2031-12-01T00:00:00Z"
    end_time    = "2032-12-01T00:00:00Z"
  }"""


def flow(*lines: str, name: str = "orders to the landing zone", schedule: str = SCHEDULE) -> str:
    """Return a flow from SOURCE to TARGET, with further attributes."""
    more = "".join(f"  {line}\n" for line in lines)
    return f"""
resource "aep_flow" "this" {{
  name                 = "{name}"
  destination          = aep_target_connection.this.destination
  source_connection_id = aep_source_connection.this.id
  target_connection_id = aep_target_connection.this.id
  schedule             = {schedule}
{more}}}
"""


FLOW = flow()

EXPORT = PROVIDER + SOURCE + BASE + TARGET + FLOW
"""A complete export without secrets."""

BEFORE_THE_START = "2031-11-30T00:00:00Z"
"""Six months after NOW: a flow created at NOW can be run on request, and its schedule has not started."""


def run_trigger(*lines: str) -> str:
    """Return a run trigger for the flow of EXPORT, with further attributes."""
    more = "".join(f"  {line}\n" for line in lines)
    return f'\nresource "aep_flow_run_trigger" "now" {{\n  flow_id = aep_flow.this.id\n{more}}}\n'
