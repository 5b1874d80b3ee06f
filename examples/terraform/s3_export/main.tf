# One dataset, exported to an S3 bucket every three hours.

terraform {
  required_version = ">= 1.11" # the first version with write-only attributes

  required_providers {
    aep = {
      source  = "terraform.local/flowbridge/aep"
      version = "~> 0.1"
    }
  }
}

# Endpoint, organisation and credentials come from the environment: AEP_ENDPOINT, AEP_CLIENT_ID, ...
provider "aep" {
  sandbox_name = "prod"
}

# `ephemeral` keeps the values out of the plan file, where Terraform stores those of all other variables.
variable "s3_access_key" {
  description = "The id of the AWS access key."
  type        = string
  ephemeral   = true
}

variable "s3_secret_key" {
  description = "The secret that belongs to the AWS access key."
  type        = string
  ephemeral   = true
}

# The exported datasets. Flow Service can't change them, so changed datasets replace the source connection.
# `create_before_destroy` creates the new one first and updates the flow to use it, so the flow keeps its id.
resource "aep_source_connection" "orders" {
  name     = "orders"
  datasets = [{ id = "5ef3e3259ad2a1191ab7dd7d", name = "Orders" }]

  lifecycle {
    create_before_destroy = true
  }
}

# The connection to the bucket. Both keys are write-only: they are sent to Adobe and stored nowhere else.
resource "aep_base_connection" "bucket" {
  name = "export bucket"
  amazon_s3 = {
    s3_access_key = var.s3_access_key
    s3_secret_key = var.s3_secret_key
  }
}

# The location and the format of the files.
resource "aep_target_connection" "orders" {
  name               = "orders in the bucket"
  base_connection_id = aep_base_connection.bucket.id
  amazon_s3          = { bucket_name = "acme-aep", path = "exports/orders" }
  file_type          = "PARQUET"
  compression        = "GZIP"
}

# The schedule: the first run exports everything, each later run what is new since the previous one.
# Without `end_time` Flow Service chooses an end, and exports stop silently at that time.
resource "aep_flow" "orders" {
  name                 = "orders to S3"
  destination          = aep_target_connection.orders.destination
  source_connection_id = aep_source_connection.orders.id
  target_connection_id = aep_target_connection.orders.id

  schedule = {
    export_mode = "FIRST_FULL_THEN_INCREMENTAL"
    time_unit   = "hour"
    interval    = 3
    start_time  = "2040-01-01T00:00:00Z"
    end_time    = "2041-01-01T00:00:00Z"
  }
}

# Outputs for other stacks; see ../alongside.
output "flow_id" {
  description = "The id of the flow, for aep_flow_runs and for other stacks."
  value       = aep_flow.orders.id
}

output "location" {
  description = "The location of the files."
  value       = "s3://acme-aep/exports/orders"
}
