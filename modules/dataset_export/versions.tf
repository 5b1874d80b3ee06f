terraform {
  required_version = ">= 1.11" # the first version with write-only attributes

  required_providers {
    aep = {
      source  = "terraform.local/flowbridge/aep"
      version = "~> 0.1"
    }
  }
}
