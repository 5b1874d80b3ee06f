ephemeral "aep_access_token" "this" {}

# The same token for another sandbox.
provider "aep" {
  alias        = "dev"
  sandbox_name = "dev"
  access_token = ephemeral.aep_access_token.this.access_token
}
