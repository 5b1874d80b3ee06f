variable "name" {
  description = "The name of the export. Its parts carry it too."
  type        = string
}

variable "description" {
  description = "What the export is for."
  type        = string
  default     = null
}

variable "datasets" {
  description = "The datasets that are exported. All of them share the schedule."
  type        = set(object({ id = string, name = string }))
}

variable "destination" {
  description = "Where the files go: exactly one of these blocks. What is secret stands in `credentials`."
  type = object({
    amazon_s3  = optional(object({ bucket_name = string, path = string }))
    azure_blob = optional(object({ container = string, path = string }))
    adls_gen2 = optional(object({
      url                  = string
      tenant               = string
      service_principal_id = string
      path                 = string
    }))
    data_landing_zone    = optional(object({ path = string }))
    google_cloud_storage = optional(object({ access_key_id = string, bucket_name = string, path = string }))
    sftp = optional(object({
      domain      = string
      username    = string
      port        = optional(number)
      remote_path = string
    }))
  })

  validation {
    condition     = length([for block in var.destination : block if block != null]) == 1
    error_message = "Set exactly one of amazon_s3, azure_blob, adls_gen2, data_landing_zone, google_cloud_storage and sftp."
  }
}

variable "credentials" {
  description = "The secrets of the destination, and no others: s3_access_key and s3_secret_key, or s3_role; connection_string; service_principal_key; secret_access_key; password or ssh_key. They are sent and stored nowhere."
  type = object({
    s3_access_key         = optional(string)
    s3_secret_key         = optional(string)
    s3_role               = optional(string)
    connection_string     = optional(string)
    service_principal_key = optional(string)
    secret_access_key     = optional(string)
    password              = optional(string)
    ssh_key               = optional(string)
  })
  default   = {}
  ephemeral = true # so that no plan file holds them
}

variable "credentials_version" {
  description = "A number of your own: when it is set, the secrets are sent again when it changes, and only then."
  type        = number
  default     = null
}

variable "file_type" {
  description = "The format of the files: PARQUET or JSON."
  type        = string
  default     = "PARQUET"
}

variable "compression" {
  description = "The compression of the files: GZIP, or NONE, which is possible for PARQUET only."
  type        = string
  default     = "GZIP"
}

variable "include_file_manifest" {
  description = "Whether each run also writes a list of its files."
  type        = bool
  default     = null
}

variable "schedule" {
  description = "When the export runs: `time_unit` \"hour\" with `interval` 3, 6, 9 or 12, or \"day\" with 1. Everything once: `export_mode` \"DAILY_FULL_EXPORT\", \"day\" and 0. Times in RFC 3339. Without `end_time` Adobe chooses one."
  type = object({
    export_mode          = optional(string, "FIRST_FULL_THEN_INCREMENTAL")
    time_unit            = string
    interval             = number
    start_time           = string
    end_time             = optional(string)
    folder_name_template = optional(string)
  })
}

variable "enabled" {
  description = "Whether the export runs."
  type        = bool
  default     = true
}

variable "deletion_protection" {
  description = "Whether Terraform refuses to destroy or replace the flow."
  type        = bool
  default     = false
}
