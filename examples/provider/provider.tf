terraform {
  required_version = ">= 1.11" # the first version with write-only attributes

  required_providers {
    aep = {
      source  = "terraform.local/flowbridge/aep"
      version = "~> 0.1"
    }
  }
}

# AEP_ORGANIZATION_ID, AEP_CLIENT_ID and AEP_CLIENT_SECRET come from the environment.
provider "aep" {
  sandbox_name = "prod"
}
