ephemeral "aep_data_landing_zone_credentials" "this" {}

# Use it in another provider's configuration or in a write-only attribute. Terraform stores it nowhere.
locals {
  landing_zone = ephemeral.aep_data_landing_zone_credentials.this.azure_blob.sas_uri
}
