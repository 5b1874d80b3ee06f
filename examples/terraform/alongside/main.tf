# A stack of another team, which refers to an export only by the outputs of the stack that created it.

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

variable "exports_state" {
  description = "The state file of the stack with the export."
  type        = string
  default     = "../s3_export/terraform.tfstate"
}

data "terraform_remote_state" "exports" {
  backend = "local"
  config  = { path = var.exports_state }
}

# The last runs of the export, the newest first. The list is empty until the first run is due.
data "aep_flow_runs" "orders" {
  flow_id = data.terraform_remote_state.exports.outputs.flow_id
  limit   = 5
}

# A placeholder for a resource that uses the files, such as a loader. It is replaced when the flow is replaced.
resource "terraform_data" "loader" {
  input = {
    location = data.terraform_remote_state.exports.outputs.location
  }
  triggers_replace = data.terraform_remote_state.exports.outputs.flow_id
}

# Each plan and each apply warns if the last run failed.
check "last_run" {
  assert {
    condition     = try(data.aep_flow_runs.orders.runs[0].status, "none") != "failed"
    error_message = "The last export of the orders failed: ${try(data.aep_flow_runs.orders.runs[0].errors[0].message, "no reason was given")}"
  }
}

output "loads_from" {
  description = "Where the loader finds the files."
  value       = terraform_data.loader.output.location
}

output "runs" {
  description = "Start and status of the last runs. It changes with every run of the export."
  value = [
    for run in data.aep_flow_runs.orders.runs : { started_at = run.started_at, status = run.status }
  ]
}
