# Two exports with the module dataset_export: one with credentials, one to a destination without credentials.

terraform {
  required_version = ">= 1.11"

  required_providers {
    aep = {
      source  = "terraform.local/flowbridge/aep"
      version = "~> 0.1"
    }
  }
}

provider "aep" {}

variable "connection_string" {
  description = "The connection string of the storage account."
  type        = string
  ephemeral   = true
}

module "orders" {
  source = "../../../modules/dataset_export"

  name        = "orders to Blob Storage"
  datasets    = [{ id = "5ef3e3259ad2a1191ab7dd7d", name = "Orders" }]
  destination = { azure_blob = { container = "aep-exports", path = "orders" } }
  credentials = { connection_string = var.connection_string }
  file_type   = "JSON"

  schedule = {
    time_unit  = "day"
    interval   = 1
    start_time = "2040-01-01T02:00:00Z"
    end_time   = "2041-01-01T00:00:00Z"
  }
}

module "devices" {
  source = "../../../modules/dataset_export"

  name        = "devices to the landing zone"
  datasets    = [{ id = "5ef3e324052581191aa6a466", name = "Devices" }]
  destination = { data_landing_zone = { path = "devices" } }

  # One full export. It has a single run, so it needs no end time.
  schedule = {
    export_mode = "DAILY_FULL_EXPORT"
    time_unit   = "day"
    interval    = 0
    start_time  = "2040-01-01T02:00:00Z"
  }
}

output "flow_ids" {
  description = "The id of each flow."
  value = {
    orders  = module.orders.flow_id
    devices = module.devices.flow_id
  }
}
