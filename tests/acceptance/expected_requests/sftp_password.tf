# The export of sftp_password.json.

terraform {
  required_providers {
    aep = {
      source  = "terraform.local/flowbridge/aep"
      version = "~> 0.1"
    }
  }
}

provider "aep" {}

variable "password" {
  type      = string
  ephemeral = true
}

resource "aep_source_connection" "export" {
  name        = "Connecting to Data Lake"
  description = "Data Lake source connection to export datasets"
  datasets    = [{ id = "5ef3e3259ad2a1191ab7dd7d", name = "AAM Devices Data" }]
}

resource "aep_base_connection" "export" {
  name = "SFTP with password Base Connection"
  sftp = {
    domain   = "sftp.example.org"
    username = "aep"
    password = var.password
  }
}

resource "aep_target_connection" "export" {
  name               = "SFTP Target Connection"
  base_connection_id = aep_base_connection.export.id
  file_type          = "JSON"
  compression        = "GZIP"
  sftp = {
    remote_path = "folder/subfolder"
  }
}

resource "aep_flow" "export" {
  name                 = "Activate datasets to an SFTP cloud storage destination"
  description          = "This operation creates a dataflow to export datasets to an SFTP cloud storage destination"
  destination          = aep_target_connection.export.destination
  source_connection_id = aep_source_connection.export.id
  target_connection_id = aep_target_connection.export.id
  schedule = {
    export_mode = "FIRST_FULL_THEN_INCREMENTAL"
    time_unit   = "hour"
    interval    = 3
    start_time  = "2023-02-09T00:06:50Z"
  }
}

output "flow_id" {
  value = aep_flow.export.id
}
