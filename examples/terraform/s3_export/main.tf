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

# `ephemeral` keeps the values out of the plan file: Terraform stores those of all other variables there.
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

# What is exported. Adobe can't change the datasets of a source connection: other datasets are a new one.
# `create_before_destroy` makes the new one first and points the flow to it, so that the flow lives on.
resource "aep_source_connection" "orders" {
  name     = "orders"
  datasets = [{ id = "5ef3e3259ad2a1191ab7dd7d", name = "Orders" }]

  lifecycle {
    create_before_destroy = true
  }
}

# How to get into the bucket. Both keys are write-only: they are sent, and stored nowhere.
resource "aep_base_connection" "bucket" {
  name = "export bucket"
  amazon_s3 = {
    s3_access_key = var.s3_access_key
    s3_secret_key = var.s3_secret_key
  }
}

# Where the files go, and what they are like.
resource "aep_target_connection" "orders" {
  name               = "orders in the bucket"
  base_connection_id = aep_base_connection.bucket.id
  amazon_s3          = { bucket_name = "acme-aep", path = "exports/orders" }
  file_type          = "PARQUET"
  compression        = "GZIP"
}

# When. Everything at the first run, then what is new since the run before.
# Without `end_time` Adobe chooses one, and the exports stop silently when it has come.
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

# Other stacks take these: see ../alongside.
output "flow_id" {
  description = "The id of the flow, for aep_flow_runs and for other stacks."
  value       = aep_flow.orders.id
}

output "location" {
  description = "Where the files are found."
  value       = "s3://acme-aep/exports/orders"
}
