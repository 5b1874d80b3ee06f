# The export of adls_gen2.json.

terraform {
  required_providers {
    aep = {
      source  = "terraform.local/flowbridge/aep"
      version = "~> 0.1"
    }
  }
}

provider "aep" {}

variable "service_principal_key" {
  type      = string
  ephemeral = true
}

resource "aep_source_connection" "export" {
  name        = "Connecting to Data Lake"
  description = "Data Lake source connection to export datasets"
  datasets    = [{ id = "5ef3e3259ad2a1191ab7dd7d", name = "AAM Devices Data" }]
}

resource "aep_base_connection" "export" {
  name = "Azure Data Lake Gen 2(ADLS Gen2) Base Connection"
  adls_gen2 = {
    url                   = "abfss://exports@acme.dfs.core.windows.net"
    tenant                = "acme.onmicrosoft.com"
    service_principal_id  = "0a1b2c3d-1111-2222-3333-444455556666"
    service_principal_key = var.service_principal_key
  }
}

resource "aep_target_connection" "export" {
  name               = "Azure Data Lake Gen 2(ADLS Gen2) Target Connection"
  base_connection_id = aep_base_connection.export.id
  file_type          = "JSON"
  compression        = "GZIP"
  adls_gen2 = {
    path = "folder/subfolder"
  }
}

resource "aep_flow" "export" {
  name                 = "Activate datasets to an Azure Data Lake Gen 2(ADLS Gen2) cloud storage destination"
  description          = "This operation creates a dataflow to export datasets to an Azure Data Lake Gen 2(ADLS Gen2) cloud storage destination"
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
