variable "s3_access_key" {
  type      = string
  ephemeral = true # Terraform stores the values of all other variables in its plan files
}

variable "s3_secret_key" {
  type      = string
  ephemeral = true
}

resource "aep_base_connection" "bucket" {
  name = "export bucket"

  amazon_s3 = {
    s3_access_key = var.s3_access_key
    s3_secret_key = var.s3_secret_key
  }
}

# A role needs no keys. Its ARN is write-only too, because Adobe treats it as a secret.
resource "aep_base_connection" "by_role" {
  name      = "export bucket, by role"
  amazon_s3 = { s3_role = "arn:aws:iam::111122223333:role/aep-export" }
}

# The Data Landing Zone of the sandbox needs no credentials.
resource "aep_base_connection" "landing_zone" {
  name              = "landing zone"
  data_landing_zone = {}
}

# Some destinations take secrets and other parameters in the same block.
variable "sftp_password" {
  type      = string
  ephemeral = true
}

resource "aep_base_connection" "partner" {
  name = "partner's server"

  sftp = {
    domain   = "sftp.example.com"
    username = "exports"
    password = var.sftp_password
  }

  credentials_version = 1 # increase it to send the password again
}
