ephemeral "aep_data_landing_zone_credentials" "this" {}

# For the configuration of another provider, or for a write-only attribute: Terraform stores it nowhere.
locals {
  landing_zone = ephemeral.aep_data_landing_zone_credentials.this.azure_blob.sas_uri
}
